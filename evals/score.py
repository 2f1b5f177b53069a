"""Scores with intervals, and the bounds they are held to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

from evals.evaluation import Observation

Statistic = Callable[[Sequence[Observation]], float]
"""Observations (at least one) to one number."""

ROUNDS = 1000
UNSCORED_AT_MOST = 0.05
"""The share of cases that may go unscored before a score says nothing."""


@dataclass(frozen=True)
class Score:
    """One number over `n` cases with its 95 % interval. `value` is None where nothing could be scored: unknown, and never zero.

    A bound of None on both sides means that the number is only reported.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int = 0
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bounded(self) -> bool:
        """Whether there is a bound to be met."""
        return self.at_least is not None or self.at_most is not None

    @property
    def met(self) -> bool:
        """Whether the value keeps its bound; what could not be measured does not."""
        if not self.bounded:
            return True
        if self.value is None or self.unscored > UNSCORED_AT_MOST * (self.n + self.unscored):
            return False
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


def score(
    name: str,
    observations: Sequence[Observation],
    statistic: Statistic,
    seed: int,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score:
    """`statistic` over the scored ones of `observations`, with a bootstrap interval over cases."""
    scored = [one for one in observations if one.unscored is None]
    left_out = len(observations) - len(scored)
    if not scored:
        return Score(name, None, None, None, 0, left_out, at_least, at_most)
    low, high = interval(scored, statistic, seed)
    return Score(name, round(statistic(scored), 4), low, high, len(scored), left_out, at_least, at_most)


def interval(scored: Sequence[Observation], statistic: Statistic, seed: int) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the statistic over resampled cases.

    Where all resamples agree on 0 or 1, the bootstrap knows no doubt; then the exact binomial limit for that many equal cases stands in.
    """
    chance = random.Random(seed)
    found = sorted(statistic(chance.choices(scored, k=len(scored))) for _ in range(ROUNDS))
    low, high = found[int(0.025 * ROUNDS)], found[int(0.975 * ROUNDS) - 1]
    limit = 0.025 ** (1 / len(scored))
    if low == high == 1.0:
        return round(limit, 4), 1.0
    if low == high == 0.0:
        return 0.0, round(1 - limit, 4)
    return round(low, 4), round(high, 4)


def mean_of(field: str) -> Statistic:
    """The mean of one value over cases."""
    return lambda observations: mean(one.values[field] for one in observations)


def share_of(part: str, whole: str) -> Statistic:
    """The sum of `part` over the sum of `whole`; 1.0 where there is nothing to get wrong."""

    def statistic(observations: Sequence[Observation]) -> float:
        total = sum(one.values[whole] for one in observations)
        return sum(one.values[part] for one in observations) / total if total else 1.0

    return statistic
