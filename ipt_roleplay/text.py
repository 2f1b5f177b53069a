"""Words and body of a turn, at unchanged positions, so that every span points into the turn as it was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BODY = re.compile(r"\*([^*\n]{1,200})\*")
_CLAUSE = re.compile(r"[^.!?;\n,…]+[.!?…]*|\.{3,}")
_LEADING = " \t\"')]}”’-–—,;:"
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_YES = re.compile(r"\W*((ok|okay|okey|k|yes|yeah|yep|fine|sure|right|all right|alright|of course|then)\b\W*)+")
_KEPT_CONTROLS = "\n\t"
_JOINERS = "\u200c\u200d"
_TAG_BLOCK = range(0xE0000, 0xE0080)


@dataclass(frozen=True)
class Span:
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int


def clean(text: str) -> str:
    """`text` without control, bidi, tag-block and other invisible characters, in one Unicode form, trimmed.

    Joiners stay where a script or an emoji needs them (between two visible characters).
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    for position, character in enumerate(composed):
        category = unicodedata.category(character)
        if character in _KEPT_CONTROLS:
            kept.append(character)
        elif character in _JOINERS:
            inside = 0 < position < len(composed) - 1
            if inside and not composed[position - 1].isascii() and not composed[position + 1].isascii():
                kept.append(character)
        elif category in ("Cc", "Cf", "Cs", "Co", "Cn") or ord(character) in _TAG_BLOCK or character == "\u2800":
            continue
        else:
            kept.append(character)
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip()


def plain(text: str) -> str:
    """`text` in lower case with straight quotes and dashes; same length as `text`."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two ("İ")
        lowered = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    return lowered.translate(_STRAIGHT)


def spoken(text: str) -> str:
    """`plain` text with the body parts blanked out; same length as `text`."""
    return plain(_BODY.sub(lambda match: " " * len(match.group()), text))


def body_parts(text: str) -> tuple[str, ...]:
    """What stands between asterisks, in order."""
    return tuple(match.group(1).strip() for match in _BODY.finditer(text))


def words_only(text: str) -> str:
    """What was said, without the body parts."""
    return " ".join(_BODY.sub(" ", text).split())


def clauses(text: str) -> tuple[Span, ...]:
    """The clauses of what was said, each without surrounding blanks."""
    found: list[Span] = []
    for match in _CLAUSE.finditer(spoken(text)):
        raw = match.group()
        start = match.start() + len(raw) - len(raw.lstrip(_LEADING))
        end = match.end() - (len(raw) - len(raw.rstrip()))
        if end > start:
            found.append(Span(start, end))
    return tuple(found)


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of what was said, each without surrounding blanks."""
    found: list[Span] = []
    for match in re.finditer(r"[^.!?\n…]+[.!?…]*", spoken(text)):
        raw = match.group()
        start = match.start() + len(raw) - len(raw.lstrip(_LEADING))
        end = match.end() - (len(raw) - len(raw.rstrip()))
        if end > start:
            found.append(Span(start, end))
    return tuple(found)


def only_yes(text: str) -> bool:
    """Whether nothing is said but yes."""
    return bool(_YES.fullmatch(plain(words_only(text))))
