"""The personas of one or two folders, read when first asked for and again when a file changed."""

from __future__ import annotations

from pathlib import Path

from ipt_roleplay.domain import Persona, Situation
from ipt_roleplay.errors import InputError, PersonaFileError, UnknownNameError
from ipt_roleplay.personas.reader import read_persona


class PersonaLibrary:
    """Personas by id. A broken file hides itself only; `faults` tells which and why.

    A file that is broken while the program runs keeps saying what it said before to those who ask for its persona: a talk goes on.
    `own` is where somebody's own personas lie; it need not be there. An id that is in both is the first folder's.
    """

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self._folder, self._own = folder, own
        self._read: dict[Path, tuple[int, Persona | PersonaFileError]] = {}
        self._before: dict[Path, Persona] = {}

    def list(self) -> tuple[Persona, ...]:
        """All personas that can be read: those of the folder in the order of its files, then people's own."""
        return tuple(entry for entry in self._entries() if isinstance(entry, Persona))

    def faults(self) -> tuple[str, ...]:
        """One line for each fault in files that cannot be read."""
        return tuple(problem for entry in self._entries() if isinstance(entry, PersonaFileError) for problem in entry.problems)

    def get(self, persona_id: str) -> Persona:
        """One persona. Raises PersonaFileError if her file is broken and was not read before, UnknownNameError naming the near ones."""
        entries = self._by_path()
        known = {entry.id: entry for entry in entries.values() if isinstance(entry, Persona)}
        broken = {path: entry for path, entry in entries.items() if isinstance(entry, PersonaFileError)}
        before = {self._before[path].id: self._before[path] for path in broken if path in self._before}
        if found := known.get(persona_id) or before.get(persona_id):
            return found
        if fault := next((fault for path, fault in broken.items() if path.stem == persona_id), None):
            raise fault
        raise UnknownNameError("persona", persona_id, known)

    def path_of(self, persona_id: str) -> Path:
        """The file of a persona that can be read now. Raises UnknownNameError."""
        known = {entry.id: path for path, entry in self._by_path().items() if isinstance(entry, Persona)}
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
        return tuple(self._by_path().values())

    def _by_path(self) -> dict[Path, Persona | PersonaFileError]:
        if not self._folder.is_dir():
            raise InputError(f"There is no folder {self._folder} with personas. Set IPT_PERSONAS_DIR to one, or unset it.")
        paths = sorted(self._folder.glob("*.yaml"))
        if self._own is not None and self._own.is_dir():
            paths += sorted(self._own.glob("*.yaml"))
        found: dict[Path, Persona | PersonaFileError] = {}
        taken: dict[str, Path] = {}
        for path in paths:
            entry = self._entry(path)
            if isinstance(entry, Persona) and taken.setdefault(entry.id, path) != path:
                entry = PersonaFileError(
                    [f"{path.name}:1: `id` {entry.id!r} is that of {taken[entry.id].name} already. Give it another one."]
                )
            found[path] = entry
        return found

    def _entry(self, path: Path) -> Persona | PersonaFileError:
        changed = _changed(path)
        kept = self._read.get(path)
        if kept is None or kept[0] != changed:
            try:
                self._before[path] = read_persona(path)
                self._read[path] = changed, self._before[path]
            except PersonaFileError as error:
                self._read[path] = changed, error
        return self._read[path][1]


def _changed(path: Path) -> int:
    """When a file was changed; 0 if it is not there, as an editor may be putting a new one in its place just now."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
