"""Offices and appointments; a message may be to a person, of no case."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'booked', 'checked_in', 'served', 'missed', 'cancelled'"
BOOKED = sa.text("state = 'booked'")
LIVE = sa.text("state IN ('booked', 'checked_in')")


def upgrade() -> None:
    with op.batch_alter_table("notices") as batch:
        batch.alter_column("case_number", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("person", sa.String(length=40), nullable=True))
        batch.create_check_constraint(op.f("ck_notices_to"), "case_number IS NOT NULL OR person IS NOT NULL")
    _make_offices()
    _make_appointments()


def _make_offices() -> None:
    op.create_table(
        "offices",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("rest_hours", sa.JSON(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_offices")),
    )
    op.create_index(op.f("ix_offices_region"), "offices", ["region"], unique=False)
    op.create_table(
        "appointment_slots",
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_appointment_slots_taken")),
        sa.ForeignKeyConstraint(["office"], ["offices.code"], name=op.f("fk_appointment_slots_office")),
        sa.PrimaryKeyConstraint("office", "start", name=op.f("pk_appointment_slots")),
    )


def _make_appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("end", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("booked_at", INSTANT, nullable=False),
        sa.Column("checked_in_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_appointments_state")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_appointments_person")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_appointments_case_number")),
        sa.ForeignKeyConstraint(["office"], ["offices.code"], name=op.f("fk_appointments_office")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_appointments")),
        sa.UniqueConstraint("id", name=op.f("uq_appointments_id")),
        sa.UniqueConstraint("code_index", name=op.f("uq_appointments_code_index")),
    )
    op.create_index(op.f("ix_appointments_person"), "appointments", ["person"], unique=False)
    op.create_index("ix_appointments_office", "appointments", ["office", "start"], unique=False)
    op.create_index(
        "ix_appointments_booked", "appointments", ["start"], unique=False, sqlite_where=BOOKED, postgresql_where=BOOKED
    )
    op.create_index(
        "uq_appointments_live",
        "appointments",
        ["person", "item_code"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_table("appointments")
    op.drop_table("appointment_slots")
    op.drop_table("offices")
    op.execute("DELETE FROM notices WHERE case_number IS NULL")
    with op.batch_alter_table("notices") as batch:
        batch.drop_constraint(op.f("ck_notices_to"), type_="check")
        batch.drop_column("person")
        batch.alter_column("case_number", existing_type=sa.String(length=32), nullable=False)
