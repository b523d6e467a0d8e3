"""The desk's work queues: saved questions over the cases of the departments whose work they are.

Pages are by keyset, most urgent first: a case that moves while somebody turns pages is neither shown twice nor
skipped. Cases without a time limit come last. Every list takes a scope; test cases stand in a queue of their own and in
no other.

No list looks at more than it shows. A page is asked for place by place (one department in one region, where one index
holds the cases in their order) and state by state, and merged; a count stops where a number tells nothing more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)

from cases.errors import NotFound
from cases.lifecycle import CaseState
from cases.model import Applicant, CaseNumber
from storage import cursors
from storage.actors import Scope, readable, region_prefix
from storage.claims import names_of
from storage.columns import any_of
from storage.plain import from_plain
from storage.tables import DESK_STATES, cases, items
from storage.unit import AnyRow, Unit

PAGE_SIZE = 50
MOST_HIDDEN = 6
SOON = timedelta(days=1)
COUNTED_TO = 1000
"""Above it nobody acts on the exact number: a queue's count is then one more than this."""
REGION_DIGITS = 12
MOST_PARTS = 64
"""With more of them, one look along the whole order costs less than merging them."""


@dataclass(frozen=True)
class QueueRow:
    number: CaseNumber
    item_code: str
    item_name: str
    region: str
    department: str
    state: CaseState
    channel: str
    applicant: str
    """masked: 王*明"""
    opened_at: datetime
    submitted_at: datetime | None
    deadline_at: datetime | None
    round: int
    claimed_by: str | None
    claimed_until: datetime | None
    holder_name: str | None
    test: bool
    doubtful_identity: bool
    likely_duplicate: bool


# ── which cases stand in which queue ────────────────────────────────────────────────────────────────────────────

Where = Callable[[Scope, datetime], ColumnElement[bool]]
IN_REVIEW = frozenset({CaseState.IN_REVIEW})
OWED = DESK_STATES - {CaseState.RETURNED}
"""In these the office is awaited, and can be late."""


@dataclass(frozen=True)
class WorkQueue:
    """`states`: none where the cases may be in any. `more`: what else they have in common. `dated`: only cases with a
    time limit can be in it."""

    states: frozenset[CaseState]
    more: Where = lambda _scope, _now: true()
    dated: bool = False
    test: bool = False

    def where(self, scope: Scope, now: datetime) -> ColumnElement[bool]:
        """The whole condition, but for the scope."""
        return and_(self.standing(self.states), self.more(scope, now))

    def standing(self, states: frozenset[CaseState]) -> ColumnElement[bool]:
        """In these states, and a test or none. The words are written out: so a planner knows an index over some of
        them again."""
        of_state = text(any_of("cases.state", states)) if states else true()
        return and_(of_state, cases.c.test if self.test else ~cases.c.test)


def free(_scope: Scope, now: datetime) -> ColumnElement[bool]:
    return or_(cases.c.claimed_until.is_(None), cases.c.claimed_until <= now)


def _mine(scope: Scope, now: datetime) -> ColumnElement[bool]:
    return and_(cases.c.claimed_by == scope.staff, cases.c.claimed_until > now)


def _soon(_scope: Scope, now: datetime) -> ColumnElement[bool]:
    return and_(cases.c.deadline_at >= now, cases.c.deadline_at < now + SOON)


QUEUES: Mapping[str, WorkQueue] = {
    "mine": WorkQueue(frozenset(), _mine),
    "unclaimed": WorkQueue(IN_REVIEW, free),
    "again": WorkQueue(IN_REVIEW, lambda _scope, _now: cases.c.round > literal_column("0")),
    "doubtful": WorkQueue(IN_REVIEW, lambda _scope, _now: cases.c.doubtful_identity),
    "duplicates": WorkQueue(IN_REVIEW, lambda _scope, _now: cases.c.likely_duplicate),
    "soon": WorkQueue(OWED, _soon, dated=True),
    "late": WorkQueue(OWED, lambda _scope, now: cases.c.deadline_at < now, dated=True),
    "review": WorkQueue(IN_REVIEW),
    "returned": WorkQueue(frozenset({CaseState.RETURNED})),
    "originals": WorkQueue(frozenset({CaseState.COLLECTING, CaseState.RECEIVED})),
    "accepted": WorkQueue(frozenset({CaseState.ACCEPTED, CaseState.PROCESSING})),
    "conclude": WorkQueue(frozenset({CaseState.APPROVED, CaseState.REFUSED})),
    "test": WorkQueue(frozenset(), test=True),
}


def _named(name: str) -> WorkQueue:
    if name not in QUEUES:
        raise NotFound("没有这个工作队列。", queue=name, queues=list(QUEUES))
    return QUEUES[name]


# ── whose work ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Places:
    """The departments and regions a scope works for. `whole`: the condition in one piece. `each`: the same place by
    place; none where there is nothing to be cut."""

    whole: ColumnElement[bool]
    each: Sequence[ColumnElement[bool]] = ()


def _places(tx: Unit, scope: Scope) -> Places:
    """A queue is the work of the department that accepts the case; what others contribute are their assignments."""
    if scope.departments is None:
        return Places(readable(scope))
    on_desk = text(any_of("cases.state", DESK_STATES))  # said to SQLite in the index's own words
    found = _departments_in_regions(tx, sorted(scope.departments), region_prefix(scope.region or ""))
    whole = and_(
        cases.c.department.in_(sorted({department for department, _ in found})),
        cases.c.region.in_(sorted({region for _, region in found})),
    )
    each = [and_(cases.c.department == department, cases.c.region == region) for department, region in found]
    return Places(whole, each if tx.postgresql else [and_(one, on_desk) for one in each])


def _departments_in_regions(tx: Unit, departments: Sequence[str], prefix: str) -> list[tuple[str, str]]:
    """Where these departments have cases on a desk: one step along the index for each, however many cases there are."""
    if not departments:
        return []
    on_desk = text(any_of("cases.state", DESK_STATES))
    wanted = union_all(*(select(literal(d).label("department")) for d in departments)).subquery()
    last = f"{prefix:9<{REGION_DIGITS}}"
    below = and_(cases.c.region.between(prefix, last) if prefix else true(), on_desk)

    def first(department: ColumnElement[str], *after: ColumnElement[bool]) -> ColumnElement[str]:
        lowest = select(func.min(cases.c.region)).where(cases.c.department == department, below, *after)
        return lowest.correlate_except(cases).scalar_subquery()

    walk = select(wanted.c.department, first(wanted.c.department).label("region")).cte("walk", recursive=True)
    step = select(walk.c.department, first(walk.c.department, cases.c.region > walk.c.region))
    walk = walk.union_all(step.where(walk.c.region.is_not(None)))
    found = select(walk).where(walk.c.region.is_not(None)).order_by(walk.c.department, walk.c.region)
    return [(row.department, row.region) for row in tx.all(found)]


# ── a page ──────────────────────────────────────────────────────────────────────────────────────────────────────

Position = tuple[datetime | None, str]
"""A case's place in the order: its deadline, if it has one, and its number."""


@dataclass(frozen=True)
class QueuePage:
    """`cursor`: of the next page, `previous`: of the one before; None where there is none."""

    rows: tuple[QueueRow, ...]
    cursor: str | None
    previous: str | None


@dataclass(frozen=True)
class From:
    """Where a page begins: behind a case or, `back`wards, before it; None: at the front."""

    position: Position | None = None
    back: bool = False


def queue(tx: Unit, name: str, cursor: str | None, limit: int, scope: Scope) -> tuple[list[QueueRow], str | None]:
    """One page of a queue, most urgent first, and the cursor of the next. Raises `NotFound`, `InvalidRequest`."""
    page = queue_page(tx, name, cursor, limit, scope)
    return list(page.rows), page.cursor


def queue_page(tx: Unit, name: str, cursor: str | None, limit: int, scope: Scope) -> QueuePage:
    """The same, with the way back too."""
    asked, start = _named(name), _start(cursor)
    rows = _page(tx, asked, start, limit + 1, scope)
    further = len(rows) > limit
    page = rows[:limit][::-1] if start.back else rows[:limit]
    behind, before = (True, further) if start.back else (further, cursor is not None)
    return QueuePage(
        tuple(shown(tx, page)),
        cursors.written(page[-1].deadline_at, page[-1].number) if behind and page else None,
        BACK + cursors.written(page[0].deadline_at, page[0].number) if before and page else None,
    )


BACK = "-"


def _start(cursor: str | None) -> From:
    if not cursor:
        return From()
    back = cursor.startswith(BACK)
    return From(read_cursor(cursor.removeprefix(BACK)), back)


def shown(tx: Unit, rows: Sequence[AnyRow]) -> list[QueueRow]:
    """Rows of cases, each with its `item_name`, as lists of the desk show them."""
    names = names_of(tx, [row.claimed_by for row in rows if row.claimed_by])
    return [_queue_row(tx, row, names) for row in rows]


def next_free(tx: Unit, name: str, after: str | None, scope: Scope) -> CaseNumber | None:
    """The case to take after this one in a queue: the most urgent behind it that nobody has, or else from the front.
    Takes nothing. Raises `NotFound` for an unknown queue."""
    asked, here = _named(name), _position(tx, after) if after else None
    for start in (From(here), From()) if here else (From(),):
        for row in _page(tx, asked, start, 2, scope, only=None if name == "mine" else free):
            if row.number != after:
                return CaseNumber(row.number)
    return None


def _position(tx: Unit, number: str) -> Position | None:
    row = tx.one(select(cases.c.deadline_at, cases.c.number).where(cases.c.number == number))
    return None if row is None else (row.deadline_at, row.number)


def _page(
    tx: Unit, asked: WorkQueue, start: From, limit: int, scope: Scope, *, only: Where | None = None
) -> list[AnyRow]:
    """In the direction asked for."""
    now, places = tx.now(), _places(tx, scope) if asked.states else Places(readable(scope))
    where = and_(asked.more(scope, now), only(scope, now) if only else true())
    rows: list[AnyRow] = []
    for half in _halves(asked, start):
        parts = [and_(part, half, where) for part in _parts(asked, places)]
        rows += tx.all(_merged(parts, limit - len(rows), start.back))
        if len(rows) == limit:
            break
    return rows


def _halves(asked: WorkQueue, start: From) -> Sequence[ColumnElement[bool]]:
    """First the cases with a time limit, then those without: of each what lies in the direction. Apart, since no index
    compares a limit with none."""
    position = tuple_(cases.c.deadline_at, cases.c.number)
    dated, undated = cases.c.deadline_at.is_not(None), cases.c.deadline_at.is_(None)
    halves: Sequence[ColumnElement[bool]]
    if start.position is None:
        halves = [dated, undated]
    elif start.position[0] is None:
        number = start.position[1]
        halves = (
            [and_(undated, cases.c.number < number), dated] if start.back else [and_(undated, cases.c.number > number)]
        )
    else:
        here = tuple_(*start.position)
        halves = [and_(dated, position < here)] if start.back else [and_(dated, position > here), undated]
    return halves[:1] if asked.dated else halves


def _parts(asked: WorkQueue, places: Places) -> list[ColumnElement[bool]]:
    """The queue in pieces that an index holds in order: the states apart, and the places while they are few."""
    states = [frozenset({state}) for state in sorted(asked.states)] or [frozenset[CaseState]()]
    cut = places.each if 0 < len(places.each) * len(states) <= MOST_PARTS else [places.whole]
    return [and_(place, asked.standing(state)) for place, state in product(cut, states)]


def _merged(parts: Sequence[ColumnElement[bool]], limit: int, back: bool) -> Select[Any]:
    each = [_keys(part, limit, back) for part in parts]
    keys = union_all(*(select(part) for part in each)).subquery("keys")
    return (
        select(cases, items.c.name.label("item_name"))
        .join(keys, keys.c.number == cases.c.number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .order_by(*_order(keys, back))
        .limit(limit)
    )


def _keys(part: ColumnElement[bool], limit: int, back: bool) -> Subquery:
    wanted = select(cases.c.deadline_at, cases.c.number).where(part)
    return wanted.order_by(*_order(cases, back)).limit(limit).subquery()


def _order(of: FromClause, back: bool) -> Sequence[ColumnElement[Any]]:
    order = (of.c.deadline_at, of.c.number)
    return [column.desc() for column in order] if back else order


def queue_counts(tx: Unit, scope: Scope) -> dict[str, int]:
    """How many cases stand in each queue, in one question; `COUNTED_TO + 1` where there are more than that."""
    now, places = tx.now(), _places(tx, scope).whole
    counts = []
    for name, asked in QUEUES.items():
        theirs = places if asked.states else readable(scope)
        some = select(cases.c.number).where(asked.where(scope, now), theirs).limit(COUNTED_TO + 1).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery().label(name))
    row = tx.one(select(*counts))
    assert row is not None
    return {name: int(row._mapping[name]) for name in QUEUES}


def _queue_row(tx: Unit, row: AnyRow, names: Mapping[str, str]) -> QueueRow:
    sealed = from_plain(Applicant, tx.unseal(cases, "applicant", row.number, row.applicant))
    return QueueRow(
        CaseNumber(row.number),
        row.item_code,
        row.item_name,
        row.region,
        row.department,
        CaseState(row.state),
        row.channel,
        masked_name(sealed.name),
        row.opened_at,
        row.submitted_at,
        row.deadline_at,
        row.round,
        row.claimed_by,
        row.claimed_until,
        names.get(row.claimed_by, row.claimed_by) if row.claimed_by else None,
        row.test,
        row.doubtful_identity,
        row.likely_duplicate,
    )


def masked_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*. A long name is not told by its length."""
    if len(name) < 2:
        return name
    hidden = "*" * min(MOST_HIDDEN, max(1, len(name) - 2))
    return name[0] + hidden + (name[-1] if len(name) > 2 else "")


def read_cursor(cursor: str) -> Position:
    """Raises `InvalidRequest`."""
    at, key = cursors.read(cursor)
    if not key.isalnum():  # a case number or a count; anything else was never ours
        raise cursors.refused(cursor)
    return at, key
