"""Following parcels: what is asked of residents, what is polled, codes nobody knows, consolidated pickups."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'requested', 'booked', 'refused', 'unknown', 'void', 'cancelled', 'failed', 'done'"
KINDS_BEFORE = (
    "page.read", "case.judge", "case.route", "courier.book", "courier.find", "courier.cancel",
    "inbox.handle", "document.make", "notice.send",
)  # fmt: skip
KINDS = (
    "page.read", "case.judge", "case.route", "courier.book", "courier.find", "courier.cancel", "courier.poll",
    "courier.subscribe", "pickup.book", "pickup.find", "pickup.cancel", "inbox.handle", "document.make", "notice.send",
)  # fmt: skip
PARTIAL = {
    "ix_legs_answer_due": ("legs", ["answer_due"], "answer_due IS NOT NULL"),
    "ix_bookings_pickup": ("bookings", ["pickup"], "pickup IS NOT NULL"),
    "ix_courier_events_pickup": ("courier_events", ["pickup"], "pickup IS NOT NULL"),
    "ix_courier_events_unknown": ("courier_events", ["partner", "unknown_code"], "unknown_code IS NOT NULL"),
}


def added() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """References are not declared: SQLite takes none without copying the table, to which others refer."""
    return (
        ("legs", sa.Column("asks", sa.Integer(), nullable=False, server_default="0")),
        ("legs", sa.Column("answer_due", INSTANT, nullable=True)),
        ("legs", sa.Column("vouched", sa.String(length=16), nullable=True)),
        ("bookings", sa.Column("partner_ref", sa.JSON(), nullable=True)),
        ("bookings", sa.Column("polled_at", INSTANT, nullable=True)),
        ("bookings", sa.Column("pickup", sa.String(length=40), nullable=True)),
        ("courier_events", sa.Column("unknown_code", sa.String(length=40), nullable=True)),
        ("courier_events", sa.Column("pickup", sa.String(length=40), nullable=True)),
    )


def upgrade() -> None:
    for table, column in added():
        op.add_column(table, column)
    for name, (table, columns, where) in PARTIAL.items():
        only = sa.text(where)
        op.create_index(name, table, columns, unique=False, sqlite_where=only, postgresql_where=only)
    _make_pickups()
    _kinds_of_jobs(KINDS)


def _make_pickups() -> None:
    op.create_table(
        "pickups",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("window_start", INSTANT, nullable=False),
        sa.Column("window_end", INSTANT, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("waybill", sa.String(length=64), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("partner_ref", sa.JSON(), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_pickups_state")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_pickups_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_pickups")),
        sa.UniqueConstraint("id", name=op.f("uq_pickups_id")),
        sa.UniqueConstraint("partner", "order_id", name=op.f("uq_pickups_partner_order_id")),
    )
    op.create_index(op.f("ix_pickups_person"), "pickups", ["person"], unique=False)
    op.create_index("ix_pickups_waybill", "pickups", ["partner", "waybill"], unique=False)
    op.create_index("ix_pickups_state", "pickups", ["state", "requested_at"], unique=False)


def _kinds_of_jobs(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(op.f("ck_jobs_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    op.execute(f"DELETE FROM jobs WHERE kind NOT IN ({', '.join(repr(k) for k in KINDS_BEFORE)})")
    _kinds_of_jobs(KINDS_BEFORE)
    op.drop_table("pickups")
    for name, (table, _, _) in PARTIAL.items():
        op.drop_index(name, table_name=table)
    for table, column in reversed(added()):
        op.drop_column(table, column.name)
