"""What a written line may carry of the learner's own: the words just said, a claim from earlier, a day, a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ipt_roleplay.domain import Signal, Speaker, Transcript, Turn
from ipt_roleplay.text import clauses

SLOT = re.compile(r"\{(echo|earlier|day|person)\}")

CLAIMS = (Signal.REFUSAL, Signal.JUSTIFICATION, Signal.OVER_APOLOGY, Signal.HEDGING)
"""What a person would throw back: the no, the reason, the apology, the maybe."""

EARLIER_BY = 3
"""Learner turns that must lie between a claim and its being thrown back."""

_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b(?: (?:morning|afternoon|evening|night))?", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
_NO_NAME = re.compile(
    r"(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"christmas|easter|english|god|mum|mom|dad|mam|doctor|sorry|okay|yes|please|the|this|that|there|and|but|what|why|when|how|you",
    re.IGNORECASE,
)


def fillings(transcript: Transcript, own_names: frozenset[str] = frozenset()) -> Mapping[str, str | None]:
    """What each slot can be filled with after this much of the talk; None: with nothing.

    `own_names`: names that the persona is called by, which are no news to anybody.
    """
    return {slot: found(transcript, own_names) for slot, found in _FILLINGS.items()}


def fill(line: str, filled: Mapping[str, str | None]) -> str | None:
    """The line with its slots filled; None where one of them cannot be."""
    if "{" not in line:
        return line
    if not all(filled[slot] for slot in SLOT.findall(line)):
        return None
    return SLOT.sub(lambda match: str(filled[match.group(1)]), line)


def _echo(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    turns = transcript.by(Speaker.LEARNER)
    return _claim(turns[-1]) if turns else None


def _earlier(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    """The latest claim that lies far enough back, and is not what was just said again."""
    turns = transcript.by(Speaker.LEARNER)
    now = (_claim(turns[-1]) or "").lower() if turns else ""
    claims = (_claim(turn) for turn in reversed(turns[: -EARLIER_BY - 1] if len(turns) > EARLIER_BY else ()))
    return next((claim for claim in claims if claim and claim.lower() != now), None)


def _claim(turn: Turn) -> str | None:
    """Two to six words in which the turn says no, gives a reason, apologises or wavers."""
    if turn.reading is None:
        return None
    for signal in CLAIMS:
        for span in (span for span in turn.reading.signals if span.signal is signal):
            for clause in clauses(turn.text):
                whole = turn.text[clause.start : clause.end]
                text = whole.strip(" ,.!?;…-–—\"'")
                about_the_span = abs(clause.start - span.start) <= 6 and clause.end <= span.end + 8
                if about_the_span and 2 <= len(text.split()) <= 6 and "*" not in text and not whole.endswith("?"):
                    return text[0].upper() + text[1:]
    return None


def _day(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    turns = transcript.by(Speaker.LEARNER)
    found = next((match for turn in reversed(turns) for match in _DAY.findall(turn.text)), None)
    return found[0].upper() + found[1:] if found else None


def _person(transcript: Transcript, own_names: frozenset[str]) -> str | None:
    names = (name for turn in reversed(transcript.by(Speaker.LEARNER)) for name in _NAME.findall(turn.text))
    return next((name for name in names if not _NO_NAME.fullmatch(name) and name not in own_names), None)


_FILLINGS: dict[str, Callable[[Transcript, frozenset[str]], str | None]] = {
    "echo": _echo,
    "earlier": _earlier,
    "day": _day,
    "person": _person,
}
