"""A whole talk, read: which turn turned it, which was strongest, which were weakest.

Every learner turn gets a worth from its reading (what it did for the learner's cause and the other's dignity). With the partner's
moves at hand (a practice), what the turn did to the partner's state counts as well; without them (a talk that was written
down) only the words do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ipt_roleplay.domain import (
    Body,
    CommunicationAnalysis,
    Outcome,
    Reading,
    Signal,
    Speaker,
    Style,
    Tactic,
    Transcript,
    Turn,
)
from ipt_roleplay.ports import TextClassifier

_STYLE_WORTH = {Style.ASSERTIVE: 1.0, Style.PASSIVE: -0.5, Style.PASSIVE_AGGRESSIVE: -0.8, Style.AGGRESSIVE: -1.0}
_SIGNAL_WORTH = {
    Signal.CLEAR_REQUEST: 0.35,
    Signal.REFUSAL: 0.3,
    Signal.BOUNDARY: 0.35,
    Signal.VALIDATION: 0.35,
    Signal.COMPROMISE_OFFER: 0.4,
    Signal.I_STATEMENT: 0.15,
    Signal.FEELING_NAMED: 0.15,
    Signal.QUESTION_OPEN: 0.25,
    Signal.CHECKED_UNDERSTANDING: 0.25,
    Signal.REINFORCEMENT: 0.15,
    Signal.CAPITULATION: -0.8,
    Signal.OVER_APOLOGY: -0.35,
    Signal.THREAT: -0.6,
    Signal.YOU_BLAME: -0.4,
    Signal.ASSUMED_MOTIVE: -0.3,
    Signal.SARCASM: -0.4,
    Signal.HEDGING: -0.2,
    Signal.JUSTIFICATION: -0.15,
    Signal.INDIRECT_HINT: -0.25,
    Signal.ASSUMED_UNDERSTOOD: -0.2,
    Signal.SILENCE: -0.2,
}
_BODY_WORTH = {Body.SHRINKING: -0.3, Body.UPRIGHT: 0.1, Body.HOSTILE: -0.4}
_SHIFTS = {Tactic.DOUBT, Tactic.BARGAIN, Tactic.YIELD_A_NOTCH, Tactic.REVEAL, Tactic.THAW}

STRONG = 0.9
WEAK = -0.9
"""Worth from which a turn is called weak on its style alone; chosen so that talks with nothing to mend stay unmended."""

WEAK_WITH_SIGNAL = -0.45
"""The same where one of `_WEAKENING` shows in so many words."""

_WEAKENING = (Signal.CAPITULATION, Signal.JUSTIFICATION, Signal.OVER_APOLOGY, Signal.HEDGING, Signal.SILENCE)


def read_talk(transcript: Transcript, reader: TextClassifier) -> Transcript:
    """The transcript with a reading for every learner turn that has none."""
    unread = [turn for turn in transcript.turns if turn.speaker is Speaker.LEARNER and turn.reading is None]
    before = (transcript.before(turn.n) for turn in unread)
    readings = reader.read_many([(turn.text, said.text if said else None) for turn, said in zip(unread, before, strict=True)])
    read = {turn.n: replace(turn, reading=reading) for turn, reading in zip(unread, readings, strict=True)}
    return Transcript(tuple(read.get(turn.n, turn) for turn in transcript.turns))


def analyze(transcript: Transcript, outcome: Outcome | None = None) -> CommunicationAnalysis:
    """Turning point, strongest and weakest (two at most) of a transcript whose learner turns are read."""
    turns = [turn for turn in transcript.by(Speaker.LEARNER) if turn.reading is not None]
    worth = {turn.n: worth_of(turn.reading) for turn in turns if turn.reading}
    return CommunicationAnalysis(
        transcript=transcript,
        turning_point=_turning_point(transcript, turns, worth, outcome),
        strongest=_strongest(transcript, turns, worth),
        weakest=_weakest(turns, worth),
    )


def worth_of(reading: Reading) -> float:
    """What a turn is worth for being clear and fair at once: about -2 (attack, giving in) to 2 (clear, with the other seen)."""
    base = sum(score * _STYLE_WORTH[style] for style, score in reading.scores.items())
    body = _BODY_WORTH[reading.body] if reading.body else 0.0
    return base + body + sum(_SIGNAL_WORTH.get(signal, 0.0) for signal in reading.names)


def _strongest(transcript: Transcript, turns: list[Turn], worth: Mapping[int, float]) -> int | None:
    able = [turn for turn in turns if worth[turn.n] >= STRONG and turn.reading and turn.reading.style is Style.ASSERTIVE]
    if not able:
        return None
    return max(able, key=lambda turn: (worth[turn.n] + _moved_partner(transcript, turn), turn.n)).n


def _weakest(turns: list[Turn], worth: Mapping[int, float]) -> tuple[int, ...]:
    low = sorted((turn for turn in turns if turn.reading and _is_weak(turn.reading, worth[turn.n])), key=lambda turn: worth[turn.n])
    return tuple(sorted(turn.n for turn in low[:2]))


def _is_weak(reading: Reading, worth: float) -> bool:
    return worth <= WEAK or (worth <= WEAK_WITH_SIGNAL and reading.has(*_WEAKENING))


def _turning_point(transcript: Transcript, turns: list[Turn], worth: Mapping[int, float], outcome: Outcome | None) -> int | None:
    """The learner turn from which the talk went another way; None in a talk of fewer than three learner turns or an even one."""
    if len(turns) < 3:
        return None
    if outcome is Outcome.CAPITULATED:
        gave_in = [turn.n for turn in turns if turn.reading and turn.reading.has(Signal.CAPITULATION)]
        if gave_in:
            return gave_in[0]
    best, size = None, 0.45
    for position in range(1, len(turns)):
        here = turns[position]
        before = _mean([worth[turn.n] for turn in turns[max(0, position - 3) : position]])
        after = _mean([worth[turn.n] for turn in turns[position : position + 3]])
        change = abs(after - before) + 0.3 * abs(worth[here.n] - before) + _moved_partner(transcript, here)
        if change > size:
            best, size = here.n, change
    return best


def _moved_partner(transcript: Transcript, turn: Turn) -> float:
    """How much the partner's answer shows that this turn reached them (0 without moves)."""
    answer = transcript.after(turn.n)
    if answer is None or answer.move is None:
        return 0.0
    return 0.6 if answer.move.tactic in _SHIFTS else 0.0


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
