"""Learners of one kind each, who speak from written lines of their own and take up what the partner just did."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ipt_roleplay.domain import SAY_NOTHING, Speaker, Tactic, Transcript

KINDS = ("assertive", "nice", "passive", "passive-aggressive", "aggressive")

AFTER: Mapping[str, frozenset[Tactic]] = {
    "first": frozenset({Tactic.OPENING}),
    "ordered": frozenset({Tactic.ORDER, Tactic.DICTATE, Tactic.URGENCY, Tactic.CHARM, Tactic.MOVE_GOALPOSTS}),
    "guilt": frozenset({Tactic.GUILT, Tactic.COMPARE, Tactic.PAST_FAVOURS}),
    "hurt": frozenset(
        {Tactic.RIDICULE, Tactic.STING, Tactic.COUNTERATTACK, Tactic.THREATEN_TO_TELL, Tactic.THREATEN_TO_LEAVE, Tactic.TWIST_WORDS}
    ),
    "dodged": frozenset({Tactic.SILENCE, Tactic.CHANGE_SUBJECT, Tactic.MINIMISE, Tactic.EXCUSE, Tactic.INTERRUPT, Tactic.REPEAT}),
    "asked": frozenset({Tactic.PIN_DOWN, Tactic.BRUSH_OFF, Tactic.REACT_BODY}),
    "opened": frozenset({Tactic.ANSWER, Tactic.REVEAL, Tactic.THAW}),
    "offered": frozenset({Tactic.DOUBT, Tactic.BARGAIN, Tactic.YIELD_A_NOTCH}),
    "more": frozenset({Tactic.TAKE_MORE}),
}
"""What the partner did, in the groups that learners' lines are written for."""


@dataclass(frozen=True)
class LearnerLine:
    """One thing a learner may say: after what (a key of AFTER, or "any"), in which situation (None: any)."""

    text: str
    after: str
    situation: str | None


LearnerLines = Mapping[str, tuple[LearnerLine, ...]]
"""The lines of each kind of learner."""


@lru_cache
def read_learner_lines() -> LearnerLines:
    """The lines that ship with the package. Raises ValueError for a file that is broken: a fault of the program."""
    text = files("ipt_roleplay.learner").joinpath("learner_lines.jsonl").read_text(encoding="utf-8")
    found: dict[str, list[LearnerLine]] = {kind: [] for kind in KINDS}
    for row in map(json.loads, text.splitlines()):
        if row["kind"] not in found or row["after"] not in (*AFTER, "any"):
            raise ValueError(f"learner_lines.jsonl: unknown kind or place in {row}")
        found[row["kind"]].append(LearnerLine(row["text"], row["after"], row["situation"]))
    return {kind: tuple(lines) for kind, lines in found.items()}


@dataclass(frozen=True)
class SimulatedLearner:
    """One learner in one situation: the same seed and the same talk bring the same words."""

    lines: Sequence[LearnerLine]
    situation: str
    seed: int

    def next(self, transcript: Transcript, place: str | None = None) -> str:
        """What this learner says now: a line for what the partner just did before one for anything, one of this situation before a general one.

        `place`: what the partner did, a key of AFTER or "any"; by itself the partner's last move tells. Says nothing where every line was said.
        """
        said = {turn.text for turn in transcript.by(Speaker.LEARNER)}
        last = transcript.turns[-1].move if transcript.turns else None
        place = place or next((name for name, tactics in AFTER.items() if last and last.tactic in tactics), "any")
        fresh = [line for line in self.lines if line.text not in said and line.situation in (None, self.situation)]
        chance = random.Random(f"{self.seed}:{len(transcript.turns)}")

        def suits(line: LearnerLine) -> float:
            return 1.7 * (line.after == place) + 1.2 * (line.after == "any") + 0.8 * (line.situation is not None) + chance.uniform(0.0, 1.5)

        usable = [line for line in fresh if line.after in (place, "any")]
        return max(usable, key=suits).text if usable else SAY_NOTHING
