"""The articles behind the notes: what they are called, and what to keep in mind about each (`sources.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from ipt_roleplay.domain import NoteSource
from ipt_roleplay.errors import NoteFileError


@dataclass(frozen=True)
class Article:
    """One article: its label in the notes, its name in running text, its day if it has one, and a caveat."""

    file: str
    name: str
    kind: str
    date: str
    caveat: str
    pages: tuple[tuple[int, int, str], ...] = ()

    def called(self, source: NoteSource) -> str:
        """What a stretch of it is called; a file of several pages has a name for each."""
        first = int(source.lines.split("-")[0])
        return next((name for begin, end, name in self.pages if begin <= first <= end), self.name)


class Articles:
    """All articles by their label."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles

    def of(self, sources: Sequence[NoteSource]) -> Mapping[str, Article]:
        """The articles that are named, by what is named of them ("the careers page"), in order."""
        found = {article.called(source): article for source in sources if (article := self._articles.get(source.file))}
        return dict(found)

    def named(self, sources: Sequence[NoteSource]) -> str:
        """Where something is from, in words: "the careers page, lines 41-47 and 53-55; the exam-prep blog, line 54"."""
        lines: dict[str, list[str]] = {}
        for source in sources:
            article = self._articles.get(source.file)
            lines.setdefault(article.called(source) if article else f"file {source.file}", []).append(source.lines)
        return "; ".join(f"{name}, {_lines(ranges)}" for name, ranges in lines.items())


def _lines(ranges: Sequence[str]) -> str:
    shown = [first if first == last else f"{first}-{last}" for first, last in (span.split("-") for span in ranges)]
    return f"line{'' if len(shown) == 1 and '-' not in shown[0] else 's'} {' and '.join(shown)}"


def read_articles(folder: Path) -> Articles:
    """The list of a folder of notes; empty if there is none. Raises NoteFileError."""
    path = folder / "sources.yaml"
    if not path.is_file():
        return Articles({})
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Articles({row["file"]: _article(row) for row in rows})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise NoteFileError(f"sources.yaml cannot be read ({type(error).__name__}: {error}).") from error


def _article(row: Mapping[str, object]) -> Article:
    pages = row.get("pages") or []
    assert isinstance(pages, list)
    spans = tuple((*map(int, page["lines"].split("-")), page["name"]) for page in pages)
    return Article(str(row["file"]), str(row["name"]), str(row["kind"]), str(row["date"] or ""), str(row["caveat"] or ""), spans)
