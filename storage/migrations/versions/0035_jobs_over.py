"""Jobs that ended well move out of the way of those that are to be done. What ended before moves by the clock, a few
thousand at a time; the step itself moves nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FAILED = sa.text("state = 'failed'")
STATES = "state IN ('queued', 'running', 'done', 'failed', 'quarantined')"


def upgrade() -> None:
    op.create_table(
        "jobs_over",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("dedupe", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("queue", sa.String(length=16), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("again_at", INSTANT, nullable=True),
        sa.Column("rung_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("expired_leases", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("background", sa.Boolean(), nullable=False),
        sa.Column("share", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("request", sa.String(length=64), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_jobs_over_state")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_jobs_over")),
        sa.UniqueConstraint("id", name=op.f("uq_jobs_over_id")),
    )
    op.create_index("ix_jobs_over_ended", "jobs_over", ["ended_at"])
    op.create_index("ix_jobs_over_subject", "jobs_over", ["subject"])
    op.create_index("ix_jobs_over_kind", "jobs_over", ["kind", "seq"])
    op.create_index("ix_jobs_over_failed", "jobs_over", ["seq"], sqlite_where=FAILED, postgresql_where=FAILED)


def downgrade() -> None:
    """What has moved is over; what was done stands in the record."""
    op.drop_table("jobs_over")
