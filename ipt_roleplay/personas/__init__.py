"""Persona files: strict YAML in, `Persona` out; errors name file, line, field and what is allowed."""

from ipt_roleplay.personas.library import PersonaLibrary
from ipt_roleplay.personas.lint import lint
from ipt_roleplay.personas.reader import read_persona
from ipt_roleplay.personas.schema import persona_schema

__all__ = ["PersonaLibrary", "lint", "persona_schema", "read_persona"]
