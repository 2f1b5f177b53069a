"""Fit the first reader's weights to the labelled turns in `training/turns/`: `python -m training.fit_reading`.

No randomness: ridge regressions in closed form. Sharpness and thresholds come from predicting every turn without itself.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from ipt_roleplay.analysis.body import body_of
from ipt_roleplay.analysis.features import Matrix, features
from ipt_roleplay.analysis.signals import signals_of
from ipt_roleplay.analysis.turn import WEIGHTS
from ipt_roleplay.domain import Signal, Style
from ipt_roleplay.encoders.minilm import MiniLmEncoder
from ipt_roleplay.text import words_only

TURNS = Path(__file__).with_name("turns")
RIDGE = 2.0
CAREFUL = 0.6
"""F-beta of the thresholds: below 1 a false signal weighs more than a missed one."""

MORE_CAREFUL = {
    Signal.THREAT: 0.25,
    Signal.CAPITULATION: 0.25,
    Signal.BOUNDARY: 0.25,
    Signal.COMPROMISE_OFFER: 0.25,
    Signal.REINFORCEMENT: 0.25,
    Signal.BAD_MOMENT: 0.25,
}
"""The same for signals that change what the partner does, or that people notice when they are wrongly claimed."""


FLOOR = {Signal.CAPITULATION: 0.6}
"""Thresholds that are never lower; 0.25 for the others. To be told that one gave in when one did not is the worst of false findings."""


def dataset_hash() -> str:
    """Names the labelled turns that weights were fitted to."""
    digest = hashlib.sha256()
    for path in sorted(TURNS.glob("*.jsonl")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_turns() -> list[dict[str, object]]:
    """All labelled turns, in the order of their files."""
    return [
        json.loads(line) for path in sorted(TURNS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def main() -> None:
    """Fit, say how well it goes on turns left out, and write the weights."""
    encoder = MiniLmEncoder()
    turns = read_turns()
    texts = [str(turn["text"]) for turn in turns]
    vectors = encoder.encode([words_only(text) or "..." for text in texts])
    rows = np.stack([features(vector, signals_of(text), body_of(text), text) for vector, text in zip(vectors, texts, strict=True)])
    styles = np.array([[float(turn["style"] == style) for style in Style] for turn in turns])
    named = [set(map(str, turn["signals"])) if isinstance(turn["signals"], list) else set() for turn in turns]
    signals = np.array([[float(signal in names) for signal in Signal] for names in named])
    guessed = _left_out(rows, styles - styles.mean(axis=0)) + styles.mean(axis=0)
    sharpness = min((float(value) for value in np.arange(1.0, 12.1, 0.5)), key=lambda value: _log_loss(value * guessed, styles))
    columns = zip(Signal, _left_out(rows, signals).T, signals.T, strict=True)
    thresholds = np.array(
        [max(_threshold(values, truth, MORE_CAREFUL.get(signal, CAREFUL)), FLOOR.get(signal, 0.25)) for signal, values, truth in columns]
    )
    np.savez_compressed(
        WEIGHTS,
        style=_ridge(rows, styles - styles.mean(axis=0)),
        sharpness=sharpness,
        signal=_ridge(rows, signals),
        thresholds=thresholds,
        encoder=encoder.id,
        dataset=dataset_hash(),
    )
    right = float((guessed.argmax(axis=1) == styles.argmax(axis=1)).mean())
    print(
        f"{len(turns)} turns; style right without itself {right:.3f}; sharpness {sharpness}; log loss {_log_loss(sharpness * guessed, styles):.3f}"
    )


def _ridge(rows: Matrix, targets: Matrix) -> Matrix:
    solved: Matrix = np.linalg.solve(rows.T @ rows + RIDGE * np.eye(rows.shape[1]), rows.T @ targets)
    return solved


def _left_out(rows: Matrix, targets: Matrix) -> Matrix:
    """Each row predicted by a regression fitted to all the others."""
    hat = rows @ np.linalg.inv(rows.T @ rows + RIDGE * np.eye(rows.shape[1])) @ rows.T
    own = np.diag(hat)[:, None]
    predicted: Matrix = (hat @ targets - own * targets) / (1.0 - own)
    return predicted


def _log_loss(raw: Matrix, truth: Matrix) -> float:
    odds = np.exp(raw - raw.max(axis=1, keepdims=True))
    return float(-np.log((odds / odds.sum(axis=1, keepdims=True) * truth).sum(axis=1) + 1e-9).mean())


def _threshold(values: Matrix, truth: Matrix, beta: float) -> float:
    """Where the F-beta of "value at least this" is highest."""
    order = np.argsort(-values)
    hits = np.cumsum(truth[order])
    weight = beta**2
    score = (1 + weight) * hits / (np.arange(1, len(values) + 1) + weight * truth.sum())
    return float(values[order[int(np.argmax(score))]])


if __name__ == "__main__":
    main()
