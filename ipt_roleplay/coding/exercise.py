"""What the exercise files become: a coded transcript, and two scripted learners for the same talk. Frozen; nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_roleplay.domain import Difficulty, Speaker, Transcript, Turn


@dataclass(frozen=True)
class Exercise:
    """A transcript whose learner turns carry the reference coding as their `Reading`; `reasons` by turn number says why."""

    id: str
    title: str
    partner: str
    scene: str
    aim: str
    transcript: Transcript
    reasons: Mapping[int, str]

    @property
    def to_code(self) -> tuple[Turn, ...]:
        """The turns a trainee codes, in order."""
        return self.transcript.by(Speaker.LEARNER)


@dataclass(frozen=True)
class DemoLearner:
    """One scripted learner: what is said, in order, and a question for the group afterwards."""

    id: str
    name: str
    says: tuple[str, ...]
    question: str


@dataclass(frozen=True)
class DemoScript:
    """One scene, played with the same partner and the same seed by each learner."""

    id: str
    title: str
    persona: str
    situation: str
    difficulty: Difficulty
    seed: int
    learners: tuple[DemoLearner, ...]
