"""Parcels that somebody else signed for: the office says whether the addressee has it, and how it knows."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions import recipients
from cases.effects import Outcome
from cases.model import CaseFile
from cases.moment import Moment
from web.asks import DeskReceiptAsk
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.writing import asked

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


@router.post("/{no}/bookings/{booking}/received")
def received(
    no: str,
    booking: str,
    ask: DeskReceiptAsk,
    me: Annotated[Desk, Depends(requires(Permission.RECEIPT_CONFIRM))],
    d: D,
) -> DeskCaseView:
    """A yes with its proof completes the case; a no opens an incident and asks the partner for the trace."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return recipients.answered(file, booking, ask.received, recipients.Proof(ask.proof), now)

    return change(d, asked(me, ask, "received", no, booking), no, decision)
