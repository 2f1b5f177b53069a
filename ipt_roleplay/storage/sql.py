"""Practices in a database: SQLite in the data folder by default. A call that returns has its words on the disk.

SQLite's settings: write-ahead log, `synchronous=FULL` (a turn survives a power cut), `secure_delete` and a checkpoint after deleting
(what was deleted is gone from the files' bytes, not only from the tables).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, inspect, select, text, true, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session as OrmSession

from ipt_roleplay.domain import Session, Turn
from ipt_roleplay.errors import SessionStateError, StorageError, UnknownNameError
from ipt_roleplay.storage.rows import session_of, session_values, turn_values
from ipt_roleplay.storage.tables import SessionRow, TurnRow

MIGRATIONS = Path(__file__).with_name("migrations")


class SqlSessionStore:
    """Keeps practices in the database at `address` (a SQLAlchemy URL)."""

    keeps = True

    def __init__(self, address: str) -> None:
        self._address = address
        self._sqlite = make_url(address).get_backend_name() == "sqlite"
        with _plain_faults("The database cannot be opened"):
            if self._sqlite:
                _prepare_file(Path(make_url(address).database or ""))
            self._engine = _engine(address, self._sqlite)
            self._migrate()

    def create(self, session: Session) -> None:
        """Store a new session with its turns, if any."""
        with self._writing() as connection:
            connection.execute(insert(SessionRow).values(**session_values(session)))
            for turn in session.transcript.turns:
                connection.execute(insert(TurnRow).values(**turn_values(session.id, turn, datetime.now(UTC))))

    def append(self, session_id: str, turn: Turn) -> None:
        """Add one turn; raises SessionStateError if its number is taken, UnknownNameError if the session is gone."""
        try:
            with self._writing() as connection:
                connection.execute(insert(TurnRow).values(**turn_values(session_id, turn, datetime.now(UTC))))
        except IntegrityError as error:
            self.get(session_id)
            raise SessionStateError("This talk went on in another tab. Reload the page to see it as it is now.") from error

    def revise(self, session_id: str, turn: Turn) -> None:
        """Store the reading of a turn that is there already; its words stay."""
        reading = turn_values(session_id, turn, datetime.now(UTC))["reading"]
        with self._writing() as connection:
            connection.execute(update(TurnRow).where(TurnRow.session_id == session_id, TurnRow.n == turn.n).values(reading=reading))

    def update(self, session: Session) -> None:
        """Store everything about the session but its turns."""
        with self._writing() as connection:
            connection.execute(update(SessionRow).where(SessionRow.id == session.id).values(**session_values(session)))

    def get(self, session_id: str) -> Session:
        """One session with all turns; raises UnknownNameError."""
        with _plain_faults("The talk cannot be read"), OrmSession(self._engine) as orm:
            row = orm.get(SessionRow, session_id)
            if row is None:
                raise UnknownNameError("session", session_id, orm.scalars(select(SessionRow.id)))
            turns = orm.scalars(select(TurnRow).where(TurnRow.session_id == session_id).order_by(TurnRow.n))
            return session_of(row, list(turns))

    def list(self, owner: str | None = None) -> tuple[Session, ...]:
        """The sessions of an owner, or all, newest first, with their turns."""
        whose = true() if owner is None else SessionRow.owner == owner
        with _plain_faults("The talks cannot be read"), OrmSession(self._engine) as orm:
            turns: dict[str, list[TurnRow]] = {}
            theirs = select(TurnRow).join(SessionRow, SessionRow.id == TurnRow.session_id).where(whose)
            for turn in orm.scalars(theirs.order_by(TurnRow.session_id, TurnRow.n)):
                turns.setdefault(turn.session_id, []).append(turn)
            rows = orm.scalars(select(SessionRow).where(whose).order_by(SessionRow.started_at.desc()))
            return tuple(session_of(row, turns.get(row.id, [])) for row in rows)

    def delete(self, session_id: str) -> None:
        """Remove a session and every word of it from the storage's bytes."""
        self.get(session_id)
        with self._writing() as connection:
            connection.execute(delete(TurnRow).where(TurnRow.session_id == session_id))
            connection.execute(delete(SessionRow).where(SessionRow.id == session_id))
        self._wipe()

    def keep_for(self, owner: str, days: int | None) -> None:
        """Set after how many days an owner's sessions are forgotten."""
        with self._writing() as connection:
            connection.execute(update(SessionRow).where(SessionRow.owner == owner).values(keep_days=days))

    def forget_expired(self, now: datetime) -> int:
        """Remove the sessions of all owners whose days are over; returns how many."""
        old = [session.id for session in self.list() if session.is_expired(now)]
        for session_id in old:
            self.delete(session_id)
        return len(old)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _plain_faults("Your words could not be saved"), self._engine.begin() as connection:
            yield connection

    def _wipe(self) -> None:
        if self._sqlite:
            with _plain_faults("The deleted talk could not be wiped"), self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _migrate(self) -> None:
        """Bring the schema up to date; a database from a newer version is left untouched."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        with self._engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
            strange = at is None and inspect(connection).has_table("session")
        if strange or (at is not None and at not in known):
            raise StorageError(
                "This database was made by a newer version of ipt-roleplay, or by another program. It was not touched. "
                "Update ipt-roleplay, or set IPT_DATA_DIR to another folder."
            )
        with self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _prepare_file(path: Path) -> None:
    """The folder for the owner only (0700), the file too (0600)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(path.parent, 0o700)
    path.touch(mode=0o600, exist_ok=True)
    os.chmod(path, 0o600)


def _engine(address: str, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(address, pool_pre_ping=True)
    engine = create_engine(address, connect_args={"timeout": 15, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def _plain_faults(what: str) -> Iterator[None]:
    """Faults of disk and database as StorageError, without the words that were to be stored."""
    try:
        yield
    except IntegrityError:
        raise
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause).splitlines()[0][:160]
        raise StorageError(
            f"{what}: {reason}. Check that the data folder is writable and the disk is not full, or practise off the record."
        ) from None
