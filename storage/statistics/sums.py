"""One question to the sums: some counters, grouped, of a slice. What it reads does not grow with the cases.

All time comes from the sums of all time. A period is put together of whole years, months, thirds of a month and days, those
added that lie in it, those taken away that the wider ones say too much, and always as few as will do. What tells neither
items nor channels apart is read from the sums of offices. What is not folded yet comes on top. A question is built once for
its shape, and then only asked with other days and places.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Select, String, Table, bindparam, func, select, union_all

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
    figure_office_thirds,
    figure_office_year_hours,
    figure_office_years,
    figure_sums,
    figure_thirds,
    figure_totals,
    figure_years,
    third_of,
)
from storage.unit import AnyRow, Unit

SHAPES = 512
"""Of questions that are kept: five of a page, for every kind of slice that people look at."""


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

    @property
    def rows(self) -> float:
        """Of a place; where the span is open, at least."""
        days = (self.until - self.since).days if self.since and self.until else 1
        return days / GRAINS[self.table.name].days


Shape = tuple[str, bool, bool, bool]


@dataclass(frozen=True)
class Grain:
    """What a row counts for. `days`: how many, about. `begins`: the day on which that begins in which a day lies. `said`: how
    the table's column says that day."""

    column: str
    days: int
    begins: Callable[[date], date]
    said: Callable[[date], date | int] = lambda day: day


_GRAINS = (
    Grain("day", 1, lambda day: day),
    Grain("third", 10, lambda day: day.replace(day=(1, 11, 21)[third_of(day) % 3]), third_of),
    Grain("month", 30, lambda day: day.replace(day=1)),
    Grain("year", 365, lambda day: day.replace(month=1, day=1), lambda day: day.year),
)


@dataclass(frozen=True)
class Kept:
    """The sums of one grain of place, widest first: as they are, by month, and by weekday."""

    whole: Sequence[Table]
    by_month: Sequence[Table]
    by_weekday: Sequence[Table]


EACH_PLACE = Kept(
    (figure_years, figure_month_totals, figure_thirds, figure_days),
    (figure_month_totals, figure_thirds, figure_days),
    (figure_months, figure_days),
)
OFFICES = Kept(
    (figure_office_years, figure_office_months, figure_office_thirds, figure_office_days),
    (figure_office_months, figure_office_thirds, figure_office_days),
    (figure_office_year_hours, figure_office_hours, figure_office_days),
)
_TABLES = {
    table.name: table
    for kept in (EACH_PLACE, OFFICES)
    for table in (figure_sums, figure_totals, figure_changes, *kept.whole, *kept.by_month, *kept.by_weekday)
}
GRAINS = {name: grain for name, table in _TABLES.items() for grain in reversed(_GRAINS) if grain.column in table.c}
"""Of each table that is kept by time, the finest it tells."""


def sums(tx: Unit, asked: Slice, scope: Scope, by: tuple[str, ...], counters: tuple[str, ...]) -> list[Sums]:
    """Of the counters, grouped, in the order of the groups. Without groups always one."""
    spans, place = spans_of(asked, by, counters), place_values(asked, scope)
    question = _question(tuple(span.shape for span in spans), tuple(place), by, counters)
    days = {f"{name}_{n}": at for n, span in enumerate(spans) for name, at in _ends(span)}
    # sorted here: a database that is asked to sorts all it read, before it sums
    found = sorted(tx.execute(question, [{**place, **days}]).all(), key=lambda row: row[: len(by)])
    return [_sums(row, by, counters) for row in found]


def _sums(row: AnyRow, by: tuple[str, ...], counters: tuple[str, ...]) -> Sums:
    """The database may give sums as decimals."""
    return Sums(dict(zip(by, row, strict=False)), dict(zip(counters, map(int, row[len(by) :]), strict=True)))


def _ends(span: Span) -> Iterator[tuple[str, date | int]]:
    """As its table says them."""
    for name, at in (("since", span.since), ("until", span.until)):
        if at is not None:
            yield name, GRAINS[span.table.name].said(at)


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
    tables = kept.by_month if "month" in by else kept.by_weekday if "weekday" in by else kept.whole
    return _covering(tables, since, until)


def _covering(tables: Sequence[Table], since: date | None, until: date | None) -> list[Span]:
    """Of the widest table what lies nearest, and of the finer ones what it says too little or too much; or of the finer ones
    alone, where that is fewer rows."""
    widest, *finer = tables
    if not finer:
        return [Span(widest, since, until)]
    start, end = _nearest(widest, since), _nearest(widest, until)
    edges = [*_between(finer, since, start), *_between(finer, end, until)]
    if start is None or end is None:
        return [Span(widest, start, end), *edges]
    without = _covering(finer, since, until)
    return min([Span(widest, start, end), *edges], without, key=_rows) if start < end else without


def _rows(spans: Sequence[Span]) -> float:
    return sum(span.rows for span in spans)


def _nearest(table: Table, day: date | None) -> date | None:
    """The beginning next to it of what a row of the table counts for."""
    if day is None:
        return None
    grain = GRAINS[table.name]
    first = grain.begins(day)
    if first.year == date.max.year:
        return first
    following = grain.begins(first + timedelta(days=grain.days + 2))
    return first if day - first <= following - day else following


def _between(tables: Sequence[Table], since: date | None, until: date | None) -> list[Span]:
    """The days from one to the other, taken away where they lie the wrong way round; nothing where both are the same,
    or open."""
    if since is None or until is None or since == until:
        return []
    if since < until:
        return _covering(tables, since, until)
    return [replace(span, less=not span.less) for span in _covering(tables, until, since)]


# ── the question ──


@lru_cache(maxsize=SHAPES)
def _question(
    shapes: tuple[Shape, ...], place: tuple[str, ...], by: tuple[str, ...], counters: tuple[str, ...]
) -> Select[Any]:
    cells = union_all(*(_cells(n, shape, place, by, counters) for n, shape in enumerate(shapes))).subquery()
    groups = [cells.c[name] for name in by]
    summed = [func.coalesce(func.sum(cells.c[name]), 0).label(name) for name in counters]
    return select(*groups, *summed).group_by(*groups)


def _cells(n: int, shape: Shape, place: tuple[str, ...], by: tuple[str, ...], counters: tuple[str, ...]) -> Select[Any]:
    name, since, until, less = shape
    table = _TABLES[name]
    values = [-table.c[name] if less else table.c[name] for name in counters]
    wanted = select(*(table.c[name] for name in by), *values)
    if "partner" in table.c:
        wanted = wanted.where(table.c.partner != "" if "partner" in by else table.c.partner == "")
    wanted = wanted.where(compared(table, {name: bindparam(name, type_=String()) for name in place}))
    if since:
        wanted = wanted.where(_at(table) >= bindparam(f"since_{n}", type_=_at(table).type))
    return wanted.where(_at(table) < bindparam(f"until_{n}", type_=_at(table).type)) if until else wanted


def _at(table: Table) -> Column[Any]:
    return table.c[GRAINS[table.name].column]
