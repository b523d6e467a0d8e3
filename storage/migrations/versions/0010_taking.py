"""Grid workers take tasks: who goes, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("grid_tasks", sa.Column("taken_by", sa.String(length=40), nullable=True))
    op.add_column("grid_tasks", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("grid_tasks", "taken_at")
    op.drop_column("grid_tasks", "taken_by")
