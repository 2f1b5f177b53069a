"""What a model says, made fit for the talk while it comes: only the partner's own words, one short speech, clean characters."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable

from ipt_roleplay.text import clean, words_only

LONGEST = 420
"""Characters after which the speech ends with the sentence it is in."""

_THOUGHT = re.compile(r"<think>.*?(</think>\s*|$)", re.DOTALL)
_ENDS = re.compile(r"[.!?…][\"”'’*)]*(?=\s|$)")


def fit_for_the_talk(pieces: Iterable[str], name: str) -> Generator[str, None, None]:
    """The pieces of one speech of `name`, without what does not belong to it; empty pieces pass as they are.

    The newest character is held back, as the next one may change it. What may not be said, `guard.py` finds.
    """
    raw, handed, over = "", 0, False
    for piece in pieces:
        if not piece:
            yield ""
            continue
        raw += piece
        speech, over = _speech(raw, name)
        if over:
            break
        if len(raw.lstrip()) > max(len(name) + 3, len("<think>")) and handed < len(speech) - 1:
            yield speech[handed:-1]
            handed = len(speech) - 1
    speech, _ = _speech(raw, name)
    speech += "*" if speech.count("*") % 2 else ""
    if speech[handed:]:
        yield speech[handed:]


def _speech(raw: str, name: str) -> tuple[str, bool]:
    """The speech in what came so far, and whether it is over."""
    text = re.sub(rf"^[\s*_]*{re.escape(name)}[*_]*\s*:[*_]*\s*", "", clean(_THOUGHT.sub("", raw)))
    lines = text.split("\n")
    for count in range(1, len(lines)):
        if words_only(before := " ".join(lines[:count])):
            return before.rstrip(), True
    flat = " ".join(lines)
    end = next((match.end() for match in _ENDS.finditer(flat) if match.end() >= LONGEST), None)
    return (flat, False) if end is None else (flat[:end], True)
