"""Sums of all time, and of months without their weekdays, so that no question to the figures reads more as the years go by
than it shows; and an index in which the queues are counted without opening their cases.

The sums follow `figure_months` by triggers: whatever folds into the months, a process of the release before among it, moves
them in the same statement. They begin as sums of the months' rows, which are few however many cases there are.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None

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
COUNTERS = (*COUNTS, *SECONDS)
PLACE = ("region", "department", "departments", "item_code", "channel", "partner")
WHEN = {"figure_totals": "weekday", "figure_month_totals": "month"}
"""What is left of a month's key in each."""


LIVE = (
    "state IN ('accepted', 'approved', 'collecting', 'concluded', 'delivering', 'in_review', 'preaudit_passed', "
    "'processing', 'received', 'refused', 'returned', 'submitted')"
)


def upgrade() -> None:
    # `ix_cases_desk`, which it will replace, is still what processes of the release before look into
    op.create_index(
        "ix_cases_waiting",
        "cases",
        ["department", "region", "state", "deadline_at", "number"],
        postgresql_include=["claimed_until"],
        sqlite_where=sa.text(f"{LIVE} AND test = 0"),
        postgresql_where=sa.text(f"{LIVE} AND NOT test"),
    )
    for table, when in WHEN.items():
        _make_sums(table, sa.Column(when, sa.SmallInteger() if when == "weekday" else sa.Date(), nullable=False))
        op.create_index(f"uq_{table}_key", table, [when, *PLACE], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "LOCK TABLE figure_months IN SHARE ROW EXCLUSIVE MODE"
        )  # nothing is folded between sums and triggers
    for table, when in WHEN.items():
        key, sums = ", ".join((when, *PLACE)), ", ".join(f"sum({name})" for name in COUNTERS)
        named = f"{key}, {', '.join(COUNTERS)}"
        op.execute(f"INSERT INTO {table} ({named}) SELECT {key}, {sums} FROM figure_months GROUP BY {key}")
    for statement in _triggers():
        op.execute(statement)


def _make_sums(table: str, when: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        when,
        *(sa.Column(name, sa.String(255 if name == "departments" else 64), nullable=False) for name in PLACE),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in SECONDS),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}")),
    )


MOVES = {
    "insert": ("NEW", [f"NEW.{name}" for name in COUNTERS]),
    "update": ("NEW", [f"NEW.{name} - OLD.{name}" for name in COUNTERS]),
    "delete": ("OLD", [f"-OLD.{name}" for name in COUNTERS]),
}
"""Whose key, and what is added to the sums. Rows of months never change their key."""


def _triggers() -> Iterator[str]:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for event, (row, values) in MOVES.items():
        name = f"figure_months_{event}"
        body = " ".join(f"{_added(table, when, row, values)};" for table, when in WHEN.items())
        if on_postgresql:
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
            yield f"CREATE TRIGGER {name} AFTER {event} ON figure_months FOR EACH ROW EXECUTE FUNCTION {name}()"
        else:
            yield f"CREATE TRIGGER {name} AFTER {event} ON figure_months FOR EACH ROW BEGIN {body} END"


def _added(table: str, when: str, row: str, values: Sequence[str]) -> str:
    key = (when, *PLACE)
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTERS)
    return (
        f"INSERT INTO {table} ({', '.join((*key, *COUNTERS))}) "
        f"VALUES ({', '.join((*(f'{row}.{name}' for name in key), *values))}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sums}"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for event in MOVES:
        op.execute(f"DROP TRIGGER figure_months_{event}" + (" ON figure_months" if on_postgresql else ""))
        if on_postgresql:
            op.execute(f"DROP FUNCTION figure_months_{event}()")
    for table in WHEN:
        op.drop_table(table)
    op.drop_index("ix_cases_waiting", "cases")
