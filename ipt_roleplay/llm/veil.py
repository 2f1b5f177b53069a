"""Names and numbers that stay here: replaced on the way to a model, and put back on the way in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ipt_roleplay.ports import ChatModel, Spent

NAMES = (
    "Robin",
    "Alex",
    "Kim",
    "Chris",
    "Jo",
    "Charlie",
    "Lee",
    "Frankie",
    "Jamie",
    "Ashley",
    "Drew",
    "Quinn",
    "Casey",
    "Rowan",
    "Morgan",
    "Taylor",
)
"""What stands for a listed name: names too, so that the talk still reads as one."""

_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d[\d ()/.-]{5,18}\d(?!\w)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


class Veil:
    """One talk's replacements: `listed` names or words, and every telephone number and mail address. Each keeps its stand-in."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = sorted({word.strip() for word in listed if word.strip()}, key=len, reverse=True)
        self._stands_for: dict[str, str] = {}

    def out(self, texts: Sequence[str]) -> list[str]:
        """The texts as they may go out."""
        names = iter([name for name in NAMES if not any(re.search(rf"\b{name}\b", text, re.IGNORECASE) for text in texts)])
        for word in self._listed:
            if word not in self._stands_for and any(_whole(word).search(text) for text in texts):
                self._stands_for[word] = next(
                    (name for name in names if name not in self._stands_for.values()), f"Person{len(self._stands_for) + 1}"
                )
        return [self._hidden(text) for text in texts]

    def back(self, pieces: Iterable[str]) -> Iterator[str]:
        """The pieces with the true words in them; what may be the beginning of a stand-in waits for the next piece."""
        held = ""
        longest = max((len(stand_in) for stand_in in self._stands_for.values()), default=0)
        for piece in pieces:
            held += piece
            ready = len(held) - longest
            cut = held.rfind(" ", 0, ready + 1) + 1 if longest else len(held)
            if cut > 0:
                yield self._shown(held[:cut])
                held = held[cut:]
            elif not piece:
                yield ""
        if held:
            yield self._shown(held)

    def _hidden(self, text: str) -> str:
        for word in self._listed:
            if word in self._stands_for:
                text = _whole(word).sub(self._stands_for[word], text)
        return _NUMBER.sub(self._number, _MAIL.sub(self._number, text))

    def _number(self, found: re.Match[str]) -> str:
        true = found.group()
        return self._stands_for.setdefault(true, f"<number {sum(value.startswith('<') for value in self._stands_for.values()) + 1}>")

    def _shown(self, text: str) -> str:
        for true, stand_in in self._stands_for.items():
            text = re.sub(rf"(?<!\w){re.escape(stand_in)}(?!\w)", lambda _, true=true: true, text)  # type: ignore[misc]
        return text


class Veiled:
    """A model that is never told the listed words."""

    def __init__(self, model: ChatModel, listed: Iterable[str]) -> None:
        self._model, self._listed = model, tuple(listed)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """Pieces of one reply, with the true words in them. Raises ModelError."""
        veil = Veil(self._listed)
        texts = veil.out([text for _, text in messages])
        return _Shown(self._model.stream([(role, text) for (role, _), text in zip(messages, texts, strict=True)], spent), veil)

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """One answer that fits the schema, with the true words in it. Raises ModelError."""
        veil = Veil(self._listed)
        texts = veil.out([text for _, text in messages])
        found = self._model.structured([(role, text) for (role, _), text in zip(messages, texts, strict=True)], schema)
        return {name: _deep(value, veil) for name, value in found.items()}


class _Shown:
    """The pieces as they are shown; closing them closes the request."""

    def __init__(self, pieces: Iterator[str], veil: Veil) -> None:
        self._from = pieces
        self._shown = veil.back(pieces)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._shown)

    def close(self) -> None:
        getattr(self._from, "close", lambda: None)()


def _deep(value: Any, veil: Veil) -> Any:
    if isinstance(value, str):
        return "".join(veil.back([value]))
    if isinstance(value, list):
        return [_deep(one, veil) for one in value]
    return {name: _deep(one, veil) for name, one in value.items()} if isinstance(value, dict) else value


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
