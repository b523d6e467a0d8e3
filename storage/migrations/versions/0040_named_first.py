"""An index of jobs that wait serves only who says its first column: where next to nothing waited when the planner last looked, all of
them looked equally small to it, and with many waiting it read through the wrong one."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

QUEUED, UNRUNG = "state = 'queued'", "state = 'queued' AND rung_at IS NULL"
INDEXES = {
    "uq_jobs_unfinished": (("kind", "dedupe"), "state IN ('queued', 'running')", "dedupe"),
    "ix_jobs_unrung": (("due_at",), UNRUNG, "due_at"),
    "ix_jobs_turns": (("queue", "urgent", "turn", "seq"), UNRUNG, "queue"),
    "ix_jobs_shares": (("share", "turn"), QUEUED, "share"),
    "ix_jobs_waiting": (("kind", "due_at"), QUEUED, "kind"),
}


def upgrade() -> None:
    for name, (columns, before, said) in INDEXES.items():
        _made_again(name, columns, f"{before} AND {said} IS NOT NULL")


def downgrade() -> None:
    for name, (columns, before, _) in INDEXES.items():
        _made_again(name, columns, before)


def _made_again(name: str, columns: tuple[str, ...], where: str) -> None:
    rows = sa.text(where)
    op.drop_index(name, table_name="jobs")
    op.create_index(name, "jobs", list(columns), unique=name.startswith("uq"), sqlite_where=rows, postgresql_where=rows)
