"""Resumable uploads: which pieces of a file have come."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("received", NUMBER, nullable=False),
        sa.Column("chunks", sa.JSON(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_uploads_case_number")),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_uploads_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_uploads")),
        sa.UniqueConstraint("id", name=op.f("uq_uploads_id")),
    )
    op.create_index(op.f("ix_uploads_case_number"), "uploads", ["case_number"], unique=False)
    op.create_index(op.f("ix_uploads_ends_at"), "uploads", ["ends_at"], unique=False)
    op.create_index(op.f("ix_uploads_person"), "uploads", ["person"], unique=False)


def downgrade() -> None:
    op.drop_table("uploads")
