"""Whether the notes answer a question at all: from how near the best section is, and from what kind of question it is.

Nearness alone is fooled by what lies close by: a dose of a medicine, a law, another therapy. The weights are taught by `python -m training.teach_answerable`.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("answerable.json")
MIDDLE, STEEP = 0.45, 12.0
"""Nearness at which a question is as likely answered as not, and how fast that changes, where no weights fit the encoder."""


def chance_answered(nearness: float, vector: NDArray[np.float32], encoder_id: str) -> float:
    """How likely it is (0 to 1) that the notes answer the question with this vector, whose best section is so near."""
    weights = _weights(encoder_id)
    if weights is None:
        return _share(STEEP * (nearness - MIDDLE))
    bias, of_nearness, of_vector = weights
    return _share(bias + of_nearness * nearness + float(of_vector @ vector))


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def _weights(encoder_id: str) -> tuple[float, float, NDArray[np.float32]] | None:
    if not WEIGHTS.is_file():
        return None
    values = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if values["encoder"] != encoder_id:
        return None
    return values["bias"], values["nearness"], np.array(values["vector"], dtype=np.float32)
