"""The office window: originals counted against the manifest, acceptance, the result.

通办: a window of another office of the region may count and accept as well. It finds a case only by its number, at its own
office, and sees what the counting needs.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import accepting, deciding, receiving
from cases.appointments import Office
from cases.custody import OFFICE_WINDOW, Received
from cases.effects import Outcome
from cases.errors import NotFound
from cases.items import OriginalUse
from cases.lifecycle import CASE
from cases.model import CaseFile
from cases.moment import Moment
from storage.actors import Scope, region_prefix
from storage.queues import masked_name
from storage.session import Transaction
from web.asks import AcceptAsk, OriginalsAsk, Write
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Counter = Annotated[Desk, Depends(requires(Permission.ORIGINALS_CONFIRM))]


class PaperLine(Shape):
    key: str
    name: str
    copies: int
    use: str
    holder: str


class WindowCase(Shape):
    """Of a case that another office decides, as much as a window needs to count its papers."""

    case: str
    item: str
    item_name: str
    department: str
    state: str
    applicant: str
    """王*明"""
    allowed: list[str]
    papers: list[PaperLine]
    office: str
    office_name: str


class OfficeLine(Shape):
    code: str
    name: str
    region: str


class OfficesView(Shape):
    offices: list[OfficeLine]


@router.get("/window/offices")
def my_offices(me: Counter, d: D) -> OfficesView:
    """Whose windows one may work at: those of one's own region."""
    with d.database.reading() as tx:
        mine = [o for o in tx.appointments.offices() if o.active and _in_my_region(me, o)]
    return OfficesView(offices=[OfficeLine(code=o.code, name=o.name, region=o.region) for o in mine])


def _in_my_region(me: Desk, office: Office) -> bool:
    region = me.scope.region
    return region is None or office.region.startswith(region_prefix(region))


@router.get("/window/cases/{no}")
def case_at_window(no: str, me: Counter, d: D, office: Annotated[str, Query(max_length=64)]) -> WindowCase:
    """What is to be counted. The look is recorded."""
    with d.database.transaction() as tx:
        at = _office(tx, me, office)
        file = tx.case_file(no)
        accepting.check_accepts(file, at)
        tx.record(no, me.actor, "seen_at_window", {"office": at.code})
    return WindowCase(
        case=no,
        item=file.item.code,
        item_name=file.item.name,
        department=file.case.department,
        state=file.case.state,
        applicant=masked_name(file.case.applicant.name),
        allowed=[e for e in map(str, CASE.allowed(file.case.state)) if e in ("receive", "accept")],
        papers=[
            PaperLine(key=o.key, name=o.name, copies=o.copies, use=o.use, holder=o.holder)
            for o in file.originals
            if o.use is not OriginalUse.NONE
        ],
        office=at.code,
        office_name=at.name,
    )


def _office(tx: Transaction, me: Desk, code: str) -> Office:
    """One of one's own region. Raises `NotFound`."""
    found = next((o for o in tx.appointments.offices() if o.code == code), None)
    if found is None or not _in_my_region(me, found):
        raise NotFound("没有这个办事窗口。", office=code)
    return found


def _standing_in(d: Doors, me: Desk, code: str | None) -> tuple[Desk, Office | None]:
    """Whoever stands at a named window reaches the cases it may accept: which, the rule checks on the case itself."""
    if code is None:
        return me, None
    with d.database.reading() as tx:
        office = _office(tx, me, code)
    return replace(me, scope=Scope.everything()), office


@router.post("/cases/{no}/originals")
def confirm_originals(no: str, ask: OriginalsAsk, me: Counter, d: D) -> DeskCaseView:
    """Say what was in the envelope. All there: received. A difference opens an incident and the case stays."""
    found = [Received(r.key, r.copies, r.condition, r.name) for r in ask.received]
    who, office = _standing_in(d, me, ask.office)
    place = ask.place or (office.name if office else OFFICE_WINDOW)

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if office is not None:
            accepting.check_accepts(file, office)
        counted = receiving.receive_originals(file, found, ask.seal, now, broken=ask.seal_broken, place=place)
        return (*counted, *(accepting.counted_at(file, office) if office else ()))

    return change(d, asked(who, ask, "originals", no), no, decision)


@router.post("/cases/{no}/accept")
def accept(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))], d: D, ask: AcceptAsk | None = None
) -> DeskCaseView:
    """受理: the clocks start, the departments get their assignments."""
    who, office = _standing_in(d, me, ask.office if ask else None)

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if office is not None:
            accepting.check_accepts(file, office)
        return deciding.accept(file, now)

    return change(d, asked(who, ask, "accept", no), no, decision)


@router.post("/cases/{no}/conclude")
def conclude(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CONCLUDE))], d: D, ask: Write | None = None
) -> DeskCaseView:
    """办结: the result is issued; on paper, a delivery leg is offered."""
    return change(d, asked(me, ask, "conclude", no), no, deciding.conclude)
