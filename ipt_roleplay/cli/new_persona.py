"""`ipt-roleplay personas new`: an interview that ends in a persona file to edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Tactic

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
    to: Annotated[Path | None, typer.Option(help="Where to write the file; your own personas' folder if left out.")] = None,
) -> None:
    """Make a persona of somebody you know: a few questions, then a file with lines in their voice to edit."""
    from ipt_roleplay.bootstrap import OWN_PERSONAS
    from ipt_roleplay.cli.common import services
    from ipt_roleplay.domain import Relationship
    from ipt_roleplay.personas import lint, read_persona
    from ipt_roleplay.personas.interview import as_yaml, persona_from

    typer.echo("Leave empty what you do not want to answer. Nothing leaves this computer. You can change everything afterwards.\n")
    answers = {name: _ask(text, needed) for name, text, needed in QUESTIONS}
    answers["pronoun"] = _one_of("She, he or they?", ("she", "he", "they"), "they")
    answers["relationship"] = _one_of("What is it?", tuple(Relationship), "family")
    lines = _lines()
    coercive = _one_of("Are you ever afraid of what they might do?", ("no", "yes", "not sure"), "not sure") != "no"
    persona = persona_from(answers, lines, coercive)
    path = to or services().settings.data_dir / OWN_PERSONAS / f"{persona['id']}.yaml"
    if path.exists():
        typer.echo(f"There is a file {path} already. Move it away, or give another place with --to.", err=True)
        raise typer.Exit(1)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(as_yaml(persona), encoding="utf-8")
    path.chmod(0o600)
    made = read_persona(path)
    typer.echo(f"\nWritten: {path}")
    for line in lint(made):
        typer.echo(f"  could be better: {line}")
    if coercive:
        typer.echo("With somebody you may be afraid of, no live talk is begun. The file is there; the help page says whom to ring.")
    else:
        typer.echo(f"Try it: ipt-roleplay chat {made.id}")


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
