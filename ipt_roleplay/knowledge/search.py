"""Search over the notes: nearness in meaning plus a small bonus for the same words (BM25 over stems)."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import snowballstemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS
from numpy.typing import NDArray

from ipt_roleplay.domain import Note, Passage
from ipt_roleplay.errors import KnowledgeError, NoteFileError, UnknownNameError
from ipt_roleplay.knowledge.answerable import chance_answered
from ipt_roleplay.knowledge.index import Near, NoteIndex, Progress, places_of, short
from ipt_roleplay.knowledge.notes import Section, read_notes, sections_of
from ipt_roleplay.knowledge.vectors import SHIPPED
from ipt_roleplay.ports import Encoder
from ipt_roleplay.text import Span

CANDIDATES = 20
"""Sections that are looked at closely: so many by meaning, so many by words."""

WHOLE, HEADING, STRETCH, BEST, NOTE, WORDS = 0.1, 0.25, 0.15, 0.15, 0.35, 0.45
"""What counts how much: the section as a whole, its heading, its nearest stretch, the best of the three, its whole note, and its words.

Set on questions by three authors. Weights set on two of them found for the third as much as those before, or more.
"""

OF_ONE_MATTER = 12
"""A note of more sections than this is a book: it says little about one of them."""

ANSWERABLE = 0.5
"""Score of the best passage from which a question counts as answered by the notes."""

_STEMMER, _STEMMING = snowballstemmer.stemmer("english"), threading.Lock()
_EVERYWHERE = frozenset(STOPWORDS_EN_PLUS)
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_log = logging.getLogger(__name__)


class NoteSearch:
    """Finds sections of notes; implements `Retriever`. The index is checked at first use and made anew when it does not fit."""

    def __init__(self, notes_folder: Path, index_folder: Path, encoder: Encoder, about_ipt: bool = True) -> None:
        """`about_ipt`: which questions are answered was taught on these notes; for others nearness alone decides."""
        self._notes_folder = notes_folder
        self._encoder = encoder
        self._kind = encoder.id if about_ipt else ""
        self._index = NoteIndex(index_folder, encoder, shipped=notes_folder / SHIPPED)
        self._lock = threading.RLock()
        self._sections: dict[str, Section] = {}
        self._places: dict[str, slice] = {}
        self._of_note: dict[str, list[str]] = {}
        self._words: Words | None = None
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self.rebuilt_because: str | None = None

    def notes(self) -> tuple[Note, ...]:
        """All notes, by id."""
        return read_notes(self._notes_folder)

    def note(self, note_id: str) -> Note:
        """One note. Raises UnknownNameError naming the near ones."""
        known = {note.id: note for note in self.notes()}
        if note_id not in known:
            raise UnknownNameError("note", note_id, known)
        return known[note_id]

    def prepare(self, rebuild: bool = False, progress: Progress | None = None) -> int:
        """Make sure the index fits the notes; returns the number of sections. `rebuilt_because` says why it was made anew, if so."""
        with self._lock:
            seen = self._files()
            sections = [section for note in self.notes() for section in sections_of(note)]
            if not sections:
                raise KnowledgeError(
                    f"There are no notes in {self._notes_folder}. Set IPT_KNOWLEDGE_DIR to a folder with notes, or unset it."
                )
            reason = self._reason_to_build(sections, rebuild)
            if reason:
                self._index.build(sections, progress, anew=rebuild)
                self.rebuilt_because = reason
                _log.warning("notes index made anew: %s", reason)
            self._words, self._seen = Words(sections), seen
            self._sections = {short(section.key): section for section in sections}
            self._places = dict(zip(self._sections, places_of(sections), strict=True))
            self._of_note = {}
            for key, section in self._sections.items():
                self._of_note.setdefault(section.note.id, []).append(key)
            return len(sections)

    def search(self, question: str, k: int = 5) -> tuple[Passage, ...]:
        """At most `k` passages, best first. Notes that were edited meanwhile are read anew.

        The first one's score is how likely (0 to 1) the notes answer the question; the others have of it what they are near beside the first.
        """
        if not question.strip():
            return ()
        vector, scored = self._scored(question)
        if not scored:
            return ()
        best = max(scored[0][0], 1e-6)
        answered = chance_answered(best, vector, self._kind)
        return tuple(_passage(section, answered * max(0.0, near) / best) for near, section in scored[:k])

    def nearness(self, question: str) -> float:
        """How near the best section is to a question, in meaning and words, 0 to about 1.5."""
        return max((near for near, _ in self._scored(question)[1]), default=0.0)

    def _scored(self, question: str) -> tuple[NDArray[np.float32], list[tuple[float, Section]]]:
        vector = self._encoder.encode([question])[0]
        try:
            return vector, self._found(question, vector)
        except KnowledgeError:  # another program is putting other notes in their place at this moment
            self._seen = ()
            return vector, self._found(question, vector)

    def _found(self, question: str, vector: NDArray[np.float32]) -> list[tuple[float, Section]]:
        with self._lock:  # no index is taken away while it is searched
            words = self._current_words()
            shares = words.shares(question)
            keys = dict.fromkeys([*self._index.nearest(vector, self._places, CANDIDATES), *words.most(shares, CANDIDATES)])
            looked_at = [key for key in keys if key in self._sections]
            near = dict(zip(looked_at, self._index.near(vector, [self._places[key] for key in looked_at]), strict=True))
            of_note = self._of_notes(vector, looked_at)
            scored = sorted(
                ((_score(near[key], of_note.get(key, near[key].whole), words.of(shares, key)), key) for key in looked_at), reverse=True
            )
            return [(score, self._sections[key]) for score, key in scored]

    def _of_notes(self, vector: NDArray[np.float32], keys: Sequence[str]) -> dict[str, float]:
        """How near the notes of these sections are, all their sections taken together; those of a book are left out."""
        notes = {self._sections[key].note.id for key in keys}
        sections = {note: self._of_note[note] for note in notes if len(self._of_note[note]) <= OF_ONE_MATTER}
        wholes = [self._places[key].start for of_one in sections.values() for key in of_one]
        similar = iter(self._index.near(vector, [slice(start, start + 1) for start in wholes])) if wholes else iter(())
        near = {note: sum(next(similar).whole for _ in of_one) / len(of_one) for note, of_one in sections.items()}
        return {key: near[self._sections[key].note.id] for key in keys if self._sections[key].note.id in near}

    def forget(self) -> None:
        """Take the index away with everything in it, when there is nothing left to search."""
        with self._lock:
            self._index.remove()
            self._words, self._sections, self._seen = None, {}, ()

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            self._index.close()

    def _current_words(self) -> Words:
        """The words of the notes as they are now; while an edited note cannot be read, of the notes as they were before."""
        if self._words is None or self._files() != self._seen:
            try:
                self.prepare()
            except (NoteFileError, KnowledgeError) as error:
                if self._words is None:
                    raise
                self._seen = self._files()  # not tried again before the next edit
                _log.warning("the notes were changed and cannot be read; going on with the earlier ones: %s", error)
        assert self._words is not None
        return self._words

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        """What tells that notes were edited: names, times and sizes of the files."""
        stats = ((path.name, path.stat()) for path in sorted(self._notes_folder.glob("*.md")))
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def _reason_to_build(self, sections: Sequence[Section], rebuild: bool) -> str | None:
        if rebuild:
            return "asked for"
        try:
            return None if self._index.is_current(sections) else "the notes changed, or this is the first time"
        except KnowledgeError as error:
            return str(error)


def answered(passages: Sequence[Passage]) -> bool:
    """Whether what was found answers what was asked."""
    return bool(passages) and passages[0].score >= ANSWERABLE


def matching(question: str, text: str) -> tuple[Span, ...]:
    """Where `text` has words of the question, in whatever form ("asked" for "ask"); words that are everywhere do not count."""
    asked = {stem(word) for word in _WORD.findall(question.lower()) if word not in _EVERYWHERE}
    return tuple(Span(*word.span()) for word in _WORD.finditer(text) if stem(word.group().lower()) in asked)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What a word's forms have in common ("ask" for "asked"). Kept, as the same words come again and again, and each takes 40 microseconds."""
    with _STEMMING:
        return str(_STEMMER.stemWord(word))


def _score(near: Near, note: float, words: float) -> float:
    best = max(near.whole, near.heading, near.stretch)
    return WHOLE * near.whole + HEADING * near.heading + STRETCH * near.stretch + BEST * best + NOTE * note + WORDS * words


class Words:
    """BM25 over stemmed words of the sections."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._keys = [short(section.key) for section in sections]
        self._rows = {key: row for row, key in enumerate(self._keys)}
        texts = [f"{s.note.title} {s.heading} {' '.join(s.note.topics)} {s.text}" for s in sections]
        self._bm25 = bm25s.BM25()
        self._bm25.index(self._tokens(texts), show_progress=False)

    def shares(self, question: str) -> NDArray[np.float32]:
        """For each section, in their order, its BM25 score as a share (0 to 1) of what a perfect match of the question's rare words would give."""
        tokens = self._tokens([question])[0]
        known = [token for token in tokens if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self._keys), dtype=np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(known)
        return scores / max(float(scores.max()), 2.0 * len(set(tokens)))

    def most(self, shares: NDArray[np.float32], k: int) -> list[str]:
        """The `k` sections with the highest share above nothing, in no order."""
        first = np.argpartition(-shares, k)[:k] if len(shares) > k else np.arange(len(shares))
        return [self._keys[n] for n in first if shares[n] > 0.0]

    def of(self, shares: NDArray[np.float32], key: str) -> float:
        """The share of one section."""
        return float(shares[self._rows[key]]) if key in self._rows else 0.0

    def best(self, question: str, k: int) -> list[int]:
        """The numbers of the `k` sections with the highest score, best first."""
        known = [token for token in self._tokens([question])[0] if token in self._bm25.vocab_dict]
        scores = self._bm25.get_scores(known) if known else np.zeros(len(self._keys))
        return [int(n) for n in np.argsort(-scores, kind="stable")[:k]]

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        split = bm25s.tokenize(list(texts), stopwords="en", return_ids=False, show_progress=False)
        return [[stem(word) for word in words] for words in split]


def _passage(section: Section, score: float) -> Passage:
    sources = section.note.sources if section.origin == "sources" else ()
    return Passage(section.note.id, section.note.title, section.heading, section.text, round(float(score), 4), sources, section.origin)
