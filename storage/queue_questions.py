"""The questions behind the desk's queues, each built once for its shape and then asked for a time, a person and their places.

No question looks at more than it shows. A page is asked for place by place (one department in one region, where one index
holds the cases in their order) and state by state, and merged; a count stops where a number tells nothing more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    TextClause,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)

from cases.lifecycle import CaseState
from storage.actors import readable_by_staff
from storage.columns import Instant, any_of
from storage.tables import DESK_STATES, cases, items

SHAPES = 64
SOON = timedelta(days=1)
COUNTED_TO = 1000
"""Above it nobody acts on the exact number: a queue's count is then one more than this."""
REGION_DIGITS = 12
MOST_PARTS = 64
"""With more of them, one look along the whole order costs less than merging them."""
NOW: ColumnElement[datetime] = bindparam("now", type_=Instant())
SOON_AT: ColumnElement[datetime] = bindparam("soon", type_=Instant())
SELF: ColumnElement[str] = bindparam("self", type_=String())

# ── which cases stand in which queue ────────────────────────────────────────────────────────────────────────────

IN_REVIEW = frozenset({CaseState.IN_REVIEW})
OWED = DESK_STATES - {CaseState.RETURNED}
"""In these the office is awaited, and can be late."""
FREE = or_(cases.c.claimed_until.is_(None), cases.c.claimed_until <= NOW)
_ON_DESK = text(any_of("cases.state", DESK_STATES))
"""Said to SQLite in the index's own words."""


@dataclass(frozen=True)
class WorkQueue:
    """`states`: none where the cases may be in any. `more`: what else they have in common. `dated`: only cases with a
    time limit can be in it."""

    states: frozenset[CaseState]
    more: ColumnElement[bool] = field(default_factory=true)
    dated: bool = False
    test: bool = False

    def where(self) -> ColumnElement[bool]:
        """The whole condition, but for the scope."""
        return and_(self.standing(self.states), self.more)

    def counted(self) -> ColumnElement[bool]:
        """The same, for counting: who has a time limit is found by it alone, in an index that holds all that is asked. Of an
        expression no index of states is tried, which would open every case for its place."""
        return and_(self.standing(self.states, "cases.state || ''"), self.more) if self.dated else self.where()

    def standing(self, states: frozenset[CaseState], state: str = "cases.state") -> ColumnElement[bool]:
        """In these states, and a test or none. The words are written out: so a planner knows an index over some of
        them again."""
        of_state = text(any_of(state, states)) if states else true()
        return and_(of_state, cases.c.test if self.test else ~cases.c.test)


QUEUES: Mapping[str, WorkQueue] = {
    "mine": WorkQueue(frozenset(), and_(cases.c.claimed_by == SELF, cases.c.claimed_until > NOW)),
    "unclaimed": WorkQueue(IN_REVIEW, FREE),
    "again": WorkQueue(IN_REVIEW, cases.c.round > literal_column("0")),
    "doubtful": WorkQueue(IN_REVIEW, cases.c.doubtful_identity),
    "duplicates": WorkQueue(IN_REVIEW, cases.c.likely_duplicate),
    "soon": WorkQueue(OWED, and_(cases.c.deadline_at >= NOW, cases.c.deadline_at < SOON_AT), dated=True),
    "late": WorkQueue(OWED, cases.c.deadline_at < NOW, dated=True),
    "review": WorkQueue(IN_REVIEW),
    "returned": WorkQueue(frozenset({CaseState.RETURNED})),
    "originals": WorkQueue(frozenset({CaseState.COLLECTING, CaseState.RECEIVED})),
    "accepted": WorkQueue(frozenset({CaseState.ACCEPTED, CaseState.PROCESSING})),
    "conclude": WorkQueue(frozenset({CaseState.APPROVED, CaseState.REFUSED})),
    "test": WorkQueue(frozenset(), test=True),
}


# ── whose work ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Place:
    """What of a scope a question is built for. `departments`: it has some, `region`: it has one. `found`: in how many
    places its departments have work."""

    departments: bool
    region: bool
    found: int = 0

    def readable(self) -> ColumnElement[bool]:
        return readable_by_staff(departments=self.departments, region=self.region)

    def working(self) -> ColumnElement[bool]:
        """A queue is the work of the department that accepts the case; what others contribute are their assignments."""
        if not self.departments:
            return self.readable()
        theirs = {
            name: bindparam(name, expanding=True, type_=String()) for name in ("found_departments", "found_regions")
        }
        return and_(cases.c.department.in_(theirs["found_departments"]), cases.c.region.in_(theirs["found_regions"]))

    def each(self, on_desk: ColumnElement[bool] | TextClause) -> list[ColumnElement[bool]]:
        return [
            and_(cases.c.department == _word(f"department_{n}"), cases.c.region == _word(f"region_{n}"), on_desk)
            for n in range(self.found)
        ]


def _word(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=String())


def found_values(found: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What the places are called that a question is asked for."""
    each = {
        name: code
        for n, place in enumerate(found)
        for name, code in zip((f"department_{n}", f"region_{n}"), place, strict=True)
    }
    departments, regions = (sorted(set(codes)) for codes in zip(*found, strict=True)) if found else ([], [])
    return {**each, "found_departments": departments, "found_regions": regions}


@lru_cache(maxsize=SHAPES)
def departments_in_regions(departments: int, *, region: bool) -> Select[Any]:
    """Where these departments have cases on a desk: one step along the index for each, however many cases there are.
    Asked with `looked_values`."""
    wanted = union_all(*(select(_word(f"department_{n}").label("department")) for n in range(departments))).subquery()
    below = and_(cases.c.region.between(_word("from"), _word("to")) if region else true(), ~cases.c.test, _ON_DESK)

    def first(department: ColumnElement[str], *after: ColumnElement[bool]) -> ColumnElement[str]:
        lowest = select(func.min(cases.c.region)).where(cases.c.department == department, below, *after)
        return lowest.correlate_except(cases).scalar_subquery()

    walk = select(wanted.c.department, first(wanted.c.department).label("region")).cte("walk", recursive=True)
    step = select(walk.c.department, first(walk.c.department, cases.c.region > walk.c.region))
    walk = walk.union_all(step.where(walk.c.region.is_not(None)))
    return select(walk).where(walk.c.region.is_not(None)).order_by(walk.c.department, walk.c.region)


def looked_values(departments: Sequence[str], prefix: str) -> dict[str, str]:
    return {f"department_{n}": code for n, code in enumerate(departments)} | {
        "from": prefix,
        "to": f"{prefix:9<{REGION_DIGITS}}",
    }


# ── a page ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Half(StrEnum):
    """Cases with a time limit come first, then those without; apart, since no index compares a limit with none. Of each
    all, or what lies behind or before the case `at`, `number`."""

    DATED = "dated"
    DATED_BEHIND = "dated_behind"
    DATED_BEFORE = "dated_before"
    UNDATED = "undated"
    UNDATED_BEHIND = "undated_behind"
    UNDATED_BEFORE = "undated_before"

    def where(self) -> ColumnElement[bool]:
        number, position = _word("number"), tuple_(cases.c.deadline_at, cases.c.number)
        here = tuple_(bindparam("at", type_=Instant()), number)
        dated, undated = cases.c.deadline_at.is_not(None), cases.c.deadline_at.is_(None)
        return {
            Half.DATED: dated,
            Half.DATED_BEHIND: and_(dated, position > here),
            Half.DATED_BEFORE: and_(dated, position < here),
            Half.UNDATED: undated,
            Half.UNDATED_BEHIND: and_(undated, cases.c.number > number),
            Half.UNDATED_BEFORE: and_(undated, cases.c.number < number),
        }[self]


SHOWN: Sequence[ColumnElement[Any]] = (
    *(
        cases.c[name]
        for name in (
            *(
                "number",
                "item_code",
                "region",
                "department",
                "state",
                "channel",
                "applicant",
                "opened_at",
                "submitted_at",
            ),
            *("deadline_at", "round", "claimed_by", "claimed_until", "test", "doubtful_identity", "likely_duplicate"),
        )
    ),
    items.c.name.label("item_name"),
)
"""What a line of a list shows: a case has three times as much, half of it sealed."""


@lru_cache(maxsize=SHAPES)
def page(name: str, place: Place, half: Half, *, back: bool, free: bool, postgresql: bool) -> Select[Any]:
    """At most `most`, in the direction asked for."""
    asked = QUEUES[name]
    where = and_(half.where(), asked.more, FREE if free else true())
    each = [_keys(and_(part, where), back) for part in _parts(asked, place, postgresql=postgresql)]
    keys = union_all(*(select(part) for part in each)).subquery("keys")
    return (
        select(*SHOWN)
        .select_from(cases)
        .join(keys, keys.c.number == cases.c.number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .order_by(*_order(keys, back))
        .limit(_MOST)
    )


_MOST: ColumnElement[int] = bindparam("most", type_=Integer())


def _parts(asked: WorkQueue, place: Place, *, postgresql: bool) -> list[ColumnElement[bool]]:
    """The queue in pieces that an index holds in order: the states apart, and the places while they are few."""
    if not asked.states:
        return [and_(place.readable(), asked.standing(asked.states))]
    states = [frozenset({state}) for state in sorted(asked.states)]
    cut = 0 < place.found * len(states) <= MOST_PARTS
    places = place.each(true() if postgresql else _ON_DESK) if cut else [place.working()]
    return [and_(one, asked.standing(state)) for one, state in product(places, states)]


def _keys(part: ColumnElement[bool], back: bool) -> Subquery:
    wanted = select(cases.c.deadline_at, cases.c.number).where(part)
    return wanted.order_by(*_order(cases, back)).limit(_MOST).subquery()


def _order(of: FromClause, back: bool) -> Sequence[ColumnElement[Any]]:
    order = (of.c.deadline_at, of.c.number)
    return [column.desc() for column in order] if back else order


# ── counts ──────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=SHAPES)
def counts(place: Place, names: tuple[str, ...]) -> Select[Any]:
    """Of these queues, in one question; one more than `COUNTED_TO` where there are more than that."""
    counted = []
    for name in names:
        asked = QUEUES[name]
        theirs = place.working() if asked.states else place.readable()
        some = select(cases.c.number).where(asked.counted(), theirs).limit(COUNTED_TO + 1).subquery()
        counted.append(select(func.count()).select_from(some).scalar_subquery().label(name))
    return select(*counted)
