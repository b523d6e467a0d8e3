"""Messages to residents: on their way, by which channel, why not; and the platform's access token, shared."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BEFORE = "state IN ('waiting', 'sent', 'failed')"
NOW = "state IN ('created', 'sending', 'sent', 'failed')"
CHANNELS = "channel IS NULL OR channel IN ('platform', 'text_message')"
NEWS = sa.text("state IN ('created')")


def upgrade() -> None:
    with op.batch_alter_table("notices") as batch:
        batch.add_column(sa.Column("channel", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("cause", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("dedupe", sa.String(length=32), nullable=True))
        batch.drop_constraint(op.f("ck_notices_state"), type_="check")
    op.execute("UPDATE notices SET state = 'created' WHERE state = 'waiting'")
    with op.batch_alter_table("notices") as batch:
        batch.create_check_constraint(op.f("ck_notices_state"), NOW)
        batch.create_check_constraint(op.f("ck_notices_channel"), CHANNELS)
    op.create_index("uq_notices_dedupe", "notices", ["dedupe"], unique=True, sqlite_where=NEWS, postgresql_where=NEWS)
    op.create_table(
        "platform_tokens",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("forced_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_platform_tokens")),
    )


def downgrade() -> None:
    op.drop_table("platform_tokens")
    op.drop_index("uq_notices_dedupe", table_name="notices")
    with op.batch_alter_table("notices") as batch:
        batch.drop_constraint(op.f("ck_notices_channel"), type_="check")
        batch.drop_constraint(op.f("ck_notices_state"), type_="check")
    # whether a message on its way arrived is not known: it is sent again
    op.execute("UPDATE notices SET state = 'waiting' WHERE state IN ('created', 'sending')")
    with op.batch_alter_table("notices") as batch:
        batch.create_check_constraint(op.f("ck_notices_state"), BEFORE)
        batch.drop_column("dedupe")
        batch.drop_column("cause")
        batch.drop_column("channel")
