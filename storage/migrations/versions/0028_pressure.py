"""Turns and shares of what waits, and how often somebody asked for what is not there."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_jobs_turns", ["queue", "urgent", "turn", "seq"], "state = 'queued' AND rung_at IS NULL"),
    ("ix_jobs_shares", ["share", "turn"], "state = 'queued'"),
    ("ix_jobs_waiting", ["kind", "due_at"], "state = 'queued'"),
)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("share", sa.String(length=64), server_default="", nullable=False))
    op.add_column("jobs", sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("jobs", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name, columns, where in INDEXES:
        chosen = sa.text(where)
        op.create_index(name, "jobs", columns, sqlite_where=chosen, postgresql_where=chosen)
    op.create_table(
        "misses",
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_misses")),
    )
    op.create_index(op.f("ix_misses_ends_at"), "misses", ["ends_at"])


def downgrade() -> None:
    op.drop_table("misses")
    for name, _, _ in INDEXES:
        op.drop_index(name, "jobs")
    for column in ("urgent", "turn", "share"):
        op.drop_column("jobs", column)
