"""A persona's file as plain values, and its place in a folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ipt_roleplay.domain import Persona
from ipt_roleplay.errors import PersonaFileError
from ipt_roleplay.personas.interview import as_yaml
from ipt_roleplay.personas.reader import read_persona
from ipt_roleplay.personas.schema import ID
from ipt_roleplay.personas.strict_yaml import read_strict


def persona_values(path: Path) -> dict[str, Any]:
    """What stands in a file that can be used. Raises PersonaFileError."""
    read_persona(path)
    return read_strict(path).values


def write_persona(values: dict[str, Any], folder: Path) -> tuple[Path, Persona]:
    """Write a new file named by its id into `folder`, for its owner alone, and read it back.

    Raises PersonaFileError where the values make no persona; then nothing is left behind. Raises FileExistsError where the name is taken.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = str(values.get("id", ""))
    if not re.fullmatch(ID, name):
        raise PersonaFileError([f"`id` is {name[:40]!r}: small letters, digits and _ only, 61 at most. Give it such a name."])
    path = folder / f"{name}.yaml"
    with path.open("x", encoding="utf-8") as file:
        path.chmod(0o600)
        file.write(as_yaml(values))
    try:
        return path, read_persona(path)
    except PersonaFileError:
        path.unlink()
        raise
