"""What our own carriers keep: the journal of their scans, who looks after which area, the tasks there, and how often
somebody could not prove to be the addressee.

A task is a booking of the grid with the area of its address; addresses are sealed with their bookings and opened only
for the areas that were asked for.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update

from cases.lifecycle import LEG_MOVING, BookingState, LegState
from cases.model import Booking, CaseNumber, Direction
from storage import audit
from storage.actors import Actor
from storage.in_house_tables import grid_tasks, grid_workers, wrong_proofs
from storage.rows import entity
from storage.tables import bookings, cases, courier_events, inbox, items, legs, originals, parcels
from storage.tracking import booking_by_waybill, courier_events_of
from storage.unit import AnyRow, Unit

GRID, DROP_BOX, COUNTER = CARRIERS = ("grid", "drop_box", "counter")
LIMIT = 500
TO_DO = LEG_MOVING | {LegState.BOOKED, LegState.ASSIGNED}
"""A grid worker still has something to do for these."""
WRONG_PROOFS_MAX = 5
"""Four digits have ten thousand values; who is wrong so often is not the addressee."""


@dataclass(frozen=True)
class Task:
    """One envelope to fetch or to deliver. `started`: it is in the grid worker's hands."""

    number: CaseNumber
    item_name: str
    booking: Booking
    direction: Direction
    area: str
    leg_state: LegState
    label: str | None = None
    seal: str | None = None
    """Of the envelope, once it is packed."""
    taken_by: str | None = None
    """Which of the area's workers said that they go."""

    @property
    def started(self) -> bool:
        return self.leg_state in LEG_MOVING


class InHouse:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── who looks after which area ──

    def areas_of(self, holder: str) -> frozenset[str]:
        """Of somebody of the grid, or of the key of a grid's own system. Nobody: empty."""
        found = self._tx.all(select(grid_workers.c.area).where(grid_workers.c.holder == holder))
        return frozenset(row.area for row in found)

    def assign_areas(self, holder: str, areas: Collection[str], *, actor: Actor) -> None:
        """These and no others, in force at once."""
        self._tx.execute(delete(grid_workers).where(grid_workers.c.holder == holder))
        if areas:
            self._tx.execute(insert(grid_workers), [{"holder": holder, "area": area} for area in sorted(areas)])
        audit.record(self._tx, f"staff:{holder}", actor, "grid_areas_assigned", {"areas": sorted(areas)})

    # ── tasks ──

    def without_task(self) -> list[tuple[CaseNumber, Booking]]:
        """Bookings of the grid whose area nobody has looked up yet, oldest first; also those given up meanwhile: a
        scan of theirs may still be on a phone."""
        known = exists().where(grid_tasks.c.booking_id == bookings.c.id)
        booked = and_(bookings.c.partner == GRID, bookings.c.waybill.is_not(None), ~known)
        rows = self._tx.all(select(bookings).where(booked).order_by(bookings.c.seq).limit(LIMIT))
        return [(CaseNumber(row.case_number), entity(self._tx, Booking, row)) for row in rows]

    def make_task(self, number: str, booking_id: str, area: str) -> bool:
        """False: it was made before."""
        values = {"booking_id": booking_id, "case_number": number, "area": area, "made_at": self._tx.now()}
        return self._tx.insert_new(grid_tasks, values)

    def area_of(self, booking_id: str) -> str | None:
        row = self._tx.one(select(grid_tasks.c.area).where(grid_tasks.c.booking_id == booking_id))
        return None if row is None else str(row.area)

    def tasks(self, areas: Collection[str], until: datetime) -> list[Task]:
        """What is to be done in these areas and begins before `until`; what is in hand belongs to it, whenever it was to
        be fetched."""
        heard = exists().where(courier_events.c.booking_id == bookings.c.id)
        # an attempt given up whose envelope moves after all is in somebody's hands
        in_hand = and_(bookings.c.state != BookingState.BOOKED, legs.c.state.in_(LEG_MOVING), heard)
        booked = and_(bookings.c.state == BookingState.BOOKED, legs.c.state.in_(TO_DO))
        due = or_(bookings.c.window_start < until, legs.c.state.in_(LEG_MOVING))
        return self._tasks(and_(_in(areas), due, or_(booked, in_hand)))

    def take_task(self, booking_id: str, holder: str) -> bool:
        """This worker goes. False: another one does."""
        t = grid_tasks.c
        free = and_(t.booking_id == booking_id, or_(t.taken_by.is_(None), t.taken_by == holder))
        return self._tx.count(update(grid_tasks).where(free).values(taken_by=holder, taken_at=self._tx.now())) == 1

    def give_task_back(self, booking_id: str, holder: str) -> bool:
        """Somebody else may go. False: it was not theirs."""
        mine = and_(grid_tasks.c.booking_id == booking_id, grid_tasks.c.taken_by == holder)
        return self._tx.count(update(grid_tasks).where(mine).values(taken_by=None, taken_at=None)) == 1

    def unattended(self) -> dict[str, int]:
        """Areas that nobody looks after, with how many envelopes wait there."""
        attended = exists().where(grid_workers.c.area == grid_tasks.c.area)
        counted = (
            select(grid_tasks.c.area, func.count().label("waiting"))
            .join(bookings, bookings.c.id == grid_tasks.c.booking_id)
            .join(legs, legs.c.id == bookings.c.leg_id)
            .where(bookings.c.state == BookingState.BOOKED, legs.c.state.in_(TO_DO), ~attended)
            .group_by(grid_tasks.c.area)
        )
        return {row.area: row.waiting for row in self._tx.all(counted)}

    def task(self, areas: Collection[str], booking_id: str) -> Task | None:
        """One task of these areas, also one with nothing more to do."""
        return next(iter(self._tasks(and_(_in(areas), bookings.c.id == booking_id))), None)

    def _tasks(self, where: ColumnElement[bool]) -> list[Task]:
        named = (
            grid_tasks.c.area,
            grid_tasks.c.taken_by,
            legs.c.direction,
            legs.c.state.label("leg_state"),
            items.c.name.label("item_name"),
        )
        wanted = (
            select(bookings, *named, parcels.c.label, parcels.c.seal)
            .join(grid_tasks, grid_tasks.c.booking_id == bookings.c.id)
            .join(legs, legs.c.id == bookings.c.leg_id)
            .outerjoin(parcels, parcels.c.leg_id == legs.c.id)
            .join(cases, cases.c.number == bookings.c.case_number)
            .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
            .where(where)
        )
        rows = self._tx.all(wanted.order_by(bookings.c.window_start, bookings.c.seq).limit(LIMIT))
        return [self._task(row) for row in rows]

    def _task(self, row: AnyRow) -> Task:
        booking, direction, state = entity(self._tx, Booking, row), Direction(row.direction), LegState(row.leg_state)
        number = CaseNumber(row.case_number)
        return Task(number, row.item_name, booking, direction, row.area, state, row.label, row.seal, row.taken_by)

    # ── scans ──

    def journal(self, partner: str, waybill: str) -> list[Mapping[str, Any]]:
        """Everything that was scanned of an envelope, as the events' plain JSON."""
        found = booking_by_waybill(self._tx, partner, waybill)
        told = courier_events_of(self._tx, found[1].id) if found else []
        return [event.body for event in told if event.waybill == waybill and event.body.get("by")]

    def kept(self, partner: str, key: str) -> str | None:
        """The inbox entry of a scan that came before."""
        same = and_(inbox.c.provider == partner, inbox.c.external_key == key)
        row = self._tx.one(select(inbox.c.id).where(same))
        return None if row is None else str(row.id)

    def by_number(self, number: str) -> tuple[CaseNumber, Booking] | None:
        """The booking of an envelope with one of our own numbers."""
        found = (booking_by_waybill(self._tx, partner, number) for partner in CARRIERS)
        return next((hit for hit in found if hit is not None), None)

    def by_any_number(self, code: str) -> tuple[CaseNumber, Booking] | None:
        """The newest booking of whatever carrier whose waybill this is."""
        row = self._tx.one(select(bookings).where(bookings.c.waybill == code).order_by(bookings.c.seq.desc()).limit(1))
        return None if row is None else (CaseNumber(row.case_number), entity(self._tx, Booking, row))

    def by_label(self, label: str) -> tuple[CaseNumber, str | None] | None:
        """The case of a QR label, and the leg if it is an envelope's."""
        envelope = self._tx.one(select(parcels.c.case_number, parcels.c.leg_id).where(parcels.c.label == label))
        if envelope is not None:
            return CaseNumber(envelope.case_number), str(envelope.leg_id)
        paper = self._tx.one(select(originals.c.case_number).where(originals.c.label == label))
        return None if paper is None else (CaseNumber(paper.case_number), None)

    def is_case(self, number: str) -> bool:
        return self._tx.one(select(cases.c.number).where(cases.c.number == number)) is not None

    # ── proof of being the addressee ──

    def wrong_proofs(self, booking_id: str) -> int:
        row = self._tx.one(select(wrong_proofs.c.tries).where(wrong_proofs.c.booking_id == booking_id))
        return 0 if row is None else int(row.tries)

    def count_wrong_proof(self, booking_id: str) -> int:
        """How many there were with this one."""
        tries = self.wrong_proofs(booking_id) + 1
        self._tx.put(wrong_proofs, "booking_id", {"booking_id": booking_id, "tries": tries, "last_at": self._tx.now()})
        return tries


def _in(areas: Collection[str]) -> ColumnElement[bool]:
    return grid_tasks.c.area.in_(sorted(areas))
