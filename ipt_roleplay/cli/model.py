"""`ipt-roleplay model`: who finds the partner's words, and model files on this computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

group = typer.Typer(help="Who finds the partner's words; model files on this computer: list, get, use.", no_args_is_help=True)

MIRROR_VARIABLE = "IPT_MODEL_MIRROR"


@group.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the model files that were fetched, and what is in use."""
    from ipt_roleplay.cli.common import print_json
    from ipt_roleplay.config import load_settings
    from ipt_roleplay.llm.gguf import model_files

    settings = load_settings()
    here = {*model_files(settings.data_dir), *([settings.gguf] if settings.gguf else [])}
    sizes = {path: path.stat().st_size if path.is_file() else None for path in sorted(here)}
    if as_json:
        files = [{"name": path.name, "path": str(path), "bytes": size, "in_use": path == settings.gguf} for path, size in sizes.items()]
        return print_json({"model": settings.model, "files": files})
    typer.echo(f"In use: {settings.model}")
    for path, size in sizes.items():
        said = "is not there any more" if size is None else f"{size / 1e6:,.0f} MB"
        typer.echo(f"{'*' if path == settings.gguf else ' '} {path.name}  ({said})  {path}")
    if not sizes:
        typer.echo(
            "No model file yet. `ipt-roleplay model use FILE.gguf` takes one that you have; `model get OWNER/NAME/FILE.gguf` fetches one."
        )
    return None


@group.command("get")
def get(
    name: Annotated[str, typer.Argument(metavar="OWNER/NAME/FILE.gguf", help="The file at the mirror, as its page's address shows it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Fetch it without asking, having read the licence's name.")] = False,
) -> None:
    """Fetch a model file: shows its licence and size first, goes on where an earlier try broke off, checks the published checksum."""
    from ipt_roleplay.cli.common import progress
    from ipt_roleplay.config import load_settings
    from ipt_roleplay.llm.gguf import MIRROR, fetch, offered

    settings, mirror = load_settings(), os.environ.get(MIRROR_VARIABLE, "").strip().rstrip("/") or MIRROR
    offer = offered(name, mirror)
    typer.echo(f"{offer.file} of {offer.repo} at {mirror}: {offer.size / 1e6:,.0f} MB")
    typer.echo(f"Licence, as stated there: {offer.licence}. Read it on {mirror}/{offer.repo} before you use it.")
    if not yes and not typer.confirm("Fetch it?"):
        raise typer.Exit(1)
    with progress("fetching") as tell:
        path = fetch(offer, settings.data_dir, tell, mirror)
    typer.echo(f"{path}\nThe checksum is the published one. To practise with it: ipt-roleplay model use {path.name}")


@group.command("use")
def use(
    what: Annotated[str, typer.Argument(metavar="FILE|MODEL", help="A GGUF file, the name of a fetched one, or authored, or openai:NAME.")],
) -> None:
    """Choose who finds the partner's words from now on; IPT_MODEL still goes before it."""
    from ipt_roleplay.config import load_settings, remember
    from ipt_roleplay.errors import UnknownNameError
    from ipt_roleplay.llm.gguf import checked, model_files
    from ipt_roleplay.model_server import AUTHORED, LOCAL, leaving

    settings = load_settings()
    if what == AUTHORED or (":" in what and not Path(what).exists()):
        load_settings(os.environ | {"IPT_MODEL": what})  # refuses what cannot be one
        remember(settings.data_dir, model=None if what == AUTHORED else what)
        typer.echo(f"In use: {what}")
        return
    fetched = {path.name: path for path in model_files(settings.data_dir)}
    if what not in fetched and not Path(what).exists():
        raise UnknownNameError("model file", what, fetched)
    path = checked(fetched.get(what, Path(what)))
    remember(settings.data_dir, model=LOCAL, gguf=str(path))
    typer.echo(f"In use: {path.name}. {leaving(None, LOCAL).sentence}")
    if os.environ.get("IPT_MODEL", LOCAL) != LOCAL:
        typer.echo("IPT_MODEL is set to something else in this terminal and goes before it.", err=True)


@group.command("key")
def key(forget: Annotated[bool, typer.Option("--forget", help="Forget the key that is kept.")] = False) -> None:
    """Keep the key of the model server in this computer's keyring; it is typed unseen, and asked for nowhere else.

    The server is OpenAI's, or that of OPENAI_BASE_URL. OPENAI_API_KEY, where it is set, goes before it.
    """
    from urllib.parse import urlsplit

    from ipt_roleplay.errors import InputError
    from ipt_roleplay.llm.keys import forget_key, keep_key
    from ipt_roleplay.model_server import chosen_address

    host = urlsplit(chosen_address(os.environ)).hostname or ""
    if forget:
        typer.echo(f"The key for {host} is forgotten." if forget_key(host) else f"No key is kept for {host}.")
        return
    typed = typer.prompt(f"Key for {host}", hide_input=True, default="", show_default=False).strip()
    if not typed:
        raise InputError("No key was typed, so nothing was kept.")
    keep_key(host, typed)
    typer.echo(f"Kept for {host}, in this computer's keyring. `ipt-roleplay model key --forget` forgets it.")
