"""Sums of thirds of a month and of years, of every place and of offices: a period that begins or ends within a month, or goes
on for many, then reads a few rows of each place and not one of each day and month.

As those of 0034 and 0036 they follow the sums they are made of by triggers, whoever folds; and begin as sums of rows that
are few however many cases there are.

And the indexes in which medians are looked for hold what is asked of them: the newest cases of an item lie far apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
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
WHEN: Mapping[str, sa.Date | sa.Integer] = {
    "third": sa.Integer(),
    "year": sa.Integer(),
    "month": sa.Date(),
    "weekday": sa.SmallInteger(),
}


@dataclass(frozen=True)
class Wider:
    """Sums of another table's rows. `also`: what its key says besides, as the month of a third. Offices' sums leave the
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
    Wider("figure_thirds", "figure_days", ("third", *PLACE), also=("month",)),
    Wider("figure_office_thirds", "figure_days", ("third", *OFFICE), also=("month",)),
    Wider("figure_years", "figure_months", ("year", *PLACE)),
    Wider("figure_office_years", "figure_months", ("year", *OFFICE)),
    Wider("figure_office_year_hours", "figure_months", ("year", "weekday", *OFFICE), HOURS),
)
FINER = ("figure_months", "figure_days")
INDEXES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "ix_case_figures_accepted": (
        ("accepted_at", "case_number"),
        ("opened_at", *OFFICE, "item_code", "channel"),
    ),
    "ix_case_figures_concluded": (
        ("concluded_at", "case_number"),
        ("opened_at", *OFFICE, "item_code", "channel"),
    ),
    "ix_case_figures_item": (
        ("item_code", "submitted_at", "case_number"),
        ("opened_at", "accepted_at", "concluded_at", *OFFICE, "channel"),
    ),
}
"""Columns, and what PostgreSQL keeps beside them."""


def upgrade() -> None:
    _index_again(holding=True)
    for table in TABLES:
        _make(table)
    if op.get_bind().dialect.name == "postgresql":
        # nothing is folded between sums and triggers
        op.execute(f"LOCK TABLE {', '.join(FINER)} IN SHARE ROW EXCLUSIVE MODE")
    for table in TABLES:
        named, sums = ", ".join((*table.columns, *table.counters)), ", ".join(f"sum({n})" for n in table.counters)
        key, of_office = ", ".join(_told(n, table.of) for n in table.columns), "WHERE partner = ''"
        op.execute(
            f"INSERT INTO {table.name} ({named}) SELECT {key}, {sums} FROM {table.of} "
            f"{of_office if table.by_office else ''} GROUP BY {key}"
        )
    for finer in FINER:
        for statement in _triggers(finer, [table for table in TABLES if table.of == finer]):
            op.execute(statement)


def _index_again(*, holding: bool) -> None:
    if op.get_bind().dialect.name != "postgresql":  # keeps nothing beside an index
        return
    for name, (columns, include) in INDEXES.items():
        op.drop_index(name, "case_figures")
        op.create_index(name, "case_figures", list(columns), postgresql_include=list(include) if holding else [])


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


def _told(name: str, row: str) -> str:
    """What a row of days says of its third, one of months of its year."""
    if name == "year":
        return _part("year", f"{row}.month")
    if name == "third":
        year, month, day = (_part(part, f"{row}.day") for part in ("year", "month", "day"))
        place = f"CASE WHEN {day} <= 10 THEN 0 WHEN {day} <= 20 THEN 1 ELSE 2 END"
        return f"({year} * 12 + {month} - 1) * 3 + {place}"
    return f"{row}.{name}"


def _part(part: str, of: str) -> str:
    if op.get_bind().dialect.name == "postgresql":
        return f"CAST(EXTRACT({part} FROM {of}) AS integer)"
    return f"CAST(strftime('%{({'year': 'Y', 'month': 'm', 'day': 'd'})[part]}', {of}) AS integer)"


MOVES = {"insert": ("NEW", "NEW.{0}"), "update": ("NEW", "NEW.{0} - OLD.{0}"), "delete": ("OLD", "-OLD.{0}")}
"""Whose key, and what is added to the sums. Rows of days and of months never change their key."""


def _triggers(finer: str, tables: Sequence[Wider]) -> Iterator[str]:
    """Those of offices apart: a courier's row is none of theirs."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for by_office in (False, True):
        moved = [table for table in tables if table.by_office is by_office]
        for event, (row, value) in MOVES.items():
            name, when = _name(finer, event, by_office=by_office), f"WHEN ({row}.partner = '')" if by_office else ""
            body = " ".join(f"{_added(table, row, value)};" for table in moved)
            on = f"AFTER {event} ON {finer} FOR EACH ROW {when}"
            if on_postgresql:
                yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
                yield f"CREATE TRIGGER {name} {on} EXECUTE FUNCTION {name}()"
            else:
                yield f"CREATE TRIGGER {name} {on} BEGIN {body} END"


def _name(finer: str, event: str, *, by_office: bool) -> str:
    return f"{finer}_{event}_wide{'_offices' if by_office else ''}"


def _added(table: Wider, row: str, value: str) -> str:
    sums = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in table.counters)
    values = (*(_told(name, row) for name in table.columns), *(value.format(name) for name in table.counters))
    return (
        f"INSERT INTO {table.name} ({', '.join((*table.columns, *table.counters))}) VALUES ({', '.join(values)}) "
        f"ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {sums}"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for finer in FINER:
        for by_office in (False, True):
            for event in MOVES:
                name = _name(finer, event, by_office=by_office)
                op.execute(f"DROP TRIGGER {name}" + (f" ON {finer}" if on_postgresql else ""))
                if on_postgresql:
                    op.execute(f"DROP FUNCTION {name}()")
    for table in TABLES:
        op.drop_table(table.name)
    _index_again(holding=False)
