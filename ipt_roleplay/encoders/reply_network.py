"""What the trained guard says of a model's reply: an ONNX network over what the learner said, how far the reply may give way, and the reply.

Made by `training/teach_guard.py`; `docs/guard.md` is its card. Only used where a language model speaks.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ipt_roleplay.domain import GuardFault
from ipt_roleplay.encoders.pairs import PairTokenizer
from ipt_roleplay.ports import Allowed

WEIGHTS = Path(__file__).with_name("guard.onnx")
CALIBRATION = Path(__file__).with_name("guard.json")

FAULTS = (
    GuardFault.ASSISTANT,
    GuardFault.THERAPIST,
    GuardFault.COACHING,
    GuardFault.OUT_OF_ROLE,
    GuardFault.SPEAKS_FOR_LEARNER,
    GuardFault.CONCEDES,
    GuardFault.LIMITS,
    GuardFault.LEAK,
    GuardFault.CUT_OFF,
    GuardFault.OTHER_LANGUAGE,
    GuardFault.EMPTY,
)
"""What the network can find, in the order of its outputs after the first, which is "nothing"."""


def asked(learner: str, allowed: Allowed) -> str:
    """What stands before the reply: how far it may give way, and what it answers."""
    return f"{allowed}: {learner}"


class ReplyNetwork:
    """Reads replies; implements `ReplyReader`. Loaded at first use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[onnxruntime.InferenceSession, float, float] | None = None
        self._tokenizer = PairTokenizer()

    def fault(self, reply: str, learner: str, allowed: Allowed, ended: bool) -> GuardFault | None:
        """The likeliest fault, where it is likelier than the threshold (for a whole reply, or for what has begun) that it has one at all; else None."""
        shares = self._shares(reply, learner, allowed)
        whole, begun = self._load()[1:]
        return FAULTS[int(shares[1:].argmax())] if 1 - shares[0] >= (whole if ended else begun) else None

    def share(self, reply: str, learner: str, allowed: Allowed) -> float:
        """How likely it is that something is wrong, 0 to 1; not calibrated."""
        return float(1 - self._shares(reply, learner, allowed)[0])

    def _shares(self, reply: str, learner: str, allowed: Allowed) -> NDArray[np.float64]:
        given = self._tokenizer.stack([self._tokenizer.pair(asked(learner, allowed), reply or "...")])
        logits = np.asarray(self._load()[0].run(None, given)[0][0], np.float64)
        odds = np.exp(logits - logits.max())
        found: NDArray[np.float64] = odds / odds.sum()
        return found

    def _load(self) -> tuple[onnxruntime.InferenceSession, float, float]:
        with self._lock:
            if self._loaded is None:
                onnxruntime.disable_telemetry_events()
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = min(2, os.cpu_count() or 1)
                options.inter_op_num_threads = 1
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                network = onnxruntime.InferenceSession(str(WEIGHTS), options, providers=["CPUExecutionProvider"])
                self._loaded = network, *_thresholds()
            return self._loaded


def _thresholds() -> tuple[float, float]:
    """For a whole reply and for one that has begun, from their file; before they are set, nothing is stopped."""
    if not CALIBRATION.exists():
        return 1.0, 1.0
    values = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    return float(values["whole"]), float(values["begun"])
