"""`ipt-roleplay notes`: the IPT notes and their search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Note, Passage

group = typer.Typer(help="The IPT notes, and notes of your own: list, show, search, add, remove, index.", no_args_is_help=True)


@group.command("list")
def list_notes(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the notes, your own last."""
    from ipt_roleplay.cli.common import print_json, services

    made = services()
    notes = (*made.notes.notes(), *made.own_notes.notes())
    if as_json:
        return print_json([{"id": n.id, "title": n.title, "origin": n.origin, "topics": list(n.topics)} | _brought(n) for n in notes])
    for note in notes:
        typer.echo(f"{note.id:32} {note.title} ({_origin(note)})")
    return None


@group.command("show")
def show_note(note_id: Annotated[str, typer.Argument(metavar="ID", help="The note's id.")]) -> None:
    """Show one note with its sources."""
    from ipt_roleplay.cli.common import services

    made = services()
    own = {note.id: note for note in made.own_notes.notes()}
    note = own.get(note_id) or made.notes.note(note_id)
    typer.echo(f"# {note.title}\n\n{note.body}\n")
    typer.echo("Sources: " + (", ".join(f"{source.file} lines {source.lines}" for source in note.sources) or _origin(note)))


@group.command("add")
def add(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Markdown, text, PDF or Word.")]) -> None:
    """Add notes of your own: a handout, a group's rules. They stay on this computer, apart from the IPT notes."""
    from ipt_roleplay.cli.common import progress, services
    from ipt_roleplay.errors import InputError

    own, refused = services().own_notes, False
    for path in files:
        try:
            with progress(f"reading {path.name}") as reading, progress("making it searchable") as indexing:
                note = own.add(path.name, _bytes_of(path), reading, indexing)
            typer.echo(f"{note.id}: {note.title}")
        except InputError as error:
            typer.echo(str(error), err=True)
            refused = True
    if refused:
        raise typer.Exit(1)


@group.command("remove")
def remove(note_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a note of your own.")]) -> None:
    """Take away a note of your own, with its text and its vectors."""
    from ipt_roleplay.cli.common import services

    services().own_notes.remove(note_id)
    typer.echo(f"{note_id} is gone. The file it was made from was not touched.")


@group.command("search")
def search(
    question: Annotated[str | None, typer.Argument(help="What to look for, in your own words.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many passages at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read rows {id, question} on stdin, write one answer for each.")] = False,
) -> None:
    """Search the IPT notes; what your own notes say comes apart, after them."""
    from ipt_roleplay.cli.common import Row, each_row, print_json, ready_notes, services, text_field

    if not jsonl and not (question or "").strip():
        raise typer.BadParameter("Ask something, or use --jsonl.")
    made = services()
    notes = ready_notes(made)
    if jsonl:

        def answer(row: Row) -> Row:
            return {"id": row.get("id")} | _answer(notes.search(text_field(row, "question"), k))

        return each_row(answer, "searching")
    passages, own = notes.search(question or "", k), made.own_notes.search(question or "", k)
    if as_json:
        return print_json(_answer(passages) | ({"own": _answer(own)["passages"]} if own else {}))
    for passage in passages:
        typer.echo(_shown(passage))
    if own:
        typer.echo("From your own notes\n")
    for passage in own:
        typer.echo(_shown(passage))
    return None


@group.command("index")
def index(rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it anew even if it fits.")] = False) -> None:
    """Make sure the search index fits the notes."""
    from ipt_roleplay.cli.common import ready_notes, services

    made = services()
    notes = ready_notes(made, rebuild=rebuild)
    count = notes.prepare()
    made.own_notes.prepare()
    own = len(made.own_notes.notes())
    typer.echo(f"{count} sections of {len(notes.notes())} notes are ready to be searched{f', and {own} of your own' if own else ''}.")


def _answer(passages: tuple[Passage, ...]) -> dict[str, Any]:
    from ipt_roleplay.knowledge.search import answered

    return {
        "answerable": answered(passages),
        "passages": [
            {
                "note": passage.note_id,
                "heading": passage.heading,
                "text": passage.text,
                "score": passage.score,
                "sources": [{"file": source.file, "lines": source.lines} for source in passage.sources],
                "origin": passage.origin,
            }
            for passage in passages
        ],
    }


def _shown(passage: Passage) -> str:
    return f"{passage.score:.2f}  {passage.note_title}: {passage.heading}  [{passage.note_id}]\n{passage.text}\n"


def _origin(note: Note) -> str:
    return f"your own, from {note.file}, added {note.added}" if note.file else note.origin


def _brought(note: Note) -> dict[str, str]:
    return {"file": note.file, "added": note.added} if note.file else {}


def _bytes_of(path: Path) -> bytes:
    from ipt_roleplay.errors import NoteFileError
    from ipt_roleplay.knowledge.extract import BYTES

    try:
        with path.open("rb") as file:
            return file.read(BYTES + 1)
    except OSError as error:
        raise NoteFileError(f"{path.name} cannot be read: {error.strerror}.") from error
