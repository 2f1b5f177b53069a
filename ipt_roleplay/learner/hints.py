"""Three things one could say next, of different styles, told apart only once one is chosen."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ipt_roleplay.domain import Session, Style
from ipt_roleplay.learner.lines import SimulatedLearner, read_learner_lines

OPEN = ("assertive",)
QUIET = ("passive", "nice")
SHARP = ("aggressive", "passive-aggressive")

STYLE_OF = {
    "assertive": Style.ASSERTIVE,
    "nice": Style.PASSIVE,
    "passive": Style.PASSIVE,
    "passive-aggressive": Style.PASSIVE_AGGRESSIVE,
    "aggressive": Style.AGGRESSIVE,
}


@dataclass(frozen=True)
class Hint:
    """One possible next line and the style it is written in; what it does in this talk, the reading says once it is said."""

    text: str
    style: Style


def hints(session: Session) -> tuple[Hint, ...]:
    """Three lines for this moment of the talk, in an order that tells nothing; the same talk brings the same three."""
    chance = random.Random(f"{session.seed}:hint:{len(session.transcript.turns)}")
    found = []
    for kinds in (OPEN, QUIET, SHARP):
        kind = chance.choice(kinds)
        learner = SimulatedLearner(read_learner_lines()[kind], session.situation_id, session.seed + len(session.transcript.turns))
        found.append(Hint(learner.next(session.transcript), STYLE_OF[kind]))
    chance.shuffle(found)
    return tuple(found)
