"""Everything that can go wrong in words a person can act on.

    PracticeError
    ├── InputError               what was given cannot be used; the message says what to give instead
    │   ├── EmptyTurnError
    │   ├── TurnTooLongError
    │   ├── UnknownNameError     a persona, situation, note or session that is not there; names the near ones
    │   ├── GateClosedError      a live talk with someone who controls, without the gate's "no"
    │   ├── CardError            a character card that cannot be read
    │   ├── PersonaFileError     file, line, field and what is allowed
    │   ├── ExerciseFileError    the same for the files of the rooms
    │   ├── NoteFileError
    │   └── TranscriptError
    ├── SessionStateError        the talk is over, or was stopped, or is not there any more
    ├── StorageError             the data folder or the database cannot be used
    ├── KnowledgeError           the notes index cannot be used or rebuilt
    └── ModelError               the language model gave no usable reply; `reason` says why in a few words
        ├── ModelUnreachableError
        ├── ModelTooSlowError
        ├── ModelKeyRefusedError
        ├── ModelRefusedError    the server knows the key but refuses: unknown model, too long
        │   └── ModelBusyError   too many requests, or no credit left
        ├── ModelBudgetError     it may use no more for now
        └── ModelAnswerError     its answer cannot be used
            ├── ModelServerError the server failed
            └── ModelCutOffError the answer was longer than there was room for

Messages are shown to people as they are: they say what to do next and never repeat what somebody wrote in a talk.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class PracticeError(Exception):
    """Base of all expected failures; `str(error)` is fit to be shown."""


class InputError(PracticeError):
    """What was given cannot be used."""


class EmptyTurnError(InputError):
    """A turn without a word in it."""

    def __init__(self) -> None:
        super().__init__('There are no words in that yet. Type something, or choose "Say nothing" if silence is your answer.')


class TurnTooLongError(InputError):
    """A turn over the limit; the caller keeps the text."""

    def __init__(self, length: int, limit: int) -> None:
        self.length, self.limit = length, limit
        super().__init__(
            f"That is {length:,} characters; one turn can hold {limit:,}. Nothing was sent and your text is kept: "
            "shorten it, or say it in several turns."
        )


class UnknownNameError(InputError):
    """A name that is not among the known ones; the message names the nearest."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        names = sorted(known)
        near = get_close_matches(name, names, n=3, cutoff=0.4)
        hint = f"Did you mean: {', '.join(near)}?" if near else f"There is: {', '.join(names) or 'none yet'}."
        super().__init__(f"There is no {kind} called {shorten(name)!r}. {hint}")


class GateClosedError(InputError):
    """A live talk that is not begun: the persona controls, and the gate's question was not answered with "no"."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"A talk with {name} is not begun without one question first: are you ever afraid of what they might do? "
            "Unless the answer is no, talk it over with an advocate instead (`ipt-roleplay chat` and the page of the talk show whom to ring)."
        )


class CardError(InputError):
    """A character card that cannot be read or used."""


class PersonaFileError(InputError):
    """A persona file that cannot be read; `problems` has one line for each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class ExerciseFileError(InputError):
    """An exercise file that cannot be read; `problems` has one line for each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NoteFileError(InputError):
    """A note whose front matter or text cannot be used."""


class TranscriptError(InputError):
    """A transcript that cannot be read."""


class SessionStateError(PracticeError):
    """The talk is not in a state in which this can be done."""


class StorageError(PracticeError):
    """The data folder or the database cannot be used."""


class KnowledgeError(PracticeError):
    """The notes index cannot be used or rebuilt."""


class ModelError(PracticeError):
    """The language model gave no usable reply. `reason` goes on from "the model ..."; the message says what to do next.

    `again`: whether the same request may go better a moment later; `after`: in how many seconds at the earliest, where the server says so.
    """

    reason = "failed"
    again = False
    after: float | None = None


class ModelUnreachableError(ModelError):
    """Nothing answers at the model server's address."""

    reason = "could not be reached"
    again = True

    def __init__(self, host: str) -> None:
        super().__init__(f"No model server answers at {host}. Start it, check OPENAI_BASE_URL and the connection, or leave out IPT_MODEL.")


class ModelTooSlowError(ModelError):
    """No reply within the time that a talk can wait."""

    reason = "did not answer in time"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The model did not answer within {seconds:g} s. Choose a smaller or faster model, or leave out IPT_MODEL.")


class ModelKeyRefusedError(ModelError):
    """The server does not take the key."""

    reason = "refused the key"

    def __init__(self, host: str) -> None:
        super().__init__(f"The model server at {host} refused the key. Check OPENAI_API_KEY, and that it belongs to that server.")


class ModelRefusedError(ModelError):
    """The server knows the key but refuses the request."""

    reason = "refused the request"

    def __init__(self, host: str, status: int) -> None:
        advice = {
            404: "The model is not there: check the name in IPT_MODEL and the path in OPENAI_BASE_URL (it usually ends in /v1).",
            429: "Too many requests, or no credit left: wait a little, or look at your account there.",
        }
        said = advice.get(status, "Check that the model in IPT_MODEL can chat and has room for a long talk.")
        super().__init__(f"The model server at {host} refused the request (status {status}). {said}")


class ModelBusyError(ModelRefusedError):
    """The server has too much to do, or the account there no credit left."""

    again = True

    def __init__(self, host: str, after: float | None = None) -> None:
        self.after = after
        super().__init__(host, 429)


class ModelAnswerError(ModelError):
    """What the model said cannot be used."""

    def __init__(self, reason: str, advice: str = "Try again, choose another model, or leave out IPT_MODEL.") -> None:
        self.reason = reason
        super().__init__(f"The model {reason}. {advice}")


class ModelBudgetError(ModelError):
    """The model was not asked, as it may use no more for now."""

    def __init__(self, why: str, setting: str) -> None:
        self.reason = f"was not asked, as {why}"
        super().__init__(f"The model {self.reason}. Written lines go on; or allow more with {setting}.")


class ModelServerError(ModelAnswerError):
    """The model's server failed."""

    again = True

    def __init__(self, status: int, after: float | None = None) -> None:
        self.after = after
        super().__init__(f"failed on its server (status {status})")


class ModelCutOffError(ModelAnswerError):
    """The answer ended where the room for it did."""

    def __init__(self) -> None:
        super().__init__("was cut off")


def shorten(text: str, limit: int = 60) -> str:
    """`text` on one line and at most `limit` characters, for use in a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
