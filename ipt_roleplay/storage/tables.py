"""The tables, as SQLAlchemy sees them; `migrations/` makes them."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class SessionRow(Base):
    """One practice."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    persona_id: Mapped[str] = mapped_column(String(80))
    situation_id: Mapped[str] = mapped_column(String(80))
    difficulty: Mapped[str] = mapped_column(String(20))
    goal_kind: Mapped[str] = mapped_column(String(20))
    goal_text: Mapped[str] = mapped_column(Text)
    seed: Mapped[int] = mapped_column(Integer)
    mood_before: Mapped[int | None]
    confidence_before: Mapped[int | None]
    mood_after: Mapped[int | None]
    confidence_after: Mapped[int | None]
    started_at: Mapped[str] = mapped_column(String(40), index=True)
    ended_at: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(20))
    branch_of: Mapped[str | None] = mapped_column(String(40))
    branch_at: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(String(64), index=True)
    keep_days: Mapped[int | None]
    swapped: Mapped[str | None] = mapped_column(String(20))


class TurnRow(Base):
    """One turn of a practice."""

    __tablename__ = "turn"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    speaker: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    reading: Mapped[dict[str, object] | None] = mapped_column(JSON)
    move: Mapped[dict[str, object] | None] = mapped_column(JSON)
    said_at: Mapped[str] = mapped_column(String(40))
