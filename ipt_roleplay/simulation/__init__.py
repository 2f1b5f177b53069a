"""Whole talks without a person: simulated learners of five kinds talk with a partner, for measuring what moves the partner."""

from ipt_roleplay.simulation.run import Run, simulate

__all__ = ["Run", "simulate"]
