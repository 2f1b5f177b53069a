"""Variants of labelled turns for the teacher to read: they carry no label of their own, and none is needed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from ipt_roleplay.encoders.pairs import line_before
from ipt_roleplay.text import sentences
from training.rows import LabelledTurn


def variants(rows: Sequence[LabelledTurn], each: int, seed: int) -> list[LabelledTurn]:
    """`each` variants of every row, with no signals and the style of the row as a placeholder.

    Another line before, or none; parts joined or left out; what the other said taken as a turn; and any of these typed as on a phone.
    """
    chance = random.Random(seed)
    made = []
    for row in rows:
        for number in range(each):
            text, context = row.text, row.context
            kind = chance.random()
            if kind < 0.28:
                context = chance.choice(rows).context
            elif kind < 0.5:
                text = _joined(row, chance.choice(rows), chance)
            elif kind < 0.68:
                text = _shorter(row.text, chance)
            elif kind < 0.76:
                context = None
            elif kind < 0.92:
                text, context = line_before(row.context), chance.choice(rows).text if chance.random() < 0.7 else None
            if chance.random() < 0.4:
                text = typed(text, chance)
            if text.strip():
                made.append(replace(row, id=f"{row.id}~{number}", text=text, context=context, spans=()))
    return made


def typed(text: str, chance: random.Random) -> str:
    """As on a phone: no capitals, no apostrophes, no full stops, a letter wrong; or all of it in capitals."""
    if chance.random() < 0.08:
        return text.upper()
    if chance.random() < 0.6:
        text = text.lower()
    if chance.random() < 0.5:
        text = text.replace("'", "").replace("’", "")
    if chance.random() < 0.5:
        text = re.sub(r"[.,;]", "", text)
    if chance.random() < 0.3:
        text = re.sub(r"\byou\b", "u", text)
    for _ in range(chance.choice((0, 0, 1, 2))):
        if len(text) > 8:
            at = chance.randrange(1, len(text) - 2)
            text = chance.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]))
    return text


def _joined(one: LabelledTurn, other: LabelledTurn, chance: random.Random) -> str:
    parts = _parts(one.text), _parts(other.text)
    first, second = (chance.choice(part) if chance.random() < 0.6 else " ".join(part) for part in parts)
    return f"{first} {second}" if chance.random() < 0.5 else f"{second} {first}"


def _shorter(text: str, chance: random.Random) -> str:
    parts = _parts(text)
    if len(parts) > 1:
        parts.pop(chance.randrange(len(parts)))
        return " ".join(parts)
    words = text.split()
    if len(words) > 4:
        at = chance.randrange(2, len(words) - 1)
        return " ".join(words[:at] if chance.random() < 0.5 else words[at:])
    return text


def _parts(text: str) -> list[str]:
    """Sentences, and body parts where they stand."""
    spans = sentences(text)
    if len(spans) < 2:
        return [text]
    starts = [0, *(span.start for span in spans[1:])]
    ends = [*starts[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
