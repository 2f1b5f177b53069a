"""Which notes a finding rests on: only passages that were retrieved for it, and near enough to be worth opening."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ipt_roleplay.coach.quotes import is_verbatim
from ipt_roleplay.domain import Finding, Passage, Transcript
from ipt_roleplay.ports import Retriever

NEAR_ENOUGH = 0.35
AT_MOST = 4


class Citations:
    """Collects passages while findings are made; keys are minted here and nowhere else."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._passages: dict[str, Passage] = {}

    def find(self, query: str) -> tuple[str, ...]:
        """The key of the passage that fits best, as a tuple of one; empty if none is near or four are cited already."""
        for passage in self._retriever.search(query, k=3):
            if passage.score < NEAR_ENOUGH:
                continue
            if passage.key in self._passages:
                return (passage.key,)
            if len(self._passages) < AT_MOST:
                self._passages[passage.key] = passage
                return (passage.key,)
        return ()

    def passages(self, findings: Iterable[Finding]) -> tuple[Passage, ...]:
        """The cited passages in the order in which the findings cite them."""
        keys = dict.fromkeys(key for finding in findings for key in finding.citations)
        return tuple(self._passages[key] for key in keys)

    def checked(self, findings: Iterable[Finding], transcript: Transcript) -> tuple[Finding, ...]:
        """The findings whose quote is verbatim, without citations of anything that was not retrieved; the rest is dropped."""
        return tuple(
            replace(finding, citations=tuple(key for key in finding.citations if key in self._passages))
            for finding in findings
            if is_verbatim(finding.quote, finding.turn, transcript)
        )
