"""Appointments for residents: offices and how long one waits there now, free slots, one's own bookings."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, StringConstraints

from cases.appointments import APPOINTMENT, Appointment, AppointmentEvent, Office, bookable, check_cancel, slot_at, told
from storage.appointments import Wanted
from storage.session import Transaction
from web.asks import Word, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import Shape, Time
from web.words import APPOINTMENTS, shown_item
from web.writing import Caller, asked, write

router = APIRouter(prefix="/api/v1", tags=["appointments"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+-]{5,20}$")]


class AppointmentAsk(Write):
    """`phone`: where the reminder goes if the platform does not take it."""

    item: Word
    office: Word
    start: AwareDatetime
    case: Word | None = None
    phone: Phone | None = None


class OfficeView(Shape):
    """`waiting`: how many have checked in and were not called yet."""

    code: str
    name: str
    place: str
    phone: str
    hours: list[str]
    rest_hours: list[str]
    waiting: int


class OfficesView(Shape):
    offices: list[OfficeView]


class SlotView(Shape):
    start: Time
    end: Time
    left: int


class SlotsView(Shape):
    slots: list[SlotView]


class AppointmentView(Shape):
    """`code`: what the QR holds. `actions`: what may be done now."""

    id: str
    item: str
    item_name: str
    case: str | None
    office: OfficeView
    start: Time
    end: Time
    state: str
    label: str
    code: str
    actions: list[str]


class AppointmentsView(Shape):
    appointments: list[AppointmentView]


@router.get("/offices")
def list_offices(
    me: Me,  # noqa: ARG001 whoever is signed in
    d: D,
    region: Annotated[str, Query(pattern=r"^[0-9]{6}$|^$")] = "",
) -> OfficesView:
    """Where one can go, of a region and those below it."""
    with d.database.reading() as tx:
        waiting = tx.appointments.waiting()
        return OfficesView(offices=[office_view(o, waiting.get(o.code, 0)) for o in tx.appointments.offices(region)])


@router.get("/offices/{code}/slots")
def list_slots(
    code: str,
    me: Me,  # noqa: ARG001 whoever is signed in
    d: D,
    day: date,
) -> SlotsView:
    """The slots of a day that may still be booked, full ones too."""
    with d.database.reading() as tx:
        office = tx.appointments.office(code)
        slots = bookable(office, day, tx.calendar(), tx.now())
        taken = tx.appointments.taken(code, slots[0].start, slots[-1].end) if slots else {}
    left = {slot: max(0, office.capacity - taken.get(slot.start, 0)) for slot in slots}
    return SlotsView(slots=[SlotView(start=s.start, end=s.end, left=n) for s, n in left.items()])


@router.post("/appointments", status_code=201)
def book(ask: AppointmentAsk, me: Me, d: D) -> AppointmentView:
    """A place in a slot. 409 where it is full, or where there is one for the item already."""

    def work(tx: Transaction) -> AppointmentView:
        item, office = tx.item(ask.item), tx.appointments.office(ask.office)
        if ask.case is not None:
            tx.case_file(ask.case, readable_by=me.scope)
        slot = slot_at(office, ask.start, tx.calendar(), tx.now())
        wanted = Wanted(me.actor.id, item.code, office, slot, ask.case, ask.phone or "")
        made = tx.appointments.book(wanted, actor=me.actor)
        tx.tell(made.person, "appointment_booked", told(made, item.name, office))
        return _view(tx, made, tx.appointments.waiting())

    return write(d.database, asked(me, ask, "appointment"), AppointmentView, work)


@router.get("/appointments")
def mine(me: Me, d: D) -> AppointmentsView:
    """One's own, newest first."""
    with d.database.reading() as tx:
        waiting = tx.appointments.waiting()
        return AppointmentsView(appointments=[_view(tx, a, waiting) for a in tx.appointments.of_person(me.actor.id)])


@router.post("/appointments/{appointment}/cancel")
def cancel(appointment: str, me: Me, d: D, ask: Write | None = None) -> AppointmentView:
    """Gives the place back; until the slot begins."""

    def work(tx: Transaction) -> AppointmentView:
        made = tx.appointments.appointment(appointment, of=me.actor.id)
        check_cancel(made, tx.now())
        cancelled = tx.appointments.move(made, AppointmentEvent.CANCEL, actor=me.actor)
        return _view(tx, cancelled, tx.appointments.waiting())

    return write(d.database, asked(me, ask, "cancel-appointment", appointment), AppointmentView, work)


def _view(tx: Transaction, made: Appointment, waiting: Mapping[str, int]) -> AppointmentView:
    office = tx.appointments.office(made.office)
    return AppointmentView(
        id=made.id,
        item=made.item_code,
        item_name=shown_item(tx.item(made.item_code)).name,
        case=made.case_number,
        office=office_view(office, waiting.get(office.code, 0)),
        start=made.slot.start,
        end=made.slot.end,
        state=made.state,
        label=APPOINTMENTS[made.state],
        code=made.code,
        actions=["cancel"] if _may_cancel(made, tx.now()) else [],
    )


def _may_cancel(made: Appointment, now: datetime) -> bool:
    return AppointmentEvent.CANCEL in APPOINTMENT.allowed(made.state) and now < made.slot.start


def office_view(office: Office, waiting: int) -> OfficeView:
    return OfficeView(
        code=office.code,
        name=office.name,
        place=office.place,
        phone=office.phone,
        hours=list(office.hours),
        rest_hours=list(office.rest_hours),
        waiting=waiting,
    )
