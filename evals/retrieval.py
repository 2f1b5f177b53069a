"""Does a question find its note, and does a question that the notes cannot answer look different?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.datasets import load
from evals.evaluation import Case, Evaluation, Observation, of_group
from evals.score import Score, mean_of, score
from ipt_roleplay.bootstrap import Services

VOICES = ("client", "trainee", "facilitator", "talk")
LOOKED_AT = 5
"""Passages asked for; a note not among them has reciprocal rank 0."""

HIT_1_AT_LEAST = 0.6
HIT_3_AT_LEAST = 0.8
RANK_AT_LEAST = 0.7
AUC_AT_LEAST = 0.95


def cases() -> list[Case]:
    """One for each question; those without an answer are the group `none`."""
    return [Case(row["id"], row["voice"], row["question"], row) for row in load("note_questions").rows]


def observe(case: Case, services: Services) -> Mapping[str, float]:
    """The top score, and where the first right note stands if there is one to be found."""
    passages = services.notes.search(case.row["question"], LOOKED_AT)
    top = {"top": passages[0].score if passages else 0.0}
    right = frozenset(case.row["notes"])
    if not right:
        return top
    notes = list(dict.fromkeys(passage.note_id for passage in passages))
    rank = next((place for place, note in enumerate(notes, start=1) if note in right), 0)
    return top | {"hit_1": float(rank == 1), "hit_3": float(1 <= rank <= 3), "reciprocal_rank": 1 / rank if rank else 0.0}


def scores(observations: Sequence[Observation], seed: int) -> tuple[Score, ...]:
    """Hits among notes (not sections), by voice too, and how well the top score tells the answerable from the rest."""
    answerable = of_group(observations, *VOICES)
    found = [
        score("right note first (hit@1)", answerable, mean_of("hit_1"), seed, at_least=HIT_1_AT_LEAST),
        score("right note among three (hit@3)", answerable, mean_of("hit_3"), seed, at_least=HIT_3_AT_LEAST),
        score("mean reciprocal rank", answerable, mean_of("reciprocal_rank"), seed, at_least=RANK_AT_LEAST),
        score("answerable or not, by top score (AUC)", observations, _auc, seed, at_least=AUC_AT_LEAST),
    ]
    found += [score(f"hit@3: {voice}", of_group(observations, voice), mean_of("hit_3"), seed) for voice in VOICES]
    return tuple(found)


def _auc(observations: Sequence[Observation]) -> float:
    """How often an answerable question scores above one that is not; a tie is half, and 0.5 where one side is missing."""
    yes = [one.values["top"] for one in observations if one.group != "none"]
    no = [one.values["top"] for one in observations if one.group == "none"]
    if not yes or not no:
        return 0.5
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


RETRIEVAL = Evaluation(
    name="retrieval",
    asks="Does a question find its note, and is one without an answer told apart?",
    datasets=("note_questions",),
    main="top",
    cases=cases,
    observe=observe,
    scores=scores,
)
