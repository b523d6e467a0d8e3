"""Sums by office alone, of days, of months and of months' weekdays, and sums of all time by place alone: what is asked of
everything, or of some offices, then reads a row of each office and not one of each item, channel and courier in it.

As those of 0034 they follow the sums they are made of by triggers, whoever folds; and begin as sums of rows that are few
however many cases there are.

And indexes of cases that are few hold what is asked of them: their counts need not open the cases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = (
    *("draft", "submitted", "in_review", "returned", "preaudit_passed", "collecting", "received", "accepted"),
    *("processing", "approved", "refused", "concluded", "delivering", "delivered", "withdrawn", "not_accepted"),
    *("correction_expired", "aborted"),
)
HOURS = tuple(f"h{hour:02d}" for hour in range(24))
COUNTS = (
    *("opened", *(f"is_{state}" for state in STATES)),
    *("submitted", *HOURS),
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
OFFICE = ("region", "department", "departments")
PLACE = (*OFFICE, "item_code", "channel", "partner")
WHEN: dict[str, sa.Date | sa.SmallInteger] = {"day": sa.Date(), "month": sa.Date(), "weekday": sa.SmallInteger()}


@dataclass(frozen=True)
class Wider:
    """Sums of another table's rows. `also`: what its key says besides, as the weekday of a day. Offices' sums leave the
    couriers' rows out."""

    name: str
    of: str
    key: Sequence[str]
    counters: Sequence[str] = COUNTERS
    also: Sequence[str] = ()

    @property
    def columns(self) -> Sequence[str]:
        return (*self.key, *self.also)

    @property
    def by_office(self) -> bool:
        return "partner" not in self.key


TABLES = (
    Wider("figure_sums", "figure_months", PLACE),
    Wider("figure_office_months", "figure_months", ("month", *OFFICE)),
    Wider("figure_office_hours", "figure_months", ("month", "weekday", *OFFICE), HOURS),
    Wider("figure_office_days", "figure_days", ("day", *OFFICE), COUNTERS, ("month", "weekday")),
)
FINER = ("figure_months", "figure_days")
URGENCY = ("deadline_at", "number")
QUEUE = ("department", "region", *URGENCY)


@dataclass(frozen=True)
class Few:
    """An index of cases that are few, made anew. `flag`: of those that have it set."""

    name: str
    columns: Sequence[str]
    where: str
    flag: str = ""
    but_tests: bool = True
    include: Sequence[str] = ()

    def make(self, *, again: bool) -> None:
        """As it was, or `again`, as it is from now on."""
        tests = self.but_tests and again
        said = {
            dialect: " AND ".join([self.where, *([flag] if self.flag else []), *([test] if tests else [])])
            for dialect, flag, test in (
                ("sqlite", f"{self.flag} = 1", "test = 0"),
                ("postgresql", self.flag, "NOT test"),
            )
        }
        op.create_index(
            self.name,
            "cases",
            list(self.columns),
            postgresql_include=list(self.include) if again else [],
            sqlite_where=sa.text(said["sqlite"]),
            postgresql_where=sa.text(said["postgresql"]),
        )


INDEXES = (
    Few("ix_cases_again", QUEUE, "state = 'in_review' AND round > 0"),
    Few("ix_cases_doubtful_identity", QUEUE, "state = 'in_review'", "doubtful_identity"),
    Few("ix_cases_likely_duplicate", QUEUE, "state = 'in_review'", "likely_duplicate"),
    Few(
        "ix_cases_due",
        URGENCY,
        "deadline_at IS NOT NULL",
        but_tests=False,
        include=("state", "test", "department", "region", "item_code", "channel", "opened_at"),
    ),
)


def upgrade() -> None:
    for index in INDEXES:
        op.drop_index(index.name, "cases")
        index.make(again=True)
    for table in TABLES:
        _make(table)
    if op.get_bind().dialect.name == "postgresql":
        # nothing is folded between sums and triggers
        op.execute(f"LOCK TABLE {', '.join(FINER)} IN SHARE ROW EXCLUSIVE MODE")
    for table in TABLES:
        key, sums = ", ".join(table.columns), ", ".join(f"sum({name})" for name in table.counters)
        named, of_office = f"{key}, {', '.join(table.counters)}", "WHERE partner = ''" if table.by_office else ""
        op.execute(
            f"INSERT INTO {table.name} ({named}) SELECT {key}, {sums} FROM {table.of} {of_office} GROUP BY {key}"
        )
    for finer in FINER:
        for statement in _triggers(finer, [table for table in TABLES if table.of == finer]):
            op.execute(statement)


def _make(table: Wider) -> None:
    words = [name for name in table.columns if name not in WHEN]
    op.create_table(
        table.name,
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(name, WHEN[name], nullable=False) for name in WHEN if name in table.columns),
        *(sa.Column(name, sa.String(255 if name == "departments" else 64), nullable=False) for name in words),
        *(sa.Column(n, sa.Integer(), server_default="0", nullable=False) for n in table.counters if n in COUNTS),
        *(sa.Column(n, sa.BigInteger(), server_default="0", nullable=False) for n in table.counters if n in SECONDS),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table.name}")),
    )
    op.create_index(f"uq_{table.name}_key", table.name, list(table.key), unique=True)


MOVES = {"insert": ("NEW", "NEW.{0}"), "update": ("NEW", "NEW.{0} - OLD.{0}"), "delete": ("OLD", "-OLD.{0}")}
"""Whose key, and what is added to the sums. Rows of days and of months never change their key."""


def _triggers(finer: str, tables: Sequence[Wider]) -> Iterator[str]:
    """Those of offices apart: a courier's row is none of theirs."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for by_office in (False, True):
        moved = [table for table in tables if table.by_office is by_office]
        for event, (row, value) in MOVES.items():
            if not moved:
                continue
            name, when = _name(finer, event, by_office=by_office), f"WHEN ({row}.partner = '')" if by_office else ""
            body = " ".join(f"{_added(table, row, value)};" for table in moved)
            on = f"AFTER {event} ON {finer} FOR EACH ROW {when}"
            if on_postgresql:
                yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
                yield f"CREATE TRIGGER {name} {on} EXECUTE FUNCTION {name}()"
            else:
                yield f"CREATE TRIGGER {name} {on} BEGIN {body} END"


def _name(finer: str, event: str, *, by_office: bool) -> str:
    return f"{finer}_{event}_{'offices' if by_office else 'sums'}"


def _added(table: Wider, row: str, value: str) -> str:
    sums = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in table.counters)
    values = (*(f"{row}.{name}" for name in table.columns), *(value.format(name) for name in table.counters))
    return (
        f"INSERT INTO {table.name} ({', '.join((*table.columns, *table.counters))}) VALUES ({', '.join(values)}) "
        f"ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {sums}"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for finer, by_office in {(table.of, table.by_office): None for table in TABLES}:
        for event in MOVES:
            name = _name(finer, event, by_office=by_office)
            op.execute(f"DROP TRIGGER {name}" + (f" ON {finer}" if on_postgresql else ""))
            if on_postgresql:
                op.execute(f"DROP FUNCTION {name}()")
    for table in TABLES:
        op.drop_table(table.name)
    for index in INDEXES:
        op.drop_index(index.name, "cases")
        index.make(again=False)
