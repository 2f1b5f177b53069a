"""`ipt-roleplay personas`: who there is to talk with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipt_roleplay.cli.new_persona import new
from ipt_roleplay.cli.persona_cards import export_card, import_card

group = typer.Typer(help="The personas: list, show, make, validate.", no_args_is_help=True)
group.command("new")(new)
group.command("import")(import_card)
group.command("export")(export_card)


@group.command("list")
def list_personas(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the personas and their situations."""
    from ipt_roleplay.cli.common import print_json, services

    library = services().personas
    personas = library.list()
    if as_json:
        print_json([{"id": p.id, "name": p.name, "relation": p.relation, "situations": [s.id for s in p.situations]} for p in personas])
    else:
        for persona in personas:
            typer.echo(f"{persona.id:24} {persona.name}, {persona.relation}: {', '.join(s.id for s in persona.situations)}")
    for fault in library.faults():
        typer.echo(fault, err=True)
    if library.faults():
        raise typer.Exit(1)


@group.command("show")
def show(persona_id: Annotated[str, typer.Argument(metavar="ID", help="The persona's id.")]) -> None:
    """Show a persona's card."""
    from ipt_roleplay.cli.common import services

    persona = services().personas.get(persona_id)
    typer.echo(f"{persona.name}, {persona.relation}\n{persona.summary}\n")
    for situation in persona.situations:
        lines = sum(len(family.say) for family in situation.families)
        typer.echo(f"{situation.id}: {situation.title} ({situation.time}; {situation.place}; {lines} lines)\n{situation.happened}")
        for number, goal in enumerate(situation.goals, start=1):
            typer.echo(f"  {number}. {goal.text}")


@group.command("validate")
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Persona files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check persona files. Every fault names file, line, field and what is allowed; what could be better is said too, and is no fault."""
    from ipt_roleplay.cli.common import print_json
    from ipt_roleplay.errors import PersonaFileError
    from ipt_roleplay.personas import lint, read_persona

    found: dict[str, tuple[list[str], list[str]]] = {}
    for path in files:
        try:
            found[str(path)] = [], lint(read_persona(path))
        except PersonaFileError as error:
            found[str(path)] = list(error.problems), []
    if as_json:
        print_json([{"file": name, "valid": not faults, "problems": faults, "advice": advice} for name, (faults, advice) in found.items()])
    else:
        for name, (faults, advice) in found.items():
            typer.echo("\n".join(faults) if faults else f"{name}: can be used")
            for line in advice:
                typer.echo(f"  could be better: {line}")
    if any(faults for faults, _ in found.values()):
        raise typer.Exit(1)


@group.command("schema")
def schema() -> None:
    """Print the JSON Schema of a persona file, for editors."""
    from ipt_roleplay.cli.common import print_json
    from ipt_roleplay.personas import persona_schema

    print_json(persona_schema())
