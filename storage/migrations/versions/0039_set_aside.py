"""Jobs that were set aside have an index of their own: the one of all states was written four times for every job, and only
these few were looked for by it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

SET_ASIDE = sa.text("state = 'quarantined'")


def upgrade() -> None:
    op.create_index("ix_jobs_set_aside", "jobs", ["queue", "seq"], sqlite_where=SET_ASIDE, postgresql_where=SET_ASIDE)
    op.drop_index("ix_jobs_state", table_name="jobs")


def downgrade() -> None:
    op.create_index("ix_jobs_state", "jobs", ["state", "queue", "made_at"])
    op.drop_index("ix_jobs_set_aside", table_name="jobs")
