"""A model's pieces within a total time: whoever waits for them is never stuck in a read that does not return."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from queue import Empty, Queue

from ipt_roleplay.errors import ModelTooSlowError

TICK = 0.25
"""Seconds after which a wait gives an empty piece, so that a page can be stopped while the model thinks."""


def within(seconds: float, begin: Callable[[], Iterator[str]]) -> Generator[str, None, None]:
    """The pieces of `begin()`, drawn in a thread of their own; "" while waiting.

    Raises ModelTooSlowError when `seconds` are over, and whatever `begin` raises. Closed early or too late, what `begin` gave is closed: the
    request ends.
    """
    line: Queue[str | Exception | None] = Queue()
    left_alone = threading.Event()
    begun: list[Iterator[str]] = []

    def noted() -> Iterator[str]:
        begun.append(begin())
        return begun[0]

    threading.Thread(target=_draw, args=(noted, line, left_alone), daemon=True).start()
    until = time.monotonic() + seconds
    try:
        while (left := until - time.monotonic()) > 0:
            with suppress(Empty):
                piece = line.get(timeout=min(TICK, left))
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise piece
                yield piece
                continue
            yield ""
        raise ModelTooSlowError(seconds)
    finally:
        left_alone.set()
        for pieces in begun:
            with suppress(ValueError):  # a generator that is at work in its own thread ends with its next piece
                getattr(pieces, "close", lambda: None)()


def _draw(begin: Callable[[], Iterator[str]], line: Queue[str | Exception | None], left_alone: threading.Event) -> None:
    try:
        for piece in begin():
            if left_alone.is_set():
                return
            line.put(piece)
        line.put(None)
    except Exception as error:  # noqa: BLE001 - handed over to the thread that waits, which raises it
        line.put(error)
