"""Consolidated pickups: the shared order, and which cases' bookings ride in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from cases.consolidation import Pickup
from cases.effects import Enqueue, JobKind
from cases.errors import Conflict, NotFound
from cases.lifecycle import BOOKING, BookingEvent, BookingState, advance
from cases.model import Address, CaseNumber, PersonId, Window
from storage.jobs import add_job
from storage.plain import from_plain
from storage.tables import bookings, courier_events, pickups
from storage.unit import AnyRow, Unit

LIMIT = 200


def add(tx: Unit, pickup: Pickup) -> None:
    """The order as a row, with the job that places it."""
    values = {
        "id": pickup.id,
        "person": pickup.person,
        "partner": pickup.partner,
        "order_id": pickup.order_id,
        "state": pickup.state,
        "window_start": pickup.window.start,
        "window_end": pickup.window.end,
        "address": tx.seal(pickups, "address", pickup.id, pickup.address),
        "requested_at": pickup.requested_at,
        "asked": pickup.asked,
    }
    tx.execute(pickups.insert().values(**values))
    add_job(tx, Enqueue(JobKind.PICKUP_BOOK, pickup.id, f"pickup:{pickup.id}"))


def load(tx: Unit, pickup_id: str, *, of: PersonId | None = None, for_change: bool = False) -> Pickup:
    """Raises `NotFound`, also for somebody else's."""
    wanted = select(pickups).where(pickups.c.id == pickup_id)
    wanted = wanted if of is None else wanted.where(pickups.c.person == of)
    row = tx.one(wanted.with_for_update() if for_change else wanted)
    if row is None:
        raise NotFound("没有找到这次合并揽收。", id=pickup_id)
    return _pickup(tx, row)


def call_off(tx: Unit, pickup: Pickup) -> None:
    """The partner is told; the order is off when it has said so."""
    add_job(tx, Enqueue(JobKind.PICKUP_CANCEL, pickup.id, f"cancel:{pickup.id}"))


def of_person(tx: Unit, person: PersonId) -> list[Pickup]:
    """Newest first."""
    mine = select(pickups).where(pickups.c.person == person).order_by(pickups.c.seq.desc()).limit(LIMIT)
    return [_pickup(tx, row) for row in tx.all(mine)]


def by_order(tx: Unit, partner: str, order_id: str) -> Pickup | None:
    row = tx.one(select(pickups).where(pickups.c.partner == partner, pickups.c.order_id == order_id))
    return None if row is None else _pickup(tx, row)


def members(tx: Unit, pickup_id: str) -> list[tuple[CaseNumber, str]]:
    """Case and booking of everybody in it, in the order in which cases are locked."""
    rows = tx.all(select(bookings).where(bookings.c.pickup == pickup_id).order_by(bookings.c.case_number))
    return [(CaseNumber(r.case_number), r.id) for r in rows]


def move(tx: Unit, pickup: Pickup, event: BookingEvent, **values: Any) -> None:
    """Raises `Conflict` if somebody was faster."""
    still = and_(pickups.c.id == pickup.id, pickups.c.state == pickup.state)
    to = advance(BOOKING, pickup.state, event)
    if tx.count(update(pickups).where(still).values(state=to, **values)) == 0:
        raise Conflict("该合并揽收刚刚被更新，请刷新后重试。", id=pickup.id)


def count_asked(tx: Unit, pickup: Pickup) -> int:
    """One more "not found"; how often so far."""
    tx.execute(update(pickups).where(pickups.c.id == pickup.id).values(asked=pickup.asked + 1))
    return pickup.asked + 1


def waiting_in(tx: Unit, state: BookingState, before: datetime) -> list[str]:
    """Asked for before then and still in that state."""
    late = and_(pickups.c.state == state, pickups.c.requested_at < before)
    return [r.id for r in tx.all(select(pickups.c.id).where(late).order_by(pickups.c.requested_at).limit(LIMIT))]


def adopt_orphans(tx: Unit, pickup: Pickup, waybill: str) -> int:
    """Events that came before the order's answer named its waybill; how many."""
    named = or_(courier_events.c.waybill == waybill, courier_events.c.order_id == pickup.order_id)
    nobodys = and_(courier_events.c.booking_id.is_(None), courier_events.c.pickup.is_(None))
    waiting = and_(courier_events.c.partner == pickup.partner, nobodys, named)
    return tx.count(update(courier_events).where(waiting).values(pickup=pickup.id))


def _pickup(tx: Unit, row: AnyRow) -> Pickup:
    return Pickup(
        id=row.id,
        person=PersonId(row.person),
        partner=row.partner,
        order_id=row.order_id,
        state=BookingState(row.state),
        window=Window(row.window_start, row.window_end),
        address=from_plain(Address, tx.unseal(pickups, "address", row.id, row.address)),
        requested_at=row.requested_at,
        waybill=row.waybill,
        asked=row.asked,
    )
