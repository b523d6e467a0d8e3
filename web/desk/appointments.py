"""Appointments at the office window: who comes today, checking in by QR, who was served."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from cases.appointments import APPOINTMENT, Appointment, AppointmentEvent, check_arrival
from cases.errors import NotFound
from storage.actors import region_prefix
from storage.session import Transaction
from web.asks import Word, Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["appointments"])
D = Annotated[Doors, Depends(doors)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True, to_upper=True)]


class CheckInAsk(Write):
    """`code`: as read off the QR, or as said aloud."""

    code: Code


class ComerView(Shape):
    """`actions`: what the window may do now."""

    id: str
    item: str
    item_name: str
    case: str | None
    start: Time
    end: Time
    state: str
    label: str
    checked_in_at: Time | None
    actions: list[str]


class ComersView(Shape):
    comers: list[ComerView]


@router.get("/offices/{office}/appointments")
def of_day(
    office: Word, day: date, me: Annotated[Desk, Depends(requires(Permission.APPOINTMENT_READ))], d: D
) -> ComersView:
    """Everybody of a day, slot by slot."""
    with d.database.reading() as tx:
        _in_my_region(tx, me, office)
        return ComersView(comers=[_view(tx, made) for made in tx.appointments.of_day(office, day)])


@router.post("/offices/{office}/check-in")
def check_in(
    office: Word, ask: CheckInAsk, me: Annotated[Desk, Depends(requires(Permission.APPOINTMENT_WORK))], d: D
) -> ComerView:
    """The person is here. 409 at another office, on another day, or too early."""

    def work(tx: Transaction) -> ComerView:
        _in_my_region(tx, me, office)
        made = tx.appointments.by_code(ask.code)
        check_arrival(made, office, tx.now())
        return _view(tx, tx.appointments.move(made, AppointmentEvent.CHECK_IN, actor=me.actor))

    return write(d.database, asked(me, ask, "check-in", office), ComerView, work)


@router.post("/appointments/{appointment}/{event}")
def work_on(
    appointment: Word,
    event: AppointmentEvent,
    me: Annotated[Desk, Depends(requires(Permission.APPOINTMENT_WORK))],
    d: D,
    ask: Write | None = None,
) -> ComerView:
    """`serve`: they were served. `miss`: they were called and did not come. `check_in`: without the code."""

    def work(tx: Transaction) -> ComerView:
        made = tx.appointments.appointment(appointment)
        _in_my_region(tx, me, made.office)
        if event is AppointmentEvent.CHECK_IN:
            check_arrival(made, made.office, tx.now())
        return _view(tx, tx.appointments.move(made, event, actor=me.actor))

    return write(d.database, asked(me, ask, "appointment", appointment, event), ComerView, work)


def _in_my_region(tx: Transaction, me: Desk, office: str) -> None:
    """A hall serves every department of its region, and nobody's of another one. Raises `NotFound`."""
    there = tx.appointments.office(office).region
    if me.scope.region is not None and not there.startswith(region_prefix(me.scope.region)):
        raise NotFound("没有这个办事窗口。", office=office)


def _view(tx: Transaction, made: Appointment) -> ComerView:
    return ComerView(
        id=made.id,
        item=made.item_code,
        item_name=tx.item(made.item_code).name,
        case=made.case_number,
        start=made.slot.start,
        end=made.slot.end,
        state=made.state,
        label=APPOINTMENT.labels[made.state],
        checked_in_at=made.checked_in_at,
        actions=[str(event) for event in APPOINTMENT.allowed(made.state)],
    )
