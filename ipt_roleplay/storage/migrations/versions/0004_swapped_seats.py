"""Who sat in which seat."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("session", sa.Column("swapped", sa.String(20)))


def downgrade() -> None:
    op.drop_column("session", "swapped")
