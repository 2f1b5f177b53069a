"""Notes that somebody adds: a trainee's handout, a group's rules. Kept apart from the IPT notes, in a folder and an index of their own.

Each is a Markdown file like the IPT notes, made from what was brought; removing it removes the file and makes the index without it. What stands in
it is text to be shown and found, never an instruction and never markup.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath

import yaml

from ipt_roleplay.domain import Note, Passage
from ipt_roleplay.errors import NoteFileError, UnknownNameError
from ipt_roleplay.knowledge.extract import Part, extract
from ipt_roleplay.knowledge.index import Progress
from ipt_roleplay.knowledge.notes import OWN
from ipt_roleplay.knowledge.search import NoteSearch
from ipt_roleplay.ports import Encoder

AT_MOST = 200
WORDS = 160
"""Words of a section, about; what is longer is parted between sentences."""

PREFIX = "own-"


class OwnNotes:
    """The notes somebody added on this computer."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._documents = folder / "documents"
        self._index = folder / "index"
        self._encoder = encoder
        self._search = NoteSearch(self._documents, self._index, encoder, about_ipt=False)
        self._lock = threading.RLock()

    def notes(self) -> tuple[Note, ...]:
        """All of them, by id. Raises NoteFileError if a file was damaged."""
        return self._search.notes() if self._documents.is_dir() else ()

    def note(self, note_id: str) -> Note:
        """One of them. Raises UnknownNameError naming the near ones."""
        known = {note.id: note for note in self.notes()}
        if note_id not in known:
            raise UnknownNameError("note of your own", note_id, known)
        return known[note_id]

    def add(self, name: str, data: bytes, reading: Progress | None = None, indexing: Progress | None = None) -> Note:
        """Keep what stands in a file and make it searchable; one with the same file name is replaced. Raises NoteFileError."""
        shown = PurePath(name.replace("\\", "/")).name
        parts = extract(shown, data, reading)
        with self._lock:
            others = [note for note in self.notes() if note.file != shown]
            if len(others) >= AT_MOST:
                raise NoteFileError(f"There are {AT_MOST} notes of your own. Remove one before you add {shown}.")
            taken = {note.id for note in others}
            note_id = next(id_ for id_ in _ids(shown) if id_ not in taken)
            self._write(note_id, shown, parts)
            self._search.prepare(progress=indexing)
            return self.note(note_id)

    def remove(self, note_id: str) -> None:
        """Take a note away, with its text and its vectors. Raises UnknownNameError."""
        with self._lock:
            self.note(note_id)
            (self._documents / f"{note_id}.md").unlink()
            self._search.forget() if not self.notes() else self._search.prepare()

    def prepare(self, progress: Progress | None = None) -> None:
        """Make sure that all of them can be searched."""
        if self.notes():
            self._search.prepare(progress=progress)

    def search(self, question: str, k: int = 5) -> tuple[Passage, ...]:
        """At most `k` passages of one's own notes, best first."""
        return self._search.search(question, k) if self.notes() else ()

    def close(self) -> None:
        """Let go of the index's files."""
        self._search.close()

    def _write(self, note_id: str, name: str, parts: Iterable[Part]) -> None:
        title = re.sub(r"[_\s]+", " ", PurePath(name).stem).strip()[:120] or note_id
        front = {
            "id": note_id,
            "title": title.ljust(3, "."),
            "topics": [],
            "origin": OWN,
            "file": name,
            "added": f"{datetime.now(UTC):%Y-%m-%d}",
        }
        body = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in _sections(parts, title))
        self._documents.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = self._documents / f"{note_id}.part"
        written.write_text(f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n{body}\n", encoding="utf-8")
        written.chmod(0o600)
        os.replace(written, self._documents / f"{note_id}.md")


def _ids(name: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", PurePath(name).stem).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "note"
    yield f"{PREFIX}{stem}"
    for number in range(2, AT_MOST + 2):
        yield f"{PREFIX}{stem}-{number}"


def _sections(parts: Iterable[Part], title: str) -> Iterator[tuple[str, str]]:
    """Headings, each only once, and texts of a readable length that hold no markup of ours."""
    used: set[str] = set()
    for part in parts:
        plain = re.sub(r"^\s*#+\s*", "", part.text, flags=re.M).replace("```", "'''").replace("~~~", "'''")
        for number, text in enumerate(_pieces(plain), start=1):
            heading = re.sub(r"\s+", " ", part.heading).strip("# ") or title
            wanted = heading if number == 1 else f"{heading}, part {number}"
            again = 2
            while wanted in used:
                wanted, again = f"{heading} ({again})", again + 1
            used.add(wanted)
            yield wanted, text


def _pieces(text: str) -> Iterator[str]:
    """Stretches of about `WORDS`; paragraphs and the points of a list stay on lines of their own."""
    kept, words = "", 0
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*•‣–]|\d{1,2}[.)])\s)", text):
        gap = "\n\n"
        for sentence in re.split(r"(?<=[.!?:])\s+", block.strip()):
            for piece in _short(sentence):
                length = len(piece.split())
                if kept and words + length > WORDS:
                    yield kept
                    kept, words = "", 0
                kept, words = f"{kept}{gap if kept else ''}{piece}", words + length
                gap = " "
    if kept:
        yield kept


def _short(sentence: str) -> Iterator[str]:
    """A sentence, or what takes its place in a text without stops, in pieces that fit a section."""
    words = sentence.split()
    for start in range(0, max(1, len(words)), WORDS):
        yield " ".join(words[start : start + WORDS])
