"""Consents, and the rights of whom the data is about: to have it, and to have it erased as far as the law allows.

A draft that was never handed in is erased at once. What was handed in is an administrative record with a statutory
time of keeping; the answer names each such case and says so.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from cases.actions.terminals import discarded
from cases.care import Complaint
from cases.field_names import field_name
from cases.lifecycle import CASE, CaseState
from cases.model import Case
from cases.truths import Truth
from cases.waived import Inquiry, Waiver
from storage.care import Of
from storage.plain import to_plain
from storage.session import Transaction
from web.asks import ConsentAsk, Write
from web.auth import resident
from web.doors import Doors, doors
from web.files import discard
from web.shapes import Shape, Time
from web.waived import label_of
from web.words import CASES, COMPLAINTS, INQUIRIES, names_of, said
from web.writing import Caller, asked, decide, write

router = APIRouter(prefix="/api/v1", tags=["privacy"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
_KEPT = "已提交的申请属于行政办件档案，须在法定保管期限内保存，期满后自动销毁；保存期间仅用于查阅和监督。"
_UNDER_WAY = "申请正在办理，办结前不能删除；您可以先撤回申请。"


class ConsentView(Shape):
    kind: str
    version: str
    given_at: Time
    withdrawn_at: Time | None


class ConsentsView(Shape):
    consents: list[ConsentView]


class MyCase(Shape):
    """One case with everything its person told us, unmasked: it is theirs."""

    case: str
    item: str
    state: str
    opened_at: Time
    applicant: dict[str, Any]
    agent: dict[str, Any] | None
    address: dict[str, Any] | None
    answers: dict[str, Any]


class MyInquiry(Shape):
    """One question to a registry about somebody: who allowed it, what for, and what came of it."""

    case: str
    material: str
    name: str
    """Of the material."""
    registry: str
    consent: str
    authorised_at: Time
    by_me: bool
    result: str
    answered_at: Time | None


class MyWaiver(Shape):
    """One paper that was used again, or proved by a registry, instead of a photograph."""

    case: str
    material: str
    name: str
    source: str
    source_case: str | None
    date: date
    consent: str
    at: Time
    ended_at: Time | None


class MyComplaint(Shape):
    """One complaint, with what one wrote, until it was erased."""

    number: str
    case: str
    filed_at: Time
    state_label: str
    text: str | None
    answer: str | None


class MyTruth(Shape):
    """What an auditor says stands in a field of one's papers, beside what was read there. By whom is the office's."""

    case: str
    material: str
    name: str
    field: str
    label: str
    read: str | None
    said: str
    at: Time


class MyDataView(Shape):
    person: str
    platform: str
    consents: list[ConsentView]
    cases: list[MyCase]
    inquiries: list[MyInquiry]
    """Every question that was put to a registry about these cases, newest first."""
    waivers: list[MyWaiver]
    complaints: list[MyComplaint]
    corrections: list[MyTruth]


class KeptCase(Shape):
    case: str
    state_label: str
    reason: str


class ErasedView(Shape):
    """`complaints_kept`: those that are being dealt with; what one wrote in the others is gone."""

    erased: list[str]
    kept: list[KeptCase]
    complaints_kept: list[str]


def _person(me: Caller) -> str:
    assert me.scope.person is not None
    return me.scope.person


def _consents(tx: Transaction, person: str) -> list[ConsentView]:
    return [ConsentView(**vars(c)) for c in tx.people.consents(person)]


@router.post("/consents", status_code=201)
def consent(ask: ConsentAsk, me: Me, d: D) -> ConsentsView:
    """Give a consent, or with `given: false` take it back."""

    def work(tx: Transaction) -> ConsentsView:
        if ask.given:
            tx.people.consent(_person(me), ask.kind, ask.version)
        else:
            tx.people.withdraw_consent(_person(me), ask.kind)
        return ConsentsView(consents=_consents(tx, _person(me)))

    return write(d.database, asked(me, ask, "consent"), ConsentsView, work)


@router.get("/me/data")
def my_data(me: Me, d: D) -> MyDataView:
    """Everything that is kept about oneself. The look is recorded."""
    with d.database.transaction() as tx:
        person = tx.people.person(_person(me))
        tx.record(f"person:{person.id}", me.actor, "data_shown")
        return MyDataView(
            person=person.id,
            platform=person.platform,
            consents=_consents(tx, person.id),
            cases=[_my_case(c) for c in tx.cases_of(person.id)],
            inquiries=[_my_inquiry(tx, no, i, person.id) for no, i in tx.inquiries_of(person.id)],
            waivers=[_my_waiver(tx, no, w) for no, w in tx.waivers_of(person.id)],
            complaints=[_my_complaint(c) for c in tx.care.complaints_of(person.id)],
            corrections=[_my_truth(tx, no, key, truth) for no, key, truth in tx.truths_about(person.id)],
        )


def _named(tx: Transaction, no: str, key: str) -> str:
    code, version = tx.item_of(no)
    item = tx.item(code, version)
    spec = item.material(key)
    return said(spec.name, names_of(item)) if spec else key


def _my_inquiry(tx: Transaction, no: str, inquiry: Inquiry, person: str) -> MyInquiry:
    return MyInquiry(
        case=no,
        material=inquiry.material,
        name=_named(tx, no, inquiry.material),
        registry=label_of(inquiry.resource),
        consent=inquiry.consent,
        authorised_at=inquiry.authorised_at,
        by_me=inquiry.by == person,
        result=INQUIRIES[inquiry.state],
        answered_at=inquiry.answered_at,
    )


def _my_waiver(tx: Transaction, no: str, waiver: Waiver) -> MyWaiver:
    return MyWaiver(
        case=no,
        material=waiver.material,
        name=_named(tx, no, waiver.material),
        source=label_of(waiver.resource),
        source_case=waiver.source_case,
        date=waiver.proven_on,
        consent=waiver.consent,
        at=waiver.at,
        ended_at=waiver.ended_at,
    )


def _my_truth(tx: Transaction, no: str, material: str, truth: Truth) -> MyTruth:
    return MyTruth(
        case=no,
        material=material,
        name=_named(tx, no, material),
        field=truth.field,
        label=said(field_name(truth.field)),
        read=truth.machine,
        said=truth.said,
        at=truth.at,
    )


def _my_complaint(found: Of[Complaint]) -> MyComplaint:
    c = found.thing
    return MyComplaint(
        number=c.number,
        case=found.number,
        filed_at=c.filed_at,
        state_label=COMPLAINTS[c.state],
        text=c.text,
        answer=c.review or c.answer,
    )


def _my_case(case: Case) -> MyCase:
    return MyCase(
        case=case.number,
        item=case.item_code,
        state=case.state,
        opened_at=case.opened_at,
        applicant=to_plain(case.applicant),
        agent=to_plain(case.agent) if case.agent else None,
        address=to_plain(case.address) if case.address else None,
        answers=dict(case.answers),
    )


@router.post("/me/erase")
def erase_me(me: Me, d: D, ask: Write | None = None) -> ErasedView:
    """Erase what may be erased; the rest is named with the reason."""
    unneeded: list[str] = []

    def work(tx: Transaction) -> ErasedView:
        unneeded.clear()
        tx.forget_answers_of(me.key)
        mine = tx.cases_of(_person(me))
        drafts = [c for c in mine if c.state is CaseState.DRAFT]
        for case in drafts:
            decide(tx, me, case.number, discarded)
            unneeded.extend(tx.erase_pages(case.number))
        kept = [_kept(c) for c in mine if c not in drafts and c.applicant.id_number]
        complaints_kept, pictures = tx.care.erase_of(_person(me), tx.now())
        unneeded.extend(pictures)
        return ErasedView(erased=[c.number for c in drafts], kept=kept, complaints_kept=complaints_kept)

    done = write(d.database, asked(me, ask, "erase"), ErasedView, work)
    discard(d.blobs, unneeded)
    return done


def _kept(case: Case) -> KeptCase:
    under_way = not CASE.is_final(case.state) and case.closed_at is None
    return KeptCase(case=case.number, state_label=CASES[case.state], reason=said(_UNDER_WAY if under_way else _KEPT))
