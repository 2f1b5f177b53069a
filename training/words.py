"""The linear part of the reading: logistic regressions from runs of words and letters to the four styles and the 23 signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from ipt_roleplay.encoders.ngrams import SIZE, ngrams
from training.network import SIGNALS, STYLES
from training.rows import LabelledTurn

STRENGTH = 10.0
"""The inverse of the penalty on weights; chosen by cross-validation over authors."""

FOLDED = 1 << 17
"""For the signals the numbers of `ngrams` count modulo this: 23 weights for each of them would be too many to ship."""


@dataclass(frozen=True)
class WordWeights:
    """`styles` (SIZE + 1, 4): one row for each number of `ngrams`, and zeros for what fills up. `signals` (FOLDED, 23) and what they start from (23)."""

    styles: NDArray[np.float32]
    signals: NDArray[np.float32]
    start: NDArray[np.float32]


def taught_words(rows: Sequence[LabelledTurn]) -> WordWeights:
    """Fitted to the labels alone; about two minutes for ten thousand turns."""
    signals = np.zeros((FOLDED, len(SIGNALS)), dtype=np.float32)
    start = np.zeros(len(SIGNALS), dtype=np.float32)
    runs = _folded(_matrix(rows))
    for number, signal in enumerate(SIGNALS):
        model = LogisticRegression(C=STRENGTH, solver="liblinear").fit(runs, [signal in row.signals for row in rows])
        signals[:, number], start[number] = model.coef_[0], model.intercept_[0]
    return WordWeights(taught_styles(rows), signals, start)


def taught_styles(rows: Sequence[LabelledTurn]) -> NDArray[np.float32]:
    """The part for the styles: weights (SIZE + 1, 4)."""
    model = LogisticRegression(C=STRENGTH, max_iter=300)
    model.fit(_matrix(rows), [STYLES.index(row.style) for row in rows])
    weights = np.zeros((SIZE + 1, len(STYLES)), dtype=np.float32)
    weights[:SIZE] = model.coef_.T
    return weights


def read_words(weights: NDArray[np.float32], rows: Sequence[LabelledTurn]) -> NDArray[np.float32]:
    """Style logits (n, 4) of the linear part alone."""
    found: NDArray[np.float32] = _matrix(rows) @ weights[:SIZE]
    return found


def _matrix(rows: Sequence[LabelledTurn]) -> csr_matrix:
    ends, numbers, values = [0], [], []
    for row in rows:
        runs, shares = ngrams(row.context, row.text)
        numbers.append(runs)
        values.append(shares)
        ends.append(ends[-1] + len(runs))
    return csr_matrix((np.concatenate(values), np.concatenate(numbers), ends), shape=(len(rows), SIZE))


def _folded(runs: csr_matrix) -> csr_matrix:
    places = runs.tocoo()
    return csr_matrix((places.data, (places.row, places.col % FOLDED)), shape=(runs.shape[0], FOLDED))
