"""The sums: how much of what, in a slice of time and place, within what one may see. Whole months come from the sums of
months, the rest from those of days, and what is not folded yet on top."""

import statistics as stats
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, false, func, or_, select, true, union_all

from cases.deadlines import BEIJING
from cases.lifecycle import CASE, CaseState
from cases.rulings import Because
from cases.saved import Saved
from storage.actors import Scope, readable, region_prefix
from storage.statistics.tables import (
    COUNTERS,
    ENDS,
    HOURS,
    ORDERS,
    ROUNDS,
    case_figures,
    figure_changes,
    figure_days,
    figure_months,
)
from storage.statistics.tables import LEVELS as RATED
from storage.tables import cases, corrections
from storage.unit import AnyRow, Unit

NEWEST = 2_000
"""Medians are taken over the newest cases; older ones say nothing about today."""


@dataclass(frozen=True)
class Slice:
    """Of time, days included, and place. A region: with those that lie in it."""

    start: date | None = None
    end: date | None = None
    region: str | None = None
    department: str | None = None
    item: str | None = None
    channel: str | None = None


EVERYTHING = Slice()


@dataclass(frozen=True)
class Cycle:
    """Hours from opening to the end of a stretch."""

    cases: int
    median_h: float
    p90_h: float


@dataclass(frozen=True)
class CourierFigures:
    """`moved`: of the orders, those whose parcel the courier had; `handed`: and gave to somebody; `on_time`: by the end of the window agreed on."""

    orders: int = 0
    done: int = 0
    failed: int = 0
    refused: int = 0
    cancelled: int = 0
    moved: int = 0
    handed: int = 0
    on_time: int = 0
    on_time_rate: float | None = None
    mean_hours: float | None = None


@dataclass(frozen=True)
class Month:
    month: date
    opened: int
    concluded: int
    on_time_rate: float | None
    working_days: float | None


@dataclass(frozen=True)
class Statistics:
    """A rate is None where there is nothing to take it of."""

    cases: int
    by_state: Mapping[str, int]
    by_item: Mapping[str, int]
    by_region: Mapping[str, int]
    to_accepted: Cycle
    to_concluded: Cycle
    first_pass_rate: float | None
    """Of the cases that passed pre-audit, the share that was never returned."""
    trips_saved: int
    papers_saved: int
    """Neither photographed nor handed over, because they were known; in cases past pre-audit."""
    ratings: Mapping[int, int]
    late: int
    """Past the deadline of where they stand, now."""
    hours_saved: float = 0.0
    by_channel: Mapping[str, int] = field(default_factory=dict)
    by_office: Mapping[str, int] = field(default_factory=dict)
    """Region/department."""
    submitted: int = 0
    passed: int = 0
    accepted: int = 0
    concluded: int = 0
    approved: int = 0
    delivered: int = 0
    overdue: int = 0
    """Concluded after the promised day."""
    rounds: Mapping[int, int] = field(default_factory=dict)
    """Cases past pre-audit by how often they were returned; 3: three times or more."""
    mean_rounds: float | None = None
    rounds_because: Mapping[str, int] = field(default_factory=dict)
    """Second notices of correction, and later ones, by why they were needed."""
    stage_hours: Mapping[str, float | None] = field(default_factory=dict)
    on_time_rate: float | None = None
    lawful_rate: float | None = None
    working_days: float | None = None
    complaints: int = 0
    answer_rate: float | None = None
    resolved_rate: float | None = None
    satisfaction: float | None = None
    hours: Sequence[Sequence[int]] = ()
    """Handed in, by weekday (Monday first) and hour."""
    hours_by_item: Mapping[str, Sequence[int]] = field(default_factory=dict)
    hours_by_office: Mapping[str, Sequence[int]] = field(default_factory=dict)
    hours_by_channel: Mapping[str, Sequence[int]] = field(default_factory=dict)
    couriers: Mapping[str, CourierFigures] = field(default_factory=dict)
    months: Sequence[Month] = ()


def statistics(tx: Unit, scope: Scope | None = None, asked: Slice = EVERYTHING) -> Statistics:
    seen = scope or Scope.everything()
    groups = [
        _Sums(row._mapping)
        for row in _sums(tx, asked, seen, ("item_code", "region", "department", "channel"), COUNTERS)
    ]
    total = _Sums.of(groups)
    passed = sum(total[name] for name in ROUNDS)
    rated = {level: total[name] for level, name in enumerate(RATED, 1)}
    return Statistics(
        cases=total["opened"],
        by_state={str(s): n for s in sorted(CaseState) if (n := total[f"is_{s}"])},
        by_item=_by(groups, "opened", "item_code"),
        by_region=_by(groups, "opened", "region"),
        by_channel=_by(groups, "opened", "channel"),
        by_office=_by(groups, "opened", "region", "department"),
        to_accepted=_cycle(tx, "accepted_at", asked, seen),
        to_concluded=_cycle(tx, "concluded_at", asked, seen),
        first_pass_rate=rate(total["rounds_0"], passed),
        trips_saved=total["trips"],
        papers_saved=total["papers"],
        hours_saved=round(total["minutes"] / 60, 1),
        ratings={level: n for level, n in rated.items() if n},
        satisfaction=rate(rated[1] + rated[2] + rated[3], sum(rated.values())),
        late=late_now(tx, asked, seen),
        submitted=total["submitted"],
        passed=passed,
        **{name: total[name] for name in ("accepted", "concluded", "approved", "delivered", "complaints")},
        overdue=total["late"],
        rounds={n: total[name] for n, name in enumerate(ROUNDS)},
        mean_rounds=ratio(total["rounds"], passed),
        rounds_because=_rounds_because(tx, asked, seen),
        stage_hours=_stage_hours(total, passed),
        on_time_rate=rate(total["concluded"] - total["late"], total["concluded"]),
        lawful_rate=rate(total["concluded"] - total["over_law"], total["concluded"]),
        working_days=ratio(total["worked_days"], total["concluded"]),
        answer_rate=rate(total["complaints_answered"], total["complaints"]),
        resolved_rate=rate(total["complaints_resolved"], total["complaints_heard"]),
        hours=_week(tx, asked, seen),
        hours_by_item=_hours_by(groups, "item_code"),
        hours_by_office=_hours_by(groups, "region", "department"),
        hours_by_channel=_hours_by(groups, "channel"),
        couriers=_couriers(tx, asked, seen),
        months=_months(tx, asked, seen),
    )


def counts_by_state(tx: Unit) -> dict[str, int]:
    """For metrics; test cases left out."""
    sums = totals(tx)
    return {str(s): n for s in sorted(CaseState) if (n := sums[f"is_{s}"])}


def totals(tx: Unit) -> dict[str, int]:
    """What the sums say of all time, by counter; test cases left out."""
    (row,) = _sums(tx, EVERYTHING, Scope.everything(), (), COUNTERS)
    sums = _Sums(row._mapping)
    return {name: sums[name] for name in COUNTERS}


def trips_saved_for(tx: Unit, person: str) -> Saved:
    """In all delivered cases of one person."""
    own = select(func.sum(case_figures.c.trips), func.sum(case_figures.c.minutes)).join(
        cases, cases.c.number == case_figures.c.case_number
    )
    trips, minutes = tx.execute(own.where(cases.c.owner == person)).one()
    return Saved(int(trips or 0), round(int(minutes or 0) / 60, 1))


def busy(tx: Unit, asked: Slice) -> list[list[int]]:
    """Cases handed in, by weekday and hour."""
    return _week(tx, asked, Scope.everything())


# ── one question to the sums ────────────────────────────────────────────────────────────────────────────────────


def _sums(tx: Unit, asked: Slice, scope: Scope, by: Sequence[str], counters: Sequence[str]) -> Sequence[AnyRow]:
    """Of the counters, grouped. Without groups always one row."""
    cells = _cells(asked, scope, [*by, *counters])
    groups = [cells.c[name] for name in by]
    sums = [func.coalesce(func.sum(cells.c[name]), 0).label(name) for name in counters]
    return tx.all(select(*groups, *sums).group_by(*groups).order_by(*groups))


def _cells(asked: Slice, scope: Scope, columns: Sequence[str]) -> FromClause:
    wanted: list[Select[Any]] = []
    months, days = _spans(asked)
    for table, when in (
        (figure_months, months),
        (figure_days, days),
        (figure_changes, _within(figure_changes, asked.start, asked.end)),
    ):
        if when is not None:
            of_orders = table.c.partner != "" if "partner" in columns else table.c.partner == ""
            chosen = select(*(table.c[name] for name in columns)).where(when, of_orders)
            wanted.append(chosen.where(in_place(table, asked, scope)))
    return union_all(*wanted).subquery()


def _spans(asked: Slice) -> tuple[ColumnElement[bool] | None, ColumnElement[bool] | None]:
    """Which months are taken whole, and which days beside them."""
    month = figure_months.c.month
    first = None if asked.start is None else _month_from(asked.start)
    last = None if asked.end is None else (asked.end + timedelta(days=1)).replace(day=1)
    if first is not None and last is not None and first >= last:
        return None, _within(figure_days, asked.start, asked.end)
    whole = and_(true(), *([month >= first] if first else []), *([month < last] if last else []))
    day, edges = figure_days.c.day, []
    if asked.start is not None and first is not None and asked.start < first:
        edges.append(and_(day >= asked.start, day < first))
    if asked.end is not None and last is not None and last <= asked.end:
        edges.append(and_(day >= last, day <= asked.end))
    return whole, or_(*edges) if edges else None


def _month_from(day: date) -> date:
    """The first of the month that begins on the day or after it."""
    return day if day.day == 1 else (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _within(table: Table, start: date | None, end: date | None) -> ColumnElement[bool]:
    day = table.c.day
    return and_(true(), *([day >= start] if start else []), *([day <= end] if end else []))


def in_place(table: Table, asked: Slice, scope: Scope) -> ColumnElement[bool]:
    """What is asked for, of what may be seen: as `storage.actors.readable` says it of cases."""
    seen = [_taking_part(table, scope.departments), *_in_region(table, scope.region)]
    return and_(*seen, *_asked_for(table, asked))


def _asked_for(table: Table, asked: Slice) -> list[ColumnElement[bool]]:
    values = (("department", asked.department), ("item_code", asked.item), ("channel", asked.channel))
    return [*_in_region(table, asked.region), *(table.c[name] == v for name, v in values if v is not None)]


def _taking_part(table: Table, departments: frozenset[str] | None) -> ColumnElement[bool]:
    if departments is None:
        return true()
    part = (table.c.departments.contains(f",{each},", autoescape=True) for each in sorted(departments))
    return or_(false(), *part)


def _in_region(table: Table, region: str | None) -> list[ColumnElement[bool]]:
    return [] if region is None else [table.c.region.startswith(region_prefix(region), autoescape=True)]


# ── what is made of the sums ────────────────────────────────────────────────────────────────────────────────────


class _Sums:
    """One row of sums; the database may give them as decimals."""

    def __init__(self, values: Mapping[Any, Any]) -> None:
        self.values = values

    @classmethod
    def of(cls, rows: Sequence["_Sums"]) -> "_Sums":
        return cls({name: sum(row[name] for row in rows) for name in COUNTERS})

    def __getitem__(self, name: str) -> int:
        return int(self.values[name])

    def place(self, names: Sequence[str]) -> str:
        return "/".join(str(self.values[name]) for name in names)


def rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def ratio(sum_: int, count: int) -> float | None:
    return round(sum_ / count, 2) if count else None


def _by(groups: Sequence[_Sums], counter: str, *names: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for group in groups:
        if group[counter]:
            counted[group.place(names)] = counted.get(group.place(names), 0) + group[counter]
    return dict(sorted(counted.items()))


def _hours_by(groups: Sequence[_Sums], *names: str) -> dict[str, list[int]]:
    counted: dict[str, list[int]] = {}
    for group in groups:
        if group["submitted"]:
            row = counted.setdefault(group.place(names), [0] * len(HOURS))
            counted[group.place(names)] = [n + group[hour] for n, hour in zip(row, HOURS, strict=True)]
    return dict(sorted(counted.items()))


def _week(tx: Unit, asked: Slice, scope: Scope) -> list[list[int]]:
    found = {row.weekday: _Sums(row._mapping) for row in _sums(tx, asked, scope, ("weekday",), HOURS)}
    return [[found[day][hour] if day in found else 0 for hour in HOURS] for day in range(7)]


def _stage_hours(total: _Sums, passed: int) -> dict[str, float | None]:
    counts = {"passed": passed, **{name: total[name] for name in ("accepted", "concluded", "delivered")}}
    return {
        stage: round(total[f"in_{stage}"] / counts[end] / 3600, 2) if counts[end] else None
        for stage, end in ENDS.items()
    }


def _couriers(tx: Unit, asked: Slice, scope: Scope) -> dict[str, CourierFigures]:
    rows = _sums(tx, asked, scope, ("partner",), (*ORDERS, "orders_seconds"))
    found = {row.partner: _Sums(row._mapping) for row in rows if row.orders}
    return {partner: _courier(sums) for partner, sums in found.items()}


def _courier(sums: _Sums) -> CourierFigures:
    named = {name.partition("_")[2] or "orders": sums[name] for name in ORDERS}
    moved, handed, seconds = named["moved"], named["handed"], sums["orders_seconds"]
    mean = round(seconds / handed / 3600, 1) if handed else None
    return CourierFigures(**named, on_time_rate=rate(named["on_time"], moved), mean_hours=mean)


def _rounds_because(tx: Unit, asked: Slice, scope: Scope) -> dict[str, int]:
    """From the notices themselves: few are not the first of their case, and an index has just those."""
    sent = and_(corrections.c.because.is_not(None), in_period(corrections.c.sent_at, asked))
    joined = select(corrections.c.because, func.count().label("many")).join(
        case_figures, case_figures.c.case_number == corrections.c.case_number
    )
    counted = joined.where(sent, in_place(case_figures, asked, scope)).group_by(corrections.c.because)
    found = {row.because: row.many for row in tx.all(counted)}
    return {str(cause): found.get(cause, 0) for cause in Because}


def _months(tx: Unit, asked: Slice, scope: Scope) -> list[Month]:
    rows = _sums(tx, asked, scope, ("month",), ("opened", "concluded", "late", "worked_days"))
    each = ((row.month, _Sums(row._mapping)) for row in rows)
    return [
        Month(
            month,
            s["opened"],
            s["concluded"],
            rate(s["concluded"] - s["late"], s["concluded"]),
            ratio(s["worked_days"], s["concluded"]),
        )
        for month, s in each
        if s["opened"] or s["concluded"]
    ]


def _cycle(tx: Unit, end: str, asked: Slice, scope: Scope) -> Cycle:
    at = case_figures.c[end]
    newest = select(case_figures.c.opened_at, at.label("ended")).where(
        at.is_not(None), in_period(at, asked), in_place(case_figures, asked, scope)
    )
    rows = tx.all(newest.order_by(at.desc()).limit(NEWEST))
    return cycle([(row.ended - row.opened_at).total_seconds() / 3600 for row in rows])


def cycle(hours: Sequence[float]) -> Cycle:
    if not hours:
        return Cycle(0, 0.0, 0.0)
    ninth = stats.quantiles(hours, n=10, method="inclusive")[-1] if len(hours) > 1 else hours[0]
    return Cycle(len(hours), round(stats.median(hours), 2), round(ninth, 2))


def in_period(at: ColumnElement[Any], asked: Slice) -> ColumnElement[bool]:
    """From the first day's beginning to the last day's end, in Beijing."""
    wanted = [] if asked.start is None else [at >= beginning(asked.start)]
    wanted += [] if asked.end is None else [at < beginning(asked.end + timedelta(days=1))]
    return and_(true(), *wanted)


def beginning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def late_now(tx: Unit, asked: Slice, scope: Scope) -> int:
    """No sum knows it: it changes without anything happening. Few cases have a deadline that has passed."""
    late = select(func.count()).select_from(cases).where(is_late(tx), standing_in(asked, scope))
    return int(tx.execute(late).scalar_one())


def standing_in(asked: Slice, scope: Scope) -> ColumnElement[bool]:
    """`in_place` and the period of opening, said of the cases themselves: what counts in the figures is no test."""
    return and_(~cases.c.test, readable(scope), in_period(cases.c.opened_at, asked), *_asked_for(cases, asked))


def is_late(tx: Unit) -> ColumnElement[bool]:
    return and_(cases.c.deadline_at < tx.now(), cases.c.state.in_(CASE.waiting()))
