"""Tables of the figures.

A case has one row in `case_figures`: the moments of its life and what was counted for it, where. Sums are rows of
counters by day and place. A change of a case appends to `figure_changes` what it adds and what it takes away, so no two
writers wait for one row of a sum; a sweep folds those rows into `figure_days` and `figure_months`, whose triggers move
the wider sums along: of thirds of a month and of years, of months without weekdays, of all time, and of offices without
their items, channels and couriers.
Any of the folded sums is exact together with the changes, never alone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    case,
    extract,
)

from cases.lifecycle import CaseState
from storage.columns import Instant, flagged, partial, seq
from storage.tables import metadata

STAGES: dict[str, tuple[CaseState, ...]] = {
    "preaudit": (CaseState.SUBMITTED, CaseState.IN_REVIEW),
    "correction": (CaseState.RETURNED,),
    "collection": (CaseState.PREAUDIT_PASSED, CaseState.COLLECTING),
    "reception": (CaseState.RECEIVED,),
    "decision": (CaseState.ACCEPTED, CaseState.PROCESSING),
    "result": (CaseState.APPROVED, CaseState.REFUSED),
    "delivery": (CaseState.CONCLUDED, CaseState.DELIVERING),
}
"""Whose turn it is: the office's, the resident's, the courier's and the resident's, the office's, the departments', …"""
ENDS: dict[str, str] = {
    "preaudit": "passed",
    "correction": "passed",
    "collection": "accepted",
    "reception": "accepted",
    "decision": "concluded",
    "result": "concluded",
    "delivery": "delivered",
}
"""The moment with which the hours of a stage are counted, on its day."""
HOURS = tuple(f"h{hour:02d}" for hour in range(24))
STATES = tuple(f"is_{state}" for state in CaseState)
ROUNDS = ("rounds_0", "rounds_1", "rounds_2", "rounds_3")
LEVELS = tuple(f"rated_{level}" for level in range(1, 6))
IN = tuple(f"in_{stage}" for stage in STAGES)
ORDERS = (
    *("orders", "orders_done", "orders_failed", "orders_refused", "orders_cancelled"),
    *("orders_moved", "orders_handed", "orders_on_time"),
)
CARE = ("complaints", "complaints_answered", "complaints_heard", "complaints_resolved")
COUNTS = (
    *("opened", *STATES),
    *("submitted", *HOURS),
    *(*ROUNDS, "rounds", "papers"),
    *("accepted", "concluded", "approved", "late", "over_law", "worked_days"),
    *("delivered", "trips", "minutes"),
    *LEVELS,
    *CARE,
    *ORDERS,
)
SECONDS = (*IN, "orders_seconds")
COUNTERS = (*COUNTS, *SECONDS)
OFFICE = ("region", "department", "departments")
PLACE = (*OFFICE, "item_code", "channel", "partner")


def place(names: Sequence[str] = PLACE) -> list[Column[str]]:
    """Where something is counted. `departments`: every one that takes part, `,gaj,rsj,`. `partner`: of an order; of
    everything else empty."""
    widths = {"departments": 255}
    return [Column(name, String(widths.get(name, 64)), nullable=False) for name in names]


def counters(names: Sequence[str] = COUNTERS) -> list[Column[int]]:
    kinds = dict.fromkeys(SECONDS, BigInteger)
    return [Column(name, kinds.get(name, Integer), nullable=False, server_default="0") for name in names]


def when() -> list[Column[Any]]:
    """`month`: its first day. `weekday`: 0 is Monday."""
    return [Column("month", Date, nullable=False), Column("weekday", SmallInteger, nullable=False)]


def third_of(day: date) -> int:
    """上旬, 中旬 or 下旬 of the day: thirds of a month, which begin on its 1st, 11th and 21st, counted from the year 0 on."""
    return (day.year * 12 + day.month - 1) * 3 + min((day.day - 1) // 10, 2)


def said_of(finer: Table, name: str) -> ColumnElement[Any]:
    """What a row of days or of months says of a column of the wider sums that it belongs to."""
    if name == "year":
        return extract("year", finer.c.month)
    if name == "third":
        day, month = (extract(part, finer.c.day) for part in ("day", "month"))
        place = case((day <= 10, 0), (day <= 20, 1), else_=2)
        return (extract("year", finer.c.day) * 12 + month - 1) * 3 + place
    return finer.c[name]


def _keyed(table: Table, *first: str, of: Sequence[str] = PLACE) -> None:
    Index(f"uq_{table.name}_key", *(table.c[name] for name in (*first, *of)), unique=True)


figure_changes = Table(
    "figure_changes", metadata, seq(), Column("day", Date, nullable=False), *when(), *place(), *counters()
)  # fmt: skip
figure_days = Table(
    "figure_days", metadata, seq(), Column("day", Date, nullable=False), *when(), *place(), *counters()
)  # fmt: skip
figure_months = Table("figure_months", metadata, seq(), *when(), *place(), *counters())
figure_month_totals = Table(
    "figure_month_totals", metadata, seq(), Column("month", Date, nullable=False), *place(), *counters()
)  # fmt: skip
figure_totals = Table(
    "figure_totals", metadata, seq(), Column("weekday", SmallInteger, nullable=False), *place(), *counters()
)  # fmt: skip
figure_sums = Table("figure_sums", metadata, seq(), *place(), *counters())
figure_office_days = Table(
    "figure_office_days", metadata, seq(), Column("day", Date, nullable=False), *when(), *place(OFFICE), *counters()
)  # fmt: skip
figure_office_months = Table(
    "figure_office_months", metadata, seq(), Column("month", Date, nullable=False), *place(OFFICE), *counters()
)  # fmt: skip
figure_office_hours = Table(
    "figure_office_hours", metadata, seq(), *when(), *place(OFFICE), *counters(HOURS)
)  # fmt: skip
figure_thirds = Table(
    "figure_thirds", metadata, seq(), Column("third", Integer, nullable=False), Column("month", Date, nullable=False),
    *place(), *counters(),
)  # fmt: skip
figure_years = Table("figure_years", metadata, seq(), Column("year", Integer, nullable=False), *place(), *counters())
figure_office_thirds = Table(
    "figure_office_thirds", metadata, seq(), Column("third", Integer, nullable=False), Column("month", Date, nullable=False),
    *place(OFFICE), *counters(),
)  # fmt: skip
figure_office_years = Table(
    "figure_office_years", metadata, seq(), Column("year", Integer, nullable=False), *place(OFFICE), *counters()
)  # fmt: skip
figure_office_year_hours = Table(
    "figure_office_year_hours", metadata, seq(), Column("year", Integer, nullable=False),
    Column("weekday", SmallInteger, nullable=False), *place(OFFICE), *counters(HOURS),
)  # fmt: skip
_keyed(figure_days, "day")
_keyed(figure_thirds, "third")
_keyed(figure_years, "year")
_keyed(figure_office_thirds, "third", of=OFFICE)
_keyed(figure_office_years, "year", of=OFFICE)
_keyed(figure_office_year_hours, "year", "weekday", of=OFFICE)
_keyed(figure_months, "month", "weekday")
_keyed(figure_month_totals, "month")
_keyed(figure_totals, "weekday")
_keyed(figure_sums)
_keyed(figure_office_days, "day", of=OFFICE)
_keyed(figure_office_months, "month", of=OFFICE)
_keyed(figure_office_hours, "month", "weekday", of=OFFICE)

case_figures = Table(
    "case_figures",
    metadata,
    Column("case_number", String(32), ForeignKey("cases.number"), primary_key=True),
    *(column for column in place() if column.name != "partner"),
    Column("state", String(32), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("hour", SmallInteger),
    Column("weekday", SmallInteger),
    Column("passed_at", Instant),
    Column("accepted_at", Instant),
    Column("concluded_at", Instant),
    Column("delivered_at", Instant),
    Column("rated_at", Instant),
    Column("rounds", Integer, nullable=False),
    Column("papers", Integer, nullable=False),
    Column("approved", Boolean),
    Column("late", Boolean, nullable=False),
    Column("over_law", Boolean, nullable=False),
    Column("worked_days", Integer, nullable=False),
    Column("trips", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("level", Integer),
    Column("counted", JSON, nullable=False),
    *(
        Index(f"ix_case_figures_{name}", f"{name}_at", "case_number")
        for name in ("opened", "submitted", "passed", "delivered", "rated")
    ),
    # medians are taken from the index alone: newest cases of an item, or of a department, lie far apart
    *(
        Index(
            f"ix_case_figures_{name}",
            f"{name}_at",
            "case_number",
            postgresql_include=["opened_at", *OFFICE, "item_code", "channel"],
        )
        for name in ("accepted", "concluded")
    ),
    Index(
        "ix_case_figures_item",
        "item_code",
        "submitted_at",
        "case_number",
        postgresql_include=["opened_at", "accepted_at", "concluded_at", *OFFICE, "channel"],
    ),
    Index("ix_case_figures_state", "state", "opened_at", "case_number"),
    partial("ix_case_figures_corrected", "passed_at", "case_number", where="rounds > 0"),
    flagged("ix_case_figures_late", "concluded_at", "case_number", flag="late"),
    partial("ix_case_figures_unsatisfied", "rated_at", "case_number", where="level > 3"),
    # of what is rare: else a page of it is looked for among all cases
    partial("ix_case_figures_twice", "passed_at", "case_number", where="rounds = 2"),
    partial("ix_case_figures_often", "passed_at", "case_number", where="rounds > 2"),
    partial("ix_case_figures_papers", "passed_at", "case_number", where="papers > 0"),
    flagged("ix_case_figures_over_law", "concluded_at", "case_number", flag="over_law"),
)
order_figures = Table(
    "order_figures",
    metadata,
    Column("booking_id", String(40), primary_key=True),
    Column("case_number", String(32), ForeignKey("cases.number"), nullable=False, index=True),
    Column("partner", String(32), nullable=False),
    Column("direction", String(16), nullable=False),
    Column("state", String(32), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("moved_at", Instant),
    Column("on_time", Boolean, nullable=False),
    Column("seconds", BigInteger),
    Index("ix_order_figures_partner", "partner", "requested_at", "booking_id"),
    Index("ix_order_figures_requested", "requested_at", "booking_id"),
    Index("ix_order_figures_state", "state", "requested_at", "booking_id"),
)
