"""Learners of one kind each, who speak from written lines of their own and take up what the partner just did."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ipt_roleplay.domain import SAY_NOTHING, Speaker, Tactic, Transcript, Turn

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


AGAIN = 0.15
"""How often a learner who wanders says the last thing once more after a dodge, as people do who were not answered."""

ASIDE = 0.2
"""How often one who wanders says something about a particular thing, whatever was just said."""

GESTURES = (
    "*looks away*",
    "*looks at the floor*",
    "*sits up straight*",
    "*looks you in the eye*",
    "*turns to the window*",
    "*folds arms*",
    "*points*",
    "*quietly*",
)
GESTURE = 0.12
"""How often one who wanders does something with the body."""

SPEECH = 0.04
LINES_OF_A_SPEECH = 9
"""How often one who wanders says many things at once, in one long speech."""


@dataclass(frozen=True)
class SimulatedLearner:
    """One learner in one situation: the same seed and the same talk bring the same words.

    `wanders`: does not only take up what was said, but says things again, changes the subject, moves, and now and then makes a speech.
    """

    lines: Sequence[LearnerLine]
    situation: str
    seed: int
    wanders: bool = False

    def next(self, transcript: Transcript, place: str | None = None) -> str:
        """What this learner says now: a line for what the partner just did before one for anything, one of this situation before a general one.

        `place`: what the partner did, a key of AFTER or "any"; by itself the partner's last move tells. Says nothing where every line was said.
        """
        mine = transcript.by(Speaker.LEARNER)
        said = {line.text for line in self.lines if any(line.text in turn.text for turn in mine)}
        last = transcript.turns[-1].move if transcript.turns else None
        place = place or next((name for name, tactics in AFTER.items() if last and last.tactic in tactics), "any")
        fresh = [line for line in self.lines if line.text not in said and line.situation in (None, self.situation)]
        chance = random.Random(f"{self.seed}:{len(transcript.turns)}")

        def suits(line: LearnerLine) -> float:
            return 1.7 * (line.after == place) + 0.3 * (line.after == "any") + 0.8 * (line.situation is not None) + chance.uniform(0.0, 1.5)

        usable = sorted((line for line in fresh if line.after in (place, "any")), key=suits, reverse=True)
        if not usable:
            return SAY_NOTHING
        return self._wandering(usable, mine, place, chance) if self.wanders else usable[0].text

    def _wandering(self, usable: Sequence[LearnerLine], mine: Sequence[Turn], place: str, chance: random.Random) -> str:
        asides = [line for line in usable if line.after == "any" and line.situation is not None]
        if mine and place == "dodged" and chance.random() < AGAIN:
            return mine[-1].text
        if chance.random() < SPEECH:
            return " ".join(line.text for line in usable[:LINES_OF_A_SPEECH])
        text = chance.choice(asides).text if asides and chance.random() < ASIDE else usable[0].text
        if "*" not in text and chance.random() < GESTURE:
            return f"{chance.choice(GESTURES)} {text}"
        return text
