"""`ipt-roleplay notes`: the IPT notes and their search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Passage

group = typer.Typer(help="The IPT notes: list, show, search, index.", no_args_is_help=True)
ANSWERABLE = 0.45
"""Score of the best passage from which a question counts as answered by the notes."""


@group.command("list")
def list_notes(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the notes."""
    from ipt_roleplay.cli.common import print_json, services

    notes = services().notes.notes()
    if as_json:
        return print_json([{"id": note.id, "title": note.title, "origin": note.origin, "topics": list(note.topics)} for note in notes])
    for note in notes:
        typer.echo(f"{note.id:32} {note.title} ({note.origin})")
    return None


@group.command("show")
def show_note(note_id: Annotated[str, typer.Argument(metavar="ID", help="The note's id.")]) -> None:
    """Show one note with its sources."""
    from ipt_roleplay.cli.common import services

    note = services().notes.note(note_id)
    typer.echo(f"# {note.title}\n\n{note.body}\n")
    typer.echo("Sources: " + (", ".join(f"{source.file} lines {source.lines}" for source in note.sources) or note.origin))


@group.command("search")
def search(
    question: Annotated[str | None, typer.Argument(help="What to look for, in your own words.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many passages at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read rows {id, question} on stdin, write one answer for each.")] = False,
) -> None:
    """Search the notes."""
    from ipt_roleplay.cli.common import Row, each_row, print_json, ready_notes, services, text_field

    if not jsonl and not (question or "").strip():
        raise typer.BadParameter("Ask something, or use --jsonl.")
    notes = ready_notes(services())
    if jsonl:

        def answer(row: Row) -> Row:
            return {"id": row.get("id")} | _answer(notes.search(text_field(row, "question"), k))

        return each_row(answer, "searching")
    passages = notes.search(question or "", k)
    if as_json:
        return print_json(_answer(passages))
    for passage in passages:
        typer.echo(f"{passage.score:.2f}  {passage.note_title}: {passage.heading}  [{passage.note_id}]\n{passage.text}\n")
    return None


@group.command("index")
def index(rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it anew even if it fits.")] = False) -> None:
    """Make sure the search index fits the notes."""
    from ipt_roleplay.cli.common import ready_notes, services

    made = services()
    notes = ready_notes(made, rebuild=rebuild)
    count = notes.prepare()
    typer.echo(f"{count} sections of {len(notes.notes())} notes are ready to be searched.")


def _answer(passages: tuple[Passage, ...]) -> dict[str, Any]:
    return {
        "answerable": bool(passages) and passages[0].score >= ANSWERABLE,
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
