"""The learner's choice about saving, remembered only when it is to save: off the record leaves no trace, so it is asked again."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from ipt_roleplay.errors import StorageError

KEEP_DAYS = (7, 30, 90)


@dataclass(frozen=True)
class SavingChoice:
    """`keep`: talks stay on this computer, for `days` (None: until deleted by hand)."""

    keep: bool
    days: int | None = None


class SavingChoiceFile:
    """`saving.json` in the data folder: one choice for each owner of talks."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "saving.json"
        self._one_at_a_time = threading.Lock()

    def read(self, owner: str) -> SavingChoice | None:
        """The owner's choice made before, or None; a file that cannot be read counts as none made."""
        found = self._owners().get(owner)
        if not isinstance(found, dict):
            return None
        days = found.get("days")
        return SavingChoice(keep=True, days=days if isinstance(days, int) and days > 0 else None)

    def write(self, owner: str, choice: SavingChoice) -> None:
        """Remember to keep; an earlier choice is forgotten when this one is off the record. Raises StorageError."""
        with self._one_at_a_time:
            owners = self._owners()
            if choice.keep:
                owners[owner] = {"days": choice.days}
            elif owners.pop(owner, None) is None:
                return
            try:
                self._replace(owners)
            except OSError as error:
                raise StorageError(
                    f"Your choice could not be saved: {error.strerror}. Check that the data folder is writable and the disk is not full, "
                    "or practise off the record."
                ) from None

    def _owners(self) -> dict[str, object]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))["owners"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def _replace(self, owners: dict[str, object]) -> None:
        """The new file in the old one's place, whole or not at all; no owners, no file."""
        if not owners:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"owners": owners}, file)
        os.replace(fresh, self._path)
