"""Agent points: who works there, which cases they look after, lists taken in at once; jobs that give way to others."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("background", sa.Boolean(), server_default=sa.false(), nullable=False))
    _make_points()
    _make_entrustments()
    _make_lists()


def _make_points() -> None:
    op.create_table(
        "agent_points",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("village", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_agent_points_person")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agent_points")),
    )
    op.create_table(
        "point_agents",
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["point"], ["agent_points.code"], name=op.f("fk_point_agents_point")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_point_agents_staff")),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_point_agents")),
    )


def _make_entrustments() -> None:
    op.create_table(
        "entrustments",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("point", sa.String(length=32), nullable=False),
        sa.Column("came", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("proven", sa.String(length=16), nullable=True),
        sa.Column("proven_at", INSTANT, nullable=True),
        sa.Column("proven_by", sa.String(length=40), nullable=True),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("ended", sa.String(length=16), nullable=True),
        sa.Column("batch", sa.String(length=40), nullable=True),
        sa.CheckConstraint("came IN ('opened', 'entrusted')", name=op.f("ck_entrustments_came")),
        sa.CheckConstraint(
            "proven IS NULL OR proven IN ('phone', 'form', 'account')", name=op.f("ck_entrustments_proven")
        ),
        sa.CheckConstraint(
            "ended IS NULL OR ended IN ('handed_over', 'withdrawn')", name=op.f("ck_entrustments_ended")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_entrustments_case_number")),
        sa.ForeignKeyConstraint(["point"], ["agent_points.code"], name=op.f("fk_entrustments_point")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entrustments")),
    )
    op.create_index(op.f("ix_entrustments_case_number"), "entrustments", ["case_number"], unique=False)
    op.create_index("ix_entrustments_point", "entrustments", ["point", "until", "seq"], unique=False)
    for name, column, where, unique in (
        ("uq_entrustments_live", "case_number", "until IS NULL", True),
        ("ix_entrustments_batch", "batch", "batch IS NOT NULL", False),
    ):
        chosen = sa.text(where)
        op.create_index(
            name, "entrustments", [column], unique=unique, sqlite_where=chosen, postgresql_where=chosen
        )  # fmt: skip


def _make_lists() -> None:
    op.create_table(
        "agent_batches",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["point"], ["agent_points.code"], name=op.f("fk_agent_batches_point")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_agent_batches")),
        sa.UniqueConstraint("id", name=op.f("uq_agent_batches_id")),
    )
    op.create_index("ix_agent_batches_point", "agent_batches", ["point", "seq"], unique=False)
    op.create_table(
        "agent_lines",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.String(length=128), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["agent_batches.id"], name=op.f("fk_agent_lines_batch")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_agent_lines_case_number")),
        sa.ForeignKeyConstraint(["point"], ["agent_points.code"], name=op.f("fk_agent_lines_point")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_agent_lines")),
        sa.UniqueConstraint("point", "transaction_id", name=op.f("uq_agent_lines_point_transaction_id")),
    )


def downgrade() -> None:
    for table in ("agent_lines", "agent_batches", "entrustments", "point_agents", "agent_points"):
        op.drop_table(table)
    op.drop_column("jobs", "background")
