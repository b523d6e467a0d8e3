"""Open a case, add pages, take pages out, submit, withdraw."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.actions.decisions import nobody_works_on
from cases.actions.entrusting import is_proven
from cases.announcing import Why
from cases.called import asks_of, called
from cases.checklist import new_materials, unanswered, unknown_answers
from cases.custody import home_leg
from cases.deferrals import may_supplement
from cases.effects import Add, Enqueue, Fact, JobKind, Outcome, Put, move_case, move_material, move_page
from cases.errors import Conflict, InvalidRequest, NotFound, NotZeroTrip, TransitionRefused
from cases.hurry import is_urgent, mends
from cases.items import Item
from cases.known import EDITABLE, photographed
from cases.lifecycle import CASE, CaseEvent, CaseState, MaterialEvent, MaterialState, PageEvent, PageState
from cases.mandate import MANDATE
from cases.model import (
    Address,
    Applicant,
    Case,
    CaseFile,
    CaseNumber,
    Material,
    Page,
    PersonId,
)
from cases.moment import Moment
from cases.sentences import say


@dataclass(frozen=True)
class OpenRequest:
    answers: Mapping[str, Any]
    applicant: Applicant
    address: Address | None
    channel: str
    agent: Mapping[str, Any] | None = None


def open_case(
    item: Item, asked: OpenRequest, owner: PersonId, number: CaseNumber, now: Moment
) -> tuple[Case, tuple[Material, ...]]:
    """A draft and its checklist. Raises `NotZeroTrip` or `InvalidRequest`."""
    if item.in_person:
        why = called(item, item.in_person)
        told = say("“{item}”必须本人到场：{why}。请预约办理时间。", item=called(item, item.name), why=why)
        raise NotZeroTrip(told, reason=item.in_person)
    if unknown := unknown_answers(item, asked.answers):
        raise InvalidRequest("有一个问题答得不对，请重新选。", unknown=list(unknown))
    if silent := unanswered(item, asked.answers):
        raise InvalidRequest(say("请选择：{asks}", asks=asks_of(item, silent)), not_chosen=[q.key for q in silent])
    if asked.applicant.kind not in item.applicants:
        raise InvalidRequest("这件事不能由这类申请人办。", allowed=list(item.applicants))
    if asked.channel not in item.channels:
        raise InvalidRequest("这件事不能从这里申请。", allowed=list(item.channels))
    case = Case(
        number=number,
        item_code=item.code,
        item_version=item.version,
        region=item.region,
        department=item.department,
        state=CaseState.DRAFT,
        owner=owner,
        channel=asked.channel,
        answers=dict(asked.answers),
        applicant=asked.applicant,
        address=asked.address,
        opened_at=now.at,
        deadline_at=now.deadline(CaseState.DRAFT, item),
        agent=asked.agent,
    )
    return case, (*new_materials(item, asked.answers), *_mandate(asked))


def _mandate(asked: OpenRequest) -> tuple[Material, ...]:
    """Where an agent point may keep the form that the applicant signed."""
    if "point" not in (asked.agent or {}):
        return ()
    return (Material(MANDATE.key, MANDATE.name, MaterialState.MISSING, MANDATE.need),)


@dataclass(frozen=True)
class Upload:
    """A file as it came in: already kept as a blob, not yet looked into."""

    blob: str
    sha256: str
    media_type: str
    size: int


def attach_page(file: CaseFile, key: str, upload: Upload, page_id: str, now: Moment) -> Outcome:
    """Add a page to a material; it is read at once. A full material takes no more: take a page out first."""
    material = _editable_material(file, key)
    later = file.case.state not in EDITABLE
    spec = file.spec(key)
    pages = () if later and material.state is MaterialState.RETURNED else file.pages_of(key)
    if spec is not None and len(pages) >= spec.max_pages:
        raise InvalidRequest(
            say(
                "“{paper}”最多{most}页，请先删除不需要的页面。",
                paper=called(file.item, material.name),
                most=spec.max_pages,
            ),
            max_pages=spec.max_pages,
            code_hint="too_many_pages",
        )
    ordinal = 1 + max((p.ordinal for p in file.pages if p.material == key), default=0)
    page = Page(
        page_id, key, ordinal, upload.blob, upload.sha256, upload.media_type, upload.size, PageState.UPLOADED, now.at
    )
    moved = () if material.state is MaterialState.UPLOADED else (move_material(material, MaterialEvent.UPLOAD),)
    return (
        Add(page),
        *moved,
        *(move_page(p, PageEvent.REMOVE) for p in file.pages_of(key) if p not in pages),
        *(() if later else _undecided(material)),
        *photographed(file, key, now),
        _reading(file, page_id, now),
        Fact("page_uploaded", {"material": key, "page": page_id, "bytes": upload.size, "sha256": upload.sha256}),
    )


def _reading(file: CaseFile, page_id: str, now: Moment) -> Enqueue:
    """Whoever owns the cases has one share of the readers, however many pages there are."""
    batch = "batch" in (file.case.agent or {})
    hurry = is_urgent(file, now)
    return Enqueue(JobKind.PAGE_READ, page_id, f"read:{page_id}", background=batch, share=file.case.owner, urgent=hurry)


def _undecided(material: Material) -> Outcome:
    """What was decided was decided of other pages."""
    if material.decision is None:
        return ()
    fresh = dict.fromkeys(("decision", "reason", "note", "decided_by", "defer_until", "promise"))
    return (Put("material", material.key, fresh),)


def remove_page(file: CaseFile, page_id: str) -> Outcome:
    page = file.page(page_id)
    if page is None or page.state is PageState.REMOVED:
        raise NotFound("没有这一页。")
    material = _editable_material(file, page.material)
    rest = [p for p in file.pages_of(page.material) if p.id != page_id]
    return (
        move_page(page, PageEvent.REMOVE),
        *_after_removal(material, rest),
        Fact("page_removed", {"material": page.material, "page": page_id}),
    )


def _after_removal(material: Material, rest: list[Page]) -> Outcome:
    if not rest:
        return (move_material(material, MaterialEvent.EMPTY),)
    still_reading = any(p.state is PageState.UPLOADED for p in rest)
    if material.state is MaterialState.UPLOADED and not still_reading:
        return (move_material(material, MaterialEvent.READ),)
    return ()


def _editable_material(file: CaseFile, key: str) -> Material:
    if file.case.state not in EDITABLE and not may_supplement(file, key):
        state = file.case.state
        raise TransitionRefused("case", state, CASE.labels[state], "attach", [str(e) for e in CASE.allowed(state)])
    material = file.material(key)
    if material is None:
        raise NotFound("该事项没有这份材料。", materials=[m.key for m in file.materials])
    return material


def submit(file: CaseFile, now: Moment) -> Outcome:
    """Hand the case in. It is judged as soon as every page has been read."""
    if not is_proven(file):
        raise Conflict(
            "请先证明申请人的授权：请申请人把手机收到的验证码告诉您，或上传申请人签名的委托书。", needs="authority"
        )
    if not (file.case.applicant.name and file.case.applicant.id_number and file.case.applicant.phone):
        raise Conflict("请先填写申请人的姓名、身份证号码和手机号码。", needs="applicant")
    due = now.deadline(CaseState.SUBMITTED, file.item)
    moved = move_case(file.case, CaseEvent.SUBMIT, due)
    first = () if file.case.submitted_at else (Put("case", file.case.number, {"submitted_at": now.at}),)
    return (*moved, *first, *judge_when_read(file))


def judge_when_read(file: CaseFile, just_read: str | None = None) -> Outcome:
    """The judging job, if no page is waiting to be read (`just_read` counts as read), and no data-sharing source to be
    heard."""
    if [p for p in file.unread if p.id != just_read] or file.unheard:
        return ()
    number = file.case.number
    return (Enqueue(JobKind.CASE_JUDGE, number, f"judge:{number}:{file.case.round}", urgent=mends(file)),)


def withdraw(file: CaseFile, now: Moment) -> Outcome:
    """Take the application back. Departments stop working on it. Originals that the office holds go home first: a
    delivery leg is offered, as soon as no department has any."""
    moved = (*move_case(file.case, CaseEvent.WITHDRAW, None), *nobody_works_on(file, Why.WITHDRAWN, now))
    then = replace(file, case=replace(file.case, state=CaseState.WITHDRAWN))
    return (*moved, *home_leg(then, now))
