"""Everything that can go wrong in words a person can act on.

    PracticeError
    ├── InputError               what was given cannot be used; the message says what to give instead
    │   ├── EmptyTurnError
    │   ├── TurnTooLongError
    │   ├── UnknownNameError     a persona, situation, note or session that is not there; names the near ones
    │   ├── PersonaFileError     file, line, field and what is allowed
    │   ├── NoteFileError
    │   └── TranscriptError
    ├── SessionStateError        the talk is over, or was stopped, or is not there any more
    ├── StorageError             the data folder or the database cannot be used
    └── KnowledgeError           the notes index cannot be used or rebuilt

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


class PersonaFileError(InputError):
    """A persona file that cannot be read; `problems` has one line for each fault."""

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


def shorten(text: str, limit: int = 60) -> str:
    """`text` on one line and at most `limit` characters, for use in a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
