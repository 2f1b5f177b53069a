"""`ipt-roleplay simulate`: whole talks without a person, to see what moves a partner."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Turn
    from ipt_roleplay.simulation import Run


def simulate(
    persona: Annotated[str, typer.Option(help="Who the learner talks with; `personas list` names them.")],
    learner: Annotated[str, typer.Option(help="passive, aggressive, passive-aggressive, assertive or nice.")],
    situation: Annotated[str | None, typer.Option(help="Which scene; the persona's first if left out.")] = None,
    difficulty: Annotated[str, typer.Option(help="gentle, realistic or tough.")] = "realistic",
    turns: Annotated[int, typer.Option(min=1, max=60, help="Learner turns at most.")] = 12,
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="How many talks, with seeds from 1.")] = 1,
    model: Annotated[str | None, typer.Option(help="Who finds the partner's words: authored, or openai:NAME.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Let a simulated learner talk with a partner, and say how it ends. Nothing is kept."""
    from ipt_roleplay.cli.common import print_json, progress, services
    from ipt_roleplay.domain import Difficulty
    from ipt_roleplay.errors import UnknownNameError
    from ipt_roleplay.learner import KINDS
    from ipt_roleplay.simulation import simulate as talks

    if difficulty not in tuple(Difficulty):
        raise UnknownNameError("difficulty", difficulty, tuple(Difficulty))
    if learner not in KINDS:
        raise UnknownNameError("learner", learner, KINDS)
    practice = services(model).off_the_record()
    runs = talks(practice, persona, situation, learner, difficulty=Difficulty(difficulty), turns=turns, seeds=range(1, seeds + 1))
    done: list[Run] = []
    with progress("talking") as tell:
        for run in runs:
            done.append(run)
            tell(len(done), seeds)
    if as_json:
        print_json({"runs": [_row(run) for run in done]})
        return
    if len(done) == 1:
        for turn in done[0].transcript.turns:
            typer.echo(f"{turn.speaker.value:8} {turn.text}")
    typer.echo(", ".join(f"{outcome.value} {count}" for outcome, count in Counter(run.outcome for run in done).most_common()))


def _row(run: Run) -> dict[str, Any]:
    return {"seed": run.seed, "outcome": run.outcome.value, "turns": [_turn(turn) for turn in run.transcript.turns]}


def _turn(turn: Turn) -> dict[str, Any]:
    found: dict[str, Any] = {"speaker": turn.speaker.value, "text": turn.text}
    if turn.move:
        state = asdict(turn.move.state)
        found |= {
            "tactic": turn.move.tactic,
            "phase": state.pop("phase"),
            "state": state,
            "heard": turn.move.heard,
            "meant": turn.move.meant,
        }
    return found
