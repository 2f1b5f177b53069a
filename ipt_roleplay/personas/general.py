"""Lines that anybody might say, by tactic: they fill in where a persona has too few of its own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from ipt_roleplay.domain import LineFamily, Tactic
from ipt_roleplay.personas.schema import LineFamilyFile

FILE = Path(__file__).with_name("general_lines.yaml")
PREFIX = "general_"
"""How the id of every general family begins: a transcript's details can say that a line was one."""

ENOUGH = 3
"""Lines of its own from which a persona needs no general ones for a tactic."""


@lru_cache
def general_lines() -> tuple[LineFamily, ...]:
    """All of them, checked like a persona's."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(as_family(LineFamilyFile.model_validate(row)) for row in rows)


def as_family(parsed: LineFamilyFile) -> LineFamily:
    """A family as a file has it, as the partner uses it."""
    return LineFamily(
        id=parsed.id,
        tactic=parsed.tactic,
        say=tuple(parsed.say),
        answers=tuple(parsed.answers),
        tension=(parsed.tension[0], parsed.tension[1]),
        phases=frozenset(parsed.phase),
        bodies=frozenset([parsed.body] if parsed.body else []),
        goals=frozenset(parsed.goals),
        revealed=parsed.revealed,
        after=frozenset(parsed.after),
    )


def is_general(line_id: str) -> bool:
    """Whether a line is one that anybody might say."""
    return line_id.startswith(PREFIX)


def to_fill_in(families: tuple[LineFamily, ...]) -> tuple[LineFamily, ...]:
    """The general families for tactics of which `families` have too few lines; never for the opening, which is the scene's own."""
    own = {tactic: sum(len(family.say) for family in families if family.tactic is tactic) for tactic in Tactic}
    return tuple(family for family in general_lines() if own[family.tactic] < ENOUGH)
