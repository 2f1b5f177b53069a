"""What a task is, whoever runs it: cases, how one is observed, and how observations become scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.datasets import Row
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.errors import PracticeError

if TYPE_CHECKING:
    from evals.score import Score


@dataclass(frozen=True)
class Case:
    """One thing to try. `text` is what is shown of it in a log; `row` is what it is observed from."""

    id: str
    group: str
    text: str
    row: Row


@dataclass(frozen=True)
class Observation:
    """What was seen of one case, as numbers; `unscored` says why there are none."""

    case: str
    group: str
    values: Mapping[str, float]
    unscored: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """A task. `main` names the value of an observation that stands for the case in a log."""

    name: str
    asks: str
    datasets: tuple[str, ...]
    main: str
    cases: Callable[[], Sequence[Case]]
    observe: Callable[[Case, Services], Mapping[str, float]]
    scores: Callable[[Sequence[Observation], int], tuple[Score, ...]]

    def try_case(self, case: Case, services: Services) -> Observation:
        """Observe one case; what cannot be read is left unscored and says why."""
        try:
            return Observation(case.id, case.group, self.observe(case, services))
        except (PracticeError, KeyError, ValueError, TypeError) as error:
            return Observation(case.id, case.group, {}, f"{type(error).__name__}: {error}")

    def run(self, services: Services, seed: int, cases: Sequence[Case] | None = None) -> tuple[Score, ...]:
        """Observe all cases (or those given) and score them, without any harness."""
        return self.scores([self.try_case(case, services) for case in (self.cases() if cases is None else cases)], seed)


def of_group(observations: Sequence[Observation], *groups: str) -> list[Observation]:
    """The observations of some groups."""
    return [one for one in observations if one.group in groups]
