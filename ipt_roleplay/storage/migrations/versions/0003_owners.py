"""Whose a talk is, and for how long it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("session", sa.Column("owner", sa.String(64)))
    op.add_column("session", sa.Column("keep_days", sa.Integer()))
    op.create_index("ix_session_owner", "session", ["owner"])


def downgrade() -> None:
    op.drop_index("ix_session_owner", "session")
    op.drop_column("session", "keep_days")
    op.drop_column("session", "owner")
