"""The newest readings, which tell how fast pages are read, are found without looking at all."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_readings_saved_at", "readings", ["saved_at"])


def downgrade() -> None:
    op.drop_index("ix_readings_saved_at", "readings")
