"""Trying again: only what may go better a moment later, and not longer than a talk can wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ipt_roleplay.errors import ModelError
from ipt_roleplay.loading import ONE_AT_A_TIME

T = TypeVar("T")

LONGEST_WAIT = 12.0
"""Seconds; a server that asks for more is not waited for."""


def again(attempt: Callable[[], T], retries: int) -> T:
    """What `attempt` returns, tried once and then up to `retries` times more where the fault says that this may help.

    A server's own retry-after is kept to; without one the waits grow from half a second, with chance in them.
    """
    with ONE_AT_A_TIME:
        import tenacity

    growing = tenacity.wait_random_exponential(multiplier=0.5, max=4.0)

    def wait(state: tenacity.RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.after if isinstance(fault, ModelError) else None
        return growing(state) if asked is None else asked

    def worth_it(fault: BaseException) -> bool:
        return isinstance(fault, ModelError) and fault.again and (fault.after or 0.0) <= LONGEST_WAIT

    return tenacity.Retrying(
        stop=tenacity.stop_after_attempt(1 + retries), wait=wait, retry=tenacity.retry_if_exception(worth_it), reraise=True
    )(attempt)
