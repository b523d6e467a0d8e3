"""Staff: where a session was opened from, a renewed secret that waits for its first code, and an identity at a provider."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("way", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("opened_from", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("totp_pending", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("provider_identity", sa.String(length=64), nullable=True))
        batch.create_unique_constraint(op.f("uq_staff_provider_identity"), ["provider_identity"])
    op.create_table(
        "oidc_logins",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_logins")),
    )
    op.create_index(op.f("ix_oidc_logins_ends_at"), "oidc_logins", ["ends_at"], unique=False)


def downgrade() -> None:
    op.drop_table("oidc_logins")
    with op.batch_alter_table("staff") as batch:
        batch.drop_constraint(op.f("uq_staff_provider_identity"), type_="unique")
        batch.drop_column("provider_identity")
        batch.drop_column("totp_pending")
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("opened_from")
        batch.drop_column("way")
