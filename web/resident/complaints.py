"""Complaints 投诉 and follow-ups 回访 in the app: filing one about a case, its number, where it stands, the answer, saying
once that it does not satisfy; and the one question after a case, answered with one tap."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import StringConstraints, ValidationError
from starlette.datastructures import FormData

from cases.actions import complaining, following_up
from cases.actions.complaining import Filed
from cases.care import Complaint, ComplaintKind, FollowUp, FollowUpState
from cases.effects import Enqueue, JobKind
from cases.errors import Conflict, Forbidden, InvalidRequest, NotFound
from storage.care import Of
from storage.session import Transaction
from web.asks import TransactionId, Write
from web.auth import AgentCaller, resident
from web.complaints import picture_of
from web.doors import Doors, doors
from web.files import JPEG
from web.forms import file_of, multipart, text_of, transaction_of
from web.resident.pages import check_mine
from web.shapes import ChoiceView, Shape, Time
from web.words import COMPLAINT_KIND_LABELS, COMPLAINTS, shown_item
from web.writing import Caller, asked, moment, write

router = APIRouter(prefix="/api/v1", tags=["complaints"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
MAX_TEXT = 1000
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT, strip_whitespace=True)]


class ComplaintView(Shape):
    """`actions`: what its resident may do now. `resolved`: what they said of the answer; none: nothing yet."""

    id: str
    number: str
    case: str
    item_name: str
    kind: ComplaintKind
    kind_label: str
    text: str | None
    has_picture: bool
    state: str
    state_label: str
    filed_at: Time
    due_at: Time | None
    """By when the office has to do the next step; or, once it has answered, by when one may object."""
    answer: str | None
    answered_at: Time | None
    raised_text: str | None
    raised_at: Time | None
    review: str | None
    reviewed_at: Time | None
    resolved: bool | None
    actions: list[str]


class ComplaintsView(Shape):
    complaints: list[ComplaintView]
    kinds: list[ChoiceView]


class ComplaintAsk(Write):
    kind: ComplaintKind
    text: Text
    transaction_id: TransactionId


class JudgeAsk(Write):
    """`satisfied` false: once up to the level above, with what is not right."""

    satisfied: bool
    text: Text = ""


class FollowUpView(Shape):
    """One question after a case has been delivered: whether everything is settled."""

    case: str
    item_name: str
    answered: bool
    good: bool | None


class FollowUpsView(Shape):
    follow_ups: list[FollowUpView]


class FollowUpAsk(Write):
    good: bool
    text: Text = ""


@router.get("/complaints")
def my_complaints(me: Me, d: D) -> ComplaintsView:
    """One's own, newest first; and what one may complain of."""
    with d.database.reading() as tx:
        mine = tx.care.complaints_of(_person(me))
        kinds = [ChoiceView(value=k, label=COMPLAINT_KIND_LABELS[k]) for k in ComplaintKind]
        return ComplaintsView(complaints=[_view(tx, c) for c in mine], kinds=kinds)


@router.post(
    "/cases/{no}/complaints",
    status_code=201,
    openapi_extra=multipart("kind", "text", required=("kind", "text", "transaction_id")),
)
async def complain(no: str, request: Request, me: Me, d: D) -> ComplaintView:
    """File one about a case: `kind`, `text`, `transaction_id`, and if wanted a picture as `file`. Without one, JSON does."""
    _check_no_agent(me)
    await run_sync(check_mine, d, me, no)
    if request.headers.get("content-type", "").startswith("application/json"):
        ask = _complaint_of(await request.body())
        return await run_sync(_file_said, d, me, no, ask, None)
    async with request.form(max_files=1, max_fields=8, max_part_size=16_384) as form:
        return await run_sync(_file_form, d, me, no, form, limiter=d.files_at_once)


def _complaint_of(body: bytes) -> ComplaintAsk:
    try:
        return ComplaintAsk.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def _check_no_agent(me: Caller) -> None:
    if isinstance(me, AgentCaller):
        raise Forbidden("请申请人在自己的账户办理。")


def _file_form(d: Doors, me: Caller, no: str, form: FormData) -> ComplaintView:
    kind, text = _said(form)
    ask = ComplaintAsk(kind=kind, text=text, transaction_id=transaction_of(form).transaction_id or "")
    return _file_said(d, me, no, ask, file_of(form, d.settings.upload_max_bytes))


def _file_said(d: Doors, me: Caller, no: str, ask: ComplaintAsk, picture: tuple[bytes, str] | None) -> ComplaintView:
    with d.database.reading() as tx:
        complaining.check_may_complain(tx.case_file(no, readable_by=me.scope).case)
    said = Filed(ask.kind, ask.text, d.blobs.put(picture[0]) if picture else None)
    request = asked(me, ask, "complaint", no, said.photo or "")
    return write(d.database, request, ComplaintView, lambda tx: _filed(tx, me, no, said))


def _said(form: FormData) -> tuple[ComplaintKind, str]:
    kind = form.get("kind")
    if kind not in set(ComplaintKind):
        raise InvalidRequest("请选择投诉的类型。", field="kind", allowed=list(map(str, ComplaintKind)))
    return ComplaintKind(str(kind)), text_of(form, "text", MAX_TEXT)


def _filed(tx: Transaction, me: Caller, no: str, said: Filed) -> ComplaintView:
    file, now = tx.case_file(no, for_change=True, readable_by=me.scope), moment(tx, me)
    if any(c.closed_at is None for c in tx.care.of_case(Complaint, no)):
        raise Conflict("您对这件事的投诉正在办理，请等待答复。")
    number = tx.care.next_number(file.case.region, now.at)
    made = complaining.file(file.case, said, number, now, tx.care.terms())
    tx.care.add(no, made, actor=me.actor)
    if made.photo:
        tx.jobs.add(Enqueue(JobKind.COMPLAINT_PICTURE, made.id, f"picture:{made.id}"))
    tx.care.tell(no, "complaint_filed", {"complaint": number})
    return _view(tx, tx.care.complaint_of(_person(me), made.id))


@router.get("/complaints/{complaint}")
def show_complaint(complaint: str, me: Me, d: D) -> ComplaintView:
    """One of one's own, with the answer as far as there is one."""
    with d.database.reading() as tx:
        return _view(tx, tx.care.complaint_of(_person(me), complaint))


@router.get("/complaints/{complaint}/picture", response_class=Response, responses=JPEG)
def show_picture(complaint: str, me: Me, d: D) -> Response:
    """The safe copy of one's own picture. 409 `not_ready` while it is being made."""
    with d.database.reading() as tx:
        mine = tx.care.complaint_of(_person(me), complaint).thing
    return picture_of(d.blobs, mine)


@router.post("/complaints/{complaint}/judge")
def judge(complaint: str, ask: JudgeAsk, me: Me, d: D) -> ComplaintView:
    """Whether the answer satisfies; if not, once up to the level above."""

    def work(tx: Transaction) -> ComplaintView:
        mine = tx.care.complaint_of(_person(me), complaint)
        step = complaining.judge(mine.thing, ask.satisfied, ask.text, moment(tx, me), tx.care.terms())
        tx.care.take(mine.number, mine.thing, step, actor=me.actor)
        return _view(tx, tx.care.complaint_of(_person(me), complaint))

    return write(d.database, asked(me, ask, "complaint-judge", complaint), ComplaintView, work)


@router.post("/complaints/{complaint}/withdraw")
def withdraw(complaint: str, me: Me, d: D, ask: Write | None = None) -> ComplaintView:
    """Taken back, as long as it was not answered."""

    def work(tx: Transaction) -> ComplaintView:
        mine = tx.care.complaint_of(_person(me), complaint)
        tx.care.take(mine.number, mine.thing, complaining.withdraw(mine.thing, moment(tx, me)), actor=me.actor)
        return _view(tx, tx.care.complaint_of(_person(me), complaint))

    return write(d.database, asked(me, ask, "complaint-withdraw", complaint), ComplaintView, work)


@router.get("/follow-ups")
def my_follow_ups(me: Me, d: D) -> FollowUpsView:
    """Cases after which one is asked, newest first."""
    with d.database.reading() as tx:
        mine = tx.care.follow_ups_of(_person(me))
        return FollowUpsView(follow_ups=[_asked(tx, f) for f in mine if _is_asked(f.thing)])


@router.post("/cases/{no}/follow-up")
def answer(no: str, ask: FollowUpAsk, me: Me, d: D) -> FollowUpView:
    """One tap: whether everything is settled."""
    _check_no_agent(me)

    def work(tx: Transaction) -> FollowUpView:
        tx.case_file(no, for_change=True, readable_by=me.scope)
        found = tx.care.follow_up_of(no)
        if found is None:
            raise NotFound("这件事没有需要您回答的问题。", number=no)
        step = following_up.answer(found, ask.good, ask.text, moment(tx, me))
        tx.care.take(no, found, step, actor=me.actor)
        return _asked(tx, next(f for f in tx.care.follow_ups_of(_person(me)) if f.number == no))

    return write(d.database, asked(me, ask, "follow-up", no), FollowUpView, work)


def _person(me: Caller) -> str:
    assert me.scope.person is not None
    return me.scope.person


def _is_asked(f: FollowUp) -> bool:
    return f.state is not FollowUpState.UNREACHED


def _asked(tx: Transaction, found: Of[FollowUp]) -> FollowUpView:
    f = found.thing
    return FollowUpView(
        case=found.number,
        item_name=_item(tx, found.number),
        answered=f.state is FollowUpState.DONE,
        good=None if f.outcome is None else f.outcome == "good",
    )


def _item(tx: Transaction, number: str) -> str:
    code, version = tx.item_of(number)
    return shown_item(tx.item(code, version)).name


def _view(tx: Transaction, found: Of[Complaint]) -> ComplaintView:
    c = found.thing
    return ComplaintView(
        id=c.id,
        number=c.number,
        case=found.number,
        item_name=_item(tx, found.number),
        kind=c.kind,
        kind_label=COMPLAINT_KIND_LABELS[c.kind],
        text=c.text,
        has_picture=c.photo is not None,
        state=c.state,
        state_label=COMPLAINTS[c.state],
        filed_at=c.filed_at,
        due_at=c.due_at,
        answer=c.answer,
        answered_at=c.answered_at,
        raised_text=c.raised_text,
        raised_at=c.raised_at,
        review=c.review,
        reviewed_at=c.reviewed_at,
        resolved=c.resolved,
        actions=list(complaining.by_resident(c)),
    )
