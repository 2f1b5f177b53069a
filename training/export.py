"""The taught network and the linear part beside it as one ONNX file with int8 weights."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from ipt_roleplay.encoders.ngrams import ngrams, stack
from ipt_roleplay.encoders.pairs import PairTokenizer
from training.network import ReadingNet

GIVEN = ("input_ids", "attention_mask", "token_type_ids", "said", "runs", "shares")
FOUND = ("styles", "signals", "tokens", "words")


class _Both(nn.Module):
    """The network's logits, and `words`: the linear part's style logits (n, 4)."""

    def __init__(self, net: ReadingNet, words: NDArray[np.float32]) -> None:
        super().__init__()
        self.net = net
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(words))

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        *ids, runs, shares = given
        return *self.net(*ids), (self.words(runs) * shares.unsqueeze(-1)).sum(dim=1)


def export(net: ReadingNet, words: NDArray[np.float32], path: Path) -> None:
    """Write `net` and `words` (SIZE + 1, 4) to `path`. Tables and products with the weights of a layer are int8; everything else stays float."""
    tokenizer = PairTokenizer()
    turns = (("Can you take her on Wednesday?", "No. I can't do Wednesday."), (None, "Fine."))
    given = tokenizer.stack([tokenizer.pair(*turn) for turn in turns]) | stack([ngrams(*turn) for turn in turns])
    with tempfile.TemporaryDirectory() as folder:
        exact, plain = Path(folder) / "exact.onnx", Path(folder) / "plain.onnx"
        torch.onnx.export(
            _Both(net, words).eval(),
            tuple(torch.from_numpy(given[name]) for name in GIVEN),
            str(exact),
            input_names=list(GIVEN),
            output_names=list(FOUND),
            dynamic_axes={name: {0: "rows", 1: "width"} for name in GIVEN[:4]}
            | {name: {0: "rows", 1: "many"} for name in GIVEN[4:]}
            | {name: {0: "rows"} for name in FOUND}
            | {"tokens": {0: "rows", 1: "width"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(exact), str(plain), skip_symbolic_shape=True)
        quantize_dynamic(str(plain), str(path), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(path))
