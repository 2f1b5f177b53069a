"""What the core needs from outside, as protocols. Adapters live in encoders/, llm/, knowledge/ and storage/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ipt_roleplay.domain import GuardFault, Passage, Reading, Session, Style, Turn

Vector = NDArray[np.float32]
"""A text as numbers: shape (dimensions,), length 1."""


class Encoder(Protocol):
    """Texts to vectors of length 1."""

    @property
    def id(self) -> str:
        """Names model and version; part of every stored index's name."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimensions), float32, each row of length 1."""
        ...


@dataclass(frozen=True)
class TurnScores:
    """What a network says of one turn.

    `styles`: probabilities that sum to 1. `signals`, `thresholds`: for each of the 23 signals, in the codebook's order, a probability and from
    where it counts. `places`: for each of the turn's tokens where it stands in the text (start, end); `tokens`: a logit for each token and signal.
    """

    styles: Mapping[Style, float]
    signals: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    places: tuple[tuple[int, int], ...]
    tokens: NDArray[np.float64]


class TurnScorer(Protocol):
    """Learner turns to what a trained network says of them."""

    def scores(self, turns: Sequence[tuple[str, str | None]]) -> tuple[TurnScores, ...]:
        """For many turns of (text, line before), in order."""
        ...


class TextClassifier(Protocol):
    """Learner turns to readings."""

    def read(self, text: str, context: str | None = None) -> Reading:
        """Read `text`, said after the partner's line `context`."""
        ...

    def read_many(self, turns: Sequence[tuple[str, str | None]]) -> tuple[Reading, ...]:
        """Read many turns of (text, line before), in order; faster than one by one."""
        ...


@dataclass(frozen=True)
class Spent:
    """What one request to a model used, in tokens, as its server counts."""

    prompt: int
    reply: int


class ChatModel(Protocol):
    """A language model that speaks as the partner."""

    @property
    def name(self) -> str:
        """What the model is called, as it is shown to people."""
        ...

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """Pieces of one reply to `messages` of (role, text); the roles are system, user and assistant. `spent` is told what it used.

        Raises ModelError, also after some pieces. Closing the iterator ends the request, from whatever thread.
        """
        ...

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """One answer to `messages` that fits the JSON Schema `schema`. Raises ModelError."""
        ...


class Allowed(StrEnum):
    """How far a partner's reply may give way."""

    NOTHING = "nothing"
    A_LITTLE = "a little"
    AGREE = "agree"


class ReplyReader(Protocol):
    """Tells what is wrong with a partner's reply that a model made."""

    def fault(self, reply: str, learner: str, allowed: Allowed, ended: bool) -> GuardFault | None:
        """What is wrong with `reply`, an answer to the learner's words that may give way as far as `allowed`; None if nothing is.

        `ended`: it is the whole reply; while it is not, only what is surely wrong counts, as the rest may turn it round.
        """
        ...


class TokenCounts(Protocol):
    """Counts tokens."""

    def count(self, text: str) -> int:
        """Tokens of one message with this text, rather too many than too few."""
        ...


class Retriever(Protocol):
    """Finds notes."""

    def search(self, question: str, k: int = 5) -> tuple[Passage, ...]:
        """At most `k` passages, best first."""
        ...


class SessionStore(Protocol):
    """Keeps practices; every call returns only after its words are safe (for the memory store: remembered)."""

    @property
    def keeps(self) -> bool:
        """Whether anything is written to disk."""
        ...

    def create(self, session: Session) -> None:
        """Store a new session with its turns, if any."""
        ...

    def append(self, session_id: str, turn: Turn) -> None:
        """Add one turn; raises SessionStateError if its number is taken."""
        ...

    def revise(self, session_id: str, turn: Turn) -> None:
        """Store the reading of a turn that is there already; its words stay."""
        ...

    def update(self, session: Session) -> None:
        """Store everything about the session but its turns."""
        ...

    def get(self, session_id: str) -> Session:
        """One session with all turns; raises UnknownNameError."""
        ...

    def list(self, owner: str | None = None) -> tuple[Session, ...]:
        """The sessions of an owner, or all, newest first, with their turns."""
        ...

    def delete(self, session_id: str) -> None:
        """Remove a session and every word of it from the storage's bytes."""
        ...

    def keep_for(self, owner: str, days: int | None) -> None:
        """Set after how many days an owner's sessions are forgotten; None: never by themselves."""
        ...

    def forget_expired(self, now: datetime) -> int:
        """Remove the sessions of all owners whose days are over; returns how many."""
        ...


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The time, with its zone."""
        ...
