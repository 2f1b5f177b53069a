"""The learner's choice about saving, remembered only when it is to save: off the record leaves no trace, so it is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ipt_roleplay.storage.owners import OwnersFile

KEEP_DAYS = (7, 30, 90)


@dataclass(frozen=True)
class SavingChoice:
    """`keep`: talks stay on this computer, for `days` (None: until deleted by hand)."""

    keep: bool
    days: int | None = None


class SavingChoiceFile:
    """`saving.json` in the data folder: one choice for each owner of talks."""

    def __init__(self, data_dir: Path) -> None:
        self._file = OwnersFile(data_dir / "saving.json", "Your choice could not be saved")

    def read(self, owner: str) -> SavingChoice | None:
        """The owner's choice made before, or None; a file that cannot be read counts as none made."""
        found = self._file.read().get(owner)
        if not isinstance(found, dict):
            return None
        days = found.get("days")
        return SavingChoice(keep=True, days=days if isinstance(days, int) and days > 0 else None)

    def write(self, owner: str, choice: SavingChoice) -> None:
        """Remember to keep; an earlier choice is forgotten when this one is off the record. Raises StorageError."""
        self._file.write(owner, {"days": choice.days} if choice.keep else None)
