"""The notes index on disk: vectors in Chroma, texts in SQLite. Chroma keeps ids and vectors only: text deleted from it would stay in its file.

Each section has one vector for the whole and one for every two sentences or so, so that a snippet of talk finds the right place. The
collection's name carries the encoder's id, and the index knows the fingerprint of the notes it was made from.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, create_engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from ipt_roleplay.errors import KnowledgeError
from ipt_roleplay.knowledge.notes import Section
from ipt_roleplay.knowledge.vectors import key_of, read_vectors, write_vectors
from ipt_roleplay.ports import Encoder

Progress = Callable[[int, int], None]
"""Told how many of how many texts are encoded."""

_METADATA = MetaData()
_SECTION = Table("section", _METADATA, Column("key", String(240), primary_key=True), Column("position", Integer), Column("text", Text))
_FACT = Table("fact", _METADATA, Column("name", String(40), primary_key=True), Column("value", Text))
LAYOUT = "1"
BATCH = 64
MADE = "made.npz"
"""In the index's folder: the vectors it was made from, so that after an edit only what changed is encoded."""


@dataclass(frozen=True)
class Hit:
    """A section's key and the highest similarity (-1 to 1) of its vectors with the question."""

    key: str
    similarity: float


class NoteIndex:
    """Vectors and texts of the notes' sections. One writer process; the client is opened once."""

    def __init__(self, folder: Path, encoder: Encoder, shipped: Path | None = None) -> None:
        """`shipped`: a file of vectors that need not be made again (see `vectors`)."""
        self._folder = folder
        self._encoder = encoder
        self._shipped = [shipped] if shipped else []
        self._name = re.sub(r"[^a-zA-Z0-9._-]", "-", f"notes-{encoder.id}")
        self._client: ClientAPI | None = None

    def is_current(self, sections: Sequence[Section]) -> bool:
        """Whether the index was made from exactly these sections. Raises KnowledgeError if it is there but broken."""
        if not (self._folder / "texts.sqlite").is_file():
            return False
        try:
            with self._texts().connect() as connection:
                made_from = connection.execute(select(_FACT.c.value).where(_FACT.c.name == "fingerprint")).scalar()
            if made_from != self._fingerprint(sections):
                return False
            return self._open().get_collection(self._name, embedding_function=None).count() > 0
        except Exception as error:  # Chroma raises whatever its Rust core does, BaseException subclasses aside
            raise KnowledgeError(f"The notes index is damaged ({type(error).__name__}).") from error

    def build(self, sections: Sequence[Section], progress: Progress | None = None) -> None:
        """Make the index anew. Raises KnowledgeError if the folder cannot be written."""
        try:
            ids, texts = parts_of(sections)
            vectors = self._vectors(texts, progress)
            self._clear()
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            collection = self._open().create_collection(self._name, embedding_function=None, metadata={"hnsw:space": "cosine"})
            collection.add(ids=ids, embeddings=vectors)
            write_vectors(self._folder / MADE, self._encoder.id, texts, vectors)
            self._store_texts(sections)
        except (OSError, SQLAlchemyError) as error:
            raise KnowledgeError(f"The notes index cannot be written: {error}. Check that {self._folder} is writable.") from error

    def nearest(self, vector: NDArray[np.float32], k: int) -> tuple[Hit, ...]:
        """At most `k` sections, nearest first."""
        collection = self._open().get_collection(self._name, embedding_function=None)
        found = collection.query(query_embeddings=vector[None, :], n_results=min(4 * k, collection.count()), include=["distances"])
        distances = found["distances"]
        assert distances is not None
        best: dict[str, float] = {}
        for part, distance in zip(found["ids"][0], distances[0], strict=True):
            key = part.rsplit("|", 1)[0]
            best[key] = max(best.get(key, -1.0), 1.0 - float(distance))
        return tuple(Hit(key, value) for key, value in sorted(best.items(), key=lambda item: -item[1])[:k])

    def close(self) -> None:
        """Let go of the files."""
        self._client = None
        SharedSystemClient.clear_system_cache()

    def _vectors(self, texts: Sequence[str], progress: Progress | None) -> NDArray[np.float32]:
        """One row for each text; only those are encoded that neither came with the notes nor were encoded before."""
        known = dict(read_vectors([*self._shipped, self._folder / MADE], self._encoder.id))
        new = [text for text in dict.fromkeys(texts) if key_of(text) not in known]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            known |= zip(map(key_of, batch), self._encoder.encode(batch), strict=True)
            if progress:
                progress(min(start + BATCH, len(new)), len(new))
        return np.stack([known[key_of(text)] for text in texts])

    def _store_texts(self, sections: Sequence[Section]) -> None:
        engine = self._texts()
        _METADATA.create_all(engine)
        with engine.begin() as connection:
            connection.execute(delete(_SECTION))
            connection.execute(delete(_FACT))
            connection.execute(insert(_SECTION), [{"key": s.key, "position": n, "text": s.text} for n, s in enumerate(sections)])
            connection.execute(insert(_FACT), [{"name": "fingerprint", "value": self._fingerprint(sections)}])
        engine.dispose()
        os.chmod(self._folder / "texts.sqlite", 0o600)

    def _texts(self) -> Engine:
        return create_engine(f"sqlite:///{self._folder / 'texts.sqlite'}")

    def _open(self) -> ClientAPI:
        if self._client is None:
            (self._folder / "vectors").mkdir(parents=True, exist_ok=True, mode=0o700)
            self._client = chromadb.PersistentClient(
                path=str(self._folder / "vectors"), settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True)
            )
        return self._client

    def _clear(self) -> None:
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fingerprint(self, sections: Sequence[Section]) -> str:
        digest = hashlib.sha256(f"{LAYOUT}\0{self._encoder.id}".encode())
        for section in sections:
            digest.update(f"\0{section.key}\0{section.note.title}\0{section.text}".encode())
        return digest.hexdigest()


def parts_of(sections: Sequence[Section]) -> tuple[list[str], list[str]]:
    """Ids and texts to encode: each section as a whole under its headings, and its pieces of about two sentences."""
    ids: list[str] = []
    texts: list[str] = []
    for section in sections:
        pieces = _pieces(section.text)
        whole = f"{section.note.title}. {section.heading}. {section.text}"
        for number, text in enumerate([whole, section.heading, *pieces]):
            ids.append(f"{section.key}|{number}")
            texts.append(text)
    return ids, texts


def _pieces(text: str) -> list[str]:
    sentences = [part.strip() for part in re.split(r"(?<=[.!?:])[\s\"”]+", text) if part.strip()]
    return [" ".join(sentences[start : start + 2]) for start in range(0, len(sentences), 2)]
