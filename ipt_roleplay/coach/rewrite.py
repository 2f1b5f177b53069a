"""One better line to try: an authored one of the situation, or the learner's own words without what weakens them.

Whatever is offered was read by the same reader as the learner's turns, and is only shown if it is clear, no attack and no giving in.
"""

from __future__ import annotations

import re

from ipt_roleplay.coach.phrases import PROBLEMS, Problem
from ipt_roleplay.domain import Signal, Situation, Style, Turn
from ipt_roleplay.ports import TextClassifier
from ipt_roleplay.text import words_only

_APOLOGY = re.compile(
    r"(?i)\b(i'?m|i am)? ?(so |really |very |ever so )*sorry\b[, ]*(but|for (asking|being|bothering)[^,.!?]*|to (ask|be|bother)[^,.!?]*)?[,. ]*|\bi feel (so )?(bad|terrible|awful) (for|about) asking[,. ]*"
)
_SOFTENERS = re.compile(
    r"(?i)\b(maybe|perhaps|just|sort of|kind of|i guess|i suppose|i mean|if that's (ok|okay|all right|alright)|if you don't mind|possibly|a bit|or something|really|only)\b,? ?"
)
_MIGHT = re.compile(r"(?i)\bmight (need|want|have) to\b")
_GENERAL: dict[Problem, str] = {
    Problem.GAVE_IN: "I'm not ready to say yes to that. I need until tonight, and then I'll tell you.",
    Problem.THREAT: "I'm angry, and I want to stop here. I'd like us to talk tomorrow.",
    Problem.ATTACK: "I'm angry about this. I want you to ask me before it's decided.",
    Problem.STING: "I do mind about this. I'd like us to talk about it properly.",
    Problem.APOLOGY: "I need this, and I'd like you to help me with it.",
    Problem.SILENCE: "I need a minute before I answer that.",
    Problem.PASSIVE: "I'd like to say what I want here before we decide. Can you listen for a minute?",
}
"""Only where the line is right whatever was talked about: a reason or a hint may stand for a no as well as for a wish."""


def better_line(turn: Turn, problem: Problem, situation: Situation | None, reader: TextClassifier, said: frozenset[str]) -> str | None:
    """A line to try in place of `turn`, or None if there is none that passes. `said`: the learner's turns, never offered back."""
    general = [_GENERAL[problem]] if problem in _GENERAL else []
    lines: list[str] = [*_authored(problem, situation), *_own_words(turn, problem), *general]
    return next((line for line in lines if line not in said and _passes(line, reader)), None)


def _authored(problem: Problem, situation: Situation | None) -> tuple[str, ...]:
    if situation is None:
        return ()
    wanted = PROBLEMS[problem].instead_of
    return tuple(line.text for kind in wanted for line in situation.lines_to_try if line.instead_of == kind)


def _own_words(turn: Turn, problem: Problem) -> tuple[str, ...]:
    """The learner's words without apology or softeners, where enough is left."""
    if problem not in (Problem.APOLOGY, Problem.VAGUE):
        return ()
    pattern = _APOLOGY if problem is Problem.APOLOGY else _SOFTENERS
    said = _MIGHT.sub(r"\1 to", words_only(turn.text))
    left = re.sub(r"\s+([,.!?])", r"\1", " ".join(pattern.sub(" ", said).split())).strip(" ,.-")
    if len(left.split()) < 4:
        return ()
    left = left[0].upper() + left[1:]
    return (left if left[-1] in ".!?" else f"{left}.",)


def _passes(line: str, reader: TextClassifier) -> bool:
    reading = reader.read(line)
    clear = reading.has(Signal.CLEAR_REQUEST, Signal.REFUSAL, Signal.BOUNDARY, Signal.I_STATEMENT, Signal.COMPROMISE_OFFER)
    harmless = not reading.has(Signal.CAPITULATION, Signal.THREAT, Signal.SARCASM, Signal.YOU_BLAME)
    return reading.style is Style.ASSERTIVE and clear and harmless
