"""All figures of a slice of time and place, within what one may see: what is made of the sums, and the little that no sum
knows."""

import statistics as stats
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Double, and_, func, select, text, true

from cases.lifecycle import CaseState
from cases.rulings import Because
from cases.saved import Saved
from storage.actors import Scope
from storage.statistics.late import late_now
from storage.statistics.slices import EVERYTHING, Slice, compared, in_period, in_place, place_values
from storage.statistics.sums import Sums, sums
from storage.statistics.tables import COUNTERS, ENDS, HOURS, ORDERS, PLACE, ROUNDS, case_figures
from storage.statistics.tables import LEVELS as RATED
from storage.tables import cases, corrections
from storage.unit import Unit

SHOWN_APART = ("opened", "submitted", *HOURS)
"""Of each item, office and channel."""
NEWEST = 1_000
"""Medians are taken over the newest cases; older ones say nothing about today."""
LOOKED_AT = 3_000
"""Among so many, of the item or of all: those of a small part are not looked for in all the years."""


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
    """Past the deadline of where they stand, now; counted up to a thousand, among the two thousand that are longest late."""
    late_more: bool = False
    """There may be more than that."""
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
    groups = sums(tx, asked, seen, ("item_code", "region", "department", "channel"), SHOWN_APART)
    (all_,) = sums(tx, asked, seen, (), COUNTERS)
    late, more_late = late_now(tx, asked, seen)
    passed = sum(all_[name] for name in ROUNDS)
    rated = {level: all_[name] for level, name in enumerate(RATED, 1)}
    return Statistics(
        cases=all_["opened"],
        by_state={str(s): n for s in sorted(CaseState) if (n := all_[f"is_{s}"])},
        by_item=_by(groups, "opened", "item_code"),
        by_region=_by(groups, "opened", "region"),
        by_channel=_by(groups, "opened", "channel"),
        by_office=_by(groups, "opened", "region", "department"),
        to_accepted=_cycle(tx, "accepted_at", asked, seen),
        to_concluded=_cycle(tx, "concluded_at", asked, seen),
        first_pass_rate=rate(all_["rounds_0"], passed),
        trips_saved=all_["trips"],
        papers_saved=all_["papers"],
        hours_saved=round(all_["minutes"] / 60, 1),
        ratings={level: n for level, n in rated.items() if n},
        satisfaction=rate(rated[1] + rated[2] + rated[3], sum(rated.values())),
        late=late,
        late_more=more_late,
        submitted=all_["submitted"],
        passed=passed,
        **{name: all_[name] for name in ("accepted", "concluded", "approved", "delivered", "complaints")},
        overdue=all_["late"],
        rounds={n: all_[name] for n, name in enumerate(ROUNDS)},
        mean_rounds=ratio(all_["rounds"], passed),
        rounds_because=_rounds_because(tx, asked, seen),
        stage_hours=_stage_hours(all_, passed),
        on_time_rate=rate(all_["concluded"] - all_["late"], all_["concluded"]),
        lawful_rate=rate(all_["concluded"] - all_["over_law"], all_["concluded"]),
        working_days=ratio(all_["worked_days"], all_["concluded"]),
        answer_rate=rate(all_["complaints_answered"], all_["complaints"]),
        resolved_rate=rate(all_["complaints_resolved"], all_["complaints_heard"]),
        hours=_week(tx, asked, seen),
        hours_by_item=_hours_by(groups, "item_code"),
        hours_by_office=_hours_by(groups, "region", "department"),
        hours_by_channel=_hours_by(groups, "channel"),
        couriers=_couriers(tx, asked, seen),
        months=_months(tx, asked, seen),
    )


def counts_by_state(tx: Unit) -> dict[str, int]:
    """For metrics; test cases left out."""
    counted = totals(tx)
    return {str(s): n for s in sorted(CaseState) if (n := counted[f"is_{s}"])}


def totals(tx: Unit) -> dict[str, int]:
    """What the sums say of all time, by counter; test cases left out."""
    (all_,) = sums(tx, EVERYTHING, Scope.everything(), (), COUNTERS)
    return dict(all_.counts)


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


# ── what is made of the sums ────────────────────────────────────────────────────────────────────────────────────


def rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def ratio(sum_: int, count: int) -> float | None:
    return round(sum_ / count, 2) if count else None


def _by(groups: Sequence[Sums], counter: str, *names: str) -> dict[str, int]:
    counted: dict[str, int] = {}
    for group in groups:
        if group[counter]:
            counted[group.key(names)] = counted.get(group.key(names), 0) + group[counter]
    return dict(sorted(counted.items()))


def _hours_by(groups: Sequence[Sums], *names: str) -> dict[str, list[int]]:
    counted: dict[str, list[int]] = {}
    for group in groups:
        if group["submitted"]:
            row = counted.setdefault(group.key(names), [0] * len(HOURS))
            counted[group.key(names)] = [n + group[hour] for n, hour in zip(row, HOURS, strict=True)]
    return dict(sorted(counted.items()))


def _week(tx: Unit, asked: Slice, scope: Scope) -> list[list[int]]:
    found = {group.place["weekday"]: group for group in sums(tx, asked, scope, ("weekday",), HOURS)}
    return [[found[day][hour] if day in found else 0 for hour in HOURS] for day in range(7)]


def _stage_hours(all_: Sums, passed: int) -> dict[str, float | None]:
    counts = {"passed": passed, **{name: all_[name] for name in ("accepted", "concluded", "delivered")}}
    return {
        stage: round(all_[f"in_{stage}"] / counts[end] / 3600, 2) if counts[end] else None
        for stage, end in ENDS.items()
    }


def _couriers(tx: Unit, asked: Slice, scope: Scope) -> dict[str, CourierFigures]:
    groups = sums(tx, asked, scope, ("partner",), (*ORDERS, "orders_seconds"))
    return {group.place["partner"]: _courier(group) for group in groups if group["orders"]}


def _courier(group: Sums) -> CourierFigures:
    named = {name.partition("_")[2] or "orders": group[name] for name in ORDERS}
    moved, handed, seconds = named["moved"], named["handed"], group["orders_seconds"]
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
    return [
        Month(
            s.place["month"],
            s["opened"],
            s["concluded"],
            rate(s["concluded"] - s["late"], s["concluded"]),
            ratio(s["worked_days"], s["concluded"]),
        )
        for s in sums(tx, asked, scope, ("month",), ("opened", "concluded", "late", "worked_days"))
        if s["opened"] or s["concluded"]
    ]


def _cycle(tx: Unit, end: str, asked: Slice, scope: Scope) -> Cycle:
    at = case_figures.c[end]
    # one item has an index of its own, by the time of handing in
    order, own = (
        (at, true()) if asked.item is None else (case_figures.c.submitted_at, case_figures.c.item_code == asked.item)
    )
    place = (case_figures.c[name] for name in PLACE[:-1])
    ended = select(*place, case_figures.c.opened_at, at.label("ended"), order.label("order")).where(
        own, at.is_not(None), in_period(at, asked)
    )
    looked = ended.order_by(order.desc()).limit(LOOKED_AT).subquery()
    newest = select(looked.c.opened_at, looked.c.ended).where(compared(looked, place_values(asked, scope)))
    newest = newest.order_by(looked.c.order.desc()).limit(NEWEST)
    if not tx.postgresql:
        return cycle([(row.ended - row.opened_at).total_seconds() / 3600 for row in tx.all(newest)])
    rows = newest.subquery()
    # as doubles: `extract` gives numerics, which take twice as long; and both are sorted for once
    seconds: ColumnElement[float] = func.date_part("epoch", rows.c.ended - rows.c.opened_at, type_=Double())
    parts = func.percentile_cont(_PARTS).within_group(seconds)
    many, found = tx.execute(select(func.count(), parts).select_from(rows)).one()
    return Cycle(many, *(round(each / 3600, 2) for each in found)) if many else cycle([])


_PARTS = text("ARRAY[0.5, 0.9]")
"""Half of them, and nine of ten."""


def cycle(hours: Sequence[float]) -> Cycle:
    if not hours:
        return Cycle(0, 0.0, 0.0)
    ninth = stats.quantiles(hours, n=10, method="inclusive")[-1] if len(hours) > 1 else hours[0]
    return Cycle(len(hours), round(stats.median(hours), 2), round(ninth, 2))
