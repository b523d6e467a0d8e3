"""The ledger forgets what ended well long ago without reading all that ended."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None
OVER = sa.text("state IN ('done', 'failed')")


def upgrade() -> None:
    op.create_index("ix_jobs_over", "jobs", ["ended_at"], unique=False, sqlite_where=OVER, postgresql_where=OVER)


def downgrade() -> None:
    op.drop_index("ix_jobs_over", "jobs")
