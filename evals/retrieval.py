"""Does a question find its note, and does a question that the notes cannot answer look different?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.datasets import load
from evals.evaluation import Case, Evaluation, Observation, of_group
from evals.score import Score, mean_of, score
from evals.searches import baselines
from ipt_roleplay.bootstrap import Services

BESIDE = ("BM25 alone", "dense alone", "plain Chroma")
VOICES = ("client", "trainee", "facilitator", "talk")
LOOKED_AT = 12
"""Passages asked for: enough for five different notes."""

HIT_1_AT_LEAST = 0.6
HIT_5_AT_LEAST = 0.85
RANK_AT_LEAST = 0.7
AUC_AT_LEAST = 0.9


def cases() -> list[Case]:
    """One for each question; those without an answer are the group `none`."""
    return [Case(row["id"], row["voice"], row["question"], row) for row in load("note_questions").rows]


def observe(case: Case, services: Services) -> Mapping[str, float]:
    """The top score, and where the first right note stands if there is one to be found, for this search and for those beside it."""
    passages = services.notes.search(case.row["question"], LOOKED_AT)
    seen = {"top": passages[0].score if passages else 0.0}
    right = frozenset(case.row["notes"])
    if not right:
        return seen
    seen |= _places("", [passage.note_id for passage in passages], right)
    for name, search in baselines(services).items():
        seen |= _places(f"{name}: ", [section.note.id for section in search(case.row["question"], LOOKED_AT)], right)
    return seen


def _places(name: str, found: Sequence[str], right: frozenset[str]) -> dict[str, float]:
    notes = list(dict.fromkeys(found))[:5]
    rank = next((place for place, note in enumerate(notes, start=1) if note in right), 0)
    return {f"{name}hit_1": float(rank == 1), f"{name}hit_5": float(rank > 0), f"{name}reciprocal_rank": 1 / rank if rank else 0.0}


def scores(observations: Sequence[Observation], seed: int) -> tuple[Score, ...]:
    """Hits among notes (not sections), by voice and beside other searches too, and how well the top score tells the answerable from the rest."""
    answerable = of_group(observations, *VOICES)
    found = [
        score("right note first (hit@1)", answerable, mean_of("hit_1"), seed, at_least=HIT_1_AT_LEAST),
        score("right note among five (hit@5)", answerable, mean_of("hit_5"), seed, at_least=HIT_5_AT_LEAST),
        score("mean reciprocal rank", answerable, mean_of("reciprocal_rank"), seed, at_least=RANK_AT_LEAST),
        score("answerable or not, by top score (AUC)", observations, _auc, seed, at_least=AUC_AT_LEAST),
    ]
    for name in BESIDE:
        found += [
            score(f"{name}: {what}", answerable, mean_of(f"{name}: {value}"), seed)
            for what, value in (("hit@1", "hit_1"), ("hit@5", "hit_5"), ("reciprocal rank", "reciprocal_rank"))
        ]
    found += [score(f"hit@1: {voice}", of_group(observations, voice), mean_of("hit_1"), seed) for voice in VOICES]
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
