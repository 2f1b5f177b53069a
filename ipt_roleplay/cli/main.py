"""All commands and how failures leave: 0 done, 1 something was refused, 2 wrong usage."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ipt_roleplay import __version__
from ipt_roleplay.cli import analyze, app, chat, doctor, model, notes, personas, sessions, simulate
from ipt_roleplay.errors import PracticeError

cli = typer.Typer(
    name="ipt-roleplay",
    help="Rehearse a hard conversation before having it, and look at it line by line afterwards. Practice, not therapy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cli.command("app")(app.app)
cli.command("chat")(chat.chat)
cli.command("analyze")(analyze.analyze)
cli.add_typer(notes.group, name="notes")
cli.add_typer(model.group, name="model")
cli.add_typer(personas.group, name="personas")
cli.command("simulate")(simulate.simulate)
cli.add_typer(sessions.group, name="sessions")
cli.command("doctor")(doctor.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ipt-roleplay {__version__}")
        raise typer.Exit


@cli.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")] = False,
) -> None:
    """Nothing before the commands themselves."""


def main() -> None:
    """The console script."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli()
    except PracticeError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
