"""A note as a page to print or to hand out: one file, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ipt_roleplay.knowledge.notes import GENERAL_KNOWLEDGE, OWN, Section
from ipt_roleplay.knowledge.sources import Articles

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>{title}</title>
<style>body{{font:11.5pt/1.5 Georgia,'Noto Serif',serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#23211d;background:#fff}}
h1{{font-size:1.5rem;line-height:1.2}}h2{{font-size:1.1rem;margin:1.2rem 0 .2rem}}p{{margin:.3rem 0}}.from{{font-size:.85rem;color:#5a554c}}
@page{{margin:16mm}}h2{{break-after:avoid}}section{{break-inside:avoid}}</style></head>
<body><main><h1>{title}</h1>
{sections}
<p class="from">Practice, not therapy. {end}</p></main></body></html>
"""


def handout(sections: Sequence[Section], articles: Articles) -> str:
    """The sections of one note as HTML; everything in it is shown as text."""
    note = sections[0].note
    shown = "\n".join(
        f"<section><h2>{escape(section.heading)}</h2>{_paragraphs(section.text)}{_general(section)}</section>" for section in sections
    )
    end = f"Added from {note.file}." if note.origin == OWN else f"Sources: {articles.named(note.sources) or 'general knowledge'}."
    return _PAGE.format(title=escape(note.title), sections=shown, end=escape(end))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())


def _general(section: Section) -> str:
    return '<p class="from">General knowledge, not from the articles.</p>' if section.origin == GENERAL_KNOWLEDGE else ""
