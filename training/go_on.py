"""Teach the shipped reading further: `python -m training.go_on` (extra `training`), some minutes for each seed.

For new labelled turns: the network goes on from the weights that are there, a few light passes for each seed; the seeds' weights are averaged,
the linear part is fitted anew, and the development turns set what was set on them before. It writes `reading.onnx` and `reading.json`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from ipt_roleplay.domain import Signal
from ipt_roleplay.encoders.pairs import PairTokenizer
from ipt_roleplay.encoders.turn_scores import CALIBRATION, WEIGHTS
from training.bases import student
from training.calibrate import calibration, write
from training.export import export
from training.network import ReadingNet, Recipe, teach
from training.rows import LabelledTurn, dataset_hash, read_turns, training_files
from training.teach_reading import DEVELOPMENT
from training.words import taught_words

LIGHT = Recipe(epochs=2, rate=3e-5, size=24)
SHARE = 0.35
"""How much of the turns that are not new each seed goes over; they keep what was learned in place."""

NEW = 3
"""How often new turns are gone over in each pass."""

COUNTS = {Signal.INDIRECT_HINT: 2}
"""How often turns with a signal are gone over in each pass, what is read worst; all of these, new or not."""


def main() -> None:
    """From the shipped weights and the labelled turns to new weights."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument(
        "--new", nargs="+", default=[], help="files of turns that were not taught yet, without .jsonl; by default all count as new"
    )
    asked.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked.add_argument("--keep", type=Path, help="a folder that keeps each seed's weights")
    given = asked.parse_args()
    rows, before = read_turns(), shipped(WEIGHTS)
    found = [_taught(_gone_over(rows, given.new, seed), before, seed, given.keep) for seed in given.seeds]
    net = ReadingNet(str(student()))
    net.load_state_dict(average(found))
    export(net.eval(), taught_words(rows), WEIGHTS)
    files = training_files()
    write(
        calibration(WEIGHTS, read_turns([DEVELOPMENT]), f"minilm-l6-words-{dataset_hash(files)[:8]}-{len(given.seeds)}", files), CALIBRATION
    )


def shipped(weights: Path) -> dict[str, Tensor]:
    """The network's weights out of an exported file, each int8 number as the number it stands for."""
    graph = onnx.load(str(weights)).graph
    values = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    found = {name.removeprefix("net."): value for name, value in values.items() if name.startswith("net.") and "weight_" not in name}
    for node in graph.node:
        for name in node.input:
            if name.endswith("_quantized") and name in values and (place := _place(node.name, name)):
                whole = name.removesuffix("_quantized")
                plain = (values[name].astype(np.float32) - values[f"{whole}_zero_point"]) * values[f"{whole}_scale"]
                found[place] = plain.T if "MatMul" in node.name or "Gemm" in node.name else plain
    return {name: torch.from_numpy(np.array(value, dtype=np.float32, order="C")) for name, value in found.items()}


def _place(node: str, weight: str) -> str | None:
    """The name in `ReadingNet` of what a node counts with: '/net/encoder/encoder/layer.0/output/dense/MatMul' is 'encoder.encoder.layer.0.output.dense.weight'."""
    if not node.startswith("/net/"):
        return None
    return ".".join(node.removeprefix("/net/").split("/")[:-1]) + ".weight"


def average(found: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Weight by weight."""
    return {name: torch.stack([one[name] for one in found]).mean(0) for name in found[0]}


def _gone_over(rows: Sequence[LabelledTurn], new: Sequence[str], seed: int) -> list[LabelledTurn]:
    chance = random.Random(seed)
    counts = [max([NEW if row.author in new else 1, *(COUNTS.get(signal, 1) for signal in row.signals)]) for row in rows]
    kept = [not new or count > 1 or chance.random() < SHARE for count in counts]
    return [row for row, count, keep in zip(rows, counts, kept, strict=True) if keep for _ in range(count)]


def _taught(rows: Sequence[LabelledTurn], before: Mapping[str, Tensor], seed: int, keep: Path | None) -> dict[str, Tensor]:
    net = teach(rows, PairTokenizer(), str(student()), seed, LIGHT, start=before)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        torch.save(net.state_dict(), keep / f"seed_{seed}.pt")
    return net.state_dict()


if __name__ == "__main__":
    main()
