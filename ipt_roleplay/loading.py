"""Large libraries are loaded when they are first needed, and by one thread at a time.

A page and the warming-up in the background load at the same time. SQLAlchemy, for one, has circular imports, and two threads that enter it by
different doors (Alembic's, and its own) wait for each other; Python then lets one of them go on with a half-loaded module, and an ImportError
comes out of a click that was right.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

ONE_AT_A_TIME = threading.RLock()
"""Held by whoever imports a large library late."""


class loaded_once(Generic[T]):
    """A property that is made when it is first asked for, once, whoever asks; meanwhile nobody else loads anything.

    `functools.cached_property` has no lock from Python 3.12 on, and in 3.11 one for each property, so that two properties can wait for each other.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, owner: object, kind: type | None = None) -> T:
        """The value; made now if nobody asked before."""
        with ONE_AT_A_TIME:
            made: dict[str, T] = owner.__dict__
            if self._name not in made:
                made[self._name] = self._make(owner)
                gc.freeze()  # it stays: Streamlit collects garbage after every run of a page, and looking through all of it took 100 ms
            return made[self._name]
