"""Talks that branch off another."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("session", sa.Column("branch_of", sa.String(40)))
    op.add_column("session", sa.Column("branch_at", sa.Integer()))


def downgrade() -> None:
    op.drop_column("session", "branch_at")
    op.drop_column("session", "branch_of")
