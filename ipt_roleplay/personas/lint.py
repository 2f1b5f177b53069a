"""What can be better in a persona that can be used: too few lines, lines that never come, lines too alike; and limits that are broken."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations

from ipt_roleplay.domain import LineFamily, Persona, Phase, Situation, Tactic
from ipt_roleplay.personas.general import ENOUGH, is_general
from ipt_roleplay.personas.limits import broken_limits

ALIKE = 0.82
"""Similarity of two lines' words (difflib) from which they are too alike."""

ENDINGS = tuple(tactic for tactic in Tactic if tactic.startswith("close_"))

COMES_IN: dict[Tactic, frozenset[Phase]] = {
    Tactic.OPENING: frozenset({Phase.OPENING}),
    Tactic.YIELD_A_NOTCH: frozenset({Phase.YIELDING}),
    Tactic.BARGAIN: frozenset({Phase.TESTING, Phase.BARGAINING}),
    Tactic.TAKE_MORE: frozenset({Phase.PRESSING}),
    **{ending: frozenset({Phase.CLOSED}) for ending in ENDINGS},
}
"""In which phases a tactic comes at all, where that is not any but the last."""


def lint(persona: Persona) -> list[str]:
    """One sentence for each thing, naming situation and family; broken limits first."""
    found: list[str] = []
    for situation in persona.situations:
        own = tuple(family for family in situation.families if not is_general(family.id))
        found += [
            f"{situation.id}: {problem}" for problem in (*_limits(own), *_few(persona, own), *_unreachable(own), *_alike(situation, own))
        ]
    return list(dict.fromkeys(found))


def _limits(families: tuple[LineFamily, ...]) -> list[str]:
    return [
        f"{family.id}: {what}: {line!r}. Take it out: no persona says that, at any difficulty."
        for family in families
        for line in family.say
        for what in broken_limits(line)
    ]


def _few(persona: Persona, families: tuple[LineFamily, ...]) -> list[str]:
    has = Counter(family.tactic for family in families for _ in family.say)
    uses = [*persona.presses_with, *persona.counter_moves, *(tactic for tactic in Tactic if tactic not in _OPTIONAL)]
    few = [tactic for tactic in dict.fromkeys(uses) if has[tactic] < ENOUGH and tactic is not Tactic.OPENING]
    listed = ", ".join(f"{tactic} ({has[tactic]})" for tactic in few)
    return [f"too few lines of its own (fewer than {ENOUGH}); general ones fill in for: {listed}."] if few else []


def _unreachable(families: tuple[LineFamily, ...]) -> list[str]:
    return [
        f"{family.id}: never comes: {family.tactic} is not said in phase {', '.join(sorted(family.phases))}. Take `phase` out or change it."
        for family in families
        if family.phases and not family.phases & COMES_IN.get(family.tactic, frozenset(Phase) - {Phase.CLOSED})
    ]


def _alike(situation: Situation, families: tuple[LineFamily, ...]) -> list[str]:
    lines = [(family.id, re.sub(r"\*[^*]*\*", "", line).lower().strip()) for family in families for line in family.say]
    long_enough = [(family, line) for family, line in lines if len(line) > 20]
    return [
        f"{one} and {other}: too alike: {first!r} / {second!r}. Change one of them."
        for (one, first), (other, second) in combinations(long_enough, 2)
        if abs(len(first) - len(second)) < 0.3 * len(first) and _similar(first, second)
    ]


def _similar(first: str, second: str) -> bool:
    matcher = SequenceMatcher(None, first, second)
    return matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE


_OPTIONAL = frozenset(
    {
        Tactic.ORDER, Tactic.DICTATE, Tactic.CHARM, Tactic.COMPARE, Tactic.GUILT, Tactic.URGENCY, Tactic.PAST_FAVOURS, Tactic.RIDICULE, Tactic.SILENCE,
        Tactic.INTERRUPT, Tactic.CHANGE_SUBJECT, Tactic.MINIMISE, Tactic.TWIST_WORDS, Tactic.MOVE_GOALPOSTS, Tactic.EXCUSE,
        Tactic.THREATEN_TO_TELL, Tactic.THREATEN_TO_LEAVE, Tactic.TAKE_UP,
    }
)  # fmt: skip
"""Tactics that a persona need not use."""
