"""What several commands share: services, progress on stderr, rows of JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from ipt_roleplay.bootstrap import Services
    from ipt_roleplay.knowledge.search import NoteSearch

Row = dict[str, Any]
T = TypeVar("T")
MAX_ROW = 200_000


def services(model: str | None = None) -> Services:
    """The services of this process, by the settings of the environment; `model` goes before IPT_MODEL."""
    from ipt_roleplay.bootstrap import services as make
    from ipt_roleplay.config import load_settings

    logging.getLogger("ipt_roleplay").addHandler(logging.NullHandler())
    return make(load_settings(os.environ | {"IPT_MODEL": model}) if model else None)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, told how many of how many; nothing where stderr is no terminal, but a line at the end."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def ready_notes(made: Services, rebuild: bool = False) -> NoteSearch:
    """The notes with a current index; says once on stderr if a damaged one was made anew."""
    with progress("reading the notes") as tell:
        made.notes.prepare(rebuild=rebuild, progress=tell)
    if made.notes.rebuilt_because and "damaged" in made.notes.rebuilt_because:
        typer.echo(f"{made.notes.rebuilt_because} It was made anew; nothing is lost.", err=True)
    return made.notes


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def each_row(answer: Callable[[Row], Row], what: str) -> None:
    """Read rows on stdin and write one for each on stdout, in order; an unreadable one gives an error row and exit status 1."""
    rows_together(answer, lambda answers: answers, what)


def rows_together(prepare: Callable[[Row], T], answer: Callable[[list[T]], Sequence[Row]], what: str) -> None:
    """Like `each_row`, for what is faster done together: rows that are there already are answered in batches, in order.

    `prepare` refuses a row (ValueError, KeyError, TypeError) or says what of it is to be answered. Who writes one row and waits for its
    answer gets it at once.
    """
    refused, done = False, 0
    with progress(what) as tell:
        for lines in _at_hand(sys.stdin):
            prepared: list[T | None] = []
            faults: list[Row] = []
            for number, line in enumerate(lines, start=done + 1):
                if not line.strip():
                    continue
                try:
                    prepared.append(prepare(_row(line)))
                except (ValueError, KeyError, TypeError) as error:
                    prepared.append(None)
                    faults.append({"line": number, "error": f"missing {error}" if isinstance(error, KeyError) else str(error)})
            answers, wrong = iter(answer([one for one in prepared if one is not None])), iter(faults)
            for one in prepared:
                sys.stdout.write(json.dumps(next(wrong if one is None else answers), ensure_ascii=False) + "\n")
            sys.stdout.flush()
            refused, done = refused or bool(faults), done + len(lines)
            tell(done, done + 1)
    if refused:
        raise typer.Exit(1)


def _at_hand(lines: Iterable[str], most: int = 256) -> Iterator[list[str]]:
    """Lines as they come: all that are there, `most` at a time, and no waiting for more while there are some."""
    come: SimpleQueue[str | BaseException | None] = SimpleQueue()

    def fetch() -> None:
        try:
            for line in lines:
                come.put(line)
            come.put(None)
        except (OSError, ValueError) as error:  # unreadable bytes are a ValueError
            come.put(error)

    Thread(target=fetch, daemon=True).start()
    ended = False
    while not ended:
        found: list[str] = []
        while not ended and len(found) < most and (not found or not come.empty()):
            one = come.get()
            if isinstance(one, BaseException):
                raise one
            if one is None:
                ended = True
            else:
                found.append(one)
        if found:
            yield found


def text_field(row: Row, name: str) -> str:
    """A field that must be there and be text."""
    value = row[name]
    if not isinstance(value, str):
        raise ValueError(f'"{name}" must be text')
    return value


def _row(line: str) -> Row:
    if len(line) > MAX_ROW:
        raise ValueError(f"the row has {len(line):,} characters; {MAX_ROW:,} are allowed")
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("the row is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not readable as JSON: {error}") from error
    if not isinstance(found, dict):
        raise ValueError('a row must be a JSON object, such as {"id": "1", "text": "..."}')
    return found
