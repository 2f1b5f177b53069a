"""Off the record: practices in this process's memory, gone when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ipt_roleplay.domain import Session, Turn
from ipt_roleplay.errors import SessionStateError, UnknownNameError


class MemorySessionStore:
    """Writes nothing to disk."""

    keeps = False

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def create(self, session: Session) -> None:
        """Remember a new session."""
        self._sessions[session.id] = session

    def append(self, session_id: str, turn: Turn) -> None:
        """Add one turn; raises SessionStateError if its number is taken."""
        session = self.get(session_id)
        turns = session.transcript.turns
        if turn.n != len(turns) + 1:
            raise SessionStateError("This talk went on in another tab. Reload the page to see it as it is now.")
        self._sessions[session_id] = replace(session, transcript=replace(session.transcript, turns=(*turns, turn)))

    def revise(self, session_id: str, turn: Turn) -> None:
        """Remember the reading of a turn that is there already."""
        session = self.get(session_id)
        turns = tuple(replace(old, reading=turn.reading) if old.n == turn.n else old for old in session.transcript.turns)
        self._sessions[session_id] = replace(session, transcript=replace(session.transcript, turns=turns))

    def update(self, session: Session) -> None:
        """Remember everything about the session but its turns."""
        self._sessions[session.id] = replace(session, transcript=self.get(session.id).transcript)

    def get(self, session_id: str) -> Session:
        """One session; raises UnknownNameError."""
        if session_id not in self._sessions:
            raise UnknownNameError("session", session_id, self._sessions)
        return self._sessions[session_id]

    def list(self, owner: str | None = None) -> tuple[Session, ...]:
        """The sessions of an owner, or all, newest first."""
        mine = (session for session in self._sessions.values() if owner in (None, session.owner))
        return tuple(sorted(mine, key=lambda session: session.started_at, reverse=True))

    def delete(self, session_id: str) -> None:
        """Forget a session."""
        self.get(session_id)
        del self._sessions[session_id]

    def keep_for(self, owner: str, days: int | None) -> None:
        """Set after how many days an owner's sessions are forgotten."""
        for session in self.list(owner):
            self.update(replace(session, keep_days=days))

    def forget_expired(self, now: datetime) -> int:
        """Forget the sessions whose days are over; returns how many."""
        old = [session.id for session in self._sessions.values() if session.is_expired(now)]
        for session_id in old:
            del self._sessions[session_id]
        return len(old)
