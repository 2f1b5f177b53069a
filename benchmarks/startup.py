"""How long the command line takes to say anything at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Row, in_turns

ROUNDS = 20
RATIO_AT_MOST = 3.0


def help_row() -> Row:
    """`ipt-roleplay --help` beside importing the library that it is made with."""
    ours, theirs = in_turns(
        lambda _: _run([program(), "--help"]),
        lambda _: _run([sys.executable, "-c", "import typer"]),
        ROUNDS,
    )
    return Row(
        what="`ipt-roleplay --help`",
        yardstick='`python -c "import typer"`',
        how=f"whole processes, {ROUNDS} rounds",
        ours=ours,
        theirs=theirs,
        ratio_at_most=RATIO_AT_MOST,
    )


def program() -> str:
    """The installed command beside this Python. Raises FileNotFoundError saying how to get it."""
    found = shutil.which("ipt-roleplay", path=str(Path(sys.executable).parent))
    if found is None:
        raise FileNotFoundError("The command ipt-roleplay is not installed beside this Python. Call `python3 tasks.py bench`.")
    return found


def _run(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed commands
    return time.perf_counter() - began
