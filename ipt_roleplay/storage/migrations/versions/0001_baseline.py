"""Practices and their turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("persona_id", sa.String(80), nullable=False),
        sa.Column("situation_id", sa.String(80), nullable=False),
        sa.Column("difficulty", sa.String(20), nullable=False),
        sa.Column("goal_kind", sa.String(20), nullable=False),
        sa.Column("goal_text", sa.Text(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("mood_before", sa.Integer()),
        sa.Column("confidence_before", sa.Integer()),
        sa.Column("mood_after", sa.Integer()),
        sa.Column("confidence_after", sa.Integer()),
        sa.Column("started_at", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.String(40)),
        sa.Column("outcome", sa.String(20)),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_started_at", "session", ["started_at"])
    op.create_table(
        "turn",
        sa.Column("session_id", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reading", sa.JSON()),
        sa.Column("move", sa.JSON()),
        sa.Column("said_at", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_turn_session", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "n", name="pk_turn"),
    )


def downgrade() -> None:
    op.drop_table("turn")
    op.drop_table("session")
