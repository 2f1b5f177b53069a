"""The linear part of the reading: a logistic regression from runs of words and letters to the four styles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from ipt_roleplay.encoders.ngrams import SIZE, ngrams
from training.network import STYLES
from training.rows import LabelledTurn

STRENGTH = 10.0
"""The inverse of the penalty on weights; chosen by cross-validation over authors."""


def taught_words(rows: Sequence[LabelledTurn]) -> NDArray[np.float32]:
    """Weights (SIZE + 1, 4): one row for each number of `ngrams`, and zeros for what fills up."""
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
