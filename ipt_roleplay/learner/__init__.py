"""What learners of five kinds say: for simulated talks, for hints, and for hearing oneself from the other seat."""

from ipt_roleplay.learner.hints import Hint, hints
from ipt_roleplay.learner.lines import KINDS, SimulatedLearner, read_learner_lines
from ipt_roleplay.learner.seat import LearnersSeat

__all__ = ["KINDS", "Hint", "LearnersSeat", "SimulatedLearner", "hints", "read_learner_lines"]
