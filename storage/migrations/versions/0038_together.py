"""Pushes that come while others wait are handled together with them: which of them have no job of their own, and the call
that each came by. Whatever an older process keeps has its own job, and is handled by that."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("inbox", sa.Column("request", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_inbox_together",
        "inbox",
        ["seq"],
        sqlite_where=sa.text("state = 'new' AND alone = 0"),
        postgresql_where=sa.text("state = 'new' AND NOT alone"),
    )


def downgrade() -> None:
    """What still waits is brought back by the clock, each with a job of its own."""
    op.drop_index("ix_inbox_together", table_name="inbox")
    op.drop_column("inbox", "request")
    op.drop_column("inbox", "alone")
