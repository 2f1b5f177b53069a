"""What it costs to read turns: one, a thousand through the command line, and the memory of that."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.measure import Row, in_turns
from benchmarks.startup import program
from benchmarks.turns import WORDS, turn_of
from ipt_roleplay.bootstrap import Services

READINGS = 150
BEFORE = "You're taking her on Wednesday, and you'll tell him about the falls. All of them."
READING_P95_AT_MOST = 0.015
MANY = 1000
PROCESSES = 3
MANY_AT_MOST = 15.0
MEMORY_AT_MOST = 400.0

_JUST_LOAD = "import onnxruntime, numpy, tokenizers"


def one_turn_row(services: Services) -> Row:
    """Reading a turn of 40 words with a line before it, beside encoding 40 words once."""

    def read(number: int) -> float:
        return _timed(lambda: services.reader.read(turn_of(WORDS, number), BEFORE))

    def encode(number: int) -> float:
        return _timed(lambda: services.encoder.encode([turn_of(WORDS, 10_000 + number)]))

    ours, theirs = in_turns(read, encode, READINGS, warm_up=5)
    return Row(
        what=f"reading a turn of {WORDS} words",
        yardstick="encoding such a turn once",
        how=f"with the line before, every turn new, {READINGS} rounds",
        ours=ours,
        theirs=theirs,
        p95_at_most=READING_P95_AT_MOST,
    )


def many_turns_row() -> Row:
    """A thousand different turns through `analyze --jsonl`, beside the same command with one turn."""
    ours, theirs = in_turns(lambda number: _analyze(MANY, number)[0], lambda number: _analyze(1, number)[0], PROCESSES, warm_up=0)
    return Row(
        what=f"`analyze --jsonl` for {MANY} turns",
        yardstick="the same for one turn",
        how=f"whole processes, turns of 5 to {WORDS} words, {PROCESSES} rounds",
        ours=ours,
        theirs=theirs,
        median_at_most=MANY_AT_MOST,
    )


def memory_row() -> Row:
    """The most memory that command held, beside a Python that only loads the libraries."""
    ours, theirs = in_turns(
        lambda number: _analyze(MANY, number)[1], lambda _: _peak([sys.executable, "-c", _JUST_LOAD], ""), PROCESSES, warm_up=0
    )
    return Row(
        what=f"memory of `analyze --jsonl` for {MANY} turns",
        yardstick=f'`python -c "{_JUST_LOAD}"`',
        how=f"the most that was resident, {PROCESSES} rounds",
        ours=ours,
        theirs=theirs,
        median_at_most=MEMORY_AT_MOST,
        unit="MB",
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _analyze(turns: int, number: int) -> tuple[float, float]:
    """Seconds and megabytes of the command; every turn gets its answer."""
    rows = [{"id": n, "context": BEFORE, "text": turn_of(5 + n % (WORDS - 4), 1000 * number + n)} for n in range(turns)]
    given = "".join(json.dumps(row) + "\n" for row in rows)
    began = time.perf_counter()
    peak = _peak([program(), "analyze", "--jsonl"], given, answers=turns)
    return time.perf_counter() - began, peak


_ALONE = """
import resource, subprocess, sys
ended = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(ended)
"""
"""Starts a command from a small process: on Linux a process begins with the memory of the one that starts it, and this one is large by then."""


def _peak(command: list[str], given: str, answers: int = 0) -> float:
    """The most memory a process held, in MB; its answers are counted."""
    ran = subprocess.run([sys.executable, "-c", _ALONE, *command], input=given, capture_output=True, text=True, encoding="utf-8")  # noqa: S603 - fixed commands
    if ran.returncode or len(ran.stdout.splitlines()) != answers:
        raise RuntimeError(f"{command[0]} ended with {ran.returncode} and did not answer every turn.")
    return float(ran.stderr.splitlines()[-1]) / (1e6 if sys.platform == "darwin" else 1024)
