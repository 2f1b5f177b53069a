"""Quotes: verbatim, and as short as shows the point."""

from __future__ import annotations

from collections.abc import Iterable

from ipt_roleplay.domain import Signal, Transcript, Turn
from ipt_roleplay.text import Span, clauses, sentences

LONGEST = 140
"""Characters; a longer sentence is quoted by its clause."""


def quote_for(turn: Turn, signals: Iterable[Signal]) -> str:
    """The words of `turn` that show `signals`: from the first to the last of them if that is short, else those of the first; verbatim.

    Without any of them it is the last sentence.
    """
    wanted = tuple(signals)
    spans = [span for signal in wanted for span in (turn.reading.signals if turn.reading else ()) if span.signal is signal]
    if spans:
        together = _around(turn.text, min(span.start for span in spans), max(span.end for span in spans))
        return together if len(together) < LONGEST else _around(turn.text, spans[0].start, spans[0].end)
    last = sentences(turn.text)
    return _cut(turn.text, last[-1]) if last else turn.text[:LONGEST].strip()


def is_verbatim(quote: str, turn: int, transcript: Transcript) -> bool:
    """Whether `quote` stands in that turn letter for letter."""
    return bool(quote) and 1 <= turn <= len(transcript.turns) and quote in transcript.turn(turn).text


def _around(text: str, start: int, end: int) -> str:
    """The sentence or sentences that hold the span, or only its clause where they are long."""
    touched = [span for span in sentences(text) if span.start < end and start < span.end]
    if not touched:
        return text[start:end].strip()[:LONGEST]
    whole = Span(touched[0].start, touched[-1].end)
    if whole.end - whole.start <= LONGEST:
        return text[whole.start : whole.end]
    parts = [span for span in clauses(text) if span.start < end and start < span.end]
    return _cut(text, Span(parts[0].start, parts[-1].end) if parts else whole)


def _cut(text: str, span: Span) -> str:
    piece = text[span.start : span.end]
    if len(piece) <= LONGEST:
        return piece
    return piece[:LONGEST].rsplit(" ", 1)[0]
