"""`python -m evals [--seed N] [--only TASK]`: run the tasks, write the table and the JSON. Exit status 1 if a bound is not met."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from evals.catalogue import EVALUATIONS
from evals.datasets import DatasetError
from evals.report import Result, Run, as_markdown, commit, not_met, write_json

HERE = Path(__file__).parent


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="seed of the intervals (1)")
    parser.add_argument(
        "--only", choices=[one.name for one in EVALUATIONS], action="append", help="this task only; then the table is shown, not kept"
    )
    given = parser.parse_args()
    try:
        run, results = measured(given.seed, given.only or [one.name for one in EVALUATIONS])
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 1
    table = as_markdown(run, results)
    print(table)
    if not given.only:
        (HERE / "RESULTS.md").write_text(table, encoding="utf-8", newline="\n")
        write_json(HERE / "results", run, results)
    if broken := not_met(results):
        print("Not met: " + "; ".join(broken), file=sys.stderr)
    return 1 if broken else 0


def measured(seed: int, names: list[str]) -> tuple[Run, list[Result]]:
    """Run the named tasks under Inspect, on a data folder of their own and with the project's own settings."""
    os.environ.setdefault("INSPECT_DISPLAY", "plain")
    from evals.harness import observe_all
    from ipt_roleplay.bootstrap import Services
    from ipt_roleplay.config import Settings

    chosen = [one for one in EVALUATIONS if one.name in names]
    run = Run(commit(), seed, version("inspect-ai"))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        services = Services(Settings(data_dir=Path(folder), locale="GB"))
        services.notes.prepare()
        found = asyncio.run(observe_all(chosen, services, HERE / "logs"))
    return run, [Result(one, found[one.name], one.scores(found[one.name], seed)) for one in chosen]


if __name__ == "__main__":
    sys.exit(main())
