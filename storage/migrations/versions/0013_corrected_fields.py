"""What residents say stands on their papers, a small copy of each page to say it by, and pages signed on a phone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("readings", sa.Column("picture", sa.String(length=128), nullable=True))
    op.add_column("pages", sa.Column("signed_at", INSTANT, nullable=True))
    op.add_column("corrections", sa.Column("pages", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "checked_fields",
        sa.Column("page_id", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("read", sa.LargeBinary(), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_checked_fields_page_id")),
        sa.PrimaryKeyConstraint("page_id", "field", name=op.f("pk_checked_fields")),
    )


def downgrade() -> None:
    op.drop_table("checked_fields")
    op.drop_column("corrections", "pages")
    op.drop_column("pages", "signed_at")
    op.drop_column("readings", "picture")
