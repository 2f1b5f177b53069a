"""What moves the partners: simulated learners of five kinds talk with both main personas, through the same steps as a person would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean

from evals.evaluation import Case, Evaluation, Observation, of_group
from evals.score import Score, mean_of, score
from evals.yield_rules import GOOD
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Difficulty, Outcome, Speaker
from ipt_roleplay.learner import KINDS
from ipt_roleplay.simulation import Run, simulate

SITUATIONS = {
    "aggressive_sister": ("doctors_appointment", "two_weeks_in_august", "mums_money"),
    "controlling_partner": ("promised_saturday", "joint_statement", "evening_course"),
}
NEVER_AGREES = "controlling_partner"
SEEDS = 20
TURNS = 12

ASSERTIVE_AT_LEAST = 0.7
OTHERS_AT_MOST = {"nice": 0.2, "passive": 0.0, "aggressive": 0.1}
AGREEMENT_AT_MOST = 0.1
"""How often a partner who controls may agree, at realistic and at tough."""

STEP_AT_LEAST = 0.5
"""How many counter-moves more an assertive learner meets at each difficulty than at the one below, on average, within twelve turns."""


def cases(seeds: int = SEEDS) -> list[Case]:
    """One talk for each situation, kind and seed at realistic; the assertive learner also at gentle and tough."""
    wanted = [(kind, Difficulty.REALISTIC) for kind in KINDS] + [("assertive", Difficulty.GENTLE), ("assertive", Difficulty.TOUGH)]
    return [
        Case(
            f"{situation}-{kind}-{difficulty}-{seed}",
            _group(persona, kind, difficulty),
            f"a {kind} learner in {situation}, {difficulty}, seed {seed}",
            {"persona": persona, "situation": situation, "kind": kind, "difficulty": difficulty, "seed": seed},
        )
        for persona, situations in SITUATIONS.items()
        for situation in situations
        for kind, difficulty in wanted
        for seed in range(1, seeds + 1)
    ]


def observe(case: Case, services: Services) -> Mapping[str, float]:
    """Play the talk; say how it ended and what it took."""
    row = case.row
    (run,) = simulate(
        services.on_stage(), row["persona"], row["situation"], row["kind"], difficulty=row["difficulty"], turns=TURNS, seeds=(row["seed"],)
    )
    return seen_in(run)


def seen_in(run: Run) -> dict[str, float]:
    """`good` and one value for each outcome (0 or 1), counter-moves before the end, and lines that the partner said twice."""
    said = [turn.text for turn in run.transcript.by(Speaker.PARTNER)]
    moves = [turn.move for turn in run.transcript.turns if turn.move]
    return {
        "good": float(run.outcome in GOOD),
        "countered": float(moves[-1].state.countered),
        "said_twice": float(len(said) - len(set(said))),
        **{each.value: float(run.outcome is each) for each in Outcome},
    }


def scores(observations: Sequence[Observation], seed: int) -> tuple[Score, ...]:
    """For each persona: how often each kind gets somewhere; then agreement with who never agrees, the steps between difficulties, repeated lines."""
    good = mean_of("good")
    found: list[Score] = []
    for persona in SITUATIONS:
        for kind in KINDS:
            bound = {"at_least": ASSERTIVE_AT_LEAST} if kind == "assertive" else {}
            if kind in OTHERS_AT_MOST:
                bound = {"at_most": OTHERS_AT_MOST[kind]}
            found.append(score(f"{persona}, {kind}: good outcome", of_group(observations, _group(persona, kind)), good, seed, **bound))
    hard = of_group(observations, _group(NEVER_AGREES, "assertive"), _group(NEVER_AGREES, "assertive", Difficulty.TOUGH))
    found.append(score(f"{NEVER_AGREES}, assertive: agreement", hard, mean_of("agreement"), seed, at_most=AGREEMENT_AT_MOST))
    found.append(
        score(
            "counter-moves: realistic more than gentle",
            observations,
            _step(Difficulty.GENTLE, Difficulty.REALISTIC),
            seed,
            at_least=STEP_AT_LEAST,
        )
    )
    found.append(
        score(
            "counter-moves: tough more than realistic",
            observations,
            _step(Difficulty.REALISTIC, Difficulty.TOUGH),
            seed,
            at_least=STEP_AT_LEAST,
        )
    )
    found.append(score("lines said twice in a talk", observations, mean_of("said_twice"), seed, at_most=0.0))
    return tuple(found)


def _group(persona: str, kind: str, difficulty: Difficulty = Difficulty.REALISTIC) -> str:
    return f"{persona}/{kind}" + ("" if difficulty is Difficulty.REALISTIC else f"/{difficulty}")


def _step(below: Difficulty, above: Difficulty):  # type: ignore[no-untyped-def]
    def countered(observations: Sequence[Observation], difficulty: Difficulty) -> float:
        groups = [_group(persona, "assertive", difficulty) for persona in SITUATIONS]
        return mean([one.values["countered"] for one in of_group(observations, *groups)] or [0.0])

    return lambda observations: countered(observations, above) - countered(observations, below)


SIMULATED = Evaluation(
    name="simulated",
    asks="What moves both main partners, at each difficulty?",
    datasets=("simulated_learners",),
    main="good",
    cases=cases,
    observe=observe,
    scores=scores,
)
