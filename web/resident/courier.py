"""The courier, both ways: which windows there are, booking one, cancelling, and saying that nobody came."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import ordering, recipients
from cases.effects import Outcome
from cases.model import CaseFile, Direction
from cases.moment import Moment
from web.asks import BookAsk, LookAsk, ReceiptAsk, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import BookingView, CaseView, WindowsView
from web.views import CASE_SHOWN, booking_view
from web.windows import booking_request, look, windows_view
from web.writing import Caller, Shown, asked, change_case

router = APIRouter(prefix="/api/v1/cases", tags=["courier"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


@router.get("/{no}/windows")
def show_windows(no: str, me: Me, d: D, leg: Annotated[Direction, Query()]) -> WindowsView:
    """The windows of the coming days in which a courier can come to the case's own address."""
    return windows_view(d, look(d, me.scope, no, leg))


@router.post("/{no}/windows")
def show_windows_at(no: str, ask: LookAsk, me: Me, d: D) -> WindowsView:
    """The same for another address, which does not belong in an address line."""
    return windows_view(d, look(d, me.scope, no, ask.leg, ask.address.address() if ask.address else None))


@router.post("/{no}/bookings", status_code=201)
def book(no: str, ask: BookAsk, me: Me, d: D) -> BookingView:
    """Ask for a courier. The booking is `requested`; whether the partner took it shows in the case within seconds."""

    looked = look(d, me.scope, no, ask.leg, ask.address.address() if ask.address else None)

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return ordering.book(file, booking_request(d, looked, ask, now.at), now)

    def newest(file: CaseFile) -> BookingView:
        leg = file.leg(ask.leg)
        assert leg is not None
        return booking_view([b for b in file.bookings if b.leg == leg.id][-1], leg, to_resident=True)

    request = asked(me, ask, "book", no)
    return change_case(d.database, request, no, decision, Shown(BookingView, newest))


@router.post("/{no}/bookings/{booking}/cancel")
def cancel(no: str, booking: str, me: Me, d: D, ask: Write | None = None) -> CaseView:
    """Cancel a booking; refused once the courier has the papers."""

    def decision(file: CaseFile, _: Moment) -> Outcome:
        return ordering.cancel_booking(file, booking)

    return change_case(d.database, asked(me, ask, "cancel", no, booking), no, decision, CASE_SHOWN)


@router.post("/{no}/bookings/{booking}/nobody-came")
def nobody_came(no: str, booking: str, me: Me, d: D, ask: Write | None = None) -> CaseView:
    """The window has passed and no courier came: choose again."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return ordering.nobody_came(file, booking, now, said_by="resident")

    return change_case(d.database, asked(me, ask, "nobody-came", no, booking), no, decision, CASE_SHOWN)


@router.post("/{no}/bookings/{booking}/received")
def received(no: str, booking: str, ask: ReceiptAsk, me: Me, d: D) -> CaseView:
    """Somebody else signed for the parcel: whether the addressee has it by now. A no is looked into at once."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return recipients.answered(file, booking, ask.received, recipients.Proof.RESIDENT, now)

    return change_case(d.database, asked(me, ask, "received", no, booking), no, decision, CASE_SHOWN)
