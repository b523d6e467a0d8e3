"""Originals at the office: whose label this is, packing what goes home, handing papers to departments and taking them
back. The office gives what the office holds, a department's clerk what that department holds; the other side answers.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from cases.actions import packing, transferring
from cases.actions.packing import Printed
from cases.actions.transferring import Found, Offer
from cases.effects import Outcome
from cases.errors import Forbidden, InvalidRequest, NotFound
from cases.labels import grouped, read_label
from cases.lifecycle import TransferEvent
from cases.model import CaseFile, Direction, Holder
from cases.moment import Moment
from storage.custody import Labelled
from web.asks import MAX_ENTRIES, Lines, Word, Write
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.desk.showing import on_record, shown
from web.doors import Doors, doors
from web.files import JPEG, PDF, pdf_of, picture_of
from web.papers import PackAsk, TransferView, printed_paper, transfer_view, where
from web.permissions import Permission
from web.shapes import Shape
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["originals"])
D = Annotated[Doors, Depends(doors)]
Keys = Annotated[list[Word], Field(max_length=MAX_ENTRIES)]


class OfferAsk(Write):
    """`giver`: who hands them over, the office or the department; the other one takes."""

    keys: Annotated[list[Word], Field(min_length=1, max_length=MAX_ENTRIES)]
    department: Word
    giver: Holder = Holder.OFFICE


class AnswerTransferAsk(Write):
    """`acknowledge` by whoever takes, with what was found; `decline` with a reason; `recall` by whoever gave."""

    answer: TransferEvent
    missing: Keys = Field(default_factory=list)
    damaged: Keys = Field(default_factory=list)
    seal: Word | None = None
    note: Lines = ""


class LabelView(Shape):
    code: str
    code_grouped: str
    case: str
    leg: str | None
    """Of an envelope: which way it goes."""
    keys: list[str]
    names: list[str]
    where: list[str]
    seal: str | None


class TransfersView(Shape):
    transfers: list[TransferView]


@router.get("/labels/{code}")
def show_label(code: str, me: Annotated[Desk, Depends(requires(Permission.LABEL_READ))], d: D) -> LabelView:
    """Whose label this is. A misread code is told from one that does not exist."""
    known = read_label(code)
    if known is None:
        raise InvalidRequest("标签编码有误，请重新扫描。", code_hint="check_character")
    with d.database.reading() as tx:
        found = tx.by_label(known, me.scope)
        return label_view(tx.case_file(found.number), found)


def label_view(file: CaseFile, found: Labelled) -> LabelView:
    parcel = found.parcel
    keys = parcel.keys if parcel else (found.original.key if found.original else "",)
    papers = [o for o in file.originals if o.key in keys]
    code = (parcel.label if parcel else found.original and found.original.label) or ""
    leg = file.leg_by_id(parcel.leg) if parcel else None
    return LabelView(
        code=code,
        code_grouped=grouped(code),
        case=found.number,
        leg=leg.direction if leg else None,
        keys=[o.key for o in papers],
        names=[o.name for o in papers],
        where=[where(file, o) for o in papers],
        seal=parcel.seal if parcel else None,
    )


@router.post("/cases/{no}/packing")
def pack(
    no: str, ask: PackAsk, me: Annotated[Desk, Depends(requires(Permission.ORIGINALS_CONFIRM))], d: D
) -> DeskCaseView:
    """What goes home, under which seal; or, for a resident at the counter, what is collected."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return packing.pack(file, ask.leg, ask.packing(), now)

    return change(d, asked(me, ask, "pack", no), no, decision)


@router.get("/cases/{no}/packing/photo", response_class=Response, responses=JPEG)
def show_photo(
    no: str,
    me: Annotated[Desk, Depends(requires(Permission.PAPERS_READ))],
    d: D,
    leg: Annotated[Direction, Query()] = Direction.COLLECTION,
) -> Response:
    """How the papers looked when they were packed."""
    with d.database.transaction() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        on_record(tx, me, no, "parcel", str(leg))
        return shown(tx, me, no, bytes(picture_of(d.blobs, file, leg).body))


@router.get("/cases/{no}/{paper}.pdf", response_class=Response, responses=PDF)
def show_paper(
    no: str,
    paper: Printed,
    me: Annotated[Desk, Depends(requires(Permission.PAPERS_READ))],
    d: D,
    leg: Annotated[Direction, Query()] = Direction.COLLECTION,
) -> Response:
    """Label or manifest of the newest leg in that direction."""
    with d.database.transaction() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        on_record(tx, me, no, "document", str(paper))
    return pdf_of(d.blobs, file, printed_paper(file, paper, leg).id)


@router.get("/transfers")
def open_transfers(
    me: Annotated[Desk, Depends(requires(Permission.PAPERS_READ))],
    d: D,
    department: Annotated[str | None, Query(max_length=64)] = None,
) -> TransfersView:
    """What waits to be acknowledged: by a department, or, where none is named, by the office."""
    taker = Holder.OFFICE if department is None else Holder.DEPARTMENT
    with d.database.reading() as tx:
        waiting = tx.transfers_open(me.scope, taker, department)
    return TransfersView(transfers=[transfer_view(w.transfer, w.number) for w in waiting])


@router.post("/cases/{no}/transfers", status_code=201)
def offer(
    no: str, ask: OfferAsk, me: Annotated[Desk, Depends(requires(Permission.PAPERS_TRANSFER))], d: D
) -> DeskCaseView:
    """Hand papers to a department, or back to the office. They change hands when the other side acknowledges."""
    if ask.giver not in (Holder.OFFICE, Holder.DEPARTMENT):
        raise InvalidRequest("只能由窗口或业务部门移交。", field="giver")

    def decision(file: CaseFile, now: Moment) -> Outcome:
        _check_side(me, ask.giver, ask.department)
        return transferring.offer(file, Offer(tuple(ask.keys), ask.giver, ask.department), now)

    return change(d, asked(me, ask, "transfer", no), no, decision)


def _check_side(me: Desk, side: Holder, department: str) -> None:
    """Nobody speaks for the other side. Raises `Forbidden`."""
    at_the_window = Permission.ORIGINALS_CONFIRM in me.permissions
    of_department = Permission.ASSIGNMENT_DECIDE in me.permissions and department in me.departments
    if not (at_the_window if side is Holder.OFFICE else of_department):
        raise Forbidden("您不能代对方交出或签收原件。", side=str(side), department=department)


@router.post("/cases/{no}/transfers/{transfer}")
def answer(
    no: str,
    transfer: str,
    ask: AnswerTransferAsk,
    me: Annotated[Desk, Depends(requires(Permission.PAPERS_TRANSFER))],
    d: D,
) -> DeskCaseView:
    """Acknowledge, decline or recall."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        found = file.transfer(transfer)
        if found is None:
            raise NotFound("没有这次移交。")
        side = found.giver if ask.answer is TransferEvent.RECALL else found.taker
        _check_side(me, side, found.department)
        return _answered(file, transfer, ask, now)

    return change(d, asked(me, ask, "answer-transfer", no, transfer), no, decision)


def _answered(file: CaseFile, transfer: str, ask: AnswerTransferAsk, now: Moment) -> Outcome:
    match ask.answer:
        case TransferEvent.ACKNOWLEDGE:
            seen = Found(tuple(ask.missing), tuple(ask.damaged), ask.note, ask.seal)
            return transferring.acknowledge(file, transfer, seen, now)
        case TransferEvent.DECLINE:
            return transferring.decline(file, transfer, ask.note, now)
        case TransferEvent.RECALL:
            return transferring.recall(file, transfer, now)
