"""Is a turn read rightly, by an author whose texts taught nothing? The trained reading beside simpler ones, on the same turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from evals.baselines import Guess, baselines
from evals.datasets import load
from evals.evaluation import Case, Evaluation, Observation, of_group
from evals.score import Score, Statistic, score
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Signal, Style

OURS = "ours"
STYLES, SIGNALS = tuple(Style), tuple(Signal)
STYLE_AT_LEAST, MISLEADING_AT_LEAST, SIGNALS_AT_LEAST = 0.85, 0.80, 0.75
SIGNAL_AT_LEAST = 0.55
"""No signal may be read worse than this (F1)."""

INDIRECT_BEHIND_AT_MOST = 0.05
CALIBRATION_AT_MOST = 0.08
BINS = 10


def cases() -> list[Case]:
    """One for each turn of the test; the group says whether its surface misleads and whether clear is not blunt where it is spoken."""
    return [Case(row["id"], _group(row), row["text"], row) for row in load("reading_test").rows]


def _group(row: Mapping[str, object]) -> str:
    return f"{'misleading' if row['misleading'] else 'plain'}, {'indirect' if row['indirect_culture'] else 'direct'}"


def observe(case: Case, services: Services) -> Mapping[str, float]:
    """Styles as their number, signals as the bits of a whole number, for the label and for every reader."""
    row = case.row
    values = {
        "style": _number(Style(row["style"])),
        "signals": _bits(Signal(signal["name"]) for signal in row["signals"]),
    }
    reading = services.reader.read(row["text"], row["context"])
    values |= {f"style {OURS}": _number(reading.style), f"signals {OURS}": _bits(reading.names), "sure": max(reading.scores.values())}
    for name, guesses in _guesses().items():
        style, signals = guesses[case.id]
        values |= {f"style {name}": _number(style), f"signals {name}": _bits(signals)}
    return values | {"right": float(values[f"style {OURS}"] == values["style"])}


@cache
def _guesses() -> Mapping[str, Mapping[str, Guess]]:
    """What every simpler reader makes of every turn of the test."""
    rows = load("reading_test").rows
    said = [(row["text"], row["context"]) for row in rows]
    return {name: dict(zip([row["id"] for row in rows], read(said), strict=True)) for name, read in baselines().items()}


def scores(observations: Sequence[Observation], seed: int) -> tuple[Score, ...]:
    """Ours with its bounds, then every reader side by side, then each signal."""
    misleading = of_group(observations, "misleading, direct", "misleading, indirect")
    worst = score("signals, ours: lowest F1", observations, _lowest, seed, at_least=SIGNAL_AT_LEAST)
    bounded = (
        score("style, ours: macro-F1", observations, _style(OURS), seed, at_least=STYLE_AT_LEAST),
        score("style, ours: macro-F1, surface misleads", misleading, _style(OURS), seed, at_least=MISLEADING_AT_LEAST),
        score("signals, ours: macro-F1", observations, _signals(OURS), seed, at_least=SIGNALS_AT_LEAST),
        worst,
        score("style, ours: indirect turns behind the others", observations, _behind, seed, at_most=INDIRECT_BEHIND_AT_MOST),
        score("style, ours: calibration error (ECE)", observations, _calibration_error, seed, at_most=CALIBRATION_AT_MOST),
        score("style, ours: right", observations, lambda seen: mean(one.values["right"] for one in seen), seed),
    )
    beside = [
        made
        for name in baselines()
        for made in (
            score(f"style, {name}: macro-F1", observations, _style(name), seed),
            score(f"style, {name}: macro-F1, surface misleads", misleading, _style(name), seed),
            score(f"signals, {name}: macro-F1", observations, _signals(name), seed),
        )
    ]
    each = [score(f"signal {signal.value}, ours: F1", observations, _f1_of(n), seed) for n, signal in enumerate(SIGNALS)]
    return (*bounded, *beside, *each)


def _number(style: Style) -> float:
    return float(STYLES.index(style))


def _bits(signals: Iterable[Signal]) -> float:
    return float(sum(1 << SIGNALS.index(signal) for signal in set(signals)))


def _style(reader: str) -> Statistic:
    """Macro-F1 over the styles that occur."""

    def statistic(observations: Sequence[Observation]) -> float:
        told, guessed = (np.array([one.values[field] for one in observations]) for field in ("style", f"style {reader}"))
        occurring = np.unique(told)
        return float(_f1(told[:, None] == occurring, guessed[:, None] == occurring).mean())

    return statistic


def _signals(reader: str) -> Statistic:
    """Macro-F1 over the signals that occur."""
    return lambda observations: float(_f1_of_each(observations, reader).mean())


def _lowest(observations: Sequence[Observation]) -> float:
    return float(_f1_of_each(observations, OURS).min())


def _f1_of_each(observations: Sequence[Observation], reader: str) -> NDArray[np.float64]:
    """For each signal that occurs."""
    told, guessed = _signal_table(observations, "signals"), _signal_table(observations, f"signals {reader}")
    occurring = told.any(axis=0)
    return _f1(told[:, occurring], guessed[:, occurring])


def _f1_of(number: int) -> Statistic:
    """For one signal."""

    def statistic(observations: Sequence[Observation]) -> float:
        told, guessed = (_signal_table(observations, field)[:, [number]] for field in ("signals", f"signals {OURS}"))
        return float(_f1(told, guessed)[0])

    return statistic


def _signal_table(observations: Sequence[Observation], field: str) -> NDArray[np.bool_]:
    """Shape (observations, 23)."""
    bits = np.array([int(one.values[field]) for one in observations])
    return (bits[:, None] >> np.arange(len(SIGNALS)) & 1).astype(bool)


def _f1(told: NDArray[np.bool_], guessed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each column; 0 where nothing is right."""
    hits = (told & guessed).sum(axis=0)
    scores: NDArray[np.float64] = 2 * hits / np.maximum(told.sum(axis=0) + guessed.sum(axis=0), 1)
    return scores


def _behind(observations: Sequence[Observation]) -> float:
    """How much less often the style of an indirect turn is right."""
    indirect = of_group(observations, "plain, indirect", "misleading, indirect")
    direct = of_group(observations, "plain, direct", "misleading, direct")
    if not indirect or not direct:
        return 0.0
    return mean(one.values["right"] for one in direct) - mean(one.values["right"] for one in indirect)


def _calibration_error(observations: Sequence[Observation]) -> float:
    """The mean gap between how sure the reading is and how often it is right, over ten bins of equal width."""
    gap = 0.0
    for place in range(BINS):
        here = [one.values for one in observations if min(BINS - 1, int(BINS * one.values["sure"])) == place]
        if here:
            gap += abs(mean(one["sure"] for one in here) - mean(one["right"] for one in here)) * len(here)
    return gap / len(observations)


READING = Evaluation(
    name="turn_reading",
    asks="Is a learner's turn read rightly?",
    datasets=("reading_test",),
    main="right",
    cases=cases,
    observe=observe,
    scores=scores,
)
