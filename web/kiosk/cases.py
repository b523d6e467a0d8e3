"""What the terminal's page asks for the one case of its session, beside the residents' API: opening it, who it is for,
the phone, and what was read off the pages, to be looked at before it is handed in.

A number is shown in full once, to the one who has just shown the card; the screen stands in a public place.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field as Bounded
from pydantic import StringConstraints, model_validator

from cases.actions import opening, terminals
from cases.actions.terminals import How
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.field_names import field_name
from cases.lifecycle import CaseState
from cases.model import CaseFile
from cases.readings import Confirmed, Field
from storage.guest_endings import drop_draft
from storage.session import Transaction
from web.asks import MAX_ENTRIES, AnswerValue, Line, TransactionId, Word, Write
from web.doors import Doors, doors
from web.files import discard
from web.guests import Guest
from web.kiosk.sessions import guest
from web.shapes import CaseView, Shape
from web.views import case_view
from web.words import masked_id, masked_phone
from web.writing import Asked, asked, decide, moment, write

router = APIRouter(prefix="/kiosk/api/cases", tags=["kiosk"])
Me = Annotated[Guest, Depends(guest)]
D = Annotated[Doors, Depends(doors)]
CONSENT = ("privacy", "kiosk-1")
"""What the page says before it begins."""
SURE = 0.9
_MASKED = {"id_number": masked_id, "phone": masked_phone}


class BeginAsk(Write):
    item: Word
    answers: dict[Word, AnswerValue] = Bounded(default_factory=dict, max_length=MAX_ENTRIES)
    consent: Literal[True]
    transaction_id: TransactionId


class IdentityAsk(Write):
    """`page`: the photographed card; or name and number, from the card reader or typed."""

    how: How
    page: Word | None = None
    name: Line | None = None
    id_number: Word | None = None

    @model_validator(mode="after")
    def _whole(self) -> "IdentityAsk":
        if (self.page is None) == (self.name is None or self.id_number is None):
            raise ValueError("请提供证件照片，或姓名和号码")
        if (self.how is How.PICTURE) != (self.page is not None):
            raise ValueError("识别方式与内容不符")
        return self


class PhoneAsk(Write):
    """`keep`: what is not handed in is to be kept, to go on with it by phone."""

    phone: Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]
    keep: bool


class IdentityView(Shape):
    name: str
    id_number: str


class PhoneView(Shape):
    phone: str
    keep: bool


class ReadField(Shape):
    label: str
    value: str
    certain: bool


class ReadMaterial(Shape):
    key: str
    name: str
    fields: list[ReadField]


class ReadView(Shape):
    materials: list[ReadMaterial]


@router.post("", status_code=201)
def begin(ask: BeginAsk, me: Me, d: D) -> CaseView:
    """A draft in nobody's name yet. One that this session began before and did not hand in is gone."""
    unneeded: list[str] = []

    def work(tx: Transaction) -> CaseView:
        session = tx.guest_sessions.session(me.session.id)
        unneeded[:] = drop_draft(tx, session)
        if session.case is not None and tx.case_file(session.case).case.state is not CaseState.WITHDRAWN:
            raise Conflict("这次办理的申请已经提交，请先结束，再办别的事项。")
        return _opened(tx, ask, me)

    made = write(d.database, asked(me, ask, "kiosk-open"), CaseView, work)
    discard(d.blobs, unneeded)
    return made


def _opened(tx: Transaction, ask: BeginAsk, me: Guest) -> CaseView:
    now, item = moment(tx, me), tx.item(ask.item)
    tx.people.consent(me.session.person, *CONSENT)
    number = tx.next_case_number(item.region, now.today)
    request = terminals.request(item, ask.answers)
    case, materials = opening.open_case(item, request, me.session.person, number, now)
    tx.open_case(case, materials, actor=me.actor)
    tx.guest_sessions.has_case(me.session, number)
    return case_view(tx.case_file(number))


@router.post("/{no}/identity")
def identify(no: str, ask: IdentityAsk, me: Me, d: D) -> IdentityView:
    """Who the case is for. 422 where the picture does not show a card's name and number."""

    def work(tx: Transaction) -> IdentityView:
        name, number = (ask.name or "", ask.id_number or "") if ask.page is None else _off_card(tx, no, ask.page, me)
        file = decide(tx, me, no, lambda file, _: terminals.identified(file, name, number, ask.how))
        return IdentityView(name=file.case.applicant.name, id_number=file.case.applicant.id_number)

    return write(d.database, _unremembered(asked(me, ask, "kiosk-identity", no)), IdentityView, work)


def _off_card(tx: Transaction, no: str, page_id: str, me: Guest) -> tuple[str, str]:
    file = tx.case_file(no, readable_by=me.scope)
    page = file.page(page_id)
    if page is None:
        raise NotFound("没有这一页。")
    reading = tx.reading(page.id)
    fields = reading.fields if reading is not None and reading.kind == "id_card_front" else {}
    if "name" not in fields or "id_number" not in fields:
        raise InvalidRequest("没有读出身份证上的姓名和号码。请把人像面放正、放平后重拍。", field="page")
    return fields["name"].value, fields["id_number"].value


def _unremembered(request: Asked) -> Asked:
    """Doing it twice is harmless, and the answer, which holds a number in full, is not to be kept."""
    return Asked(request.caller, None, request.fingerprint)


@router.post("/{no}/phone")
def give_phone(no: str, ask: PhoneAsk, me: Me, d: D) -> PhoneView:
    """For notices, and to take the case along."""

    def work(tx: Transaction) -> PhoneView:
        file = decide(tx, me, no, lambda file, _: terminals.phoned(file, ask.phone))
        tx.guest_sessions.keeps(me.session, keep=ask.keep)
        return PhoneView(phone=masked_phone(file.case.applicant.phone), keep=ask.keep)

    return write(d.database, asked(me, ask, "kiosk-phone", no), PhoneView, work)


@router.get("/{no}/fields")
def show_fields(no: str, me: Me, d: D) -> ReadView:
    """What was read off every page, by material."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        return ReadView(materials=[_read(tx, file, m.key, m.name) for m in file.materials if file.pages_of(m.key)])


def _doubtful(read: Field) -> bool:
    """What is worth a second look; most of what only one reader saw is right."""
    return read.confirmed is Confirmed.DISAGREEMENT or read.confidence < SURE


def _read(tx: Transaction, file: CaseFile, key: str, name: str) -> ReadMaterial:
    spec, listed = file.spec(key), []
    for page in file.pages_of(key):
        reading = tx.reading(page.id)
        for field, read in reading.fields.items() if reading is not None else ():
            value = _MASKED[field](read.value) if field in _MASKED else read.value
            listed.append(ReadField(label=field_name(field, spec), value=value, certain=not _doubtful(read)))
    return ReadMaterial(key=key, name=name, fields=listed)
