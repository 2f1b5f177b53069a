"""Make docs/cli.md from the program's own help: `python docs/cli_pages.py`. A test compares the two."""

from __future__ import annotations

from pathlib import Path

import click
import typer.main
from typer.testing import CliRunner

from ipt_roleplay.cli.main import cli

PAGE = Path(__file__).with_name("cli.md")
HEAD = "# The command line\n\nMade by `python docs/cli_pages.py` from the program's help. Exit status: 0 done, 1 something was refused, 2 wrong usage.\n"


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(f"## {name}\n\n```text\n{text}\n```\n" for name, text in _helps())])


def _helps() -> list[tuple[str, str]]:
    runner = CliRunner()
    commands = [[], *sorted(_paths(typer.main.get_command(cli), []))]
    found = []
    for command in commands:
        result = runner.invoke(
            cli, [*command, "--help"], prog_name="ipt-roleplay", env={"COLUMNS": "110", "TERM": "dumb"}, terminal_width=110
        )
        lines = (line.rstrip() for line in result.output.strip().splitlines())
        found.append((" ".join(["ipt-roleplay", *command]), "\n".join(lines)))
    return found


def _paths(command: click.Command, before: list[str]) -> list[list[str]]:
    inner = getattr(command, "commands", {})
    return [path for name, child in inner.items() for path in ([*before, name], *_paths(child, [*before, name]))]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
