"""The desk's work queues: saved questions over the cases of the departments whose work they are.

Pages are by keyset, most urgent first: a case that moves while somebody turns pages is neither shown twice nor
skipped. Cases without a time limit come last. Every list takes a scope; test cases stand in a queue of their own and in
no other. No list looks at more than it shows: `storage.queue_questions`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cases.errors import NotFound
from cases.lifecycle import CaseState
from cases.model import CaseNumber
from storage import cursors
from storage import queue_questions as questions
from storage.actors import Scope, region_prefix, staff_place
from storage.claims import names_of
from storage.queue_questions import COUNTED_TO, QUEUES, SOON, Half, Place, WorkQueue
from storage.tables import cases
from storage.unit import AnyRow, Unit

PAGE_SIZE = 50
MOST_HIDDEN = 6


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


def _named(name: str) -> WorkQueue:
    if name not in QUEUES:
        raise NotFound("没有这个工作队列。", queue=name, queues=list(QUEUES))
    return QUEUES[name]


# ── whose work, and when ────────────────────────────────────────────────────────────────────────────────────────


def _asking(tx: Unit, scope: Scope) -> tuple[Place, dict[str, Any]]:
    """What a question is built for, and what it is asked with."""
    now, found = tx.now(), _departments_in_regions(tx, scope)
    said = {**staff_place(scope), **questions.found_values(found), "self": scope.staff or ""}
    place = Place(scope.departments is not None, scope.region is not None, len(found))
    return place, {**said, "now": now, "soon": now + SOON}


def _departments_in_regions(tx: Unit, scope: Scope) -> Sequence[tuple[str, str]]:
    """Looked for once in a transaction: a page asks for its lines and for all counts."""
    if not scope.departments:
        return ()
    key = scope.departments, region_prefix(scope.region or "")
    if key not in tx.places:
        tx.places[key] = _found(tx, sorted(scope.departments), key[1])
    return tx.places[key]


def _found(tx: Unit, departments: Sequence[str], prefix: str) -> list[tuple[str, str]]:
    question = questions.departments_in_regions(len(departments), region=bool(prefix))
    rows = tx.execute(question, [questions.looked_values(departments, prefix)]).all()
    return [(row.department, row.region) for row in rows]


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
    _named(name)
    start = _start(cursor)
    rows = _page(tx, name, start, limit + 1, scope)
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
    """Rows of `questions.SHOWN`, as lists of the desk show them."""
    names = names_of(tx, [row.claimed_by for row in rows if row.claimed_by])
    return [_queue_row(tx, row, names) for row in rows]


def next_free(tx: Unit, name: str, after: str | None, scope: Scope) -> CaseNumber | None:
    """The case to take after this one in a queue: the most urgent behind it that nobody has, or else from the front.
    Takes nothing. Raises `NotFound` for an unknown queue."""
    _named(name)
    here = _position(tx, after) if after else None
    for start in (From(here), From()) if here else (From(),):
        for row in _page(tx, name, start, 2, scope, free=name != "mine"):
            if row.number != after:
                return CaseNumber(row.number)
    return None


def _position(tx: Unit, number: str) -> Position | None:
    row = tx.one(select(cases.c.deadline_at, cases.c.number).where(cases.c.number == number))
    return None if row is None else (row.deadline_at, row.number)


def _page(tx: Unit, name: str, start: From, limit: int, scope: Scope, *, free: bool = False) -> list[AnyRow]:
    """In the direction asked for."""
    place, said = _asking(tx, scope)
    at, number = start.position or (None, "")
    rows: list[AnyRow] = []
    for half in _halves(_named(name), start):
        question = questions.page(name, place, half, back=start.back, free=free, postgresql=tx.postgresql)
        rows += tx.execute(question, [{**said, "at": at, "number": number, "most": limit - len(rows)}]).all()
        if len(rows) == limit:
            break
    return rows


def _halves(asked: WorkQueue, start: From) -> Sequence[Half]:
    halves: Sequence[Half]
    if start.position is None:
        halves = (Half.DATED, Half.UNDATED)
    elif start.position[0] is None:
        halves = (Half.UNDATED_BEFORE, Half.DATED) if start.back else (Half.UNDATED_BEHIND,)
    else:
        halves = (Half.DATED_BEFORE,) if start.back else (Half.DATED_BEHIND, Half.UNDATED)
    return halves[:1] if asked.dated else halves


def queue_counts(tx: Unit, scope: Scope) -> dict[str, int]:
    """How many cases stand in each queue; `COUNTED_TO + 1` where there are more than that, or were a moment ago."""
    place, said = _asking(tx, scope)
    over = _over(tx, scope)
    asked = tuple(name for name in QUEUES if name not in over)
    row = tx.execute(questions.counts(replace(place, found=0), asked), [said]).one()
    counted = {name: int(row._mapping[name]) if name in asked else COUNTED_TO + 1 for name in QUEUES}
    if not over:
        _remember(tx, scope, frozenset(n for n, count in counted.items() if count > COUNTED_TO and n not in OWN))
    return counted


OWN = frozenset({"mine"})
"""Each person's."""
OVER_LASTS_S = 30.0
"""Nobody acts on whether a queue has just now no more than a thousand. What is over is not counted again so long."""
SCOPES = 1000


def _over(tx: Unit, scope: Scope) -> frozenset[str]:
    seen_at, names = tx.item_cache.over.get((scope.departments, scope.region), (0.0, frozenset()))
    return names if time.monotonic() - seen_at < OVER_LASTS_S else frozenset()


def _remember(tx: Unit, scope: Scope, names: frozenset[str]) -> None:
    if len(tx.item_cache.over) >= SCOPES:
        tx.item_cache.over.clear()
    tx.item_cache.over[scope.departments, scope.region] = time.monotonic(), names


def _queue_row(tx: Unit, row: AnyRow, names: Mapping[str, str]) -> QueueRow:
    kept: dict[str, Any] = dict(zip(_SHOWN, row, strict=True))
    applicant = tx.unseal(cases, "applicant", kept["number"], kept["applicant"])
    kept["applicant"], kept["state"] = masked_name(applicant["name"]), CaseState(kept["state"])
    holder = kept["claimed_by"]
    return QueueRow(**kept, holder_name=names.get(holder, holder) if holder else None)


_SHOWN = tuple(str(column.key) for column in questions.SHOWN)
"""A row is taken apart once: asked by name it looks for each of its columns, fifty times a page."""


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
