"""Which partner takes a leg: preferences, payer, declared value, the health of each partner."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def of_booking() -> tuple[sa.Column[Any], ...]:
    """Defaults stay in the schema: SQLite takes none away without copying the table, to which events refer."""
    return (
        sa.Column("settled", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("desk_note", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_start", INSTANT, nullable=True),
        sa.Column("confirmed_end", INSTANT, nullable=True),
        sa.Column("cancel_by", INSTANT, nullable=True),
        sa.Column("payer", sa.String(length=16), nullable=False, server_default="office"),
        sa.Column("declared_value_fen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("proof", sa.String(length=16), nullable=True),
        sa.Column("safety_code", sa.LargeBinary(), nullable=True),
        sa.Column("instead_of", sa.String(length=40), nullable=True),
    )


def upgrade() -> None:
    for column in of_booking():
        op.add_column("bookings", column)
    said = sa.text("CAST(alerts AS VARCHAR) <> '[]'")
    op.create_index("ix_bookings_alerts", "bookings", ["seq"], unique=False, postgresql_where=said, sqlite_where=said)
    op.create_table(
        "partner_health",
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.Column("probing_until", INSTANT, nullable=True),
        sa.Column("well_at", INSTANT, nullable=True),
        sa.Column("failed_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("partner", name=op.f("pk_partner_health")),
    )
    op.create_table(
        "coverage",
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("address_index", sa.String(length=64), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partner", "address_index", name=op.f("pk_coverage")),
    )
    op.create_index(op.f("ix_coverage_ends_at"), "coverage", ["ends_at"], unique=False)


def downgrade() -> None:
    op.drop_table("coverage")
    op.drop_table("partner_health")
    op.drop_index("ix_bookings_alerts", "bookings")
    for column in reversed(of_booking()):
        op.drop_column("bookings", column.name)
