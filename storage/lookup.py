"""Finding cases by what somebody holds in the hand: a case's number, an identity number, a phone, a waybill.

Personal numbers are found through their blind indexes; a name cannot be asked for. What can be asked is told from the
look of the words alone. Newest first, by keyset, and only what the reader may see.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, select, tuple_, union_all

from storage import audit, cursors
from storage.actors import Actor, Scope, readable
from storage.casefiles import is_case_number
from storage.queue_questions import SHOWN
from storage.queues import QueueRow, read_cursor, shown
from storage.tables import booking_aliases, bookings, cases, items, pickups
from storage.unit import Unit


class By(StrEnum):
    NUMBER = "number"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    WAYBILL = "waybill"


PERSONAL = frozenset({By.ID_NUMBER, By.PHONE})
_BETWEEN = re.compile(r"[\s\-·_.]+")
_LOOKS: tuple[tuple[By, re.Pattern[str]], ...] = (
    (By.ID_NUMBER, re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}|[0-9A-Z]{18}|[A-Z][0-9]{7,9}")),
    (By.PHONE, re.compile(r"1[0-9]{10}")),
    (By.WAYBILL, re.compile(r"(?=.*[0-9])[0-9A-Z]{8,40}")),
)


@dataclass(frozen=True)
class Found:
    """`by`: None where the words cannot be any of what is asked for."""

    by: By | None
    rows: tuple[QueueRow, ...] = ()
    cursor: str | None = None


def looks_like(said: str) -> tuple[str, tuple[By, ...]]:
    """The words as they are kept, and what they may be, the likeliest first."""
    value = _BETWEEN.sub("", unicodedata.normalize("NFKC", said)).upper()
    if is_case_number(value):
        return value, (By.NUMBER,)
    return value, tuple(by for by, look in _LOOKS if look.fullmatch(value))


def look_up(tx: Unit, said: str, cursor: str | None, limit: int, scope: Scope, *, actor: Actor) -> Found:
    """One page of the cases found by the first meaning that finds any. Who looked for a person is recorded, never for
    whom. Raises `InvalidRequest` for a broken cursor."""
    value, meanings = looks_like(said)
    for by in meanings:
        found = _page(tx, and_(_is(tx, by, value), readable(scope)), cursor, limit)
        if by in PERSONAL:
            detail = {"by": by, "found": len(found.rows)}
            audit.record(tx, f"{actor.kind}:{actor.id}", actor, "cases_looked_up", detail)
        if found.rows:
            return replace(found, by=by)
    return Found(meanings[0] if meanings else None)


def _page(tx: Unit, where: ColumnElement[bool], cursor: str | None, limit: int) -> Found:
    wanted = (
        select(*SHOWN)
        .select_from(cases)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(where)
    )
    if cursor:
        at, number = read_cursor(cursor)
        if at is None:
            raise cursors.refused(cursor)
        wanted = wanted.where(tuple_(cases.c.opened_at, cases.c.number) < tuple_(at, number))
    rows = tx.all(wanted.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit + 1))
    more = cursors.written(rows[limit - 1].opened_at, rows[limit - 1].number) if len(rows) > limit else None
    return Found(None, tuple(shown(tx, rows[:limit])), more)


def _is(tx: Unit, by: By, value: str) -> ColumnElement[bool]:
    if by is By.NUMBER:
        return cases.c.number == value
    if by is By.WAYBILL:
        return cases.c.number.in_(union_all(*_carried(value)))
    return cases.c[f"{by}_index"] == tx.vault.blind(by, value)


def _carried(waybill: str) -> Iterator[Select[tuple[str]]]:
    """The cases of a waybill: of a booking, of one whose waybill was changed, of a pickup of several cases at once."""
    yield select(bookings.c.case_number).where(bookings.c.waybill == waybill)
    changed = select(booking_aliases.c.booking_id).where(booking_aliases.c.waybill == waybill)
    yield select(bookings.c.case_number).where(bookings.c.id.in_(changed))
    together = select(pickups.c.id).where(pickups.c.waybill == waybill)
    yield select(bookings.c.case_number).where(bookings.c.pickup.in_(together), bookings.c.pickup.is_not(None))
