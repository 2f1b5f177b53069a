"""The learning curve of the reading: `python -m training.curve` (extra `training`; most of an hour on two cores).

The small network without a teacher, and the linear part, are taught on growing shares of the labelled turns, each share taken from every author,
and read the development set. It prints one line for each share.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from ipt_roleplay.encoders.pairs import PairTokenizer
from training.bases import student
from training.calibrate import shares, thresholds
from training.network import SIGNALS, STYLES, predict, teach
from training.rows import read_turns
from training.teach_reading import ALONE, DEVELOPMENT, SEED
from training.words import read_words, taught_styles

SHARES = (0.125, 0.25, 0.5, 1.0)


def main() -> None:
    """Teach and measure for each share."""
    rows, development = list(read_turns()), read_turns([DEVELOPMENT])
    random.Random(SEED).shuffle(rows)
    told = np.array([STYLES.index(row.style) for row in development])
    shown = np.array([[signal in row.signals for signal in SIGNALS] for row in development])
    print("| turns | linear part | network | both | signals |\n|---|---|---|---|---|", flush=True)
    for share in SHARES:
        some = rows[: round(share * len(rows))]
        words = read_words(taught_styles(some), development)
        network, signals = predict(teach(some, PairTokenizer(), str(student()), SEED, ALONE), development, PairTokenizer())
        one, other = shares(network.astype(np.float64), words.astype(np.float64), told)
        likely = 1 / (1 + np.exp(-signals.astype(np.float64)))
        figures = [_style(words, told), _style(network, told), _style(one * network + other * words, told), _signals(likely, shown)]
        print(f"| {len(some)} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |", flush=True)


def _style(logits: NDArray[np.floating], told: NDArray[np.int64]) -> float:
    return float(f1_score(told, logits.argmax(axis=1), average="macro"))


def _signals(likely: NDArray[np.float64], shown: NDArray[np.bool_]) -> float:
    return float(f1_score(shown, likely >= thresholds(likely, shown), average="macro", zero_division=0))


if __name__ == "__main__":
    main()
