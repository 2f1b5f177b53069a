"""Two things timed in turns, so that whatever slows the computer slows both; and what the times come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

Timing = Callable[[int], float]
"""Do it for round number n (from 0) and return the seconds it took."""


@dataclass(frozen=True)
class Times:
    """Seconds (or whatever else a row is about, see its `unit`) of the rounds, in order."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The spread: a quarter of the rounds lies below the first, a quarter above the second."""
        return _quartiles(self.seconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 rounds stay within, by nearest rank."""
        ordered = sorted(self.seconds)
        return ordered[-(-95 * len(ordered) // 100) - 1]


@dataclass(frozen=True)
class Row:
    """One comparison: `what` beside `yardstick`, and the one target that counts, as a ratio, a p95 or a median in `unit` (s, MB or kB)."""

    what: str
    yardstick: str
    how: str
    ours: Times
    theirs: Times
    ratio_at_most: float | None = None
    p95_at_most: float | None = None
    median_at_most: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """The median of ours over the median of the yardstick."""
        return self.ours.median / self.theirs.median

    @property
    def ratio_quartiles(self) -> tuple[float, float]:
        """The spread of the ratio, from rounds that were run next to each other."""
        return _quartiles([mine / other for mine, other in zip(self.ours.seconds, self.theirs.seconds, strict=True)])

    @property
    def has_target(self) -> bool:
        """Whether there is anything to meet; a row without is only told."""
        return any(limit is not None for limit in (self.ratio_at_most, self.p95_at_most, self.median_at_most))

    @property
    def met(self) -> bool:
        """Whether every target that is given is kept."""
        pairs = ((self.ratio, self.ratio_at_most), (self.ours.p95, self.p95_at_most), (self.ours.median, self.median_at_most))
        return all(limit is None or value <= limit for value, limit in pairs)


def in_turns(ours: Timing, theirs: Timing, rounds: int, warm_up: int = 1) -> tuple[Times, Times]:
    """Time both `rounds` times, changing who goes first; rounds before that warm up and do not count."""
    mine: list[float] = []
    others: list[float] = []
    for number in range(warm_up + rounds):
        order = ((ours, mine), (theirs, others)) if number % 2 else ((theirs, others), (ours, mine))
        for timing, kept in order:
            taken = timing(number)
            if number >= warm_up:
                kept.append(taken)
    return Times(tuple(mine)), Times(tuple(others))


def _quartiles(values: tuple[float, ...] | list[float]) -> tuple[float, float]:
    if len(values) < 2:
        return values[0], values[0]
    first, _, third = quantiles(values, n=4, method="inclusive")
    return first, third
