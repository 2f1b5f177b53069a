"""The learner's part, when the person sits in the partner's seat: it takes up what was said there and answers as one kind of learner."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from ipt_roleplay.domain import SAY_NOTHING, Situation, Speaker, Tactic, Transcript
from ipt_roleplay.learner.lines import AFTER, SimulatedLearner, read_learner_lines
from ipt_roleplay.ports import Encoder
from ipt_roleplay.text import words_only

LEAST_ALIKE = 0.35
"""Similarity to the partner's nearest written line below which it is left open what was done."""

_SLOT = re.compile(r"\{\w+\}")


class LearnersSeat:
    """Finds what a partner's words do by the written line nearest to them, and what a learner of some kind says to that."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._written = lru_cache(maxsize=8)(self._encode_written)

    def next(self, situation: Situation, transcript: Transcript, kind: str, seed: int) -> str:
        """The learner's words after the partner's last ones. Raises KeyError for a kind that is not one of KINDS."""
        words = transcript.turns[-1].text
        opens = len(transcript.by(Speaker.PARTNER)) == 1
        place = "first" if opens else "dodged" if words == SAY_NOTHING else self._place(situation, words)
        return SimulatedLearner(read_learner_lines()[kind], situation.id, seed).next(transcript, place)

    def _place(self, situation: Situation, text: str) -> str:
        words = words_only(text)
        matrix, tactics = self._written(situation)
        if not words or not tactics:
            return "any"
        near = matrix @ self._encoder.encode([words])[0]
        best = int(np.argmax(near))
        return _group(tactics[best]) if near[best] >= LEAST_ALIKE else "any"

    def _encode_written(self, situation: Situation) -> tuple[np.ndarray, tuple[Tactic, ...]]:
        rows = [
            (family.tactic, said)
            for family in situation.families
            if _group(family.tactic) != "any"
            for line in family.say
            if (said := words_only(_SLOT.sub("", line)))
        ]
        if not rows:
            return np.zeros((0, 1), dtype=np.float32), ()
        return self._encoder.encode([said for _, said in rows]), tuple(tactic for tactic, _ in rows)


def _group(tactic: Tactic) -> str:
    return next((name for name, tactics in AFTER.items() if tactic in tactics), "any")
