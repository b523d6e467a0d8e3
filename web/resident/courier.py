"""The courier, both ways: which windows there are, booking one, cancelling, and saying that nobody came."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import ordering, recipients
from cases.effects import Outcome
from cases.model import Address, CaseFile, Direction
from cases.moment import Moment
from storage.turns import Stage
from web.asks import BookAsk, LookAsk, ReceiptAsk, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import BookingView, CaseView, Shape, WindowsView
from web.views import CASE_SHOWN, booking_view
from web.windows import booking_request, look, windows_view
from web.writing import Caller, Shown, asked, change_case

router = APIRouter(prefix="/api/v1/cases", tags=["courier"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
ADDRESSES_AT_MOST = 5
"""Taps, not a list to search."""


@router.get("/{no}/windows")
def show_windows(no: str, me: Me, d: D, leg: Annotated[Direction, Query()]) -> WindowsView:
    """The windows of the coming days in which a courier can come to the case's own address."""
    return windows_view(d, look(d, me.scope, no, leg))


@router.post("/{no}/windows")
def show_windows_at(no: str, ask: LookAsk, me: Me, d: D) -> WindowsView:
    """The same for another address, which does not belong in an address line."""
    return windows_view(d, look(d, me.scope, no, ask.leg, ask.address.address() if ask.address else None))


class AddressView(Shape):
    """In full: it is the caller's own."""

    province: str
    city: str
    county: str
    detail: str
    contact: str
    phone: str


class AddressesView(Shape):
    addresses: list[AddressView]


@router.get("/{no}/addresses")
def show_addresses(no: str, me: Me, d: D) -> AddressesView:
    """Where the courier could come: what this case was booked for last, the case's own, then those of the same
    applicant's other cases, the newest first."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        others = tx.cases_of(file.case.owner)
    alike = (c.address for c in others if c.applicant.id_number == file.case.applicant.id_number)
    known = dict.fromkeys(a for a in (*_booked_for(file), file.case.address, *alike) if a is not None)
    return AddressesView(addresses=[AddressView(**vars(a)) for a in islice(known, ADDRESSES_AT_MOST)])


def _booked_for(file: CaseFile) -> Iterator[Address]:
    return (b.address for b in reversed(file.bookings))


@router.post("/{no}/bookings", status_code=201)
def book(no: str, ask: BookAsk, me: Me, d: D) -> BookingView:
    """Ask for a courier. The booking is `requested`; whether the partner took it shows in the case within seconds."""

    d.pressure.admit(d.database, d.settings, Stage.BOOKING)
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
