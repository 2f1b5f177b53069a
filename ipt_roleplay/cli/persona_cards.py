"""`ipt-roleplay personas import` and `export`: character cards in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def import_card(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A character card: .json, .png or .charx, or a persona's .yaml file.")],
) -> None:
    """Take a character card or a persona file into your own personas. Nothing of it is obeyed; you can edit what comes of it."""
    from ipt_roleplay.bootstrap import OWN_PERSONAS
    from ipt_roleplay.cli.common import services
    from ipt_roleplay.cli.new_persona import ask_if_afraid, free_id, keep
    from ipt_roleplay.errors import InputError
    from ipt_roleplay.personas.cards import MAX_FILE, as_json, read_card
    from ipt_roleplay.personas.files import persona_values

    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= MAX_FILE else b"\0" * (MAX_FILE + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}). Check the name.") from error
    made = services()
    folder = made.settings.data_dir / OWN_PERSONAS
    if file.suffix.lower() in (".yaml", ".yml"):
        values, came = persona_values(file), None
    else:
        came = read_card(content)
        values = came.persona
    values = {**values, "coercive": ask_if_afraid(), "id": free_id(str(values.get("id", "")), made.personas)}
    path, persona = keep(values, folder)
    if came is not None:
        path.with_suffix(".card.json").write_bytes(as_json(came.card))
    if came is not None and came.not_used:
        typer.echo(f"Kept in the card, and not used: {', '.join(came.not_used)}.")
    typer.echo(f"Written: {path}\nLook at it, and change what is not right. Try it: ipt-roleplay chat {persona.id}")


def export_card(
    persona_id: Annotated[str, typer.Argument(metavar="ID", help="The persona's id.")],
    to: Annotated[Path | None, typer.Option(help="The file to write: .json, .png or .charx; ID.json here if left out.")] = None,
    picture: Annotated[Path | None, typer.Option(help="A PNG to put the card into.")] = None,
) -> None:
    """Write a persona as a character card."""
    from ipt_roleplay.cli.common import services
    from ipt_roleplay.errors import InputError
    from ipt_roleplay.personas.cards import as_charx, as_json, as_png, make_card
    from ipt_roleplay.personas.files import persona_values

    library = services().personas
    library.get(persona_id)
    source = library.path_of(persona_id)
    before = source.with_suffix(".card.json")
    card = make_card(persona_values(source), json.loads(before.read_text(encoding="utf-8")) if before.is_file() else None)
    target = to or Path(f"{persona_id}.json")
    if target.exists():
        raise InputError(f"There is a file {target} already. Move it away, or give another name with --to.")
    form = target.suffix.lower()
    if form not in (".json", ".png", ".charx"):
        raise InputError(f"{target.name}: a card is written as .json, .png or .charx. Give --to a name that ends so.")
    made = (
        as_png(card, picture.read_bytes() if picture else None) if form == ".png" else as_charx(card) if form == ".charx" else as_json(card)
    )
    target.write_bytes(made)
    typer.echo(f"Written: {target}")
