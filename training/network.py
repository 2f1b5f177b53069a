"""The network that reads a turn: MiniLM over the line before and the turn, one head for the style, one for signals at every token.

A signal's score is its strongest token plus a share of the whole turn, so that the words that show it come out of the same network.
Needs the `training` extra (torch, transformers); the app runs the exported ONNX file with onnxruntime and tokenizers only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from ipt_roleplay.domain import Signal, Style
from ipt_roleplay.encoders.pairs import Pair, PairTokenizer
from training.rows import LabelledTurn

STYLES, SIGNALS = tuple(Style), tuple(Signal)
HEAD_FASTER = 10.0
"""How much faster the new heads learn than the encoder beneath."""


class ReadingNet(nn.Module):
    """Token ids to style logits (n, 4), signal logits (n, 23) and token logits (n, width, 23)."""

    def __init__(self, base: str, dropout: float = 0.15) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.style = nn.Linear(2 * width, len(STYLES))
        self.whole = nn.Linear(2 * width, len(SIGNALS))
        self.token = nn.Linear(width, len(SIGNALS))
        self.inside: Tensor | None = None
        """What it made of the last turns inside (n, 2 widths): the vectors that its heads read."""

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, said: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`said` is 1 at the tokens of the turn itself."""
        kinds = {"token_type_ids": token_type_ids} if self.encoder.config.model_type == "bert" else {}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **kinds).last_hidden_state
        mask = said.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        self.inside = torch.cat([hidden[:, 0], mean], dim=1)
        pooled = self.dropout(self.inside)
        tokens = self.token(self.dropout(hidden)) - (1 - mask) * 1e4
        return self.style(pooled), self.whole(pooled) + tokens.max(dim=1).values, tokens


@dataclass(frozen=True)
class Batch:
    """Rows of one width; targets where there are any."""

    numbers: list[int]
    given: dict[str, Tensor]
    style: Tensor
    signals: Tensor
    tokens: Tensor


def batches(rows: Sequence[LabelledTurn], tokenizer: PairTokenizer, size: int, shuffle: random.Random | None) -> Iterator[Batch]:
    """Rows of like length together; shuffled if a generator is given."""
    pairs = [tokenizer.pair(row.context, row.text) for row in rows]
    order = list(range(len(rows)))
    if shuffle is None:
        order.sort(key=lambda n: len(pairs[n].ids))
        groups = [order[start : start + size] for start in range(0, len(order), size)]
    else:
        shuffle.shuffle(order)
        pools = [sorted(order[start : start + 16 * size], key=lambda n: len(pairs[n].ids)) for start in range(0, len(order), 16 * size)]
        groups = [pool[start : start + size] for pool in pools for start in range(0, len(pool), size)]
        shuffle.shuffle(groups)
    for group in groups:
        yield _batch(group, rows, pairs, tokenizer)


def _batch(group: list[int], rows: Sequence[LabelledTurn], pairs: Sequence[Pair], tokenizer: PairTokenizer) -> Batch:
    given = {name: torch.from_numpy(values) for name, values in tokenizer.stack([pairs[n] for n in group]).items()}
    tokens = np.zeros((*given["input_ids"].shape, len(SIGNALS)), dtype=np.float32)
    for at, n in enumerate(group):
        for span in rows[n].spans:
            for position, (start, end) in pairs[n].said.items():
                if start < span.end and end > span.start:
                    tokens[at, position, SIGNALS.index(span.signal)] = 1
    return Batch(
        numbers=group,
        given=given,
        style=torch.tensor([STYLES.index(rows[n].style) for n in group]),
        signals=torch.tensor([[float(signal in rows[n].signals) for signal in SIGNALS] for n in group]),
        tokens=torch.from_numpy(tokens),
    )


@dataclass(frozen=True)
class Recipe:
    """How a network is taught."""

    epochs: int = 8
    size: int = 24
    rate: float = 8e-5
    smoothing: float = 0.05
    signal_weight: float = 2.0
    token_weight: float = 1.0
    share: float = 1.0
    """How much of the rows without labels is drawn anew for each epoch."""


@dataclass(frozen=True)
class Taught:
    """What a teacher makes of n turns: `says`, its probabilities (n, 4 + 23; styles, then signals), and `inside`, its vectors (n, m), each measure
    with mean 0 and spread 1."""

    says: NDArray[np.float32]
    inside: NDArray[np.float16]


@torch.no_grad()
def what_it_makes(teacher: ReadingNet, rows: Sequence[LabelledTurn], tokenizer: PairTokenizer) -> Taught:
    """Let a teacher read rows."""
    says = np.zeros((len(rows), len(STYLES) + len(SIGNALS)), np.float32)
    inside = np.zeros((len(rows), teacher.style.in_features), np.float32)
    for batch in batches(rows, tokenizer, 64, None):
        with torch.autocast("cpu", torch.bfloat16):
            style, signals, _ = teacher(**batch.given)
        says[batch.numbers] = torch.cat([style.float().softmax(1), torch.sigmoid(signals.float())], dim=1).numpy()
        assert teacher.inside is not None
        inside[batch.numbers] = teacher.inside.float().numpy()
    return Taught(says, ((inside - inside.mean(0)) / (inside.std(0) + 1e-4)).astype(np.float16))


def teach(
    rows: Sequence[LabelledTurn],
    tokenizer: PairTokenizer,
    base: str,
    seed: int,
    recipe: Recipe = Recipe(),
    taught_by: Taught | None = None,
    labelled: int | None = None,
    start: Mapping[str, Tensor] | None = None,
) -> ReadingNet:
    """A network fitted to the rows; the same seed gives the same network on the same machine. `start`: weights to go on from.

    `taught_by`: what a teacher makes of the rows. For rows before `labelled` (all, if None) the style's labels count as much as the teacher, and
    the signals' labels alone; for the rest, which have no labels, only the teacher counts. From all of them a map that is thrown away afterwards
    must lead from the network's vectors to the teacher's.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)
    net = ReadingNet(base)
    if start is not None:
        net.load_state_dict(start, strict=False)  # without the pooler, which is not used and not shipped
    net.train()
    body, heads = list(net.encoder.parameters()), [p for name, p in net.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": recipe.rate}, {"params": heads, "lr": HEAD_FASTER * recipe.rate}], weight_decay=0.01
    )
    follow = None
    if taught_by is not None:
        follow = nn.Linear(net.style.in_features, taught_by.inside.shape[1])
        optimizer.add_param_group({"params": list(follow.parameters()), "lr": HEAD_FASTER * recipe.rate})
    known = len(rows) if labelled is None else labelled
    drawn = round(recipe.share * (len(rows) - known))
    steps = recipe.epochs * -(-(known + drawn) // recipe.size)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps))
    share = torch.tensor([[float(signal in row.signals) for signal in SIGNALS] for row in rows[:known]]).mean(0) + 5 / known
    rare = ((1 - share) / share).sqrt().clamp(max=6)
    for epoch in range(recipe.epochs):
        total = 0.0
        now = [*range(known), *chance.sample(range(known, len(rows)), drawn)]
        says = None if taught_by is None else taught_by.says[now]
        for batch in batches([rows[number] for number in now], tokenizer, recipe.size, chance):
            with torch.autocast("cpu", torch.bfloat16):
                loss = _loss(net, batch, rare, recipe, says, known)
                if taught_by is not None and follow is not None and net.inside is not None:
                    there = torch.from_numpy(taught_by.inside[[now[number] for number in batch.numbers]].astype(np.float32))
                    loss = loss + functional.mse_loss(follow(net.inside).float(), there)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"    seed {seed}, epoch {epoch + 1} of {recipe.epochs}: loss {total / max(1, steps // recipe.epochs):.3f}", flush=True)
    return net.eval()


def _loss(net: ReadingNet, batch: Batch, rare: Tensor, recipe: Recipe, soft: NDArray[np.float32] | None, labelled: int) -> Tensor:
    style, signals, tokens = (found.float() for found in net(**batch.given))
    known = torch.tensor([[float(number < labelled)] for number in batch.numbers])
    target = functional.one_hot(batch.style, len(STYLES)).float() * (1 - recipe.smoothing) + recipe.smoothing / len(STYLES)
    whole = functional.binary_cross_entropy_with_logits(signals, batch.signals, reduction="none", pos_weight=rare) * known
    if soft is not None:
        says = torch.from_numpy(soft[batch.numbers])
        target = 0.5 * known * target + (1 - 0.5 * known) * says[:, : len(STYLES)]
        whole = whole + functional.binary_cross_entropy_with_logits(signals, says[:, len(STYLES) :], reduction="none") * (1 - known)
    loss: Tensor = functional.cross_entropy(style, target) + recipe.signal_weight * whole.mean()
    here = batch.given["said"].unsqueeze(-1).to(tokens.dtype) * known.unsqueeze(-1)
    each = functional.binary_cross_entropy_with_logits(tokens.clamp(min=-50), batch.tokens, reduction="none", pos_weight=rare) * here
    return loss + recipe.token_weight * each.sum() / (here.sum() * len(SIGNALS)).clamp(min=1)


@torch.no_grad()
def predict(
    net: ReadingNet, rows: Sequence[LabelledTurn], tokenizer: PairTokenizer, quick: bool = False
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Style logits (n, 4) and signal logits (n, 23), in the order of the rows."""
    style, signals = np.zeros((len(rows), len(STYLES)), np.float32), np.zeros((len(rows), len(SIGNALS)), np.float32)
    for batch in batches(rows, tokenizer, 64, None):
        with torch.autocast("cpu", torch.bfloat16, enabled=quick):
            found = net(**batch.given)
        style[batch.numbers], signals[batch.numbers] = found[0].float().numpy(), found[1].float().numpy()
    return style, signals
