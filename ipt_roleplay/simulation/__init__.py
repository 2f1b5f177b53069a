"""Whole talks without a person: simulated learners of five kinds talk with a partner, for measuring what moves the partner."""

from ipt_roleplay.simulation.learners import KINDS, LearnerLines, SimulatedLearner, read_learner_lines
from ipt_roleplay.simulation.run import Run, simulate

__all__ = ["KINDS", "LearnerLines", "Run", "SimulatedLearner", "read_learner_lines", "simulate"]
