"""Note files: front matter and Markdown in, `Note`s and their sections out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from langchain_text_splitters import MarkdownHeaderTextSplitter
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ipt_roleplay.domain import Note, NoteSource
from ipt_roleplay.errors import NoteFileError

GENERAL = "General knowledge, not from the five articles."
GENERAL_KNOWLEDGE = "general knowledge"
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C where there is one: the front matter of all notes in 10 ms and not in 100."""

OWN = "own"
"""Origin of what somebody added: a handout, a group's rules. It is never shown as what the articles say."""


class _SourceFront(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    lines: Annotated[str, StringConstraints(pattern=r"^\d+-\d+$")]


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")]
    title: Annotated[str, StringConstraints(min_length=3, max_length=160)]
    topics: list[str]
    origin: Literal["sources", "general knowledge", "mixed", "own"]
    sources: list[_SourceFront] = []
    file: str = ""
    added: str = ""


@dataclass(frozen=True)
class Section:
    """What is indexed and cited: one heading of a note with its text as Markdown, and whether the articles say it."""

    note: Note
    heading: str
    text: str
    origin: str

    @property
    def key(self) -> str:
        """`note#heading`, the citation key."""
        return f"{self.note.id}#{self.heading}"


def read_notes(folder: Path) -> tuple[Note, ...]:
    """All notes of a folder, by id. Raises NoteFileError naming file and fault."""
    if not folder.is_dir():
        raise NoteFileError(f"There is no folder {folder} with notes. Set IPT_KNOWLEDGE_DIR to one, or unset it.")
    return tuple(_read_note(path) for path in sorted(folder.glob("*.md")))


def sections_of(note: Note) -> tuple[Section, ...]:
    """The sections of a note, one for each level-two heading."""
    splitter = MarkdownHeaderTextSplitter([("##", "heading")], strip_headers=True)
    return tuple(_section(note, part.metadata.get("heading", note.title), part.page_content) for part in splitter.split_text(note.body))


def _section(note: Note, heading: str, text: str) -> Section:
    text = text.replace("  \n", "\n\n")  # the splitter joins paragraphs so
    if note.origin == OWN:
        return Section(note, heading, text.strip(), OWN)
    general = note.origin == GENERAL_KNOWLEDGE or GENERAL in text
    body = text.replace(f"_{GENERAL}_", "").strip()
    return Section(note, heading, body, GENERAL_KNOWLEDGE if general else "sources")


def _read_note(path: Path) -> Note:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NoteFileError(f"{path.name} cannot be read: {error}. Save it as UTF-8 text.") from error
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise NoteFileError(
            f"{path.name}:1: a note starts with front matter between two lines of ---, with id, title, topics, origin and sources."
        )
    try:
        front = _Front.model_validate(yaml.load(parts[1], Loader=_LOADER))  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise NoteFileError(f"{path.name}: the front matter is not readable as YAML: {str(error).splitlines()[0]}.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "front matter"
        raise NoteFileError(f"{path.name}: `{where}`: {fault['msg'].lower()}.") from error
    sources = tuple(NoteSource(source.file, source.lines) for source in front.sources)
    return Note(front.id, front.title, tuple(front.topics), front.origin, sources, parts[2].strip(), front.file, front.added)
