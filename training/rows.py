"""The labelled turns: what a row holds, which rows teach and which measure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipt_roleplay.domain import Signal, SignalSpan, Style

TURNS = Path(__file__).with_name("labelled")


@dataclass(frozen=True)
class LabelledTurn:
    """One turn with the line before it and its settled labels; see `docs/codebook.md`."""

    id: str
    author: str
    theme: str
    context: str | None
    text: str
    style: Style
    spans: tuple[SignalSpan, ...]
    misleading: bool
    indirect_culture: bool

    @property
    def signals(self) -> frozenset[Signal]:
        """The signals that are there."""
        return frozenset(span.signal for span in self.spans)


def read_turns(paths: Iterable[Path] | None = None) -> tuple[LabelledTurn, ...]:
    """All rows of the files (by default the training set), in order. Raises ValueError naming file, line and fault."""
    files = training_files() if paths is None else list(paths)
    return tuple(_row(path, number, line) for path in files for number, line in enumerate(_lines(path), start=1) if line.strip())


def training_files() -> list[Path]:
    """All files of the training set."""
    return sorted(TURNS.glob("*.jsonl"))


def dataset_hash(paths: Sequence[Path]) -> str:
    """Names the rows that something was made from."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _row(path: Path, number: int, line: str) -> LabelledTurn:
    try:
        row: dict[str, Any] = json.loads(line)
        return LabelledTurn(
            id=row["id"],
            author=path.stem,
            theme=row["theme"],
            context=row["context"],
            text=row["text"],
            style=Style(row["style"]),
            spans=tuple(_span(row["text"], signal) for signal in row["signals"]),
            misleading=bool(row["misleading"]),
            indirect_culture=bool(row["indirect_culture"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name}, line {number}: {error}") from error


def _span(text: str, signal: dict[str, str]) -> SignalSpan:
    start = text.find(signal["quote"])
    if start < 0 or not signal["quote"]:
        raise ValueError(f"the quote of {signal['name']} is not in the text")
    return SignalSpan(Signal(signal["name"]), start, start + len(signal["quote"]))
