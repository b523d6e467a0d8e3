"""Corrections after acceptance: what is wanted and by when; files that departments send along with their
decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNCHECKED = sa.text("checked_at IS NULL AND removed_at IS NULL")


def upgrade() -> None:
    op.add_column("specials", sa.Column("due", sa.Date(), nullable=True))
    op.add_column("specials", sa.Column("demands", sa.LargeBinary(), nullable=True))
    op.add_column("specials", sa.Column("reminded", sa.Integer(), nullable=True))
    op.add_column("specials", sa.Column("late_at", INSTANT, nullable=True))
    op.add_column("clock_requests", sa.Column("demands", sa.LargeBinary(), nullable=True))
    _make_decision_files()


def _make_decision_files() -> None:
    op.create_table(
        "decision_files",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("assignment", sa.String(length=40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=128), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("picture", sa.String(length=128), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_decision_files_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decision_files")),
        sa.UniqueConstraint("id", name=op.f("uq_decision_files_id")),
    )
    op.create_index(op.f("ix_decision_files_case_number"), "decision_files", ["case_number"], unique=False)
    op.create_index(
        "ix_decision_files_unchecked", "decision_files", ["at"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED
    )


def downgrade() -> None:
    op.drop_table("decision_files")
    op.drop_column("clock_requests", "demands")
    for column in ("late_at", "reminded", "demands", "due"):
        op.drop_column("specials", column)
