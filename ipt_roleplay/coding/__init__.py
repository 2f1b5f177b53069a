"""The rooms for trainees and groups: a transcript to code against a reference, and a talk to be shown in two ways."""

from ipt_roleplay.coding.compare import Agreement, Coding, Comparison, agreement, compare
from ipt_roleplay.coding.exercise import DemoLearner, DemoScript, Exercise
from ipt_roleplay.coding.reader import read_demo, read_exercise

__all__ = [
    "Agreement",
    "Coding",
    "Comparison",
    "DemoLearner",
    "DemoScript",
    "Exercise",
    "agreement",
    "compare",
    "read_demo",
    "read_exercise",
]
