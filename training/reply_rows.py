"""The labelled replies that teach the guard's reader: by hand, and out of what the project has (personas' lines, learners' turns)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ipt_roleplay.domain import GuardFault, LineFamily, Signal, Situation, Style, Tactic
from ipt_roleplay.partner.guard import AGREES, GIVES_A_LITTLE
from ipt_roleplay.personas.general import is_general
from ipt_roleplay.personas.reader import read_persona
from ipt_roleplay.ports import Allowed
from ipt_roleplay.text import sentences
from training.rows import LabelledTurn, read_turns

REPLIES = Path(__file__).with_name("replies")
PERSONAS = Path(__file__).resolve().parent.parent / "personas"


@dataclass(frozen=True)
class LabelledReply:
    """One reply: what the learner said before, how far it may give way, and what is wrong with it (None: nothing)."""

    learner: str
    allowed: Allowed
    reply: str
    fault: GuardFault | None
    author: str = ""


def read_replies(files: Iterable[Path] | None = None) -> tuple[LabelledReply, ...]:
    """All rows of the files (by default those that teach), in order. Raises KeyError or ValueError where a row is none."""
    chosen = sorted(REPLIES.glob("*.jsonl")) if files is None else list(files)
    return tuple(
        _row(json.loads(line), path.stem) for path in chosen for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    )


def _row(values: dict[str, str], author: str) -> LabelledReply:
    label = values["label"]
    return LabelledReply(values["learner"], Allowed(values["may"]), values["reply"], None if label == "good" else GuardFault(label), author)


def beginnings(reply: str) -> list[str]:
    """The reply as far as it has come at the end of each sentence but the last, as the guard meets it."""
    ends = [span.end for span in sentences(reply)[:-1]]
    return [reply[:end] for end in ends if reply[:end].count("*") % 2 == 0]


def from_personas(number: int, seed: int) -> list[LabelledReply]:
    """Written lines, which are as they should be; and some that agree, where nothing may be given."""
    chance = random.Random(seed)
    good: list[LabelledReply] = []
    given: list[LabelledReply] = []
    for path in sorted(PERSONAS.glob("*.yaml")):
        for situation in read_persona(path).situations:
            for family in situation.families:
                rows = _lines(situation, family, chance)
                good += rows
                if family.tactic in AGREES:
                    given += [replace(row, allowed=Allowed.NOTHING, fault=GuardFault.CONCEDES) for row in rows]
    return [*chance.sample(good, number), *chance.sample(given, number // 5)]


def _lines(situation: Situation, family: LineFamily, chance: random.Random) -> list[LabelledReply]:
    if is_general(family.id) or family.tactic in (Tactic.OPENING, Tactic.TAKE_UP):
        return []
    allowed = Allowed.AGREE if family.tactic in AGREES else Allowed.A_LITTLE if family.tactic in GIVES_A_LITTLE else Allowed.NOTHING
    said = family.answers or tuple(example for other in situation.families for example in other.answers) or ("No.",)
    return [LabelledReply(chance.choice(said), allowed, line, None, "personas") for line in family.say if "{" not in line]


def from_turns(number: int, seed: int) -> list[LabelledReply]:
    """Learners' turns as if the partner had said them: who gives in there gives way here, who refuses or blames does not."""
    chance = random.Random(seed)
    rows = [row for row in read_turns() if row.context]
    gives = [row for row in rows if row.style is Style.PASSIVE and Signal.CAPITULATION in row.signals and not row.signals & _KEEPS]
    keeps = [row for row in rows if row.signals & _KEEPS and not row.signals & _GIVES]
    return [
        *(_turn(row, None) for row in chance.sample(keeps, number)),
        *(_turn(row, GuardFault.CONCEDES) for row in chance.sample(gives, number // 2)),
    ]


_KEEPS = frozenset({Signal.REFUSAL, Signal.YOU_BLAME, Signal.SARCASM, Signal.ASSUMED_MOTIVE})
_GIVES = frozenset({Signal.CAPITULATION, Signal.COMPROMISE_OFFER, Signal.VALIDATION, Signal.THREAT, Signal.I_STATEMENT})


def _turn(row: LabelledTurn, fault: GuardFault | None) -> LabelledReply:
    before = (row.context or "").split(": ", 1)[-1]
    return LabelledReply(before, Allowed.NOTHING, row.text, fault, "turns")


def to_teach(replies: Sequence[LabelledReply], seed: int, from_lines: int = 400, of_turns: int = 240) -> list[LabelledReply]:
    """The labelled replies, the first sentence of good ones, and some of the rest; which of the rest, chance decides."""
    begun = [replace(row, reply=part) for row in replies if row.fault is None for part in beginnings(row.reply)[:1]]
    return [*replies, *begun, *from_personas(from_lines, seed), *from_turns(of_turns, seed)]
