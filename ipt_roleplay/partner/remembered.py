"""What of an older part of a talk a model must still know: sentences that state something, in the words in which they were said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

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
_WORD = re.compile(r"[a-z']{3,}")
_KEPT = (Signal.REFUSAL, Signal.BOUNDARY, Signal.CLEAR_REQUEST, Signal.COMPROMISE_OFFER)
"""What a learner said for good. It is mostly said again and again, and the state carries it too."""

ENOUGH = 0.7
"""How telling a sentence must be to be kept."""

MOST_NEW = 5
"""So many words that stand in no other sentence of the talk count; more tell no more."""


@dataclass(frozen=True)
class _Said:
    order: int
    who: str
    words: str
    telling: float


def remembered(turns: Sequence[Turn], name: str, room: int, count: Callable[[str], int]) -> tuple[str, ...]:
    """The most telling sentences of `turns` in the order in which they were said, with who said them, in about `room` tokens by `count`."""
    found: dict[str, _Said] = {}
    times = Counter(word for turn in turns for word in set(_WORD.findall(turn.text.lower())))
    for turn in turns:
        who = "The other" if turn.speaker is Speaker.LEARNER else name
        for sentence, telling in _sentences(turn, times):
            key = re.sub(r"\W+", " ", sentence.lower()).strip()
            if telling >= ENOUGH and key not in found:
                found[key] = _Said(len(found), who, sentence, telling)
    kept: list[_Said] = []
    for said in sorted(found.values(), key=lambda one: (-one.telling / count(one.words) ** 0.5, -one.order)):
        room -= count(said.words)
        if room < 0:
            break
        kept.append(said)
    runs = groupby(sorted(kept, key=lambda one: one.order), key=lambda one: one.who)
    return tuple(f"{who}: " + " ".join(f'"{said.words}"' for said in run) for who, run in runs)


def _sentences(turn: Turn, times: Mapping[str, int]) -> Iterable[tuple[str, float]]:
    """The sentences of a turn, and how much each of them tells: numbers, times, names, and words that come up nowhere else."""
    kept = [span for span in turn.reading.signals if span.signal in _KEPT] if turn.reading else []
    for part in sentences(turn.text):
        words = " ".join(turn.text[part.start : part.end].split())
        if len(words_only(words)) < 8 or words.endswith("?"):
            continue
        new = sum(times[word] == 1 for word in set(_WORD.findall(words.lower())))
        telling = 0.8 * bool(_NUMBER.search(words)) + 0.5 * bool(_WHEN.search(words)) + 0.8 * bool(_NAME.search(words))
        telling += 0.7 * bool(_STATES.search(words)) + 0.3 * any(span.start < part.end and span.end > part.start for span in kept)
        telling += 0.8 * (turn.speaker is Speaker.LEARNER)  # much of what the partner states stands in the persona already
        yield words, telling + 0.35 * min(MOST_NEW, new) - 0.5 * bool(body_parts(words))
