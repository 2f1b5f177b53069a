"""What search over the notes is measured against: words alone, meaning alone, and plain Chroma, on the same passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings

from ipt_roleplay.bootstrap import Services
from ipt_roleplay.knowledge.index import parts_of, places_of
from ipt_roleplay.knowledge.notes import Section, sections_of
from ipt_roleplay.knowledge.search import Words
from ipt_roleplay.knowledge.vectors import SHIPPED, key_of, read_vectors

Search = Callable[[str, int], list[Section]]
"""A question and how many sections: the best first."""


@cache
def baselines(services: Services) -> Mapping[str, Search]:
    """Each name with its search, made once in a process."""
    sections = [section for note in services.notes.notes() for section in sections_of(note)]
    return {
        "BM25 alone": _words(sections),
        "dense alone": _dense(services, sections),
        "plain Chroma": _plain(services, sections),
    }


def _words(sections: list[Section]) -> Search:
    words = Words(sections)

    def search(question: str, k: int) -> list[Section]:
        return [sections[n] for n in words.best(question, k)]

    return search


def _dense(services: Services, sections: list[Section]) -> Search:
    """Each section by the nearest of its parts."""
    _, texts = parts_of(sections)
    known, places = read_vectors([services.settings.knowledge_dir / SHIPPED], services.encoder.id), places_of(sections)
    vectors = np.stack([known[key_of(text)] for text in texts])

    def search(question: str, k: int) -> list[Section]:
        near = vectors @ services.encoder.encode([question])[0]
        order = np.argsort([-float(near[place].max()) for place in places], kind="stable")
        return [sections[n] for n in order[:k]]

    return search


def _plain(services: Services, sections: list[Section]) -> Search:
    """Chroma as it comes: one vector for each passage's text, by its own measure of distance; its default encoder is the same network, not rounded."""
    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
    collection = client.get_or_create_collection("plain", embedding_function=None)
    texts = [section.text for section in sections]
    collection.upsert(ids=[str(n) for n in range(len(sections))], embeddings=services.encoder.encode(texts))

    def search(question: str, k: int) -> list[Section]:
        found = collection.query(query_embeddings=services.encoder.encode([question]), n_results=k, include=[])
        return [sections[int(n)] for n in found["ids"][0]]

    return search
