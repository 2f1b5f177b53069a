"""The line before and a turn as one row of token ids, the same for teaching and for reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

BEFORE, SAID_START, SAID_END = 40, 40, 72
"""Most token ids of the line before (its end), and of the turn (its start and, since mixed turns go by where they end, more of its end)."""

_SPEAKER = re.compile(r"^[A-Z][\w .'’()-]{0,28}:\s+")
_QUOTES = '"“”'

TOKENIZER = Path(__file__).with_name("tokenizer.json")


@dataclass(frozen=True)
class Pair:
    """Token ids, and for each position of the turn's own tokens the characters it stands for (start, end in the turn)."""

    ids: list[int]
    second: int
    said: dict[int, tuple[int, int]]


def line_before(context: str | None) -> str:
    """What the other said, without the name of who said it and without quotation marks around it: `Mum: "Well?"` becomes `Well?`."""
    said = _SPEAKER.sub("", (context or "").strip())
    if len(said) > 1 and said[0] in _QUOTES and said[-1] in _QUOTES:
        said = said[1:-1].strip()
    return said


class PairTokenizer:
    """Makes pairs; safe to share between threads."""

    def __init__(self, table: Path = TOKENIZER, *, first: str = "[CLS]", between: str = "[SEP]") -> None:
        """`first` and `between`: the tokens that begin a row and end each of its two texts."""
        self._table, self._marks = table, (first, between)

    def pair(self, context: str | None, text: str) -> Pair:
        """The ids of `[CLS] context [SEP] text [SEP]`, cut to `BEFORE` and `SAID_START + SAID_END`."""
        before = self._tokenizer.encode(line_before(context), add_special_tokens=False).ids[-BEFORE:]
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        said, places = encoded.ids, encoded.offsets
        if len(said) > SAID_START + SAID_END:
            said, places = said[:SAID_START] + said[-SAID_END:], places[:SAID_START] + places[-SAID_END:]
        start = len(before) + 2
        ids = [self._first, *before, self._between, *said, self._between]
        return Pair(ids, start, {start + number: place for number, place in enumerate(places)})

    def stack(self, pairs: Sequence[Pair]) -> dict[str, NDArray[np.int64]]:
        """Arrays (n, widest): input_ids, attention_mask, token_type_ids (0 up to the first [SEP]) and said (1 at the turn's tokens)."""
        shape = (len(pairs), max(len(pair.ids) for pair in pairs))
        found = {name: np.zeros(shape, dtype=np.int64) for name in ("input_ids", "attention_mask", "token_type_ids", "said")}
        for row, pair in enumerate(pairs):
            found["input_ids"][row, : len(pair.ids)] = pair.ids
            found["attention_mask"][row, : len(pair.ids)] = 1
            found["token_type_ids"][row, pair.second : len(pair.ids)] = 1
            found["said"][row, pair.second : pair.second + len(pair.said)] = 1
        return found

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        made = Tokenizer.from_file(str(self._table))
        made.no_padding()
        made.no_truncation()
        return made

    @cached_property
    def _first(self) -> int:
        return self._id(self._marks[0])

    @cached_property
    def _between(self) -> int:
        return self._id(self._marks[1])

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"{self._table} has no token {token}")
        return int(found)
