"""Terminals: device accounts, and the sessions of those who stand before them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'idle', 'in_use', 'paper_out'"
ENDINGS = "'done', 'left', 'timed_out', 'lapsed', 'replaced', 'revoked'"
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("bridge", sa.Text(), nullable=True),
        sa.Column("enrol_hash", sa.String(length=64), nullable=True),
        sa.Column("enrol_until", INSTANT, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=True),
        sa.Column("seen_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", INSTANT, nullable=False),
        sa.Column("paper", sa.String(length=8), nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_devices_state")),
        sa.CheckConstraint("paper IN ('ready', 'out')", name=op.f("ck_devices_paper")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_devices")),
        sa.UniqueConstraint("id", name=op.f("uq_devices_id")),
        sa.UniqueConstraint("enrol_hash", name=op.f("uq_devices_enrol_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_index(op.f("ix_devices_region"), "devices", ["region"], unique=False)
    op.create_table(
        "kiosk_sessions",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("receipt_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("how", sa.String(length=16), nullable=True),
        sa.CheckConstraint(f"how IS NULL OR how IN ({ENDINGS})", name=op.f("ck_kiosk_sessions_how")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_kiosk_sessions_device_id")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_kiosk_sessions_person")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_kiosk_sessions_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_kiosk_sessions")),
        sa.UniqueConstraint("id", name=op.f("uq_kiosk_sessions_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_sessions_token_hash")),
    )
    op.create_index("ix_kiosk_sessions_device", "kiosk_sessions", ["device_id", "receipt_at"], unique=False)
    _index_open("uq_kiosk_sessions_one_open", "device_id", unique=True)
    _index_open("ix_kiosk_sessions_open", "ends_at", unique=False)


def _index_open(name: str, column: str, *, unique: bool) -> None:
    op.create_index(name, "kiosk_sessions", [column], unique=unique, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table("kiosk_sessions")
    op.drop_table("devices")
