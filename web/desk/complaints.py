"""Complaints 投诉 at the desk: the list, one of them, taking it up, answering. Whoever worked on the case finds nothing
here; a raised one is for the level above."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from cases.actions import complaining
from cases.care import COMPLAINT, COMPLAINT_KINDS, Complaint, ComplaintKind, ComplaintState
from cases.supervision import WaitKind
from storage.care import Of
from storage.session import Transaction
from web.asks import Lines, Write
from web.auth import Desk, requires
from web.complaints import picture_of
from web.desk import care
from web.desk.care import AssignAsk, ContactView, DueView
from web.desk.showing import on_record, shown
from web.doors import Doors, doors
from web.files import JPEG
from web.permissions import Permission
from web.shapes import ChoiceView, Shape, Time
from web.writing import asked, moment, write

router = APIRouter(prefix="/desk/api/complaints", tags=["care"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.CARE_READ))]
Worker = Annotated[Desk, Depends(requires(Permission.CARE_WORK))]


class ComplaintLine(Shape):
    """`level` 2: raised to the level above."""

    id: str
    number: str
    case: str
    item_name: str
    department: str
    kind: ComplaintKind
    kind_label: str
    state: ComplaintState
    state_label: str
    level: int
    filed_at: Time
    due: DueView
    handler: str | None
    handler_name: str | None
    resolved: bool | None


class ComplaintsView(Shape):
    complaints: list[ComplaintLine]
    cursor: str | None


class ComplaintView(ComplaintLine):
    """`picture`: whether there is one that can be shown. `steps`: what may be done now, by whoever asks."""

    applicant: str
    """masked"""
    text: str | None
    picture: bool
    photo_problem: str | None
    taken_at: Time | None
    answer: str | None
    answered_at: Time | None
    answered_by_name: str | None
    raised_text: str | None
    raised_at: Time | None
    review: str | None
    reviewed_at: Time | None
    closed_at: Time | None
    steps: list[str]
    handlers: list[ChoiceView]


class AnswerAsk(Write):
    text: Lines


@router.get("")
def list_complaints(
    me: Reader,
    d: D,
    state: Literal["open", "", "filed", "in_hand", "answered", "raised", "closed", "withdrawn"] = "open",
    mine: bool = False,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> ComplaintsView:
    """Open ones by when they are due; the others newest first."""
    with d.database.reading() as tx:
        only = me.actor.id if mine else ""
        found, more = tx.care.page(Complaint, me.scope, state=state, mine=only, cursor=cursor)
        names = care.named(tx, *(f.thing.handler for f in found))
        return ComplaintsView(complaints=[_line(tx, f, names) for f in found], cursor=more)


@router.get("/{complaint}")
def show_complaint(complaint: str, me: Reader, d: D) -> ComplaintView:
    """What was written, what was answered, and what may be done next."""
    with d.database.reading() as tx:
        return _view(tx, me, tx.care.find(Complaint, complaint, me.scope))


@router.get("/{complaint}/contact")
def show_contact(complaint: str, me: Worker, d: D) -> ContactView:
    """Whom to call; for its handler, and on record."""
    with d.database.transaction() as tx:
        return care.contact(tx, me, tx.care.find(Complaint, complaint, me.scope))


@router.get("/{complaint}/picture", response_class=Response, responses=JPEG)
def show_picture(complaint: str, me: Reader, d: D) -> Response:
    """The safe copy of what the resident photographed. 409 `not_ready` while it is being made."""
    with d.database.transaction() as tx:
        found = tx.care.find(Complaint, complaint, me.scope)
        on_record(tx, me, found.number, "complaint", complaint)
        return shown(tx, me, found.number, bytes(picture_of(d.blobs, found.thing).body))


@router.post("/{complaint}/take")
def take(complaint: str, ask: AssignAsk, me: Worker, d: D) -> ComplaintView:
    """Taken up, by oneself or for a colleague who had no part in the case."""

    def work(tx: Transaction) -> ComplaintView:
        found = tx.care.find(Complaint, complaint, me.scope, for_change=True)
        mine, to = care.hand(tx, me, found.number), care.hand_to(tx, me, found.number, ask.to)
        step = complaining.take(found.thing, mine, to, moment(tx, me), tx.care.terms())
        tx.care.take(found.number, found.thing, step, actor=me.actor)
        return _view(tx, me, tx.care.find(Complaint, complaint, me.scope))

    return write(d.database, asked(me, ask, "complaint-take", complaint), ComplaintView, work)


@router.post("/{complaint}/answer")
def answer(complaint: str, ask: AnswerAsk, me: Worker, d: D) -> ComplaintView:
    """To the resident, in the app."""

    def work(tx: Transaction) -> ComplaintView:
        found = tx.care.find(Complaint, complaint, me.scope, for_change=True)
        mine = care.hand(tx, me, found.number)
        step = complaining.answer(found.thing, mine, ask.text, moment(tx, me), tx.care.terms())
        tx.care.take(found.number, found.thing, step, actor=me.actor)
        return _view(tx, me, tx.care.find(Complaint, complaint, me.scope))

    return write(d.database, asked(me, ask, "complaint-answer", complaint), ComplaintView, work)


def _line(tx: Transaction, found: Of[Complaint], names: Mapping[str, str]) -> ComplaintLine:
    c = found.thing
    return ComplaintLine(
        id=c.id,
        number=c.number,
        case=found.number,
        item_name=found.item_name,
        department=c.department,
        kind=c.kind,
        kind_label=COMPLAINT_KINDS[c.kind],
        state=c.state,
        state_label=COMPLAINT.labels[c.state],
        level=c.level,
        filed_at=c.filed_at,
        due=care.due_view(tx, WaitKind.COMPLAINT, c.state, c.due_at, c.filed_at),
        handler=c.handler,
        handler_name=names.get(c.handler) if c.handler else None,
        resolved=c.resolved,
    )


def _view(tx: Transaction, me: Desk, found: Of[Complaint]) -> ComplaintView:
    c = found.thing
    names = care.named(tx, c.handler, c.answered_by)
    steps = complaining.steps(c, care.hand(tx, me, found.number)) if Permission.CARE_WORK in me.permissions else ()
    return ComplaintView(
        **dict(_line(tx, found, names)),
        applicant=care.applicant_of(tx, found.number),
        text=c.text,
        picture=c.picture is not None,
        photo_problem=c.photo_problem,
        taken_at=c.taken_at,
        answer=c.answer,
        answered_at=c.answered_at,
        answered_by_name=names.get(c.answered_by) if c.answered_by else None,
        raised_text=c.raised_text,
        raised_at=c.raised_at,
        review=c.review,
        reviewed_at=c.reviewed_at,
        closed_at=c.closed_at,
        steps=list(steps),
        handlers=care.handlers(tx, found.number) if "take" in steps else [],
    )
