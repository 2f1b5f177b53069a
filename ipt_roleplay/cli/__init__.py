"""The command line. Imports stay inside commands, so that `--help` answers at once."""

from ipt_roleplay.cli.main import main

__all__ = ["main"]
