"""The learner's choice about saving, remembered only when it is to save: off the record leaves no trace, so it is asked again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

KEEP_DAYS = (7, 30, 90)


@dataclass(frozen=True)
class SavingChoice:
    """`keep`: talks stay on this computer, for `days` (None: until deleted by hand)."""

    keep: bool
    days: int | None = None


class SavingChoiceFile:
    """`saving.json` in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "saving.json"

    def read(self) -> SavingChoice | None:
        """The choice made before, or None; a file that cannot be read counts as none made."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        days = found.get("days") if isinstance(found, dict) else None
        return SavingChoice(keep=True, days=days if isinstance(days, int) and days > 0 else None)

    def write(self, choice: SavingChoice) -> None:
        """Remember to keep; an earlier choice is forgotten when this one is off the record."""
        if not choice.keep:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.write_text(json.dumps({"keep": True, "days": choice.days}) + "\n", encoding="utf-8")
        os.chmod(self._path, 0o600)
