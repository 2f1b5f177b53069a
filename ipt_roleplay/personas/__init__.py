"""Persona files: strict YAML in, `Persona` out; errors name file, line, field and what is allowed."""

from ipt_roleplay.personas.library import PersonaLibrary
from ipt_roleplay.personas.reader import read_persona

__all__ = ["PersonaLibrary", "read_persona"]
