"""Vectors that were made once and are not made again: a file of hashes of texts and their vectors. No text is in it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

SHIPPED = "vectors.npz"
"""Beside the notes: their vectors, so that a first start need not encode them. Written by `python -m training.note_vectors`."""

_log = logging.getLogger(__name__)


def key_of(text: str) -> str:
    """What stands for a text in the file."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_vectors(files: Iterable[Path], encoder_id: str) -> Mapping[str, NDArray[np.float32]]:
    """Vectors of length 1 by the key of their text, from all files that this encoder made; a file that cannot be read only costs time."""
    found: dict[str, NDArray[np.float32]] = {}
    for path in files:
        try:
            with np.load(path, allow_pickle=False) as kept:
                if str(kept["encoder"]) == encoder_id:
                    vectors = kept["vectors"].astype(np.float32)
                    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
                    found |= zip((key.decode() for key in kept["keys"]), vectors, strict=True)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, BadZipFile, EOFError) as error:
            _log.warning("%s cannot be read, its texts are encoded again: %s", path.name, error)
    return found


def write_vectors(path: Path, encoder_id: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Keep the vectors of these texts, and of no other, rounded to 16 bits. Raises OSError."""
    first = {key_of(text): n for n, text in reversed(list(enumerate(texts)))}
    keys = sorted(first)
    rows = vectors[[first[key] for key in keys]].astype(np.float16)
    np.savez(path, encoder=np.array(encoder_id), keys=np.array(keys, dtype="S32"), vectors=rows)
