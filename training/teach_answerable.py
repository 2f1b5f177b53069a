"""Teach search to tell what the notes answer from what they do not: `python -m training.teach_answerable` (extra `training`), seconds."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from ipt_roleplay.encoders.minilm import MiniLmEncoder
from ipt_roleplay.knowledge.answerable import WEIGHTS
from ipt_roleplay.knowledge.search import NoteSearch

QUESTIONS = Path(__file__).parent / "questions"
NOTES = Path(__file__).parent.parent / "knowledge"
STRENGTH = 3.0
"""The inverse of the regularisation; 0.3 to 10 were much alike."""


def main() -> None:
    """From the questions to the weights."""
    from sklearn.linear_model import LogisticRegression

    encoder = MiniLmEncoder()
    rows = [json.loads(line) for path in sorted(QUESTIONS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        search = NoteSearch(NOTES, Path(folder), encoder)
        near = np.array([search.nearness(row["question"]) for row in rows])
        search.close()
    vectors = np.stack([encoder.encode([row["question"]])[0] for row in rows])
    middle, spread = near.mean(), near.std()
    given = np.column_stack([(near - middle) / spread, vectors])
    fitted = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced").fit(given, [row["answered"] for row in rows])
    weight, *of_vector = fitted.coef_[0]
    values = {
        "encoder": encoder.id,
        "bias": round(float(fitted.intercept_[0] - weight * middle / spread), 4),
        "nearness": round(float(weight / spread), 4),
        "vector": [round(float(value), 4) for value in of_vector],
    }
    WEIGHTS.write_text(json.dumps(values) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(rows)} questions; right on them: {fitted.score(given, [row['answered'] for row in rows]):.2f}")


if __name__ == "__main__":
    main()
