"""What a model may use in a day, in tokens: told before it bites, and kept to."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from ipt_roleplay.errors import ModelBudgetError
from ipt_roleplay.ports import ChatModel, Clock, Spent

KEPT_DAYS = 31


class Ledger:
    """`spent.json` in the data folder: for each day the tokens of prompts and replies. Nothing of what was said is in it."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._path, self._clock = data_dir / "spent.json", clock
        self._one_at_a_time = threading.Lock()

    def today(self) -> Spent:
        """What was used today; a file that cannot be read counts as nothing."""
        prompt, reply = self._days().get(self._day(), (0, 0))
        return Spent(prompt, reply)

    def add(self, spent: Spent) -> None:
        """Write it down; a disk that cannot be written is no reason to break off a talk."""
        with self._one_at_a_time:
            days = self._days()
            prompt, reply = days.get(self._day(), (0, 0))
            days[self._day()] = (prompt + spent.prompt, reply + spent.reply)
            oldest = self._day(KEPT_DAYS)
            kept = {day: used for day, used in days.items() if day > oldest}
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
                fresh.write_text(json.dumps(kept), encoding="utf-8")
                fresh.replace(self._path)
            except OSError:
                return

    def _days(self) -> dict[str, tuple[int, int]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(day): (int(prompt), int(reply)) for day, (prompt, reply) in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _day(self, ago: int = 0) -> str:
        return (self._clock.now() - timedelta(days=ago)).date().isoformat()


class Budgeted:
    """A model that stops at the day's limit. `count` stands in where a server does not say what a request used."""

    def __init__(self, model: ChatModel, ledger: Ledger, a_day: int, count: Callable[[str], int]) -> None:
        self._model, self._ledger, self._a_day, self._count = model, ledger, a_day, count

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def stream(self, messages: Sequence[tuple[str, str]], spent: Callable[[Spent], None] | None = None) -> Iterator[str]:
        """Pieces of one reply. Raises ModelBudgetError where the day's tokens would not do, and ModelError."""
        return _Counted(self._checked(messages), self._model, messages, lambda used: self._add(used, spent), self._count)

    def structured(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
        """One answer that fits the schema; counted as `stream` is. Raises ModelBudgetError and ModelError."""
        prompt = self._checked(messages)
        answer = self._model.structured(messages, schema)
        self._ledger.add(Spent(prompt, self._count(json.dumps(answer))))
        return answer

    def _checked(self, messages: Sequence[tuple[str, str]]) -> int:
        prompt = sum(self._count(text) for _, text in messages)
        today = self._ledger.today()
        if today.prompt + today.reply + prompt > self._a_day:
            raise ModelBudgetError(f"today's {self._a_day:,} tokens are used up", "IPT_DAY_TOKENS")
        return prompt

    def _add(self, used: Spent, spent: Callable[[Spent], None] | None) -> None:
        self._ledger.add(used)
        if spent is not None:
            spent(used)


class _Counted:
    """The pieces of a reply; what it used is told once, at its end or when it is closed."""

    def __init__(
        self,
        prompt: int,
        model: ChatModel,
        messages: Sequence[tuple[str, str]],
        tell: Callable[[Spent], None],
        count: Callable[[str], int],
    ) -> None:
        self._prompt, self._tell, self._count = prompt, tell, count
        self._used: Spent | None = None
        self._said = ""
        self._over = False
        self._pieces = model.stream(messages, self._note)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            piece = next(self._pieces)
        except BaseException:
            self._end()
            raise
        self._said += piece
        return piece

    def close(self) -> None:
        getattr(self._pieces, "close", lambda: None)()
        self._end()

    def _note(self, used: Spent) -> None:
        self._used = used

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._tell(self._used or Spent(self._prompt, self._count(self._said)))
