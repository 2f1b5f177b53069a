"""The tasks under Inspect AI: its logs, its samples, its scorers. No model is called; Inspect asks for one, so it gets its mock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval_async
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score as CaseScore
from inspect_ai.scorer import mean, scorer
from inspect_ai.solver import solver

from evals.evaluation import Case, Evaluation, Observation
from ipt_roleplay.bootstrap import Services

OBSERVATION = "observation"


class HarnessError(Exception):
    """Inspect did not get through a task; says which and what it logged."""


async def observe_all(evaluations: Sequence[Evaluation], services: Services, logs: Path) -> dict[str, tuple[Observation, ...]]:
    """Run the tasks one after the other and read the observations back from Inspect's logs, written to `logs`.

    Raises HarnessError where a task stopped early: a table with holes that look like scores would be worse than none.
    """
    tasks = [_task(evaluation, services) for evaluation in evaluations]
    done = await eval_async(tasks, model="mockllm/model", log_dir=str(logs), max_samples=1, fail_on_error=True)
    found = {}
    for log in done:
        if log.status != "success" or log.samples is None:
            raise HarnessError(
                f"The task {log.eval.task} ended as {log.status}: {log.error.message if log.error else 'no error was logged'}."
            )
        found[str(log.eval.task)] = tuple(Observation(**sample.metadata[OBSERVATION]) for sample in log.samples)
    return found


def _task(evaluation: Evaluation, services: Services) -> Any:
    cases = {case.id: case for case in evaluation.cases()}
    samples = [Sample(id=case.id, input=case.text, metadata={"group": case.group}) for case in cases.values()]
    return Task(
        name=evaluation.name,
        dataset=MemoryDataset(samples, name="+".join(evaluation.datasets)),
        solver=_observing(evaluation, cases, services),
        scorer=_main_value(evaluation.main),
    )


def _observing(evaluation: Evaluation, cases: Mapping[str, Case], services: Services) -> Any:
    """A solver that calls the package in place of a model."""

    async def solve(state: Any, generate: Any) -> Any:
        state.metadata[OBSERVATION] = asdict(evaluation.try_case(cases[state.sample_id], services))
        state.completed = True
        return state

    return solver(name="observe")(lambda: solve)()


def _main_value(field: str) -> Any:
    """A scorer that shows a case's main value in Inspect's own views; unscored stays unscored."""

    async def judge(state: Any, target: Any) -> Any:
        seen = Observation(**state.metadata[OBSERVATION])
        if seen.unscored is not None or field not in seen.values:
            return CaseScore.unscored(reason=seen.unscored or f"no value {field!r}")
        return CaseScore(value=seen.values[field], metadata=dict(seen.values))

    return scorer(metrics=[mean()], name=field)(lambda: judge)()
