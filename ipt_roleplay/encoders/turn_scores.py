"""What the trained reading says of a turn: an int8 ONNX network over the line before and the turn, and a linear part over runs of words and letters.

Made by `training/teach_reading.py` from the labelled turns beside it; `docs/reading.md` is its card. `reading.onnx` holds the weights of both
(the network fine-tuned from all-MiniLM-L6-v2, Apache-2.0), `reading.json` what was calibrated on the development set.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ipt_roleplay.domain import Signal, Style
from ipt_roleplay.encoders.ngrams import ngrams, stack
from ipt_roleplay.encoders.pairs import Pair, PairTokenizer
from ipt_roleplay.encoders.second_look import SecondLook
from ipt_roleplay.ports import TurnScores

WEIGHTS = Path(__file__).with_name("reading.onnx")
CALIBRATION = Path(__file__).with_name("reading.json")
BATCH = 32


@dataclass(frozen=True)
class Calibration:
    """Set on the development turns: what network and linear part count for the style, what the linear part counts for the signals beside the network,
    how a hint is found from all the rest, and for each signal from which score on it counts."""

    id: str
    network: float
    words: float
    words_for_signals: float
    hint: SecondLook
    thresholds: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Calibration:
        """Read from its file; the order of signals is that of the codebook."""
        values = json.loads(path.read_text(encoding="utf-8"))
        thresholds = np.array([values["thresholds"][signal.value] for signal in Signal])
        return cls(values["id"], values["network"], values["words"], values["words_for_signals"], SecondLook.of(values["hint"]), thresholds)


class ReadingNetwork:
    """Scores learner turns; implements `TurnScorer`. Loaded at first use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[onnxruntime.InferenceSession, Calibration] | None = None
        self._tokenizer = PairTokenizer()

    @property
    def id(self) -> str:
        """Names the weights."""
        return self._load()[1].id

    def scores(self, turns: Sequence[tuple[str, str | None]]) -> tuple[TurnScores, ...]:
        """For many turns of (text, line before), in order; turns of like length share a pass."""
        network, calibration = self._load()
        pairs = [self._tokenizer.pair(context, text) for text, context in turns]
        runs = [ngrams(context, text) for text, context in turns]
        found: dict[int, TurnScores] = {}
        alike = sorted(range(len(turns)), key=lambda number: len(pairs[number].ids))
        for start in range(0, len(alike), BATCH):
            batch = alike[start : start + BATCH]
            given = self._tokenizer.stack([pairs[number] for number in batch]) | stack([runs[number] for number in batch])
            styles, signals, tokens, styles_by_words, signals_by_words = (
                np.asarray(value, np.float64) for value in network.run(None, given)
            )
            styles = _likely(calibration.network * styles + calibration.words * styles_by_words)
            signals = calibration.hint.logits(styles, signals + calibration.words_for_signals * signals_by_words)
            for row, number in enumerate(batch):
                found[number] = _scores(pairs[number], styles[row], signals[row], tokens[row], calibration)
        return tuple(found[number] for number in range(len(turns)))

    def _load(self) -> tuple[onnxruntime.InferenceSession, Calibration]:
        with self._lock:
            if self._loaded is None:
                onnxruntime.disable_telemetry_events()
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = min(2, os.cpu_count() or 1)
                options.inter_op_num_threads = 1
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the cores to others
                network = onnxruntime.InferenceSession(str(WEIGHTS), options, providers=["CPUExecutionProvider"])
                self._loaded = network, Calibration.load()
            return self._loaded


def _likely(styles: NDArray[np.float64]) -> NDArray[np.float64]:
    odds = np.exp(styles - styles.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
    return found


def _scores(
    pair: Pair, style: NDArray[np.float64], signal: NDArray[np.float64], tokens: NDArray[np.float64], calibration: Calibration
) -> TurnScores:
    places = tuple(pair.said.values())
    rows = list(pair.said)
    return TurnScores(
        styles={one: float(value) for one, value in zip(Style, style, strict=True)},
        signals=1 / (1 + np.exp(-np.clip(signal, -30, 30))),
        thresholds=calibration.thresholds,
        places=places,
        tokens=tokens[rows],
    )
