"""Rehearse a hard conversation before having it."""

__version__ = "0.1.0"
