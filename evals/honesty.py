"""Does the coach quote what was said and cite what was found? Checked against the talk and the notes, not by the coach's own checks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evals.datasets import load
from evals.evaluation import Case, Evaluation, Observation
from evals.learners import KINDS, talk
from evals.score import Score, mean_of, score, share_of
from evals.yield_rules import PERSONA, lines_of
from ipt_roleplay.analysis.formats import parse_transcript
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.coach import FeedbackCoach, TalkAbout
from ipt_roleplay.domain import Feedback, Finding, Passage
from ipt_roleplay.ports import Retriever

PRACTICES = 6
"""Practices for each kind of learner."""

VERBATIM_AT_LEAST = 1.0
RETRIEVED_AT_LEAST = 1.0
SPOKE_AT_LEAST = 0.95
"""Talks with at least one finding: a coach whose quotes are all thrown away as invented says nothing."""


class _Witness:
    """A retriever that remembers what it returned."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self.returned: dict[str, Passage] = {}

    def search(self, question: str, k: int = 5) -> tuple[Passage, ...]:
        """At most `k` passages, best first."""
        found = self._retriever.search(question, k)
        self.returned.update({passage.key: passage for passage in found})
        return found


def cases(practices: int = PRACTICES) -> list[Case]:
    """The written talks, and practices of the five kinds of learner."""
    written = [Case(f"written-{n}", "written", row["title"], {"talk": row}) for n, row in enumerate(load("written_talks").rows, start=1)]
    lines = {kind: lines_of(kind) for kind in KINDS}
    return written + [
        Case(f"practice-{kind}-{seed}", "practice", f"a {kind} learner, seed {seed}", {"lines": lines[kind], "seed": 1000 + seed})
        for kind in KINDS
        for seed in range(practices)
    ]


def observe(case: Case, services: Services) -> Mapping[str, float]:
    """Let the coach speak, and count what holds."""
    witness = _Witness(services.notes)
    coach = FeedbackCoach(services.reader, witness)
    if case.group == "written":
        return counted(coach.feedback(parse_transcript(json.dumps(case.row["talk"])), TalkAbout()), witness.returned)
    practice = replace(services.off_the_record(), coach=coach)
    return counted(practice.feedback(talk(practice, PERSONA, case.row["lines"], case.row["seed"]).id), witness.returned)


def counted(feedback: Feedback, returned: Mapping[str, Passage]) -> dict[str, float]:
    """How many findings there are and how many quote the talk; how many citations, and how many were retrieved and open that passage."""
    shown = {passage.key: passage for passage in feedback.passages}
    citations = [key for finding in feedback.findings for key in finding.citations]
    return {
        "spoke": float(bool(feedback.findings)),
        "findings": float(len(feedback.findings)),
        "verbatim": float(sum(_stands_there(finding, feedback) for finding in feedback.findings)),
        "citations": float(len(citations)),
        "retrieved": float(sum(key in returned and key in shown and shown[key].text == returned[key].text for key in citations)),
    }


def _stands_there(finding: Finding, feedback: Feedback) -> bool:
    turns = {turn.n: turn.text for turn in feedback.analysis.transcript.turns}
    return bool(finding.quote.strip()) and finding.quote in turns.get(finding.turn, "")


def scores(observations: Sequence[Observation], seed: int) -> tuple[Score, ...]:
    """Shares of findings and of citations; talks are what is resampled, since findings of one talk hang together."""
    return (
        score("quotes verbatim", observations, share_of("verbatim", "findings"), seed, at_least=VERBATIM_AT_LEAST),
        score("citations retrieved", observations, share_of("retrieved", "citations"), seed, at_least=RETRIEVED_AT_LEAST),
        score("talks with at least one finding", observations, mean_of("spoke"), seed, at_least=SPOKE_AT_LEAST),
        score("findings in a talk", observations, mean_of("findings"), seed),
        score("citations in a talk", observations, mean_of("citations"), seed),
    )


HONESTY = Evaluation(
    name="coach_honesty",
    asks="Does the coach quote only what was said and cite only what was found?",
    datasets=("written_talks", "learner_lines"),
    main="spoke",
    cases=cases,
    observe=observe,
    scores=scores,
)
