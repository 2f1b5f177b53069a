"""The learner's part, when the person sits in the partner's seat: it takes up what was said there and answers as one kind of learner."""

from __future__ import annotations

from functools import cached_property
from importlib.resources import files

import numpy as np
import yaml

from ipt_roleplay.domain import SAY_NOTHING, Situation, Speaker, Transcript
from ipt_roleplay.learner.lines import SimulatedLearner, read_learner_lines
from ipt_roleplay.ports import Encoder
from ipt_roleplay.text import words_only

NEAREST = 2
"""Examples of each kind that what was said is compared with; one alone would be chance."""

LEAST_ALIKE = 0.3
"""Mean similarity to those from which it counts as that kind; below, it is left open what was done."""


class LearnersSeat:
    """Finds what a partner's words do by the examples nearest to them, and what a learner of some kind says to that."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def next(self, situation: Situation, transcript: Transcript, kind: str, seed: int) -> str:
        """The learner's words after the partner's last ones. Raises KeyError for a kind that is not one of KINDS."""
        place = "first" if len(transcript.by(Speaker.PARTNER)) == 1 else self.place(transcript.turns[-1].text)
        return SimulatedLearner(read_learner_lines()[kind], situation.id, seed).next(transcript, place)

    def place(self, text: str) -> str:
        """What somebody in the partner's seat did by saying `text`: a key of AFTER, or "any" where that is not plain."""
        words = words_only(text)
        if text == SAY_NOTHING or not words:
            return "dodged"
        vector = self._encoder.encode([words])[0]
        alike = {name: float(np.mean(np.sort(rows @ vector)[-NEAREST:])) for name, rows in self._examples.items()}
        best = max(alike, key=alike.__getitem__)
        return best if alike[best] >= LEAST_ALIKE else "any"

    @cached_property
    def _examples(self) -> dict[str, np.ndarray]:
        text = files("ipt_roleplay.learner").joinpath("what_partners_do.yaml").read_text(encoding="utf-8")
        return {name: self._encoder.encode(said) for name, said in yaml.safe_load(text).items()}
