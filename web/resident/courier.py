"""The courier, both ways: which windows there are, booking one, cancelling, and saying that nobody came."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import ordering, recipients
from cases.effects import Outcome
from cases.errors import NotFound
from cases.model import CaseFile, Direction
from cases.moment import Moment
from web.asks import BookAsk, ReceiptAsk, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import BookingView, CaseView, WindowsView
from web.views import CASE_SHOWN, booking_view
from web.windows import booking_request, offered, offered_view
from web.writing import Caller, Shown, asked, change_case

router = APIRouter(prefix="/api/v1/cases", tags=["courier"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


@router.get("/{no}/windows")
def show_windows(no: str, me: Me, d: D, leg: Annotated[Direction, Query()]) -> WindowsView:
    """The windows of the coming days in which a courier can come."""
    with d.database.reading() as tx:
        file, now = tx.case_file(no, readable_by=me.scope), tx.now()
    if file.leg(leg) is None:
        raise NotFound("目前不需要寄递。", legs=[str(x.direction) for x in file.legs])
    return WindowsView(leg=leg, windows=[offered_view(p, w) for p, w in offered(d, now)])


@router.post("/{no}/bookings", status_code=201)
def book(no: str, ask: BookAsk, me: Me, d: D) -> BookingView:
    """Ask for a courier. The booking is `requested`; whether the partner took it shows in the case within seconds."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return ordering.book(file, booking_request(d, file, ask, now.at), now)

    def newest(file: CaseFile) -> BookingView:
        leg = file.leg(ask.leg)
        assert leg is not None
        return booking_view([b for b in file.bookings if b.leg == leg.id][-1], leg)

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
