"""`ipt-roleplay sessions`: the talks kept on this computer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Transcript

group = typer.Typer(help="The talks kept on this computer: list, show, delete.", no_args_is_help=True)


@group.command("list")
def list_sessions(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the talks, newest first."""
    from ipt_roleplay.cli.common import print_json, services

    sessions = services().kept.list()
    if as_json:
        return print_json(
            [
                {
                    "id": s.id,
                    "persona": s.persona_id,
                    "situation": s.situation_id,
                    "started": s.started_at.isoformat(),
                    "outcome": s.outcome,
                    "turns": len(s.transcript.turns),
                }
                for s in sessions
            ]
        )
    for s in sessions:
        typer.echo(
            f"{s.id}  {s.started_at:%Y-%m-%d %H:%M}  {s.persona_id}/{s.situation_id}  {len(s.transcript.turns)} turns  {s.outcome or 'open'}"
        )
    if not sessions:
        typer.echo("No talks are kept here yet. Start one: ipt-roleplay chat aggressive_sister")
    return None


@group.command("show")
def show(session_id: Annotated[str, typer.Argument(metavar="ID", help="The talk's id.")]) -> None:
    """Show a talk and the coach's view of it."""
    from ipt_roleplay.cli.analyze import as_text
    from ipt_roleplay.cli.common import ready_notes, services
    from ipt_roleplay.domain import Speaker

    made = services()
    session = made.kept.show(session_id)
    name = made.personas.get(session.persona_id).name
    names = (
        {Speaker.LEARNER: "Your part", Speaker.PARTNER: f"You, as {name}"}
        if session.swapped
        else {Speaker.LEARNER: "You", Speaker.PARTNER: name}
    )
    for turn in session.transcript.turns:
        style = f"   ({turn.reading.style.replace('_', '-')})" if turn.reading else ""
        typer.echo(f"{turn.n:>3}  {names[turn.speaker]}: {turn.text}{style}")
    if session.swapped:
        return typer.echo('\nThe other seat: you played the partner; the lines under "Your part" were spoken for you.')
    if models := _of_the_model(session.transcript, made.settings.price_prompt, made.settings.price_reply):
        typer.echo(f"\n{models}")
    ready_notes(made)
    typer.echo("\n" + as_text(made.kept.feedback(session_id)))
    return None


def _of_the_model(transcript: Transcript, price_prompt: float | None, price_reply: float | None) -> str:
    """How a language model did as the partner, and what it used; "" where none spoke. Prices are for a million tokens."""
    from ipt_roleplay.domain import AUTHORED

    moves = [turn.move for turn in transcript.turns if turn.move]
    tried = [move for move in moves if move.said_by != AUTHORED]
    if not tried:
        return ""
    faults = Counter(fault for move in tried for fault in move.guarded)
    stood_in = sum(move.stood_in_because is not None for move in tried)
    said = f"The model was asked for {len(tried)} {'reply' if len(tried) == 1 else 'replies'}; a written line stood in for {stood_in}."
    counts = ", ".join(f"{fault} {count}" for fault, count in sorted(faults.items()))
    prompt, reply = (sum(move.spent[number] for move in tried) for number in (0, 1))
    used = f" Tokens: {prompt:,} of prompts, {reply:,} of replies."
    if price_prompt is not None and price_reply is not None:
        used += f" Cost by the prices that were set: {(prompt * price_prompt + reply * price_reply) / 1e6:.4f}."
    return f"{said} Not used, or not to the end: {counts or 'none'}.{used}"


@group.command("delete")
def delete(
    session_id: Annotated[str | None, typer.Argument(metavar="ID", help="The talk's id.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Delete all talks.")] = False,
) -> None:
    """Delete a talk, or all; the words are gone from the file as well."""
    from ipt_roleplay.cli.common import services

    if (session_id is None) != everything:
        raise typer.BadParameter("Name one talk, or use --all.")
    practice = services().kept
    doomed = [session.id for session in practice.list()] if everything else [session_id or ""]
    for name in doomed:
        practice.delete(name)
    typer.echo(f"Deleted {len(doomed)} {'talk' if len(doomed) == 1 else 'talks'}.")
