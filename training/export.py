"""The taught network and the linear part beside it as one ONNX file with int8 weights."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from ipt_roleplay.encoders.ngrams import ngrams, stack
from ipt_roleplay.encoders.pairs import PairTokenizer
from training.network import ReadingNet
from training.words import FOLDED, WordWeights

GIVEN = ("input_ids", "attention_mask", "token_type_ids", "said", "runs", "shares")
FOUND = ("styles", "signals", "tokens", "styles_by_words", "signals_by_words")


class _Both(nn.Module):
    """The network's logits, and those of the linear part: styles (n, 4) and signals (n, 23)."""

    def __init__(self, net: ReadingNet, words: WordWeights) -> None:
        super().__init__()
        self.net = net
        self.styles = nn.Embedding.from_pretrained(torch.from_numpy(words.styles))
        self.signals = nn.Embedding.from_pretrained(torch.from_numpy(words.signals))
        self.start = nn.Parameter(torch.from_numpy(words.start))

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        *ids, runs, shares = given
        counts = shares.unsqueeze(-1)
        styles, signals = ((table * counts).sum(dim=1) for table in (self.styles(runs), self.signals(runs % FOLDED)))
        return *self.net(*ids), styles, signals + self.start


def export(net: ReadingNet, words: WordWeights, path: Path) -> None:
    """Write `net` and `words` to `path`. Tables and products with the weights of a layer are int8; everything else stays float."""
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
