"""Does the partner yield to what deserves it, and to nothing else? Whole talks of five kinds of learner, read by the real reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean

from evals.datasets import load
from evals.evaluation import Case, Evaluation, Observation, of_group
from evals.learners import KINDS, talk
from evals.score import Score, mean_of, score
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Outcome, Session

PERSONA = "aggressive_sister"
SEEDS = 30
"""Talks for each kind of learner."""

GOOD = frozenset({Outcome.AGREEMENT, Outcome.COMPROMISE, Outcome.BOUNDARY_HELD})

ASSERTIVE_AT_LEAST = 0.8
OTHERS_AT_MOST = {"nice": 0.05, "passive": 0.05, "passive-aggressive": 0.1, "aggressive": 0.05}
APART_AT_LEAST = 0.7
"""How much more often the assertive learner gets somewhere than the next best kind."""

AT_ONCE_AT_MOST = 0.0
"""Talks that go well before the partner has pushed back even once."""


def lines_of(kind: str) -> list[str]:
    """What this kind of learner says."""
    return [str(row["text"]) for row in load("learner_lines").rows if row["learner"] == kind]


def cases(seeds: int = SEEDS) -> list[Case]:
    """One talk for each kind and seed."""
    lines = {kind: lines_of(kind) for kind in KINDS}
    return [
        Case(f"{kind}-{seed}", kind, f"a {kind} learner, seed {seed}", {"lines": lines[kind], "seed": seed})
        for kind in KINDS
        for seed in range(seeds)
    ]


def observe(case: Case, services: Services) -> Mapping[str, float]:
    """Play the talk; say how it ended and what it took."""
    return outcome_of(talk(services.off_the_record(), PERSONA, case.row["lines"], case.row["seed"]))


def outcome_of(session: Session) -> dict[str, float]:
    """`good` and one value for each outcome (0 or 1; still open counts as impasse), and how often the partner had pushed back."""
    moves = [turn.move for turn in session.transcript.turns if turn.move]
    outcome = session.outcome or Outcome.IMPASSE
    good = outcome in GOOD
    countered = moves[-1].state.countered
    return {
        "good": float(good),
        "at_once": float(good and countered == 0),
        "countered": float(countered),
        "openness": max(move.state.openness for move in moves),
        **{each.value: float(each is outcome) for each in Outcome},
    }


def scores(observations: Sequence[Observation], seed: int) -> tuple[Score, ...]:
    """How often each kind gets somewhere, how far apart they are, and whether anyone gets there without a struggle."""
    good = mean_of("good")
    found = [score("good outcome: assertive", of_group(observations, "assertive"), good, seed, at_least=ASSERTIVE_AT_LEAST)]
    found += [
        score(f"good outcome: {kind}", of_group(observations, kind), good, seed, at_most=limit) for kind, limit in OTHERS_AT_MOST.items()
    ]
    found.append(score("assertive ahead of the next best kind", observations, _apart, seed, at_least=APART_AT_LEAST))
    found.append(score("good before any push back", observations, mean_of("at_once"), seed, at_most=AT_ONCE_AT_MOST))
    for kind, outcome in (("passive", Outcome.CAPITULATED), ("aggressive", Outcome.WALKED_OUT), ("nice", Outcome.IMPASSE)):
        found.append(score(f"{outcome.value.replace('_', ' ')}: {kind}", of_group(observations, kind), mean_of(outcome.value), seed))
    return tuple(found)


def _apart(observations: Sequence[Observation]) -> float:
    """A kind that a resample happens to miss stands at nothing."""
    rates = {kind: mean([one.values["good"] for one in of_group(observations, kind)] or [0.0]) for kind in KINDS}
    return rates["assertive"] - max(rate for kind, rate in rates.items() if kind != "assertive")


YIELD_RULES = Evaluation(
    name="yield_rules",
    asks="Does the partner yield to a clear line that holds, and to nothing else?",
    datasets=("learner_lines",),
    main="good",
    cases=cases,
    observe=observe,
    scores=scores,
)
