"""A turn as short runs of words and letters, hashed to numbers: what the linear part of the reading is taught on and reads with.

The network knows what words mean, this part knows how things are put ("of course you", "no worries at all", a full stop after "Fine"); together
they read an unknown author better than either does (docs/reading.md).
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ipt_roleplay.encoders.pairs import line_before
from ipt_roleplay.text import plain

SIZE = 1 << 19
"""How many numbers there are; `SIZE` itself stands for nothing and fills up rows."""

WORDS, LETTERS = (1, 2, 3), (2, 3, 4, 5, 6)
"""How long the runs are."""

BEFORE = 0.5
"""What the words of the line before weigh beside the turn's own."""

LONGEST = 2_000
"""So many characters of a turn's start are looked at."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")


def ngrams(context: str | None, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Numbers below `SIZE` and their shares: runs of words, runs of letters, each of length 1 together, and single words of the line before."""
    text = text[:LONGEST]
    words = ["^", *_WORD.findall(text.replace("’", "'")), "$"]
    letters = f" {' '.join(plain(text).split())} "
    before = [word.lower() for word in _WORD.findall(line_before(context).replace("’", "'"))] or ["<none>"]
    groups = (
        ("w", [" ".join(run) for run in _runs(words, WORDS)], 1.0),
        ("l", ["".join(run) for run in _runs(letters, LETTERS)], 1.0),
        ("b", before, BEFORE),
    )
    numbers: list[int] = []
    shares: list[NDArray[np.float32]] = []
    for kind, runs, weight in groups:
        counts = Counter(zlib.crc32(f"{kind}{run}".encode()) % SIZE for run in runs)
        values = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        numbers += counts
        shares.append(weight * values / max(float(np.linalg.norm(values)), 1e-9))
    return np.array(numbers, dtype=np.int64), np.concatenate(shares)


def stack(rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> dict[str, NDArray[np.int64] | NDArray[np.float32]]:
    """Arrays (n, widest): `runs`, filled up with `SIZE`, and `shares`, filled up with 0."""
    width = max(len(numbers) for numbers, _ in rows)
    runs, shares = np.full((len(rows), width), SIZE, dtype=np.int64), np.zeros((len(rows), width), dtype=np.float32)
    for row, (numbers, values) in enumerate(rows):
        runs[row, : len(numbers)], shares[row, : len(numbers)] = numbers, values
    return {"runs": runs, "shares": shares}


def _runs(parts: Sequence[str], lengths: Sequence[int]) -> Iterator[Sequence[str]]:
    for length in lengths:
        for start in range(len(parts) - length + 1):
            yield parts[start : start + length]
