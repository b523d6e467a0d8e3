"""One-time codes for authority and for handing a case over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.CheckConstraint("purpose IN ('authority', 'hand_over')", name=op.f("ck_one_time_codes_purpose")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_one_time_codes_case_number")),
        sa.PrimaryKeyConstraint("purpose", "case_number", name=op.f("pk_one_time_codes")),
    )


def downgrade() -> None:
    op.drop_table("one_time_codes")
