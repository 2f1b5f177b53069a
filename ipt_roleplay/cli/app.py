"""`ipt-roleplay app`: the web app, on this computer only."""

from __future__ import annotations

from typing import Annotated

import typer


def app(port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501) -> None:
    """Start the web app on this computer; nothing else can reach it."""
    from ipt_roleplay.cli.launch import launch

    raise typer.Exit(launch(port))
