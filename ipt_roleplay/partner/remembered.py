"""What of an older part of a talk a model must still know: sentences that state something, in the words in which they were said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ipt_roleplay.domain import Signal, Speaker, Turn
from ipt_roleplay.text import body_parts, sentences, words_only

_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|half|quarter)\b", re.I
)
_WHEN = re.compile(
    r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(today|tonight|tomorrow|yesterday|morning|afternoon|evening|week|weekend|month|year|o'clock|last|next|since|until)\b",
    re.I,
)
_NAME = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][a-z]+")
_STATES = re.compile(
    r"\b(i|we|my|our|he|she|they|mum|dad)\b[^?]*\b(am|is|are|was|were|have|has|had|work|live|sold|bought|gave|paid|promised|told|said|can't|cannot|won't|will)\b|'(m|re|ve|ll|d)\b",
    re.I,
)
_KEPT = (Signal.REFUSAL, Signal.BOUNDARY, Signal.CLEAR_REQUEST, Signal.COMPROMISE_OFFER)
"""What a learner said for good: it is remembered before anything else."""

ENOUGH = 1.0
"""How telling a sentence must be to be kept."""


@dataclass(frozen=True)
class _Said:
    order: int
    words: str
    telling: float


def remembered(turns: Sequence[Turn], name: str, room: int, count: Callable[[str], int]) -> tuple[str, ...]:
    """The most telling sentences of `turns` in the order in which they were said, each with who said it, in at most `room` tokens by `count`."""
    found: dict[str, _Said] = {}
    for turn in turns:
        who = "The other" if turn.speaker is Speaker.LEARNER else name
        for sentence, telling in _sentences(turn):
            key = re.sub(r"\W+", " ", sentence.lower()).strip()
            if telling >= ENOUGH and key not in found:
                found[key] = _Said(len(found), f'{who}: "{sentence}"', telling)
    kept: list[_Said] = []
    for said in sorted(found.values(), key=lambda one: (-one.telling, -one.order)):
        room -= count(said.words)
        if room < 0:
            break
        kept.append(said)
    return tuple(said.words for said in sorted(kept, key=lambda one: one.order))


def _sentences(turn: Turn) -> Iterable[tuple[str, float]]:
    """The sentences of a turn, and how much each of them tells."""
    kept = [span for span in turn.reading.signals if span.signal in _KEPT] if turn.reading else []
    for part in sentences(turn.text):
        words = " ".join(turn.text[part.start : part.end].split())
        if len(words_only(words)) < 8 or words.endswith("?"):
            continue
        telling = 0.8 * bool(_NUMBER.search(words)) + 0.6 * bool(_WHEN.search(words)) + 0.6 * bool(_NAME.search(words))
        telling += 0.6 * bool(_STATES.search(words)) + 2.0 * any(span.start < part.end and span.end > part.start for span in kept)
        yield words, telling - 0.5 * bool(body_parts(words))
