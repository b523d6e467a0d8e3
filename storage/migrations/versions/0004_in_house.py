"""In-house carriers: their tasks, drop boxes and rounds."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOUND = "why IN ('collected', 'missing', 'unannounced', 'unknown', 'repeated')"


def of_booking(table: str) -> list[Any]:
    """The booking as the row's key."""
    return [
        sa.Column("booking_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f(f"fk_{table}_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f(f"pk_{table}")),
    ]


def of_case(table: str) -> list[Any]:
    return [
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f(f"fk_{table}_case_number")),
    ]


def of_box(table: str, *, optional: bool = False) -> list[Any]:
    return [
        sa.Column("box", sa.String(length=32), nullable=optional),
        sa.ForeignKeyConstraint(["box"], ["drop_boxes.code"], name=op.f(f"fk_{table}_box")),
    ]


def numbered(table: str) -> list[Any]:
    return [
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}")),
    ]


def named(table: str) -> list[Any]:
    return [
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
    ]


def upgrade() -> None:
    _grid()
    _boxes()
    _envelopes()


def _grid() -> None:
    op.create_table(
        "grid_workers",
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("holder", "area", name=op.f("pk_grid_workers")),
    )
    op.create_table(
        "grid_tasks",
        *of_booking("grid_tasks"),
        *of_case("grid_tasks"),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
    )
    op.create_index(op.f("ix_grid_tasks_case_number"), "grid_tasks", ["case_number"], unique=False)
    op.create_index("ix_grid_tasks_area", "grid_tasks", ["area"], unique=False)
    op.create_table(
        "wrong_proofs",
        *of_booking("wrong_proofs"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
    )


def _boxes() -> None:
    op.create_table(
        "drop_boxes",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_drop_boxes")),
    )
    op.create_index(op.f("ix_drop_boxes_region"), "drop_boxes", ["region"], unique=False)
    op.create_table(
        "box_rounds",
        *numbered("box_rounds"),
        *named("box_rounds"),
        *of_box("box_rounds"),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("scanned", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
    )
    op.create_index("ix_box_rounds_box", "box_rounds", ["box", "at"], unique=False)
    op.create_table(
        "box_warnings",
        *numbered("box_warnings"),
        *of_box("box_warnings"),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("light", sa.String(length=8), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.UniqueConstraint("box", "due_at", "light", name=op.f("uq_box_warnings_box_due_at_light")),
        sa.CheckConstraint("light IN ('yellow', 'red')", name=op.f("ck_box_warnings_light")),
    )


def _envelopes() -> None:
    op.create_table(
        "drops",
        *of_booking("drops"),
        *of_case("drops"),
        *of_box("drops"),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("announced_at", INSTANT, nullable=False),
        sa.Column("dropped_at", INSTANT, nullable=True),
        sa.Column("emptied_at", INSTANT, nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.UniqueConstraint("code", name=op.f("uq_drops_code")),
    )
    op.create_index(op.f("ix_drops_case_number"), "drops", ["case_number"], unique=False)
    waiting = sa.text("emptied_at IS NULL")
    op.create_index("ix_drops_waiting", "drops", ["box"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "strays",
        *numbered("strays"),
        *named("strays"),
        *of_box("strays", optional=True),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("found_by", sa.String(length=64), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(FOUND, name=op.f("ck_strays_why")),
    )
    open_ = sa.text("settled_at IS NULL")
    op.create_index("ix_strays_open", "strays", ["found_at"], sqlite_where=open_, postgresql_where=open_)


def downgrade() -> None:
    for table in (
        "strays",
        "drops",
        "box_warnings",
        "box_rounds",
        "drop_boxes",
        "wrong_proofs",
        "grid_tasks",
        "grid_workers",
    ):
        op.drop_table(table)
