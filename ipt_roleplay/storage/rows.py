"""Domain types to rows and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ipt_roleplay.domain import (
    AUTHORED,
    Body,
    Branch,
    Difficulty,
    Event,
    Goal,
    GoalKind,
    GuardFault,
    Move,
    Outcome,
    PartnerState,
    Phase,
    Reading,
    Session,
    Signal,
    SignalSpan,
    Speaker,
    Style,
    Tactic,
    Transcript,
    Turn,
)
from ipt_roleplay.storage.tables import SessionRow, TurnRow


def session_values(session: Session) -> dict[str, Any]:
    """The columns of a session, without its turns."""
    return {
        "id": session.id,
        "persona_id": session.persona_id,
        "situation_id": session.situation_id,
        "difficulty": session.difficulty.value,
        "goal_kind": session.goal.kind.value,
        "goal_text": session.goal.text,
        "seed": session.seed,
        "mood_before": session.mood_before,
        "confidence_before": session.confidence_before,
        "mood_after": session.mood_after,
        "confidence_after": session.confidence_after,
        "started_at": session.started_at.isoformat(),
        "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        "outcome": session.outcome.value if session.outcome else None,
        "branch_of": session.branch.of if session.branch else None,
        "branch_at": session.branch.at if session.branch else None,
        "owner": session.owner,
        "keep_days": session.keep_days,
        "swapped": session.swapped,
    }


def turn_values(session_id: str, turn: Turn, said_at: datetime) -> dict[str, Any]:
    """The columns of a turn."""
    return {
        "session_id": session_id,
        "n": turn.n,
        "speaker": turn.speaker.value,
        "text": turn.text,
        "reading": _reading_values(turn.reading) if turn.reading else None,
        "move": asdict(turn.move) if turn.move else None,
        "said_at": said_at.isoformat(),
    }


def session_of(row: SessionRow, turns: list[TurnRow]) -> Session:
    """A session with its turns, in order."""
    return Session(
        id=row.id,
        persona_id=row.persona_id,
        situation_id=row.situation_id,
        difficulty=Difficulty(row.difficulty),
        goal=Goal(GoalKind(row.goal_kind), row.goal_text),
        seed=row.seed,
        started_at=datetime.fromisoformat(row.started_at),
        transcript=Transcript(tuple(_turn_of(turn) for turn in turns)),
        mood_before=row.mood_before,
        confidence_before=row.confidence_before,
        mood_after=row.mood_after,
        confidence_after=row.confidence_after,
        ended_at=datetime.fromisoformat(row.ended_at) if row.ended_at else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        branch=Branch(row.branch_of, row.branch_at) if row.branch_of and row.branch_at else None,
        owner=row.owner,
        keep_days=row.keep_days,
        swapped=row.swapped,
    )


def _turn_of(row: TurnRow) -> Turn:
    return Turn(
        n=row.n,
        speaker=Speaker(row.speaker),
        text=row.text,
        reading=_reading_of(row.reading) if row.reading else None,
        move=_move_of(row.move) if row.move else None,
    )


def _reading_values(reading: Reading) -> dict[str, object]:
    return {
        "style": reading.style.value,
        "scores": {style.value: round(score, 4) for style, score in reading.scores.items()},
        "signals": [[span.signal.value, span.start, span.end] for span in reading.signals],
        "body": reading.body.value if reading.body else None,
        "language": reading.language,
    }


def _reading_of(values: dict[str, Any]) -> Reading:
    return Reading(
        style=Style(values["style"]),
        scores={Style(style): float(score) for style, score in values["scores"].items()},
        signals=tuple(SignalSpan(Signal(name), start, end) for name, start, end in values["signals"]),
        body=Body(values["body"]) if values["body"] else None,
        language=values.get("language"),
    )


def _move_of(values: dict[str, Any]) -> Move:
    state = dict(values["state"])
    state["phase"] = Phase(state["phase"])
    state["used"] = tuple(Tactic(tactic) for tactic in state["used"])
    state["topics"] = tuple(state.get("topics", ()))
    state["outcome"] = Outcome(state["outcome"]) if state["outcome"] else None
    return Move(
        tactic=Tactic(values["tactic"]),
        state=PartnerState(**state),
        line_id=values["line_id"],
        event=Event(values["event"]) if values["event"] else None,
        heard=values["heard"],
        meant=values["meant"],
        said_by=values.get("said_by", AUTHORED),
        guarded=tuple(GuardFault(fault) for fault in values.get("guarded", ())),
        spent=_two(values.get("spent", (0, 0))),
    )


def _two(values: Any) -> tuple[int, int]:
    first, second = values
    return int(first), int(second)
