"""Consents, and the right of whom the data is about to see it. To take it along whole: `holdings`; to have it erased:
`erasing`."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from cases.care import Complaint
from cases.consents import TEXTS, text_of
from cases.field_names import field_name
from cases.model import Case
from cases.truths import Truth
from cases.waived import Inquiry, Waiver
from storage.care import Of
from storage.people import Consent
from storage.plain import to_plain
from storage.session import Transaction
from web.asks import ConsentAsk
from web.auth import resident
from web.doors import Doors, doors
from web.holding_words import CONSENT_NAMES
from web.resident.erasing import ErasureView, erasures_of
from web.shapes import Shape, Time
from web.waived import label_of
from web.words import COMPLAINTS, INQUIRIES, names_of, said
from web.writing import Caller, asked, write

router = APIRouter(prefix="/api/v1", tags=["privacy"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


class ConsentView(Shape):
    """`name` and `text`: what was agreed to, in the wording of that version."""

    kind: str
    version: str
    given_at: Time
    withdrawn_at: Time | None
    name: str | None
    text: str | None


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
    erasures: list[ErasureView]
    """What was answered when one asked to have it erased, newest first."""


def _person(me: Caller) -> str:
    assert me.scope.person is not None
    return me.scope.person


def _consents(tx: Transaction, person: str) -> list[ConsentView]:
    return [_consent_view(c) for c in tx.people.consents(person)]


def _consent_view(c: Consent) -> ConsentView:
    agreed = TEXTS.get((c.kind, c.version))
    name, text = (CONSENT_NAMES.get(c.kind), said(agreed.text)) if agreed else (None, None)
    return ConsentView(**vars(c), name=name, text=text)


@router.post("/consents", status_code=201)
def consent(ask: ConsentAsk, me: Me, d: D) -> ConsentsView:
    """Give a consent, or with `given: false` take it back."""

    def work(tx: Transaction) -> ConsentsView:
        if ask.given:
            text_of(ask.kind, ask.version)
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
            erasures=erasures_of(tx, person.id),
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
