"""What a practice adds to a language model: beside a bare client with the same messages, against a server on loopback that speaks at a fixed pace."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from benchmarks.measure import Row, Times, in_turns
from benchmarks.turns import turn_of
from evals.yield_rules import PERSONA
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.llm.openai_compatible import LONGEST_REPLY, OpenAiCompatible
from ipt_roleplay.llm.scripted import ScriptedModel
from ipt_roleplay.llm.tokens import TokenCounter
from ipt_roleplay.model_server import ModelServer
from ipt_roleplay.partner import ModelPartner
from ipt_roleplay.ports import Spent
from ipt_roleplay.session import Practice

FIRST, EACH = 0.2, 0.02
"""Seconds until the server's first word, and between two."""

SAID = "She has her good blouse out for it, on the back of the door. *not looking round* I was up at six with her, if you want to know, {n} times. And you were where?"
ROUNDS = 25
FIRST_WORD_AT_MOST = 0.015
PACE_AT_MOST = 1.02


class Noting:
    """A model that notes when the first and the last piece of each reply came, and what it was asked."""

    def __init__(self, model: OpenAiCompatible) -> None:
        self._model = model
        self.first = self.last = 0.0
        self.asked: list[tuple[str, str]] = []

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """The pieces, as they are."""
        self.asked, self.first = list(messages), 0.0
        for piece in self._model.stream(messages, spent):
            self.last = time.perf_counter()
            self.first = self.first or self.last
            yield piece

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """As the model answers."""
        return self._model.structured(messages, schema)


def first_word_row(services: Services) -> Row:
    """From taking a turn to the model's first word, less what a bare client waits for the same messages."""
    ours, theirs, _, _, _ = _both(services)
    return Row(
        what="a model's first word: what a practice adds",
        yardstick="waiting for it with a bare openai client",
        how=f"`take_turn` of 40 words until the first word has come, less the bare wait of the same round; a server at a fixed pace, {ROUNDS} rounds",
        ours=Times(tuple(mine - other for mine, other in zip(ours.seconds, theirs.seconds, strict=True))),
        theirs=theirs,
        median_at_most=FIRST_WORD_AT_MOST,
    )


def pace_row(services: Services) -> Row:
    """From a model's first word to its last."""
    _, _, ours, theirs, _ = _both(services)
    return Row(
        what="a model's words, first to last",
        yardstick="the same with a bare openai client",
        how=f"the same rounds; {len(SAID.split())} words at {1 / EACH:.0f} a second",
        ours=ours,
        theirs=theirs,
        ratio_at_most=PACE_AT_MOST,
    )


def hold_row(services: Services) -> Row:
    """How long the first sentence waits to be read whole before any of it is shown."""
    _, _, _, theirs, hold = _both(services)
    return Row(
        what="the guard's hold of a first sentence",
        yardstick="the whole reply",
        how="from the first word to the first that is shown: the sentence is read whole, and the next must have begun",
        ours=hold,
        theirs=theirs,
    )


_MEASURED: list[tuple[Times, Times, Times, Times, Times]] = []


def _both(services: Services) -> tuple[Times, Times, Times, Times, Times]:
    """First word ours and bare, pace ours and bare, and the guard's hold; measured once for all rows."""
    if not _MEASURED:
        with _server() as address:
            _MEASURED.append(_measured(services, ModelServer("paced", f"{address}/v1", "key")))
    return _MEASURED[0]


def _measured(services: Services, server: ModelServer) -> tuple[Times, Times, Times, Times, Times]:
    model = Noting(OpenAiCompatible(server))
    tokens = TokenCounter("paced", services.settings.data_dir / "tokens")
    practice = replace(services.off_the_record(), partner=ModelPartner(model, services.authored, tokens))
    paces: dict[str, list[float]] = {"ours": [], "bare": [], "hold": []}
    bare = _bare(server)
    talks: list[str] = []

    def ours(number: int) -> float:
        talks.append(practice.start(PERSONA, seed=number).id)
        began = time.perf_counter()
        shown = _shown(practice, talks[-1], turn_of(40, 90_000 + number))
        paces["ours"].append(model.last - model.first)
        paces["hold"].append(shown - model.first)
        return model.first - began

    def theirs(number: int) -> float:
        messages = model.asked or [("user", turn_of(40, number))]
        began = time.perf_counter()
        first, last = bare(messages)
        paces["bare"].append(last - first)
        return first - began

    first_ours, first_bare = in_turns(ours, theirs, ROUNDS, warm_up=3)
    pace_ours, pace_bare, hold = (Times(tuple(paces[name][3:])) for name in ("ours", "bare", "hold"))
    return first_ours, first_bare, pace_ours, pace_bare, hold


def _shown(practice: Practice, talk: str, words: str) -> float:
    """When the first words of the reply were shown; draws it to its end."""
    answer = practice.take_turn(talk, words)
    assert answer.reply is not None, "a timed turn must be answered"
    shown = 0.0
    for piece in answer.reply.pieces:
        if piece and not shown:
            shown = time.perf_counter()
    return shown


def _bare(server: ModelServer) -> Callable[[Sequence[tuple[str, str]]], tuple[float, float]]:
    """Asks with openai's own client; returns when the first and the last words came."""
    import openai

    client = openai.OpenAI(base_url=server.address, api_key=server.key, max_retries=0)

    def ask(messages: Sequence[tuple[str, str]]) -> tuple[float, float]:
        first = last = 0.0
        given: Any = [{"role": role, "content": text} for role, text in messages]
        for chunk in client.chat.completions.create(model=server.model, messages=given, stream=True, max_tokens=LONGEST_REPLY):
            if chunk.choices and chunk.choices[0].delta.content:
                last = time.perf_counter()
                first = first or last
        return first, last

    return ask


@contextmanager
def _server() -> Iterator[str]:
    """The paced server in a process of its own, ended with the measuring."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.models"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class _Paced(BaseHTTPRequestHandler):
    """Streams the same reply to everybody, a word at a time; each has another number in it, so that none is said twice."""

    protocol_version = "HTTP/1.1"
    served = 0

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        """One reply."""
        self.rfile.read(int(self.headers["Content-Length"]))
        _Paced.served += 1
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        due = time.perf_counter() + FIRST
        for word in SAID.format(n=_Paced.served).split():
            time.sleep(max(0.0, due - time.perf_counter()))
            due += EACH
            self._send({"index": 0, "delta": {"role": "assistant", "content": f"{word} "}, "finish_reason": None})
        self._send({"index": 0, "delta": {}, "finish_reason": "stop"})
        self._write(b"data: [DONE]\n\n")
        self._write(b"")

    def _send(self, choice: dict[str, object]) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "paced", "choices": [choice]}
        self._write(f"data: {json.dumps(chunk)}\n\n".encode())

    def _write(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


if __name__ == "__main__":
    paced = ThreadingHTTPServer(("127.0.0.1", 0), _Paced)
    print(f"http://127.0.0.1:{paced.server_address[1]}", flush=True)
    paced.serve_forever()


TALKS, TURNS_EACH = 30, 10
TALK_AT_MOST = 2000.0
"""Kilobytes of an open talk."""


def open_talks_row(services: Services) -> Row:
    """What one more open talk with a model holds in memory, beside its words alone."""
    tokens = TokenCounter("paced", services.settings.data_dir / "tokens")

    def ours(number: int) -> float:
        model = ScriptedModel(_replies())
        tracemalloc.start()
        talks = [_talk(services, ModelPartner(model, services.authored, tokens), number * TALKS + n) for n in range(TALKS)]
        model.asked.clear()
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] / 1e3 / TALKS
        tracemalloc.stop()
        assert all(len(practice.show(talk).transcript.turns) == 1 + 2 * TURNS_EACH for practice, talk in talks)
        return held

    def theirs(number: int) -> float:
        words = "".join(turn_of(40, number * 100 + n) + SAID for n in range(TURNS_EACH))
        return len(words.encode()) / 1e3

    mine, words = in_turns(ours, theirs, 5, warm_up=1)
    return Row(
        what="memory of an open talk with a model",
        yardstick="the bytes of its words",
        how=f"what Python still holds for each of {TALKS} talks of {TURNS_EACH} turns off the record, each with a practice and a partner of its own, 5 rounds",
        ours=mine,
        theirs=words,
        median_at_most=TALK_AT_MOST,
        unit="kB",
    )


def _talk(services: Services, partner: ModelPartner, number: int) -> tuple[Practice, str]:
    practice = replace(services.off_the_record(), partner=partner)
    talk = practice.start(PERSONA, seed=number).id
    for n in range(TURNS_EACH):
        if practice.show(talk).outcome is not None:
            raise ValueError(f"the talk {number} ended after {n} turns: begin another")
        _shown(practice, talk, OPEN[n])
    return practice, talk


OPEN = tuple(
    f"How was it for you, that {day}?"
    for day in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "morning", "evening", "night"]
)


def _replies() -> Iterator[str]:
    return (SAID.format(n=n) for n in count(1))
