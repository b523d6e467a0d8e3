"""The manifest in detail: condition, labels, seals, packing photographs, transfers, incidents with an owner.

A hand-over's place was never written before: its column becomes a sealed one. Incidents of before belong to the
office; the ones that are open are due at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HOLDERS = "('resident', 'courier', 'office', 'department')"
INCIDENT_STATES = "('open', 'in_hand', 'with_resident', 'with_courier', 'settled')"
TRANSFER_STATES = "('offered', 'taken', 'declined', 'recalled')"


def upgrade() -> None:
    with op.batch_alter_table("originals") as batch:
        batch.add_column(sa.Column("label", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("note", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("department", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("lost_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("excused", sa.String(length=32), nullable=True))
        batch.create_unique_constraint(op.f("uq_originals_label"), ["label"])
    with op.batch_alter_table("hand_overs") as batch:
        batch.drop_column("place")
    with op.batch_alter_table("hand_overs") as batch:
        batch.add_column(sa.Column("place", sa.LargeBinary(), nullable=True))
    _incidents_have_owners()
    _make_parcels()
    _make_transfers()


def _incidents_have_owners() -> None:
    with op.batch_alter_table("incidents") as batch:
        batch.add_column(sa.Column("state", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("owner", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("due_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("keys", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("settlement", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("reason", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("escalated_at", INSTANT, nullable=True))
    op.execute("UPDATE incidents SET owner = 'intake', keys = '[]', state = 'open' WHERE closed_at IS NULL")
    op.execute("UPDATE incidents SET owner = 'intake', keys = '[]', state = 'settled' WHERE closed_at IS NOT NULL")
    op.execute("UPDATE incidents SET due_at = opened_at WHERE closed_at IS NULL")
    with op.batch_alter_table("incidents") as batch:
        batch.alter_column("state", nullable=False, existing_type=sa.String(length=16))
        batch.alter_column("owner", nullable=False, existing_type=sa.String(length=32))
        batch.alter_column("keys", nullable=False, existing_type=sa.JSON())
        batch.create_check_constraint(op.f("ck_incidents_state"), f"state IN {INCIDENT_STATES}")
    late = sa.text("closed_at IS NULL AND escalated_at IS NULL")
    op.create_index("ix_incidents_late", "incidents", ["due_at"], sqlite_where=late, postgresql_where=late)


def _make_parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("leg_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.Column("packed_at", INSTANT, nullable=True),
        sa.Column("photo", sa.String(length=128), nullable=True),
        sa.Column("picture", sa.String(length=128), nullable=True),
        sa.Column("photo_problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_parcels_case_number")),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_parcels_leg_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_parcels")),
        sa.UniqueConstraint("id", name=op.f("uq_parcels_id")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_parcels_leg_id")),
        sa.UniqueConstraint("label", name=op.f("uq_parcels_label")),
    )
    op.create_index(op.f("ix_parcels_case_number"), "parcels", ["case_number"], unique=False)


def _make_transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("giver", sa.String(length=16), nullable=False),
        sa.Column("taker", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.Column("offered_by", sa.String(length=64), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(f"giver IN {HOLDERS}", name=op.f("ck_transfers_giver")),
        sa.CheckConstraint(f"taker IN {HOLDERS}", name=op.f("ck_transfers_taker")),
        sa.CheckConstraint(f"state IN {TRANSFER_STATES}", name=op.f("ck_transfers_state")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_transfers_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_transfers")),
        sa.UniqueConstraint("id", name=op.f("uq_transfers_id")),
    )
    op.create_index(op.f("ix_transfers_case_number"), "transfers", ["case_number"], unique=False)
    op.create_index("ix_transfers_open", "transfers", ["department", "state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("transfers")
    op.drop_table("parcels")
    op.drop_index("ix_incidents_late", "incidents")
    with op.batch_alter_table("incidents") as batch:
        batch.drop_constraint(op.f("ck_incidents_state"), type_="check")
        for name in ("escalated_at", "reason", "settlement", "keys", "due_at", "owner", "state"):
            batch.drop_column(name)
    with op.batch_alter_table("hand_overs") as batch:
        batch.drop_column("place")
    with op.batch_alter_table("hand_overs") as batch:
        batch.add_column(sa.Column("place", sa.Text(), nullable=True))
    with op.batch_alter_table("originals") as batch:
        batch.drop_constraint(op.f("uq_originals_label"), type_="unique")
        for name in ("excused", "lost_at", "department", "note", "label"):
            batch.drop_column(name)
