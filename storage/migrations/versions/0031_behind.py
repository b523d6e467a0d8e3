"""What is behind a figure, newest first, without sorting or reading all of it: orders, and cases of a rare kind."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
ORDERS = {"ix_order_figures_requested": (), "ix_order_figures_state": ("state",)}
RARE = {
    "twice": ("passed_at", "rounds = 2", "rounds = 2"),
    "often": ("passed_at", "rounds > 2", "rounds > 2"),
    "papers": ("passed_at", "papers > 0", "papers > 0"),
    "over_law": ("concluded_at", "over_law = 1", "over_law"),
}
"""The moment, and which cases, to SQLite and to PostgreSQL."""


def upgrade() -> None:
    for name, first in ORDERS.items():
        op.create_index(name, "order_figures", [*first, "requested_at", "booking_id"], unique=False)
    for name, (moment, sqlite, postgresql) in RARE.items():
        op.create_index(
            f"ix_case_figures_{name}",
            "case_figures",
            [moment, "case_number"],
            unique=False,
            sqlite_where=sa.text(sqlite),
            postgresql_where=sa.text(postgresql),
        )


def downgrade() -> None:
    for name in RARE:
        op.drop_index(f"ix_case_figures_{name}", "case_figures")
    for name in ORDERS:
        op.drop_index(name, "order_figures")
