"""What of all that waits is lit, as questions: each is built once for a way of looking at the board, and then asked for a
time, a place and a person. All sources are asked in one statement, each for no more than is shown or counted of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Float,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from cases.supervision import Rules, WaitKind, Yellow
from storage.actors import Scope, readable_by_staff, staff_place
from storage.columns import Instant
from storage.tables import cases
from storage.wait_source import Source, at
from storage.waits import SOURCES, Look, standing, waiting_in

WAYS = 32
"""Ways of looking whose questions are kept; a question is some hundred kilobytes."""
BY_KIND: Mapping[WaitKind, Source] = {source.kind: source for source in SOURCES}
After = tuple[datetime, str, str]
"""An end, a kind, a subject: where a page begins."""


@dataclass(frozen=True)
class Seen:
    """What of the board is wanted; empty: everything."""

    light: str = ""
    kind: str = ""
    state: str = ""
    department: str = ""
    holder: str = ""


@dataclass(frozen=True)
class Way:
    """What a question is built for. `filters`: which of state, department and holder are asked for. `shares`: of the
    rules, by source and state."""

    light: str
    kind: str
    filters: frozenset[str]
    departments: bool
    region: bool
    apart: bool
    shares: tuple[float, ...]

    @property
    def sources(self) -> list[Source]:
        return [source for source in SOURCES if not self.kind or source.kind == self.kind]


def way(scope: Scope, seen: Seen, rules: Rules) -> Way:
    return Way(
        seen.light,
        seen.kind,
        frozenset(name for name in ("state", "department", "holder") if getattr(seen, name)),
        scope.departments is not None,
        scope.region is not None,
        bool(scope.staff),
        tuple(yellow.share for source in SOURCES for yellow in yellows(source, rules).values()),
    )


def told(scope: Scope, seen: Seen, look: Look, after: After | None = None) -> dict[str, Any]:
    """What a question is asked with."""
    values: dict[str, Any] = {**at(look.now), **staff_place(scope), "epoch": look.now.timestamp()}
    values |= {"state": seen.state, "department": seen.department, "holder": seen.holder, "staff": scope.staff or ""}
    for source in SOURCES:
        ends = {f"near_{state}": y.horizon(look.now, look.calendar) for state, y in yellows(source, look.rules).items()}
        for name, moment in ({"now": look.now, "far": max(look.now, *ends.values())} | ends).items():
            values |= source.moment(name, moment)
        if after is not None:
            values |= _behind(source, after)
    return values


def yellows(source: Source, rules: Rules) -> dict[str, Yellow]:
    return {str(s): rules.of(source.kind, s).yellow for s in source.states or ("",)}


def end(source: Source, row: Any) -> datetime:
    """Of a row of `page`."""
    due: date | datetime = row.day if source.by_day else row.due
    return source.end(due)


# ── questions ───────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=WAYS)
def page(way: Way, limit: int, *, after: bool) -> CompoundSelect[Any]:
    """Of every source the first `limit`, in its own order. What is red and what is yellow of the states apart: red is found
    in the index's own order, and rules by state are looked at only behind it."""
    parts: list[Select[Any]] = []
    shares = _shares(way)
    for source in way.sources:
        lights = ("red", "yellow") if source.states and not way.light else (way.light,)
        for light in lights:
            place = readable_by_staff(departments=way.departments, region=way.region)
            wanted = waiting_in(source, place, _apart(way)).where(*_lit(source, light, way, shares[source.kind]))
            if after:
                wanted = wanted.where(_further(source))
            parts.append(_part(source, wanted.order_by(source.due, source.subject).limit(limit)))
    return union_all(*parts)


def _part(source: Source, wanted: Select[Any]) -> Select[Any]:
    each = wanted.subquery()
    rest = [column for column in each.c if column.name != "due"]
    due = cast(null(), Instant()) if source.by_day else each.c.due
    day = each.c.due if source.by_day else cast(null(), Date())
    return select(literal(str(source.kind)).label("kind"), due.label("due"), day.label("day"), *rest)


@lru_cache(maxsize=WAYS)
def counted(way: Way, most: int, but: frozenset[str]) -> CompoundSelect[Any]:
    """By kind and holder, of the first `most` of every source that are found; not of the kinds `but` those."""
    parts = []
    shares = _shares(way)
    for source in (source for source in way.sources if source.kind not in but):
        red = case((source.ends_before("now"), 1), else_=0).label("red")
        place = readable_by_staff(departments=way.departments, region=way.region)
        lit = standing(source, place, _apart(way), source.holder.label("holder"), red)
        each = lit.where(*_lit(source, way.light, way, shares[source.kind])).limit(most).subquery()
        many = (func.count().label("many"), func.sum(each.c.red).label("red"))
        parts.append(select(literal(str(source.kind)).label("kind"), each.c.holder, *many).group_by(each.c.holder))
    return union_all(*parts)


def _shares(way: Way) -> dict[WaitKind, dict[str, float]]:
    left = iter(way.shares)
    return {source.kind: {str(s): next(left) for s in source.states or ("",)} for source in SOURCES}


def _apart(way: Way) -> ColumnElement[str] | None:
    return bindparam("staff", type_=String()) if way.apart else None


def _lit(source: Source, light: str, way: Way, shares: Mapping[str, float]) -> list[ColumnElement[bool]]:
    red, yellow = source.ends_before("now"), _yellow(source, shares)
    wanted: list[ColumnElement[bool]] = [source.due.is_not(None)]
    if light == "red":
        wanted.append(red)
    else:
        # nothing that ends later is lit: what the index is asked for
        wanted += [source.ends_before("far"), yellow if light == "yellow" else or_(red, yellow)]
    columns = {"state": cases.c.state, "department": source.department, "holder": source.holder}
    return wanted + [columns[name] == bindparam(name, type_=String()) for name in sorted(way.filters)]


def _yellow(source: Source, shares: Mapping[str, float]) -> ColumnElement[bool]:
    by_state = [
        and_(*([cases.c.state == state] if state else []), _near(source, state, share))
        for state, share in shares.items()
    ]
    return and_(source.ends_after("now", at_it=False), or_(*by_state))


def _near(source: Source, state: str, share: float) -> ColumnElement[bool]:
    near = source.ends_before(f"near_{state}")
    if share == 1:
        return near
    left = source.seconds() - bindparam("epoch", type_=Float())
    return and_(near, left <= share * (source.seconds() - extract("epoch", source.since)))


def _further(source: Source) -> ColumnElement[bool]:
    """Behind the last line of the page before: later, or at the same end and of a later kind or subject."""
    here: ColumnElement[bool] = bindparam(f"here_{source.kind}", type_=Boolean())
    beyond = and_(here, source.subject > bindparam(f"beyond_{source.kind}", type_=String()))
    return and_(source.ends_after("after", at_it=True), or_(source.ends_after("after", at_it=False), beyond))


def _behind(source: Source, after: After) -> dict[str, Any]:
    moment, kind, subject = after
    beyond = subject if source.kind == kind else ""
    return source.moment("after", moment) | {
        f"here_{source.kind}": source.kind >= kind,
        f"beyond_{source.kind}": beyond,
    }
