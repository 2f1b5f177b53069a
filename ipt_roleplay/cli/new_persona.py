"""`ipt-roleplay personas new`: an interview that ends in a persona file to edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Persona, Tactic
    from ipt_roleplay.personas import PersonaLibrary

QUESTIONS = (
    ("name", "What do you call them? A first name, or what you say to them.", True),
    ("relation", "Who are they to you? (for example: your landlord)", True),
    ("summary", "What are they like, in a sentence or two?", False),
    ("happened", "What has happened, that you need to talk about?", True),
    ("time", "When will the talk be?", False),
    ("place", "Where? Sitting, standing, on the phone?", False),
    ("usual", "What do you usually do when they are like that?", False),
    ("want", "What do you want from the talk?", True),
    ("hidden", "What might they really want, or be afraid of?", False),
)
"""What is asked, under which name, and whether it is needed."""


def new(
    to: Annotated[Path | None, typer.Option(help="The folder to write the file into; that of your own personas if left out.")] = None,
) -> None:
    """Make a persona of somebody you know: a few questions, then a file with lines in their voice to edit."""
    from ipt_roleplay.bootstrap import OWN_PERSONAS
    from ipt_roleplay.cli.common import services
    from ipt_roleplay.domain import Relationship
    from ipt_roleplay.personas import lint
    from ipt_roleplay.personas.interview import persona_from

    typer.echo("Leave empty what you do not want to answer. Nothing leaves this computer. You can change everything afterwards.\n")
    answers = {name: _ask(text, needed) for name, text, needed in QUESTIONS}
    answers["pronoun"] = _one_of("She, he or they?", ("she", "he", "they"), "they")
    answers["relationship"] = _one_of("What is it?", tuple(Relationship), "family")
    lines = _lines()
    coercive = ask_if_afraid()
    library = services().personas
    values = persona_from(answers, lines, coercive)
    path, made = keep(values | {"id": free_id(values["id"], library)}, to or services().settings.data_dir / OWN_PERSONAS)
    typer.echo(f"\nWritten: {path}")
    for line in lint(made):
        typer.echo(f"  could be better: {line}")
    if coercive:
        typer.echo("With somebody you may be afraid of, no live talk is begun. The file is there; the help page says whom to ring.")
    else:
        typer.echo(f"Try it: ipt-roleplay chat {made.id}")


def ask_if_afraid() -> bool:
    """Whether the person may be afraid of the other: everything but a plain no counts as that."""
    from ipt_roleplay.safety.gate import QUESTION

    return _one_of(QUESTION, ("no", "yes", "not sure"), "not sure") != "no"


def free_id(wanted: str, library: PersonaLibrary) -> str:
    """The id, or the id with a number where it is taken."""
    taken = {persona.id for persona in library.list()}
    base = wanted if wanted.isidentifier() else "my_persona"
    numbered = (f"{base}_{number}" for number in range(2, 1000))
    return base if base not in taken else next(name for name in numbered if name not in taken)


def keep(values: dict[str, Any], folder: Path) -> tuple[Path, Persona]:
    """Write the file; a name that is taken is said."""
    from ipt_roleplay.errors import InputError
    from ipt_roleplay.personas.files import write_persona

    try:
        return write_persona(values, folder)
    except FileExistsError as error:
        raise InputError(
            f"There is a file {values['id']}.yaml in {folder} already. Move it away, or choose another folder with --to."
        ) from error


def _lines() -> dict[Tactic, list[str]]:
    from ipt_roleplay.personas.interview import LINES

    typer.echo("\nNow in their words, as they would say it. One line each; an empty line goes on to the next question.")
    found: dict[Tactic, list[str]] = {}
    for question in LINES:
        typer.echo(f"\n{question.text}")
        said: list[str] = []
        while line := typer.prompt(">", default="", show_default=False, prompt_suffix=" ").strip():
            said.append(line)
        found[question.tactic] = said
    if not found[LINES[0].tactic]:
        typer.echo("One first line is needed: the talk begins with it.")
        found[LINES[0].tactic] = [_ask(LINES[0].text, True)]
    return found


def _ask(text: str, needed: bool) -> str:
    while True:
        answer = str(typer.prompt(text, default="", show_default=False)).strip()
        if answer or not needed:
            return answer
        typer.echo("This one is needed.")


def _one_of(text: str, allowed: tuple[str, ...], default: str) -> str:
    while True:
        answer = str(typer.prompt(f"{text} ({', '.join(allowed)})", default=default)).strip().lower()
        if answer in allowed:
            return answer
        typer.echo(f"One of: {', '.join(allowed)}.")
