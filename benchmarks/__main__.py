"""`python -m benchmarks [--only ROW]`: time every row, write the table and the JSON. Exit status 1 if a target is not met."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Row
from benchmarks.report import as_markdown, facts, write_json
from evals.report import commit

HERE = Path(__file__).parent
WRITTEN_HERE = ("benchmarks/RESULTS.md", "benchmarks/results")


def main() -> int:
    """Run the rows that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=list(ROWS), action="append", help="this row only; then the table is shown, not kept")
    given = parser.parse_args()
    known, rows = facts(commit(WRITTEN_HERE), os.cpu_count()), []
    for name in given.only or ROWS:
        print(f"timing: {name}", file=sys.stderr, flush=True)
        rows.append(ROWS[name]())
    table = as_markdown(known, rows)
    print(table)
    if not given.only:
        (HERE / "RESULTS.md").write_text(table, encoding="utf-8", newline="\n")
        write_json(HERE / "results", known, rows)
    missed = [row.what for row in rows if not row.met]
    if missed:
        print("Not met: " + "; ".join(missed), file=sys.stderr)
    return 1 if missed else 0


def _help() -> Row:
    from benchmarks.startup import help_row

    return help_row()


def _reply() -> Row:
    from benchmarks.turns import reply_row

    return _with_services(reply_row)


def _kept_reply() -> Row:
    from benchmarks.turns import kept_reply_row

    return _with_services(kept_reply_row)


def _simulated() -> Row:
    from benchmarks.turns import simulated_row

    return _with_services(simulated_row)


def _feedback() -> Row:
    from benchmarks.turns import feedback_row

    return _with_services(feedback_row)


def _reading() -> Row:
    from benchmarks.reading import one_turn_row

    return _with_services(one_turn_row)


def _many_turns() -> Row:
    from benchmarks.reading import many_turns_row

    return many_turns_row()


def _first_word() -> Row:
    from benchmarks.models import first_word_row

    return _with_services(first_word_row)


def _pace() -> Row:
    from benchmarks.models import pace_row

    return _with_services(pace_row)


def _hold() -> Row:
    from benchmarks.models import hold_row

    return _with_services(hold_row)


def _open_talks() -> Row:
    from benchmarks.models import open_talks_row

    return _with_services(open_talks_row)


def _long_talk() -> Row:
    from benchmarks.long_talk import long_talk_row

    return _with_services(long_talk_row)


def _warm() -> Row:
    from benchmarks.long_talk import warm_row

    return _with_services(warm_row)


def _search() -> Row:
    from benchmarks.notes import search_row

    return _with_services(search_row)


def _search_many() -> Row:
    from benchmarks.notes import search_many_row

    return _with_services(search_many_row)


def _indexing() -> Row:
    from benchmarks.notes import indexing_row

    return _with_services(indexing_row)


def _cold_search() -> Row:
    from benchmarks.notes import cold_search_row

    return _with_services(cold_search_row)


def _memory() -> Row:
    from benchmarks.reading import memory_row

    return memory_row()


def _first_page() -> Row:
    from benchmarks.pages import first_page_row

    return first_page_row()


def _turn() -> Row:
    from benchmarks.pages import turn_row

    return turn_row()


def _with_services(row: Callable[..., Row]) -> Row:
    """A row measured on a data folder of its own, with the notes already indexed."""
    from ipt_roleplay.bootstrap import Services
    from ipt_roleplay.config import Settings

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        services = Services(Settings(data_dir=Path(folder), locale="GB"))
        services.notes.prepare()
        return row(services)


ROWS: dict[str, Callable[[], Row]] = {
    "help": _help,
    "first-page": _first_page,
    "reading": _reading,
    "many-turns": _many_turns,
    "memory": _memory,
    "reply": _reply,
    "kept-reply": _kept_reply,
    "simulated": _simulated,
    "feedback": _feedback,
    "first-word": _first_word,
    "open-talks": _open_talks,
    "search": _search,
    "search-many": _search_many,
    "indexing": _indexing,
    "cold-search": _cold_search,
    "long-talk": _long_talk,
    "warm": _warm,
    "pace": _pace,
    "hold": _hold,
    "turn": _turn,
}

if __name__ == "__main__":
    sys.exit(main())
