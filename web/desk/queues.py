"""Work queues, and claiming a case: a lease of a quarter of an hour, renewed by working and by looking."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from cases.errors import NotFound
from cases.lifecycle import CASE, CaseState
from storage.claims import Claim
from storage.queue_questions import COUNTED_TO, OWED, SOON
from storage.queues import QueueRow
from storage.session import Transaction
from web.asks import Write
from web.auth import Desk, requires
from web.desk.screen import load, looking
from web.desk.shapes import (
    ClaimView,
    DeskCaseView,
    DeskPageView,
    ReleasedView,
    by_resident_view,
    desk_case_view,
    desk_page_view,
)
from web.desk.showing import on_record
from web.doors import Doors, doors
from web.files import PDF, pdf_of
from web.permissions import Permission
from web.shapes import Shape, Time, TimelineView
from web.views import desk_timeline
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


NAMES: Mapping[str, str] = {
    "mine": "我领取的",
    "unclaimed": "待领取",
    "again": "补正后再来",
    "doubtful": "身份存疑",
    "duplicates": "疑似重复",
    "soon": "一天内到期",
    "late": "已超时",
    "review": "全部待审核",
    "returned": "已退回补正",
    "originals": "待收原件",
    "accepted": "已受理",
    "conclude": "待办结",
    "test": "测试办件",
}


class QueuesView(Shape):
    queues: dict[str, int]
    over: list[str]
    """Queues that hold more than the number given."""
    labels: dict[str, str]


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
    light: str | None
    """yellow: less than a day is left to the office; red: it is late."""
    round: int
    why: list[str]
    """What makes the case stand out, in words."""
    test: bool
    doubtful_identity: bool
    likely_duplicate: bool
    sampled: bool
    """An instant case that was drawn for a person to look at."""
    claimed_by: str | None
    holder_name: str | None
    """Who has it, or had it last."""
    claimed_until: Time | None


class QueueView(Shape):
    name: str
    cases: list[QueueLine]
    cursor: str | None
    """For the next page; null at the end."""
    previous: str | None
    """For the page before; null at the front."""


_AS_KEPT = tuple(each.name for each in fields(QueueRow) if each.name in QueueLine.model_fields)
"""What a line says in the words it is kept in. Looked up once: a page has fifty lines."""


def queue_lines(tx: Transaction, rows: Sequence[QueueRow]) -> list[QueueLine]:
    drawn, now = tx.open_samples(row.number for row in rows), tx.now()
    return [_line(row, now, sampled=row.number in drawn) for row in rows]


def _line(row: QueueRow, now: datetime, *, sampled: bool) -> QueueLine:
    plain, light = vars(row), _light(row, now)
    return QueueLine(
        **{name: plain[name] for name in _AS_KEPT},
        case=row.number,
        item=row.item_code,
        state_label=CASE.labels[row.state],
        light=light,
        why=_why(row, light, sampled=sampled),
        sampled=sampled,
    )


def _light(row: QueueRow, now: datetime) -> str | None:
    if row.deadline_at is None or row.state not in OWED or row.deadline_at >= now + SOON:
        return None
    return "red" if row.deadline_at < now else "yellow"


def _why(row: QueueRow, light: str | None, *, sampled: bool) -> list[str]:
    reviewed = row.state is CaseState.IN_REVIEW
    told = (
        (row.test, "测试"),
        (sampled, "抽查"),
        (light == "red", "已超时"),
        (light == "yellow", "将到期"),
        (row.doubtful_identity and reviewed, "身份存疑"),
        (row.likely_duplicate and reviewed, "疑似重复"),
        (row.round > 0, f"第{row.round}次补正"),
    )
    return [word for holds, word in told if holds]


@router.get("/queues")
def show_queues(me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))], d: D) -> QueuesView:
    """Every queue with its count: exact up to a thousand, and said to be `over` above, for half a minute longer."""
    with d.database.reading() as tx:
        return queues_view(tx, me)


def queues_view(tx: Transaction, me: Desk) -> QueuesView:
    counted = tx.queue_counts(me.scope)
    over = [name for name, count in counted.items() if count > COUNTED_TO]
    exact = {name: min(count, COUNTED_TO) for name, count in counted.items()}
    return QueuesView(queues=exact, over=over, labels=dict(NAMES))


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
        return queue_view(tx, name, me, cursor, limit)


def queue_view(tx: Transaction, name: str, me: Desk, cursor: str | None, limit: int) -> QueueView:
    seen = tx.queue_page(name, cursor, limit, me.scope)
    lines = queue_lines(tx, seen.rows)
    return QueueView(name=name, cases=lines, cursor=seen.cursor, previous=seen.previous)


@router.get("/cases/{no}")
def show_case(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> DeskCaseView:
    """A whole case. Personal numbers are shown only to roles that may see them, and the look is recorded. Whoever has the
    case keeps it by looking."""
    personal = Permission.PERSONAL_READ in me.permissions
    with looking(me, d) as tx:
        file = load(tx, no, me)
        if personal:
            tx.record(no, me.actor, "personal_data_shown", {"what": "case"})
    return desk_case_view(file, personal=personal)


@router.get("/cases/{no}/timeline")
def show_timeline(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> TimelineView:
    """All that happened, in order, with what only the office needs."""
    with d.database.reading() as tx:
        check_scope(tx, no, me)
        lines = tx.timeline(no)
    return TimelineView(case=no, timeline=desk_timeline(lines))


@router.get("/cases/{no}/pages/{page}")
def show_page(
    no: str, page: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D
) -> DeskPageView:  # fmt: skip
    """What was read off a page and what is wrong with it."""
    personal = Permission.PERSONAL_READ in me.permissions
    with looking(me, d) as tx:
        file = load(tx, no, me)
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
    with d.database.transaction() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        on_record(tx, me, no, "document", document[:64])
    return pdf_of(d.blobs, file, document)


def check_scope(tx: Transaction, no: str, me: Desk) -> None:
    if not tx.case_exists(no, me.scope):
        raise NotFound("没有找到该办件，请核对办件编号。", number=no)


@router.post("/cases/{no}/claim")
def claim(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D, ask: Write | None = None
) -> ClaimView:
    """Take the case; 409 names whoever has it."""

    def work(tx: Transaction) -> ClaimView:
        check_scope(tx, no, me)
        taken: Claim = tx.claim(no, me.actor.id)
        return ClaimView(case=no, holder=taken.holder, until=taken.until)

    return write(d.database, asked(me, ask, "claim", no), ClaimView, work)


@router.post("/cases/{no}/release")
def release(
    no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D, ask: Write | None = None
) -> ReleasedView:
    """Give the case back."""

    def work(tx: Transaction) -> ReleasedView:
        check_scope(tx, no, me)
        return ReleasedView(case=no, released=tx.release(no, me.actor.id))

    return write(d.database, asked(me, ask, "release", no), ReleasedView, work)
