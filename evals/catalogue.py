"""All tasks, in the order of the table."""

from __future__ import annotations

from evals.evaluation import Evaluation
from evals.guarding import GUARDING
from evals.honesty import HONESTY
from evals.reading import READING
from evals.retrieval import RETRIEVAL
from evals.screening import SCREENING
from evals.simulated import SIMULATED
from evals.yield_rules import YIELD_RULES

EVALUATIONS: tuple[Evaluation, ...] = (READING, YIELD_RULES, SIMULATED, RETRIEVAL, SCREENING, GUARDING, HONESTY)
