"""Work queues, and claiming a case: a lease of a quarter of an hour, renewed by working."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from cases.errors import NotFound
from cases.lifecycle import CASE
from storage.claims import Claim
from storage.queues import QueueRow
from storage.session import Transaction
from web.asks import Write
from web.auth import Desk, requires
from web.desk.shapes import (
    ClaimView,
    DeskCaseView,
    DeskPageView,
    ReleasedView,
    by_resident_view,
    desk_case_view,
    desk_page_view,
)
from web.doors import Doors, doors
from web.files import PDF, pdf_of
from web.permissions import Permission
from web.shapes import Shape, Time, TimelineView
from web.views import timeline_line
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


class QueuesView(Shape):
    queues: dict[str, int]


class QueueLine(Shape):
    case: str
    item: str
    item_name: str
    region: str
    department: str
    state: str
    state_label: str
    channel: str
    applicant: str
    opened_at: Time
    submitted_at: Time | None
    deadline_at: Time | None
    round: int
    claimed_by: str | None
    claimed_until: Time | None


class QueueView(Shape):
    name: str
    cases: list[QueueLine]
    cursor: str | None
    """For the next page; null at the end."""


def _queue_line(row: QueueRow) -> QueueLine:
    plain = vars(row)
    named = {k: plain[k] for k in QueueLine.model_fields if k in plain}
    label = CASE.labels[row.state]
    return QueueLine(**{**named, "case": row.number, "item": row.item_code, "state_label": label})


@router.get("/queues")
def show_queues(me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))], d: D) -> QueuesView:
    """Every queue with its count."""
    with d.database.reading() as tx:
        return QueuesView(queues=tx.queue_counts(me.scope))


@router.get("/queues/{name}")
def show_queue(
    name: str,
    me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> QueueView:
    """One page of a queue, most urgent first."""
    with d.database.reading() as tx:
        rows, more = tx.queue(name, cursor, limit, me.scope)
    return QueueView(name=name, cases=[_queue_line(r) for r in rows], cursor=more)


@router.get("/cases/{no}")
def show_case(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> DeskCaseView:
    """A whole case. Personal numbers are shown only to roles that may see them, and the look is recorded."""
    personal = Permission.PERSONAL_READ in me.permissions
    with (d.database.transaction if personal else d.database.reading)() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        if personal:
            tx.record(no, me.actor, "personal_data_shown", {"what": "case"})
    return desk_case_view(file, personal=personal)


@router.get("/cases/{no}/timeline")
def show_timeline(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> TimelineView:
    """All that happened, in order, with what only the office needs."""
    with d.database.reading() as tx:
        _check_scope(tx, no, me)
        lines = tx.timeline(no)
    return TimelineView(case=no, timeline=[timeline_line(line, whole=True) for line in lines])


@router.get("/cases/{no}/pages/{page}")
def show_page(
    no: str, page: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D
) -> DeskPageView:  # fmt: skip
    """What was read off a page and what is wrong with it."""
    personal = Permission.PERSONAL_READ in me.permissions
    with (d.database.transaction if personal else d.database.reading)() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        found = file.page(page)
        if found is None:
            raise NotFound("没有这一页。")
        if personal:
            tx.record(no, me.actor, "personal_data_shown", {"what": "page", "page": page})
        said = by_resident_view(file, found, tx.checked_fields_of(no).get(page, {}).values())
        return desk_page_view(no, found, tx.reading(page), said, personal=personal)


@router.get("/cases/{no}/documents/{document}", response_class=Response, responses=PDF)
def show_document(
    no: str, document: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D
) -> Response:
    """A notice or receipt as the resident got it."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    return pdf_of(d.blobs, file, document)


def _check_scope(tx: Transaction, no: str, me: Desk) -> None:
    if not tx.case_exists(no, me.scope):
        raise NotFound("没有找到该办件，请核对办件编号。", number=no)


@router.post("/cases/{no}/claim")
def claim(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D, ask: Write | None = None
) -> ClaimView:
    """Take the case; 409 names whoever has it."""

    def work(tx: Transaction) -> ClaimView:
        _check_scope(tx, no, me)
        taken: Claim = tx.claim(no, me.actor.id)
        return ClaimView(case=no, holder=taken.holder, until=taken.until)

    return write(d.database, asked(me, ask, "claim", no), ClaimView, work)


@router.post("/cases/{no}/release")
def release(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D, ask: Write | None = None
) -> ReleasedView:
    """Give the case back."""

    def work(tx: Transaction) -> ReleasedView:
        _check_scope(tx, no, me)
        return ReleasedView(case=no, released=tx.release(no, me.actor.id))

    return write(d.database, asked(me, ask, "release", no), ReleasedView, work)
