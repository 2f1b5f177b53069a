"""The taught network as an ONNX file with int8 weights, and how far it is from the network it was made of."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from ipt_roleplay.encoders.pairs import PairTokenizer
from training.network import ReadingNet

GIVEN = ("input_ids", "attention_mask", "token_type_ids", "said")
FOUND = ("styles", "signals", "tokens")


def export(net: ReadingNet, path: Path) -> None:
    """Write `net` to `path`. Products with the weights of a layer run in int8, one scale for each output; everything else stays float."""
    tokenizer = PairTokenizer()
    given = tokenizer.stack([tokenizer.pair("Can you take her on Wednesday?", "No. I can't do Wednesday."), tokenizer.pair(None, "Fine.")])
    with tempfile.TemporaryDirectory() as folder:
        exact, plain = Path(folder) / "exact.onnx", Path(folder) / "plain.onnx"
        torch.onnx.export(
            net.eval(),
            tuple(torch.from_numpy(given[name]) for name in GIVEN),
            str(exact),
            input_names=list(GIVEN),
            output_names=list(FOUND),
            dynamic_axes={name: {0: "rows", 1: "width"} for name in GIVEN}
            | {name: {0: "rows"} for name in FOUND}
            | {"tokens": {0: "rows", 1: "width"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(exact), str(plain), skip_symbolic_shape=True)
        quantize_dynamic(str(plain), str(path), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(path))
