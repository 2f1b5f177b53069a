"""The table and the JSON of a benchmark run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Row, Times

INTRODUCTION = """# Benchmarks

Written by `python3 tasks.py bench`; change nothing here by hand. Commit `{commit}`, Python {python}, {cores} cores, {system}, load {load} when it began.

Each row times two things in turns in one run, so that a slow computer slows both: read the ratios. Times are medians with quartiles in brackets.

| what | ours | beside it | that | ratio | target | met |
|---|---|---|---|---|---|---|
"""


def as_markdown(facts: dict[str, str], rows: Sequence[Row]) -> str:
    """The whole of RESULTS.md."""
    notes = "\n".join(f"- {row.what}: {row.how}." for row in rows)
    return INTRODUCTION.format(**facts) + "\n".join(_line(row) for row in rows) + f"\n\n{notes}\n"


def write_json(folder: Path, facts: dict[str, str], rows: Sequence[Row]) -> Path:
    """Keep every single time; one file for each run, named by its moment."""
    folder.mkdir(exist_ok=True)
    moment = datetime.now(UTC)
    path = folder / f"{moment:%Y%m%dT%H%M%SZ}.json"
    document = facts | {"at": moment.isoformat(timespec="seconds"), "rows": [asdict(row) | _figures(row) for row in rows]}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8", newline="\n")
    return path


def facts(commit: str, cores: int | None) -> dict[str, str]:
    """What the times depend on."""
    return {
        "commit": commit,
        "python": platform.python_version(),
        "cores": str(cores or "unknown"),
        "system": platform.system(),
        "load": _load(),
    }


def _load() -> str:
    """How busy the computer was in the last minute besides: above the number of cores, single times say little."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _figures(row: Row) -> dict[str, object]:
    return {"ratio": row.ratio, "ratio_quartiles": row.ratio_quartiles, "p95": row.ours.p95, "met": row.met}


def _line(row: Row) -> str:
    low, high = row.ratio_quartiles
    met = "" if not row.has_target else "yes" if row.met else "**NO**"
    ours, theirs = _times(row.ours, row.unit), _times(row.theirs, row.unit)
    return f"| {row.what} | {ours} | {row.yardstick} | {theirs} | {row.ratio:.2f} ({low:.2f} to {high:.2f}) | {_target(row)} | {met} |"


def _times(times: Times, unit: str) -> str:
    low, high = times.quartiles
    return f"{_shown(times.median, unit)} ({_shown(low, unit)} to {_shown(high, unit)})"


def _target(row: Row) -> str:
    if row.ratio_at_most is not None:
        return f"ratio at most {row.ratio_at_most:g}"
    if row.p95_at_most is not None:
        return f"p95 at most {_shown(row.p95_at_most, row.unit)}; it is {_shown(row.ours.p95, row.unit)}"
    return "" if row.median_at_most is None else f"median under {_shown(row.median_at_most, row.unit)}"


def _shown(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.0f} {unit}"
    return f"{value:.2f} s" if value >= 1 else f"{1000 * value:.0f} ms" if value >= 0.01 else f"{1000 * value:.1f} ms"
