"""Search over the notes: a question among a thousand and a hundred thousand vectors, making the index, and the first question after a start."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from benchmarks.measure import Row, in_turns
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Note
from ipt_roleplay.knowledge.index import BATCH, NoteIndex, parts_of
from ipt_roleplay.knowledge.notes import Section
from ipt_roleplay.knowledge.search import NoteSearch
from ipt_roleplay.ports import Encoder

P95_OF_A_THOUSAND, P95_OF_A_HUNDRED_THOUSAND = 0.015, 0.030
COLD_START_AT_MOST = 1.3
PER_TEXT_AT_MOST = 1.0
ROUNDS = 60

WORDS = [
    "sister",
    "says",
    "no",
    "again",
    "tonight",
    "kitchen",
    "doctor",
    "Wednesday",
    "mother",
    "tired",
    "angry",
    "quiet",
    "phone",
    "money",
    "wish",
    "limit",
    "calm",
    "reason",
    "promise",
    "rota",
]


class _Synthetic:
    """Random directions for what is indexed, the real encoder for one question."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.id = encoder, "synthetic"
        self._random = np.random.default_rng(1)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(texts) == 1:
            return self._encoder.encode(texts)
        rows = self._random.standard_normal((len(texts), 384), dtype=np.float32)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def search_row(services: Services) -> Row:
    """One question of twenty words among a thousand passages."""
    return _search_row(services, 1_000, P95_OF_A_THOUSAND)


def search_many_row(services: Services) -> Row:
    """The same among a hundred thousand."""
    return _search_row(services, 100_000, P95_OF_A_HUNDRED_THOUSAND)


def _search_row(services: Services, passages: int, p95: float) -> Row:
    encoder = services.encoder
    with tempfile.TemporaryDirectory() as folder:
        _write_notes(Path(folder), passages)
        search = NoteSearch(Path(folder) / "notes", Path(folder) / "index", _Synthetic(encoder))
        search.prepare()

        def ours(number: int) -> float:
            began = time.perf_counter()
            found = search.search(_question(number), 5)
            taken = time.perf_counter() - began
            assert len(found) == 5
            return taken

        def theirs(number: int) -> float:
            began = time.perf_counter()
            encoder.encode([_question(100_000 + number)])
            return time.perf_counter() - began

        mine, encoding = in_turns(ours, theirs, ROUNDS, warm_up=5)
        search.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return Row(
        what=f"a question to {passages:,} passages",
        yardstick="its encoding alone",
        how=f"20 words, {ROUNDS} rounds; three synthetic vectors for each passage; the process's memory at its highest was {peak:.0f} MB",
        ours=mine,
        theirs=encoding,
        p95_at_most=p95,
    )


def indexing_row(services: Services) -> Row:
    """Making an index beside plain Chroma with the same encoder."""
    encoder = services.encoder
    sections = [section for note in _notes(random.Random(3), 12) for section in note]
    _, texts = parts_of(sections)

    def ours(number: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            index = NoteIndex(Path(folder), encoder)
            began = time.perf_counter()
            index.build(sections)
            taken = time.perf_counter() - began
            index.close()
        return taken

    def theirs(number: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            client = chromadb.PersistentClient(path=folder, settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True))
            began = time.perf_counter()
            collection = client.create_collection("plain", embedding_function=None)
            for start in range(0, len(texts), BATCH):
                batch = texts[start : start + BATCH]
                collection.add(ids=[str(start + n) for n in range(len(batch))], embeddings=encoder.encode(batch), documents=batch)
            return time.perf_counter() - began

    mine, plain = in_turns(ours, theirs, 6)
    return Row(
        what=f"making an index of {len(texts)} vectors",
        yardstick="the same texts into plain Chroma with the same encoder",
        how="the encoding included; 6 rounds",
        ours=mine,
        theirs=plain,
        ratio_at_most=PER_TEXT_AT_MOST,
    )


def cold_search_row(services: Services) -> Row:
    """A new process up to its first answer, beside one that only imports Chroma."""
    services.notes.prepare()
    code = (
        "from pathlib import Path; import sys; from ipt_roleplay.encoders.minilm import MiniLmEncoder; "
        "from ipt_roleplay.knowledge.search import NoteSearch; "
        "assert NoteSearch(Path(sys.argv[1]), Path(sys.argv[2]), MiniLmEncoder()).search('How do I say no?', 3)"
    )
    notes, index = str(services.settings.knowledge_dir), str(services.settings.data_dir / "notes-index")

    def ours(_: int) -> float:
        return _process([sys.executable, "-c", code, notes, index])

    def theirs(_: int) -> float:
        return _process([sys.executable, "-c", "import chromadb"])

    mine, chroma = in_turns(ours, theirs, 7)
    return Row(
        what="the first answer of a new process",
        yardstick="importing Chroma alone",
        how="the index is there already; 7 rounds",
        ours=mine,
        theirs=chroma,
        ratio_at_most=COLD_START_AT_MOST,
    )


def _process(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - written above
    return time.perf_counter() - began


def _question(number: int) -> str:
    chance = random.Random(number)
    return " ".join([str(number), *(chance.choice(WORDS) for _ in range(19))])


def _notes(chance: random.Random, count: int) -> list[list[Section]]:
    made = []
    for number in range(count):
        note = Note(f"note-{number}", f"Note {number}", (), "general knowledge", (), "")
        made.append([Section(note, f"Heading {number} {n}", _text(chance, 12), "general knowledge") for n in range(4)])
    return made


def _text(chance: random.Random, sentences: int) -> str:
    return " ".join(f"{' '.join(chance.choice(WORDS) for _ in range(10)).capitalize()}." for _ in range(sentences))


def _write_notes(folder: Path, passages: int) -> None:
    """As Markdown, a thousand passages at most in a note."""
    chance = random.Random(2)
    (folder / "notes").mkdir()
    for first in range(0, passages, 1_000):
        head = f"---\nid: note-{first}\ntitle: Note {first}\ntopics: []\norigin: general knowledge\n---\n"
        body = "\n\n".join(f"## Heading {first + n}\n\n{_text(chance, 2)}" for n in range(min(1_000, passages - first)))
        (folder / "notes" / f"note-{first}.md").write_text(f"{head}{body}\n", encoding="utf-8")
