"""Simple learners who say lines of one kind, whatever the partner answers: enough to see what moves the partner and what does not."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ipt_roleplay.domain import Difficulty, Session
from ipt_roleplay.session import Practice

KINDS = ("assertive", "nice", "passive", "passive-aggressive", "aggressive")
TURNS = 12


def talk(
    practice: Practice, persona: str, lines: Sequence[str], seed: int, difficulty: Difficulty = Difficulty.REALISTIC, turns: int = TURNS
) -> Session:
    """A whole practice of at most `turns` different lines in an order that `seed` decides; it may close before."""
    if len(lines) < turns:
        raise ValueError(f"{turns} turns need as many lines; there are {len(lines)}")
    session = practice.start(persona, difficulty=difficulty, seed=seed)
    for line in random.Random(seed).sample(lines, turns):
        practice.take_turn(session.id, line)
        if practice.show(session.id).outcome is not None:
            break
    return practice.show(session.id)
