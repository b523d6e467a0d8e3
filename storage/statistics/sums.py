"""One question to the sums: some counters, grouped, of a slice. What it reads does not grow with the cases.

All time comes from the sums of all time, whole months from those of months; of a month that is cut, the shorter part is
read day by day and added to the rest, or taken away from the whole. What tells neither items nor channels apart is read
from the sums of offices. What is not folded yet comes on top. A question is built once for its shape, and then only asked
with other days and places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, String, Table, bindparam, func, select, union_all

from storage.actors import Scope
from storage.statistics.slices import Slice, compared, place_values
from storage.statistics.tables import (
    HOURS,
    figure_changes,
    figure_days,
    figure_month_totals,
    figure_months,
    figure_office_days,
    figure_office_hours,
    figure_office_months,
    figure_sums,
    figure_totals,
)
from storage.unit import AnyRow, Unit

SHORT = timedelta(days=31)
"""So many days are read one by one."""
SHAPES = 256
"""Of questions that are kept: four of a page, for every kind of slice that people look at."""


@dataclass(frozen=True)
class Sums:
    """One group. `place`: what it is grouped by."""

    place: Mapping[str, Any]
    counts: Mapping[str, int]

    def __getitem__(self, counter: str) -> int:
        return self.counts[counter]

    def key(self, names: Sequence[str]) -> str:
        return "/".join(str(self.place[name]) for name in names)


@dataclass(frozen=True)
class Span:
    """Days of one table, from `since` on and before `until`; None: open. `less`: they are taken away."""

    table: Table
    since: date | None = None
    until: date | None = None
    less: bool = False

    @property
    def shape(self) -> "Shape":
        return self.table.name, self.since is not None, self.until is not None, self.less


Shape = tuple[str, bool, bool, bool]


@dataclass(frozen=True)
class Kept:
    """The sums of one grain of place. `weekdays`: of months, each weekday apart."""

    days: Table
    months: Table
    weekdays: Table


EACH_PLACE = Kept(figure_days, figure_month_totals, figure_months)
OFFICES = Kept(figure_office_days, figure_office_months, figure_office_hours)
_TABLES = {
    table.name: table
    for table in (
        *(figure_sums, figure_totals, figure_changes),
        *(figure_days, figure_month_totals, figure_months),
        *(figure_office_days, figure_office_months, figure_office_hours),
    )
}


def sums(tx: Unit, asked: Slice, scope: Scope, by: tuple[str, ...], counters: tuple[str, ...]) -> list[Sums]:
    """Of the counters, grouped. Without groups always one."""
    spans, place = spans_of(asked, by, counters), place_values(asked, scope)
    question = _question(tuple(span.shape for span in spans), tuple(place), by, counters)
    days = {f"{name}_{n}": at for n, s in enumerate(spans) for name, at in (("since", s.since), ("until", s.until))}
    return [_sums(row, by, counters) for row in tx.execute(question, [{**place, **days}]).all()]


def _sums(row: AnyRow, by: tuple[str, ...], counters: tuple[str, ...]) -> Sums:
    """The database may give sums as decimals."""
    return Sums(dict(zip(by, row, strict=False)), dict(zip(counters, map(int, row[len(by) :]), strict=True)))


# ── which rows say it ──


def spans_of(asked: Slice, by: Sequence[str], counters: Sequence[str]) -> list[Span]:
    until = None if asked.end is None else asked.end + timedelta(days=1)
    kept = OFFICES if _of_offices(asked, by, counters) else EACH_PLACE
    return [*_folded(asked.start, until, by, kept), Span(figure_changes, asked.start, until)]


def _of_offices(asked: Slice, by: Sequence[str], counters: Sequence[str]) -> bool:
    """Offices' sums say it: of weekdays they know the hours alone."""
    apart = asked.item is not None or asked.channel is not None or not {"month", "weekday"}.issuperset(by)
    return not apart and ("weekday" not in by or set(HOURS).issuperset(counters))


def _folded(since: date | None, until: date | None, by: Sequence[str], kept: Kept) -> list[Span]:
    if since is None and until is None and "month" not in by:
        return [Span(figure_totals if "weekday" in by else figure_sums)]
    if since is not None and until is not None and until - since <= SHORT:
        return [Span(kept.days, since, until)]
    whole = Span(kept.weekdays if "weekday" in by else kept.months, _nearest(since), _nearest(until))
    return [whole, *_between(kept, since, whole.since), *_between(kept, whole.until, until)]


def _nearest(day: date | None) -> date | None:
    """The first of a month next to it."""
    if day is None:
        return None
    first = day.replace(day=1)
    following = (first + SHORT).replace(day=1)
    return first if day - first <= following - day else following


def _between(kept: Kept, since: date | None, until: date | None) -> list[Span]:
    """The days from one to the other, taken away where they lie the wrong way round; nothing where both are the same,
    or open."""
    if since is None or until is None or since == until:
        return []
    return [Span(kept.days, min(since, until), max(since, until), less=until < since)]


# ── the question ──


@lru_cache(maxsize=SHAPES)
def _question(
    shapes: tuple[Shape, ...], place: tuple[str, ...], by: tuple[str, ...], counters: tuple[str, ...]
) -> Select[Any]:
    cells = union_all(*(_cells(n, shape, place, by, counters) for n, shape in enumerate(shapes))).subquery()
    groups = [cells.c[name] for name in by]
    summed = [func.coalesce(func.sum(cells.c[name]), 0).label(name) for name in counters]
    return select(*groups, *summed).group_by(*groups).order_by(*groups)


def _cells(n: int, shape: Shape, place: tuple[str, ...], by: tuple[str, ...], counters: tuple[str, ...]) -> Select[Any]:
    name, since, until, less = shape
    table = _TABLES[name]
    at = table.c.day if "day" in table.c else table.c.get("month")
    values = [-table.c[name] if less else table.c[name] for name in counters]
    wanted = select(*(table.c[name] for name in by), *values)
    if "partner" in table.c:
        wanted = wanted.where(table.c.partner != "" if "partner" in by else table.c.partner == "")
    wanted = wanted.where(compared(table, {name: bindparam(name, type_=String()) for name in place}))
    if since:
        wanted = wanted.where(at >= bindparam(f"since_{n}", type_=Date()))
    return wanted.where(at < bindparam(f"until_{n}", type_=Date())) if until else wanted
