"""The index on disk: ids and vectors in Chroma. No text is in it, as what is deleted from Chroma would stay in its file.

Each section has one vector for the whole and one for every two sentences or so, so that a snippet of talk finds the right place. Every build is
a folder of its own beside the one in use, and `current.json` says which that is: killed half-way, the earlier one goes on. Builders wait for each
other; searchers find the new one by themselves. The collection's name carries the encoder's id.

Chroma finds the nearest of very many vectors. Of fewer than `SCANNED_AT_MOST` all are looked at, which is exact, takes a millisecond, and spares a
first question the second or two that loading and opening Chroma take.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from ipt_roleplay.errors import KnowledgeError
from ipt_roleplay.knowledge.notes import Section
from ipt_roleplay.knowledge.vectors import key_of, read_vectors, write_vectors
from ipt_roleplay.loading import ONE_AT_A_TIME
from ipt_roleplay.ports import Encoder

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told how many of how many texts are encoded."""

LAYOUT = "3"
BATCH = 64
MADE = "made.npz"
"""The vectors it was made from, so that after an edit only what changed is encoded."""

PARTS = "parts.npy"
"""In a build's folder: all its vectors in the order of the sections, for a closer look at the best of them."""

SCANNED_AT_MOST = 20_000
"""So many vectors are all compared with a question, 30 MB of them; of more, Chroma names the nearest."""

DATABASE, BEGINS = "chroma.sqlite3", b"SQLite format 3\0"
"""Chroma's file in a build's folder, and how it begins if it is whole."""

PATIENCE = 600.0
"""Seconds to wait for another process that is building."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Near:
    """How near a section is to a question: similarities (-1 to 1) of the whole, of its heading, and of its nearest stretch of two sentences."""

    whole: float
    heading: float
    stretch: float


@dataclass(frozen=True)
class _Current:
    generation: str
    fingerprint: str


class NoteIndex:
    """Vectors of the notes' sections."""

    def __init__(self, folder: Path, encoder: Encoder, shipped: Path | None = None) -> None:
        """`shipped`: a file of vectors that need not be made again (see `vectors`)."""
        self._folder = folder
        self._encoder = encoder
        self._shipped = [shipped] if shipped else []
        self._name = re.sub(r"[^a-zA-Z0-9._-]", "-", f"notes-{encoder.id}")
        self._client: Client | None = None
        self._parts: NDArray[np.float32] | NDArray[np.float16] | None = None
        self._opened = self._read = ""

    def is_current(self, sections: Sequence[Section]) -> bool:
        """Whether the index was made from exactly these sections. Raises KnowledgeError if it is there but broken."""
        try:
            current = self._current()
            if current is None or current.fingerprint != self._fingerprint(sections):
                return False
            return self._is_whole(current)
        except Exception as error:  # Chroma raises whatever its Rust core does, BaseException subclasses aside
            raise KnowledgeError(f"The notes index is damaged ({type(error).__name__}).") from error

    def build(self, sections: Sequence[Section], progress: Progress | None = None, *, anew: bool = True) -> None:
        """Make the index of these sections; unless `anew`, only if nobody else did meanwhile. Raises KnowledgeError if it cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self._folder / "lock", timeout=PATIENCE):
                if not anew and self._fits(sections):
                    return
                self._make(sections, progress)
        except Timeout as error:
            raise KnowledgeError("Another program is reading the notes, and takes very long. End it and try again.") from error
        except OSError as error:
            raise KnowledgeError(f"The notes index cannot be written: {error}. Check that {self._folder} is writable.") from error

    def nearest(self, vector: NDArray[np.float32], places: Mapping[str, slice], k: int) -> tuple[str, ...]:
        """At most `k` sections, nearest first by any part of them; `places` says where the vectors of each lie (`places_of`).

        Raises KnowledgeError if the index cannot be read.
        """
        if not places:
            return ()
        return self._asked(lambda parts: self._of_many(vector, k) if len(parts) > SCANNED_AT_MOST else _of_all(parts @ vector, places, k))

    def near(self, vector: NDArray[np.float32], places: Sequence[slice]) -> tuple[Near, ...]:
        """How near the sections are whose vectors lie in these places. Raises KnowledgeError if the index cannot be read."""
        return self._asked(lambda parts: tuple(_near((parts[place].astype(np.float32, copy=False) @ vector).tolist()) for place in places))

    def _of_many(self, vector: NDArray[np.float32], k: int) -> tuple[str, ...]:
        current = self._current()
        assert current is not None
        collection = self._collection(current)
        found = collection.query(query_embeddings=vector[None, :], n_results=min(4 * k, collection.count()), include=[])
        return tuple(dict.fromkeys(part.rsplit("|", 1)[0] for part in found["ids"][0]))[:k]

    def _asked(self, ask: Callable[[NDArray[np.float32] | NDArray[np.float16]], T]) -> T:
        for last in (False, True):
            try:
                current = self._current()
                if current is None:
                    raise FileNotFoundError(self._folder)
                if self._parts is None or self._read != current.generation:
                    self._parts, self._read = self._kept_parts(current), current.generation
                return ask(self._parts)
            except Exception as error:  # another process may have put a new one in its place at this moment
                self.close()
                if last:
                    raise KnowledgeError(
                        f"The notes index cannot be read ({type(error).__name__}). Run: ipt-roleplay notes index --rebuild"
                    ) from error
        raise AssertionError("unreachable")

    def _kept_parts(self, current: _Current) -> NDArray[np.float32] | NDArray[np.float16]:
        """All vectors of a build: in memory where all are looked at, else as they lie on the disk."""
        parts: NDArray[np.float16] = np.load(self._folder / current.generation / PARTS, mmap_mode="r", allow_pickle=False)
        return parts.astype(np.float32) if len(parts) <= SCANNED_AT_MOST else parts

    def _is_whole(self, current: _Current) -> bool:
        parts = self._kept_parts(current)
        with (self._folder / current.generation / DATABASE).open("rb") as database:
            if database.read(len(BEGINS)) != BEGINS:
                raise ValueError(DATABASE)
        return len(parts) > 0 and (len(parts) <= SCANNED_AT_MOST or self._collection(current).count() == len(parts))

    def close(self) -> None:
        """Let go of the files."""
        client, self._client, self._opened, self._read = self._client, None, "", ""
        self._parts = None
        if client is not None:
            try:
                client.close()
            except Exception as error:  # noqa: BLE001 - its files may be gone
                _log.info("the index was not closed: %s", error)

    def remove(self) -> None:
        """Take away everything that is in it."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self, sections: Sequence[Section], progress: Progress | None) -> None:
        ids, texts = parts_of(sections)
        vectors = self._vectors(texts, progress)
        generation = f"made-{secrets.token_hex(8)}"
        (self._folder / generation).mkdir(mode=0o700)
        self.close()
        client = self._open(_Current(generation, ""))
        collection = client.create_collection(self._name, embedding_function=None, metadata={"hnsw:space": "cosine"})
        step = client.get_max_batch_size()
        for start in range(0, len(ids), step):
            collection.add(ids=ids[start : start + step], embeddings=vectors[start : start + step])
        np.save(self._folder / generation / PARTS, vectors.astype(np.float16))
        write_vectors(self._folder / MADE, self._encoder.id, texts, vectors)
        written = self._folder / f"{generation}.json"
        written.write_text(json.dumps({"generation": generation, "fingerprint": self._fingerprint(sections)}), encoding="utf-8")
        os.replace(written, self._folder / "current.json")
        for old in self._folder.iterdir():
            if old.name not in (generation, "current.json", "lock", MADE):
                shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)

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

    def _fits(self, sections: Sequence[Section]) -> bool:
        try:
            return self.is_current(sections)
        except KnowledgeError:
            return False

    def _current(self) -> _Current | None:
        """Which build is in use; None if there was none yet."""
        try:
            said = json.loads((self._folder / "current.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return _Current(said["generation"], said["fingerprint"])

    def _collection(self, current: _Current) -> Collection:
        return self._open(current).get_collection(self._name, embedding_function=None)

    def _open(self, current: _Current) -> Client:
        with ONE_AT_A_TIME:  # loaded where it is needed: it takes a second
            import chromadb
            from chromadb.config import Settings as ChromaSettings
        if self._client is None or self._opened != current.generation:
            self.close()
            folder = self._folder / current.generation
            if not folder.is_dir():
                raise FileNotFoundError(folder)
            settings = ChromaSettings(anonymized_telemetry=False, is_persistent=True)
            self._client, self._opened = cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings)), current.generation
        return self._client

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
            ids.append(f"{short(section.key)}|{number}")
            texts.append(text)
    return ids, texts


def places_of(sections: Sequence[Section]) -> tuple[slice, ...]:
    """Where each section's vectors lie in a build of these sections."""
    ends = np.cumsum([2 + len(_pieces(section.text)) for section in sections]).tolist()
    return tuple(slice(start, end) for start, end in zip([0, *ends], ends, strict=False))


def _of_all(similarities: NDArray[np.float32], places: Mapping[str, slice], k: int) -> tuple[str, ...]:
    """The sections whose best part is nearest; their places lie one after the other."""
    best = np.maximum.reduceat(similarities, [place.start for place in places.values()])
    keys = list(places)
    return tuple(keys[place] for place in np.argsort(-best, kind="stable")[:k])


def _near(similarities: Sequence[float]) -> Near:
    whole, *others = similarities
    return Near(whole, others[0] if others else whole, max(others[1:], default=whole))


def short(key: str) -> str:
    """What stands for a section's key in the index: a heading can be somebody's own words, and those stay out of it."""
    return key_of(key)[:20]


def _pieces(text: str) -> list[str]:
    sentences = [part.strip() for part in re.split(r"(?<=[.!?:])[\s\"”]+", text) if part.strip()]
    return [" ".join(sentences[start : start + 2]) for start in range(0, len(sentences), 2)]
