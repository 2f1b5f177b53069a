"""What the first reader knows of a turn: its vector, the signals that rules found, its body, an exclamation mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ipt_roleplay.domain import Body, Signal, SignalSpan
from ipt_roleplay.ports import Vector

RULE_WEIGHT = 0.6
"""How much a rule's word counts beside one of the vector's numbers; chosen by leaving authors out."""

SIGNALS, BODIES = tuple(Signal), tuple(Body)
Matrix = NDArray[np.float64]


def features(vector: Vector, ruled: Sequence[SignalSpan], body: Body | None, text: str) -> Matrix:
    """Shape (dimensions + 28,): the vector, then one number for each signal and body, an exclamation mark, and a constant 1."""
    present = {span.signal for span in ruled}
    rules = [*(float(signal in present) for signal in SIGNALS), *(float(body is one) for one in BODIES), float("!" in text), 1.0]
    return np.concatenate([vector.astype(np.float64), RULE_WEIGHT * np.array(rules)])
