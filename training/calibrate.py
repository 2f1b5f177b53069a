"""What is set on the development turns: what network and linear part count, so that the style's scores are honest, and from where each signal counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from ipt_roleplay.encoders.ngrams import ngrams, stack
from ipt_roleplay.encoders.pairs import PairTokenizer
from ipt_roleplay.encoders.second_look import HINT, SecondLook, beside
from training.network import SIGNALS, STYLES
from training.rows import LabelledTurn, dataset_hash

BATCH = 1
"""Turns in a pass. An int8 network reads a turn a little differently beside others; in a talk it reads one by one."""
PRIOR = 20
"""So many positives of a signal count as much as the shared threshold: a signal with few of them stays near it."""


@dataclass(frozen=True)
class Logits:
    """What an exported file says of n turns: of the network and of the linear part, styles (n, 4) and signals (n, 23)."""

    styles: NDArray[np.float64]
    signals: NDArray[np.float64]
    styles_by_words: NDArray[np.float64]
    signals_by_words: NDArray[np.float64]


def read_with(weights: Path, rows: Sequence[LabelledTurn]) -> Logits:
    """Let an exported file read the rows."""
    tokenizer, network = PairTokenizer(), onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    found = Logits(*(np.zeros((len(rows), width)) for width in (len(STYLES), len(SIGNALS), len(STYLES), len(SIGNALS))))
    runs = [ngrams(row.context, row.text) for row in rows]
    pairs = [tokenizer.pair(row.context, row.text) for row in rows]
    alike = sorted(range(len(rows)), key=lambda number: len(pairs[number].ids))
    for start in range(0, len(alike), BATCH):
        batch = alike[start : start + BATCH]
        said = network.run(None, tokenizer.stack([pairs[number] for number in batch]) | stack([runs[number] for number in batch]))
        found.styles[batch], found.signals[batch] = said[0], said[1]
        found.styles_by_words[batch], found.signals_by_words[batch] = said[3], said[4]
    return found


def calibration(weights: Path, rows: Sequence[LabelledTurn], name: str, taught: Sequence[Path]) -> dict[str, object]:
    """What `reading.json` holds; `taught`: the files that the network was taught on."""
    said = read_with(weights, rows)
    network, linear = shares(said.styles, said.styles_by_words, np.array([STYLES.index(row.style) for row in rows]))
    told = np.array([[signal in row.signals for signal in SIGNALS] for row in rows])
    share = share_for_signals(said.signals, said.signals_by_words, told)
    styles, signals = _likely(network * said.styles + linear * said.styles_by_words), said.signals + share * said.signals_by_words
    hint = second_look(styles, signals, told)
    likely = 1 / (1 + np.exp(-seen_by_others(styles, signals, told, [row.id.rsplit("-", 1)[0] for row in rows])))
    return {
        "id": name,
        "taught": [path.stem for path in taught],
        "dataset": dataset_hash(taught),
        "network": round(network, 3),
        "words": round(linear, 3),
        "words_for_signals": round(share, 3),
        "hint": {"weights": [round(float(weight), 3) for weight in hint.weights], "start": round(hint.start, 3)},
        "thresholds": {signal.value: round(float(value), 3) for signal, value in zip(SIGNALS, thresholds(likely, told), strict=True)},
    }


def write(values: dict[str, object], path: Path) -> None:
    """Keep a calibration."""
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def shares(network: NDArray[np.float64], words: NDArray[np.float64], told: NDArray[np.int64]) -> tuple[float, float]:
    """The factors of the two parts' logits under whose sum the labels are likeliest."""

    def unlikely(by: tuple[float, float]) -> float:
        scaled = by[0] * network + by[1] * words
        scaled -= scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(told)), told]))

    places = np.arange(0.0, 2.01, 0.05)
    return min(((float(one), float(other)) for one in places for other in places), key=unlikely)


def share_for_signals(network: NDArray[np.float64], words: NDArray[np.float64], told: NDArray[np.bool_]) -> float:
    """What the linear part's logits count beside the network's: where turns with a signal come before those without best."""
    places = np.arange(0.0, 1.51, 0.1)
    precision = np.array([average_precision_score(told, network + share * words, average="macro") for share in places])
    return float(places[precision.argmax()])


def second_look(styles: NDArray[np.float64], signals: NDArray[np.float64], told: NDArray[np.bool_]) -> SecondLook:
    """How a hint is found from the rest; `styles` are probabilities, `signals` logits."""
    model = LogisticRegression(C=1.0, max_iter=1000).fit(beside(styles, signals), told[:, HINT])
    return SecondLook(model.coef_[0].astype(np.float64), float(model.intercept_[0]))


def seen_by_others(
    styles: NDArray[np.float64], signals: NDArray[np.float64], told: NDArray[np.bool_], authors: Sequence[str]
) -> NDArray[np.float64]:
    """The signals' logits, that of the hint found for each author's turns by what the other authors' turns teach: a threshold that is set where
    the second look was fitted comes out too high."""
    found, by = signals.copy(), np.array(authors)
    for author in set(authors):
        others, own = by != author, by == author
        look = second_look(styles[others], signals[others], told[others]) if others.any() else second_look(styles, signals, told)
        found[own] = look.logits(styles[own], signals[own])
    return found


def _likely(styles: NDArray[np.float64]) -> NDArray[np.float64]:
    odds = np.exp(styles - styles.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
    return found


def thresholds(signals: NDArray[np.float64], told: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each signal where its F1 is best, drawn towards the threshold that is best for all of them together."""
    places = np.arange(0.1, 0.91, 0.02)
    table = np.array([_f1(signals >= place, told) for place in places])
    shared = places[table.mean(axis=1).argmax()]
    positives = told.sum(axis=0)
    own = np.array([places[np.flatnonzero(column >= column.max() - 0.005)].mean() for column in table.T])
    share = positives / (positives + PRIOR)
    drawn: NDArray[np.float64] = share * own + (1 - share) * shared
    return drawn


def _f1(guessed: NDArray[np.bool_], told: NDArray[np.bool_]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = 2 * (guessed & told).sum(axis=0) / np.maximum(guessed.sum(axis=0) + told.sum(axis=0), 1)
    return scores
