"""Operating: what processes count, who of them lives, the call and the case behind a job, what could not be told."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("case_number", sa.String(length=32), nullable=True))
    op.add_column("jobs", sa.Column("request", sa.String(length=64), nullable=True))
    op.create_table(
        "meters",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name=op.f("pk_meters")),
    )
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("memory_bytes", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_index("ix_processes_seen", "processes", ["seen_at"])
    _partial("ix_notices_failed", "notices", "made_at", "state = 'failed'")
    _partial("ix_outgoing_deliveries_unsent", "outgoing_deliveries", "state", "state IN ('failed', 'held')")


def _partial(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("ix_outgoing_deliveries_unsent", table_name="outgoing_deliveries")
    op.drop_index("ix_notices_failed", table_name="notices")
    op.drop_table("processes")
    op.drop_table("meters")
    op.drop_column("jobs", "request")
    op.drop_column("jobs", "case_number")
