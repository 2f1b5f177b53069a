"""The personas of a folder, read when first asked for and again when a file changed."""

from __future__ import annotations

from pathlib import Path

from ipt_roleplay.domain import Persona, Situation
from ipt_roleplay.errors import InputError, PersonaFileError, UnknownNameError
from ipt_roleplay.personas.reader import read_persona


class PersonaLibrary:
    """Personas by id. A broken file hides itself only; `faults` tells which and why."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[int, Persona | PersonaFileError]] = {}

    def list(self) -> tuple[Persona, ...]:
        """All personas that can be read, by name."""
        found = (entry for entry in self._entries() if isinstance(entry, Persona))
        return tuple(sorted(found, key=lambda persona: persona.name))

    def faults(self) -> tuple[str, ...]:
        """One line for each fault in files that cannot be read."""
        return tuple(problem for entry in self._entries() if isinstance(entry, PersonaFileError) for problem in entry.problems)

    def get(self, persona_id: str) -> Persona:
        """One persona. Raises UnknownNameError naming the near ones."""
        known = {persona.id: persona for persona in self.list()}
        if persona_id not in known:
            raise UnknownNameError("persona", persona_id, known)
        return known[persona_id]

    def scene(self, persona_id: str, situation_id: str | None) -> tuple[Persona, Situation]:
        """A persona with one situation of hers or his (None: the first)."""
        persona = self.get(persona_id)
        if situation_id is None:
            return persona, persona.situations[0]
        known = {situation.id: situation for situation in persona.situations}
        if situation_id not in known:
            raise UnknownNameError("situation", situation_id, known)
        return persona, known[situation_id]

    def _entries(self) -> tuple[Persona | PersonaFileError, ...]:
        if not self._folder.is_dir():
            raise InputError(f"There is no folder {self._folder} with personas. Set IPT_PERSONAS_DIR to one, or unset it.")
        return tuple(self._entry(path) for path in sorted(self._folder.glob("*.yaml")))

    def _entry(self, path: Path) -> Persona | PersonaFileError:
        changed = path.stat().st_mtime_ns
        kept = self._read.get(path)
        if kept is None or kept[0] != changed:
            try:
                self._read[path] = changed, read_persona(path)
            except PersonaFileError as error:
                self._read[path] = changed, error
        return self._read[path][1]
