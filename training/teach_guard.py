"""Teach the guard's reader: `python -m training.teach_guard` (extra `training`), about a quarter of an hour for each seed.

A network of its own that goes on from the encoder of the trained reading, which knows how people give in and refuse. The seeds' weights are
averaged; the thresholds are set on the development replies, each read as it grows, sentence by sentence. Writes `guard.onnx` and `guard.json`.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from ipt_roleplay.encoders.pairs import PairTokenizer
from ipt_roleplay.encoders.reply_network import CALIBRATION, FAULTS, WEIGHTS, asked
from ipt_roleplay.encoders.turn_scores import WEIGHTS as READING
from training.bases import student
from training.go_on import average, shipped
from training.network import HEAD_FASTER
from training.reply_rows import REPLIES, LabelledReply, beginnings, read_replies, to_teach
from training.rows import dataset_hash

DEVELOPMENT = Path(__file__).resolve().parent.parent / "evals" / "datasets" / "replies_dev.jsonl"
GIVEN = ("input_ids", "attention_mask", "token_type_ids", "said")
EPOCHS, SIZE, RATE, SMOOTHING = 6, 24, 6e-5, 0.05
FALSE_ALARMS = 0.03
"""Share of good development replies that may be stopped."""

BEGUN = 0.01
"""Share of them that may be stopped before their end."""


class ReplyNet(nn.Module):
    """Token ids to logits (n, 1 + faults); the first is "nothing"."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(student()), attn_implementation="eager")
        self.drop = nn.Dropout(0.15)
        self.head = nn.Linear(2 * self.encoder.config.hidden_size, 1 + len(FAULTS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, said: Tensor) -> Tensor:
        """`said` is 1 at the tokens of the reply."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        mask = said.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        found: Tensor = self.head(self.drop(torch.cat([hidden[:, 0], mean], dim=1)))
        return found


def main() -> None:
    """From the labelled replies to weights and threshold."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    wanted.add_argument("--keep", type=Path, help="a folder that keeps each seed's weights")
    given = wanted.parse_args()
    replies, before = read_replies(), _encoder()
    found = []
    for seed in given.seeds:
        found.append(teach(to_teach(replies, seed), before, seed).state_dict())
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            torch.save(found[-1], given.keep / f"guard_{seed}.pt")
    net = ReplyNet()
    net.load_state_dict(average(found))
    finish(net.eval())


def finish(net: ReplyNet) -> None:
    """Write the network, and the threshold that it needs as it is written."""
    export(net, WEIGHTS)
    whole, begun = thresholds(read_replies([DEVELOPMENT]))
    files = sorted(REPLIES.glob("*.jsonl"))
    values = {"id": f"guard-minilm-l6-{dataset_hash(files)[:8]}", "whole": round(whole, 4), "begun": round(begun, 4)}
    CALIBRATION.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(values)


def teach(rows: Sequence[LabelledReply], before: dict[str, Tensor], seed: int) -> ReplyNet:
    """A network fitted to the rows, from the given encoder on."""
    torch.manual_seed(seed)
    chance, net = random.Random(seed), ReplyNet()
    net.encoder.load_state_dict(before, strict=False)  # without the pooler, which is not used
    net.train()
    rates = [{"params": net.encoder.parameters(), "lr": RATE}, {"params": net.head.parameters(), "lr": HEAD_FASTER * RATE}]
    optimizer = torch.optim.AdamW(rates, weight_decay=0.01)
    steps = EPOCHS * (len(rows) // SIZE + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps))
    for epoch in range(EPOCHS):
        total = 0.0
        for group in _groups(rows, chance):
            wanted = torch.tensor([0 if row.fault is None else 1 + FAULTS.index(row.fault) for row in group])
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(*_stacked(group))
            loss = functional.cross_entropy(logits.float(), wanted, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"    seed {seed}, epoch {epoch + 1} of {EPOCHS}: loss {total * EPOCHS / steps:.3f}", flush=True)
    return net.eval()


def _encoder() -> dict[str, Tensor]:
    return {name.removeprefix("encoder."): value for name, value in shipped(READING).items() if name.startswith("encoder.")}


def _groups(rows: Sequence[LabelledReply], chance: random.Random) -> Iterator[list[LabelledReply]]:
    order = chance.sample(list(rows), len(rows))
    pools = [
        sorted(order[start : start + 16 * SIZE], key=lambda row: len(row.learner + row.reply)) for start in range(0, len(order), 16 * SIZE)
    ]
    groups = [pool[start : start + SIZE] for pool in pools for start in range(0, len(pool), SIZE)]
    yield from chance.sample(groups, len(groups))


_TOKENIZER = PairTokenizer()


def _given(rows: Sequence[LabelledReply]) -> dict[str, NDArray[np.int64]]:
    return _TOKENIZER.stack([_TOKENIZER.pair(asked(row.learner, row.allowed), row.reply or "...") for row in rows])


def _stacked(rows: Sequence[LabelledReply]) -> tuple[Tensor, ...]:
    given = _given(rows)
    return tuple(torch.from_numpy(given[name]) for name in GIVEN)


def export(net: ReplyNet, path: Path) -> None:
    """Write `net` to `path`: the table of words int8, all other weights half as wide and widened again when they are loaded.

    All of it int8 (with `reduce_range`, for processors of every kind) lost a third of what it finds in development replies; this loses a tenth.
    """
    with tempfile.TemporaryDirectory() as folder:
        exact, plain = Path(folder) / "exact.onnx", Path(folder) / "plain.onnx"
        torch.onnx.export(
            net,
            _stacked(read_replies([DEVELOPMENT])[:2]),
            str(exact),
            input_names=list(GIVEN),
            output_names=["faults"],
            dynamic_axes={name: {0: "rows", 1: "width"} for name in GIVEN} | {"faults": {0: "rows"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(exact), str(plain), skip_symbolic_shape=True)
        quantize_dynamic(str(plain), str(exact), op_types_to_quantize=["Gather"], weight_type=QuantType.QInt8)
        onnx.save(_half_as_wide(onnx.load(str(exact))), str(path))
    onnx.checker.check_model(str(path))


WIDE = 1024
"""Numbers from which weights are kept half as wide."""


def _half_as_wide(model: onnx.ModelProto) -> onnx.ModelProto:
    kept, widened = [], []
    for weights in model.graph.initializer:
        values = numpy_helper.to_array(weights)
        if weights.data_type == TensorProto.FLOAT and values.size >= WIDE:
            name = f"{weights.name}_half"
            kept.append(numpy_helper.from_array(values.astype(np.float16), name))
            widened.append(helper.make_node("Cast", [name], [weights.name], to=TensorProto.FLOAT))
        else:
            kept.append(weights)
    nodes = list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend([*widened, *nodes])
    return model


def thresholds(rows: Sequence[LabelledReply]) -> tuple[float, float]:
    """For a whole reply and for one that has begun: `BEGUN` of the good ones may be stopped before their end, `FALSE_ALARMS` in all."""
    from ipt_roleplay.encoders.reply_network import ReplyNetwork

    network = ReplyNetwork()
    good = [row for row in rows if row.fault is None]
    whole = [network.share(row.reply, row.learner, row.allowed) for row in good]
    before = [max((network.share(part, row.learner, row.allowed) for part in beginnings(row.reply)), default=0.0) for row in good]
    begun = _between(before, int(BEGUN * len(good)))
    left = [0.0 if earlier >= begun else share for share, earlier in zip(whole, before, strict=True)]
    return _between(left, int(FALSE_ALARMS * len(good)) - int(BEGUN * len(good))), begun


def _between(shares: Sequence[float], above: int) -> float:
    """What `above` of the shares reach, half-way to the next below."""
    ordered = sorted(shares, reverse=True)
    return (ordered[above] + (ordered[above - 1] if above else 1.0)) / 2


if __name__ == "__main__":
    main()
