"""From the network's scores for one learner turn to its reading: which signals count, and which words show them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ipt_roleplay.analysis.body import body_of
from ipt_roleplay.analysis.language import foreign_language
from ipt_roleplay.domain import Reading, Signal, SignalSpan, Style
from ipt_roleplay.ports import TurnScorer, TurnScores
from ipt_roleplay.text import Span, clauses, only_yes, sentences, words_only

SHARE = 0.4
"""A word next to those that show a signal belongs to them if its score is this share of the strongest one's; chosen on the development set."""

GAP = 2
"""So many weaker tokens may lie in between."""

WHOLE_FROM = 0.6
"""A sentence or clause beside the strongest one is shown whole where this share of it speaks for the signal, else not at all."""

_WHO = re.compile(r"\b(?:I|we|you|u)[ \t]+$", re.IGNORECASE)
"""Who does it belongs to what is done: `I` of "I can't do Wednesday"."""


class TurnReader:
    """Reads learner turns by what a network says of them; implements `TextClassifier`."""

    def __init__(self, scorer: TurnScorer) -> None:
        self._scorer = scorer

    def read(self, text: str, context: str | None = None) -> Reading:
        """Read `text`, said after the partner's line `context`."""
        return self.read_many([(text, context)])[0]

    def read_many(self, turns: Sequence[tuple[str, str | None]]) -> tuple[Reading, ...]:
        """Read many turns of (text, line before), in order; turns of like length share a pass."""
        found = self._scorer.scores(turns)
        return tuple(reading_of(text, scores, foreign_language(text)) for (text, _), scores in zip(turns, found, strict=True))


def reading_of(text: str, scores: TurnScores, language: str | None = None) -> Reading:
    """The reading of `text`; `language` if it is plainly not English."""
    style = max(scores.styles, key=lambda one: scores.styles[one])
    plain = {Signal.SILENCE: _wordless(text), Signal.CAPITULATION: style is Style.PASSIVE and only_yes(text)}
    found = tuple(
        _span(text, signal, scores, number)
        for number, signal in enumerate(Signal)
        if scores.signals[number] >= scores.thresholds[number] or plain.get(signal, False)
    )
    return Reading(style=style, scores=scores.styles, signals=found, body=body_of(text), language=language)


def _wordless(text: str) -> bool:
    return not any(character.isalnum() for character in words_only(text))


def _span(text: str, signal: Signal, scores: TurnScores, number: int) -> SignalSpan:
    """The strongest token and its neighbours that speak for the signal too, out to whole words."""
    if not scores.places:
        return SignalSpan(signal, 0, len(text))
    weight = 1 / (1 + np.exp(-scores.tokens[:, number]))
    best = int(weight.argmax())
    enough = weight >= SHARE * weight[best]
    first = _reach(enough, best, -1)
    last = _reach(enough, best, 1)
    start, end = scores.places[first][0], scores.places[last][1]
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end - 1 and not (text[start].isalnum() or text[start] in '*"“('):
        start += 1
    if who := _WHO.search(text[:start]):
        start = who.start()
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    span = _in_whole_parts(text, Span(start, end), scores.places[best][0])
    if " " not in text[span.start : span.end].strip():
        span = next((clause for clause in clauses(text) if clause.start <= span.start and span.end <= clause.end), span)
    end = span.start + len(text[span.start : span.end].rstrip(" .,;:"))
    return SignalSpan(signal, span.start, end if end > span.start else span.end)


def _in_whole_parts(text: str, span: Span, best: int) -> Span:
    """`span` with the sentences and clauses beside the one that holds `best` whole or left out."""
    start, end = span.start, span.end
    for part in (*sentences(text), *clauses(text)):
        if part.start <= best < part.end:
            continue
        inside = min(end, part.end) - max(start, part.start)
        if inside <= 0:
            continue
        whole = inside >= WHOLE_FROM * (part.end - part.start)
        if part.end <= best:
            start = min(start, part.start) if whole else part.end
        else:
            end = max(end, part.end) if whole else part.start
    while start < end - 1 and not (text[start].isalnum() or text[start] in '*"“('):
        start += 1
    return Span(start, end)


def _reach(enough: NDArray[np.bool_], start: int, step: int) -> int:
    """How far one gets from `start` in one direction without more than `GAP` weak tokens in a row."""
    reached, position = start, start + step
    while 0 <= position < len(enough) and abs(position - reached) <= GAP + 1:
        if enough[position]:
            reached = position
        position += step
    return reached
