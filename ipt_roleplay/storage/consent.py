"""What somebody agreed to about words that leave this computer: to whom, and which names stay here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ipt_roleplay.storage.owners import OwnersFile

LONGEST_LIST = 60
"""Names; more are refused."""


@dataclass(frozen=True)
class Consent:
    """`to`: hosts or providers that words may go to; `private`: names and words that are replaced before they go."""

    to: frozenset[str] = frozenset()
    private: tuple[str, ...] = ()


class ConsentFile:
    """`consent.json` in the data folder: one entry for each owner of talks."""

    def __init__(self, data_dir: Path) -> None:
        self._file = OwnersFile(data_dir / "consent.json", "What you agreed to could not be saved")

    def read(self, owner: str) -> Consent:
        """What the owner agreed to; nothing, where nothing can be read."""
        found = self._file.read().get(owner)
        if not isinstance(found, dict):
            return Consent()
        return Consent(frozenset(_texts(found.get("to"))), tuple(_texts(found.get("private"))))

    def write(self, owner: str, consent: Consent) -> None:
        """Remember it; nothing agreed to and nothing private leaves no entry. Raises StorageError."""
        entry = {"to": sorted(consent.to), "private": list(consent.private[:LONGEST_LIST])}
        self._file.write(owner, entry if consent.to or consent.private else None)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
