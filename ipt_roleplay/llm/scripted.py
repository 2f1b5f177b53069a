"""A model that says what it was given: for tests that must force a failure, and for showing the program without a server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ipt_roleplay.errors import ModelAnswerError
from ipt_roleplay.ports import Spent


class ScriptedModel:
    """Says `replies` in turn, each word by word; an exception among them is raised instead.

    A reply may be a sequence of pieces, with an exception at the place where the stream breaks. `asked` keeps the messages of every call.
    """

    def __init__(self, replies: Iterable[str | Exception | Sequence[str | Exception]], name: str = "scripted") -> None:
        self._replies = iter(replies)
        self._name = name
        self.asked: list[tuple[tuple[str, str], ...]] = []

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """The next reply, piece by piece; each word counts as a token. Raises IndexError when there are no more."""
        self.asked.append(tuple(messages))
        reply = next(self._replies, None)
        if reply is None:
            raise IndexError("the scripted model has no reply left")
        said = 0
        for piece in _pieces(reply):
            if isinstance(piece, Exception):
                raise piece
            said += len(piece.split())
            yield piece
        if spent is not None:
            spent(Spent(sum(len(text.split()) for _, text in messages), said))

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """The next reply, which must be JSON. Raises ModelAnswerError if it is not."""
        try:
            found = json.loads("".join(self.stream(messages)))
        except ValueError:
            raise ModelAnswerError("answered in a way that cannot be read") from None
        return dict(found)


def _pieces(reply: str | Exception | Sequence[str | Exception]) -> Sequence[str | Exception]:
    if isinstance(reply, str):
        return re.findall(r"\S+\s*", reply)
    return (reply,) if isinstance(reply, Exception) else reply
