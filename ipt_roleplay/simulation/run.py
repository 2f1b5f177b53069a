"""One simulated talk after the other, through the same steps as a learner's: cleaned, screened, read, answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ipt_roleplay.domain import Difficulty, Outcome, Transcript
from ipt_roleplay.learner import SimulatedLearner, read_learner_lines
from ipt_roleplay.safety import Afraid
from ipt_roleplay.session import Practice


@dataclass(frozen=True)
class Run:
    """One talk: its seed, how it ended (`impasse` also where the turns ran out, `stopped` where the screen stopped it) and what was said."""

    seed: int
    outcome: Outcome
    transcript: Transcript


def simulate(
    practice: Practice,
    persona_id: str,
    situation_id: str | None,
    kind: str,
    *,
    difficulty: Difficulty = Difficulty.REALISTIC,
    turns: int = 12,
    seeds: Sequence[int] = (1,),
    goal: int = 0,
) -> Iterator[Run]:
    """One run for each seed, each of at most `turns` learner turns; `practice` keeps nothing on disk. Nobody lives this talk: no gate is asked.

    `goal` is the number of the situation's goal, from 0. Raises UnknownNameError for a persona or situation that is not there.
    """
    _, situation = practice.personas.scene(persona_id, situation_id)
    for seed in seeds:
        learner = SimulatedLearner(read_learner_lines()[kind], situation.id, seed, wanders=True)
        session = practice.start(persona_id, situation.id, difficulty=difficulty, seed=seed, goal=situation.goals[goal], afraid=Afraid.NO)
        outcome: Outcome | None = None
        for _ in range(turns):
            answer = practice.take_turn(session.id, learner.next(practice.show(session.id).transcript))
            if answer.danger or answer.reply is None:
                outcome = Outcome.STOPPED
                break
            with closing(answer.reply.pieces):
                for _piece in answer.reply.pieces:
                    pass
            outcome = practice.show(session.id).outcome
            if outcome is not None:
                break
        talk = practice.show(session.id).transcript
        practice.delete(session.id)
        yield Run(seed, outcome or Outcome.IMPASSE, talk)
