"""Versioned datasets: rows as JSON lines, and beside them where they come from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("datasets")
Row = Mapping[str, Any]


class DatasetError(Exception):
    """A dataset cannot be used; says which and why."""


@dataclass(frozen=True)
class Dataset:
    """Rows, and what names them: `digest` is the start of the SHA-256 of the file as it lies on disk."""

    name: str
    version: int
    about: str
    source: str
    author_split: str
    split: str
    licence: str
    digest: str
    rows: tuple[Row, ...]


def load(name: str, folder: Path = FOLDER) -> Dataset:
    """The dataset `name`. Raises DatasetError naming the file and line that cannot be read: a bad file is no low score."""
    try:
        meta = json.loads((folder / f"{name}.meta.json").read_text(encoding="utf-8"))
        path = folder / meta.pop("file", f"{name}.jsonl")
        content = path.read_bytes().replace(b"\r\n", b"\n")
        return Dataset(**meta, digest=hashlib.sha256(content).hexdigest()[:12], rows=_rows(path.name, content))
    except (OSError, ValueError, TypeError) as error:
        raise DatasetError(f"The dataset {name!r} cannot be read: {error}. Restore it from the repository.") from error


def _rows(name: str, content: bytes) -> tuple[Row, ...]:
    rows = []
    for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{name}:{number} is no JSON ({error})") from error
        if not isinstance(row, dict):
            raise ValueError(f"{name}:{number} is no JSON object")
        rows.append(row)
    return tuple(rows)
