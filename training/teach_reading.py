"""Make the trained reading: `python -m training.teach_reading` (extra `training`). It writes `reading.onnx` and `reading.json` in `ipt_roleplay/encoders/`.

1. A teacher, all-mpnet-base-v2 with the heads of `network.py`, is fitted to the labelled turns.
2. It reads the labelled turns and many variants of them (`variants.py`): other lines before, parts left out, parts of two turns joined,
   typing as on a phone. What it says of them and what it makes of them inside, and the labels, teach the small network (all-MiniLM-L6-v2).
3. A linear part over runs of words and letters (`words.py`) is fitted to the labelled turns.
4. Network and linear part go into one ONNX file with int8 weights.
5. The development set (an author who wrote no training text) gives what each part counts for the style, and the signals' thresholds.
   The test set is not looked at here: `python3 tasks.py evals` does that.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from ipt_roleplay.encoders.pairs import PairTokenizer
from ipt_roleplay.encoders.turn_scores import CALIBRATION, WEIGHTS
from training.bases import student, teacher
from training.calibrate import calibration, write
from training.export import export
from training.network import ReadingNet, Recipe, teach, what_it_makes
from training.rows import LabelledTurn, dataset_hash, read_turns, training_files
from training.variants import variants
from training.words import taught_words

SEED = 1
VARIANTS = 4
"""For each labelled turn; every epoch draws some of them."""

TEACHING = Recipe(epochs=7, rate=4e-5, size=24, signal_weight=0.5, token_weight=0.25)
LEARNING = Recipe(epochs=7, rate=1e-4, size=32, signal_weight=1.5, token_weight=0.75, share=0.35)
ALONE = Recipe(epochs=8, rate=8e-5, size=24)
DEVELOPMENT = Path(__file__).resolve().parent.parent / "evals" / "datasets" / "reading_dev.jsonl"


def main() -> None:
    """From labelled turns to the files that the app reads with."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--alone", action="store_true", help="without a teacher: several times faster, and not as good")
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "ipt-training", help="where the teacher is kept")
    given = asked.parse_args()
    rows, development = read_turns(), read_turns([DEVELOPMENT])
    began = time.monotonic()
    print(f"{len(rows)} labelled turns", flush=True)
    net = teach(rows, PairTokenizer(), str(student()), SEED, ALONE) if given.alone else _taught(rows, given.folder)
    export(net, taught_words(rows), WEIGHTS)
    name = f"minilm-l6-{'alone' if given.alone else 'taught'}-{dataset_hash(training_files())[:8]}-{SEED}"
    write(calibration(WEIGHTS, development, name, training_files()), CALIBRATION)
    print(f"done after {(time.monotonic() - began) / 60:.0f} minutes: {WEIGHTS.name}, {WEIGHTS.stat().st_size / 1e6:.1f} MB")


def _taught(rows: Sequence[LabelledTurn], folder: Path) -> ReadingNet:
    """The small network, taught by a larger one. The larger one is kept in `folder` and found there again."""
    base = teacher(folder)
    tokens = PairTokenizer(base / "tokenizer.json", first="<s>", between="</s>")
    kept = folder / "teacher.pt"
    if kept.is_file():
        knows = ReadingNet(str(base))
        knows.load_state_dict(torch.load(kept, weights_only=True))
    else:
        knows = teach(rows, tokens, str(base), SEED, TEACHING)
        torch.save(knows.state_dict(), kept)
    knows.eval()
    more = variants(rows, VARIANTS, SEED)
    print(f"the teacher reads {len(rows)} turns and {len(more)} variants", flush=True)
    made = what_it_makes(knows, [*rows, *more], tokens)
    return teach([*rows, *more], PairTokenizer(), str(student()), SEED, LEARNING, taught_by=made, labelled=len(rows))


if __name__ == "__main__":
    main()
