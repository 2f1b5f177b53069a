"""A hint is what is left unsaid, so what was read otherwise tells about it: its score is found last, from its own, the style's and all other signals'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ipt_roleplay.domain import Signal

HINT = list(Signal).index(Signal.INDIRECT_HINT)
OTHERS = [number for number in range(len(Signal)) if number != HINT]
SHRUNK = 3.0
"""What the hint's own logit is divided by, so that a penalty holds it about as much as it holds shares."""


@dataclass(frozen=True)
class SecondLook:
    """Weights for `beside`, and what they start from."""

    weights: NDArray[np.float64]
    start: float

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> SecondLook:
        """As `reading.json` holds it."""
        return cls(np.array(values["weights"], dtype=np.float64), float(values["start"]))

    def logits(self, styles: NDArray[np.float64], signals: NDArray[np.float64]) -> NDArray[np.float64]:
        """Signal logits (n, 23) with that of the hint found anew; `styles` are probabilities (n, 4)."""
        found = signals.copy()
        found[:, HINT] = beside(styles, signals) @ self.weights + self.start
        return found


def beside(styles: NDArray[np.float64], signals: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a hint is found from (n, 1 + 4 + 22): its own logit, the styles' probabilities, the probabilities of all other signals."""
    others = 1 / (1 + np.exp(-np.clip(signals[:, OTHERS], -30, 30)))
    return np.hstack([signals[:, [HINT]] / SHRUNK, styles, others])
