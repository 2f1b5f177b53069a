"""The table and the JSON: what was measured, on what, of which commit."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.datasets import Dataset, load
from evals.evaluation import Evaluation, Observation
from evals.score import Score

ROOT = Path(__file__).resolve().parents[1]
WRITTEN_HERE = ("evals/RESULTS.md", "evals/results")
INTRODUCTION = """# Results

Written by `python3 tasks.py evals`; change nothing here by hand. Commit `{commit}`, seed {seed}, Inspect AI {inspect}.

Intervals are 95 %, from a bootstrap over cases; where all cases agree, the exact binomial limit. A bound is a floor or a ceiling: a build on its wrong side is broken,
a build on its right side need not be good. Cases that could not be read are unscored and never count as zero. All sets are development sets (see the last table): they show
what broke, not how it goes with people. Single cases are in `evals/results/`.
"""


@dataclass(frozen=True)
class Run:
    """What names a run."""

    commit: str
    seed: int
    inspect: str


@dataclass(frozen=True)
class Result:
    """One task with what was seen and what it comes to."""

    evaluation: Evaluation
    observations: tuple[Observation, ...]
    scores: tuple[Score, ...]


def commit(written: Sequence[str] = WRITTEN_HERE) -> str:
    """The commit that is measured, with a mark if files differ from it, those `written` by measuring aside; "unknown" outside a checkout."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        ignored = [f":(exclude){path}" for path in written]
        return f"{head} with uncommitted changes" if _git("status", "--porcelain", "--", ".", *ignored) else head
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def as_markdown(run: Run, results: Iterable[Result]) -> str:
    """The whole of RESULTS.md."""
    results = list(results)
    parts = [INTRODUCTION.format(**asdict(run))]
    parts += [_section(result) for result in results]
    datasets = {name: load(name) for result in results for name in result.evaluation.datasets}
    return "\n".join([*parts, _datasets(datasets.values())])


def write_json(folder: Path, run: Run, results: Iterable[Result]) -> None:
    """One file for each task: the run, the scores, the observations."""
    folder.mkdir(exist_ok=True)
    for result in results:
        document = {
            **asdict(run),
            "task": result.evaluation.name,
            "datasets": {name: load(name).digest for name in result.evaluation.datasets},
            "scores": [asdict(score) | {"met": score.met} for score in result.scores],
            "observations": [_shown(observation) for observation in result.observations],
        }
        (folder / f"{result.evaluation.name}.json").write_text(
            json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
        )


def _shown(observation: Observation) -> Mapping[str, object]:
    values = {name: round(value, 4) for name, value in observation.values.items()}
    return asdict(observation) | {"values": values}


def _section(result: Result) -> str:
    lines = [f"## {result.evaluation.name}", "", f"{result.evaluation.asks} Datasets: {', '.join(result.evaluation.datasets)}.", ""]
    lines += ["| score | value | 95 % interval | n | unscored | bound | met |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*lines, *(_row(score) for score in result.scores), ""])


def _row(score: Score) -> str:
    value = "unknown" if score.value is None else f"{score.value:.3f}"
    interval = "" if score.low is None or score.high is None else f"{score.low:.3f} to {score.high:.3f}"
    bound = (
        f"at least {score.at_least:g}" if score.at_least is not None else f"at most {score.at_most:g}" if score.at_most is not None else ""
    )
    met = ("yes" if score.met else "**NO**") if score.bounded else ""
    return f"| {score.name} | {value} | {interval} | {score.n} | {score.unscored} | {bound} | {met} |"


def _datasets(datasets: Iterable[Dataset]) -> str:
    lines = [
        "## Datasets",
        "",
        "| dataset | version | rows | SHA-256 begins | split | written by | licence |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.version} | {len(one.rows)} | {one.digest} | {one.split} | {one.author_split} | {one.licence} |"
        for one in datasets
    ]
    return "\n".join([*lines, ""])


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603, S607


def not_met(results: Sequence[Result]) -> list[str]:
    """The names of scores on the wrong side of their bound."""
    return [f"{result.evaluation.name}: {score.name}" for result in results for score in result.scores if not score.met]
