"""Figures kept as the cases change. Cases that are there already are counted by the sweep
`figures`, or at once by `zerotrip stats --rebuild`."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = (
    *("draft", "submitted", "in_review", "returned", "preaudit_passed", "collecting", "received", "accepted"),
    *("processing", "approved", "refused", "concluded", "delivering", "delivered", "withdrawn", "not_accepted"),
    *("correction_expired", "aborted"),
)
COUNTS = (
    *("opened", *(f"is_{state}" for state in STATES)),
    *("submitted", *(f"h{hour:02d}" for hour in range(24))),
    *("rounds_0", "rounds_1", "rounds_2", "rounds_3", "rounds", "papers"),
    *("accepted", "concluded", "approved", "late", "over_law", "worked_days", "delivered", "trips", "minutes"),
    *(f"rated_{level}" for level in range(1, 6)),
    *("complaints", "complaints_answered", "complaints_heard", "complaints_resolved"),
    *("orders", "orders_done", "orders_failed", "orders_refused", "orders_cancelled"),
    *("orders_moved", "orders_handed", "orders_on_time"),
)
STAGES = ("preaudit", "correction", "collection", "reception", "decision", "result", "delivery")
SECONDS = (*(f"in_{stage}" for stage in STAGES), "orders_seconds")
PLACE = ("region", "department", "departments", "item_code", "channel", "partner")
MOMENTS = ("opened", "submitted", "passed", "accepted", "concluded", "delivered", "rated")


def upgrade() -> None:
    _make_sums("figure_changes", by_day=True)
    _make_sums("figure_days", by_day=True)
    _make_sums("figure_months", by_day=False)
    op.create_index("uq_figure_days_key", "figure_days", ["day", *PLACE], unique=True)
    op.create_index("uq_figure_months_key", "figure_months", ["month", "weekday", *PLACE], unique=True)
    _make_cases()
    _make_orders()


def _place() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(255 if name == "departments" else 64), nullable=False) for name in PLACE]


def _make_sums(table: str, *, by_day: bool) -> None:
    op.create_table(
        table,
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *([sa.Column("day", sa.Date(), nullable=False)] if by_day else []),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        *_place(),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in SECONDS),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}")),
    )


def _make_cases() -> None:
    op.create_table(
        "case_figures",
        sa.Column("case_number", sa.String(length=32), nullable=False),
        *_place()[:-1],
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("hour", sa.SmallInteger(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        *(sa.Column(f"{moment}_at", INSTANT, nullable=True) for moment in MOMENTS[2:]),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("over_law", sa.Boolean(), nullable=False),
        sa.Column("worked_days", sa.Integer(), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_case_figures_case_number")),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_case_figures")),
    )
    for moment in MOMENTS:
        op.create_index(f"ix_case_figures_{moment}", "case_figures", [f"{moment}_at", "case_number"])
    op.create_index("ix_case_figures_item", "case_figures", ["item_code", "submitted_at", "case_number"])
    op.create_index("ix_case_figures_state", "case_figures", ["state", "opened_at", "case_number"])
    for name, column, sqlite, postgresql in (
        ("corrected", "passed_at", "rounds > 0", "rounds > 0"),
        ("late", "concluded_at", "late = 1", "late"),
        ("unsatisfied", "rated_at", "level > 3", "level > 3"),
    ):
        op.create_index(
            f"ix_case_figures_{name}",
            "case_figures",
            [column, "case_number"],
            sqlite_where=sa.text(sqlite),
            postgresql_where=sa.text(postgresql),
        )


def _make_orders() -> None:
    op.create_table(
        "order_figures",
        sa.Column("booking_id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("moved_at", INSTANT, nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_order_figures_case_number")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_order_figures")),
    )
    op.create_index(op.f("ix_order_figures_case_number"), "order_figures", ["case_number"])
    op.create_index("ix_order_figures_partner", "order_figures", ["partner", "requested_at", "booking_id"])


def downgrade() -> None:
    for table in ("order_figures", "case_figures", "figure_months", "figure_days", "figure_changes"):
        op.drop_table(table)
