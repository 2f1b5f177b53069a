"""A small file in the data folder with one entry for each owner of talks, replaced whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from ipt_roleplay.errors import StorageError


class OwnersFile:
    """`path`, and how a fault begins ("Your choice could not be saved")."""

    def __init__(self, path: Path, fault: str) -> None:
        self._path, self._fault = path, fault
        self._one_at_a_time = threading.Lock()

    def read(self) -> dict[str, object]:
        """All entries; a file that cannot be read counts as empty."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))["owners"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, owner: str, entry: object | None) -> None:
        """Put an owner's entry in, or take it out (None). Raises StorageError."""
        with self._one_at_a_time:
            owners = self.read()
            if entry is not None:
                owners[owner] = entry
            elif owners.pop(owner, None) is None:
                return
            try:
                self._replace(owners)
            except OSError as error:
                raise StorageError(
                    f"{self._fault}: {error.strerror}. Check that the data folder is writable and the disk is not full, "
                    "or practise off the record."
                ) from None

    def _replace(self, owners: dict[str, object]) -> None:
        """The new file in the old one's place; no owners, no file."""
        if not owners:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"owners": owners}, file)
        os.replace(fresh, self._path)
