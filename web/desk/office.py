"""The office window: originals counted against the manifest, acceptance, special procedures, the result."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions import deciding, receiving
from cases.custody import OFFICE_WINDOW, Received
from cases.effects import Outcome
from cases.model import CaseFile
from cases.moment import Moment
from web.asks import OriginalsAsk, SpecialAsk, Write
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.writing import asked

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


@router.post("/{no}/originals")
def confirm_originals(
    no: str, ask: OriginalsAsk, me: Annotated[Desk, Depends(requires(Permission.ORIGINALS_CONFIRM))], d: D
) -> DeskCaseView:
    """Say what was in the envelope. All there: received. A difference opens an incident and the case stays."""
    found = [Received(r.key, r.copies, r.condition, r.name) for r in ask.received]
    place = ask.place or OFFICE_WINDOW

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return receiving.receive_originals(file, found, ask.seal, now, broken=ask.seal_broken, place=place)

    return change(d, asked(me, ask, "originals", no), no, decision)


@router.post("/{no}/accept")
def accept(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))], d: D, ask: Write | None = None
) -> DeskCaseView:
    """受理: the clocks start, the departments get their assignments."""
    return change(d, asked(me, ask, "accept", no), no, deciding.accept)


@router.post("/{no}/special")
def special(
    no: str, ask: SpecialAsk, me: Annotated[Desk, Depends(requires(Permission.SPECIAL_MANAGE))], d: D
) -> DeskCaseView:
    """Start or end a special procedure; the clocks stand still in between."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if ask.action == "end":
            return deciding.end_special(file, now)
        return deciding.special(file, ask.kind, ask.reason, now)

    return change(d, asked(me, ask, "special", no), no, decision)


@router.post("/{no}/conclude")
def conclude(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CONCLUDE))], d: D, ask: Write | None = None
) -> DeskCaseView:
    """办结: the result is issued; on paper, a delivery leg is offered."""
    return change(d, asked(me, ask, "conclude", no), no, deciding.conclude)
