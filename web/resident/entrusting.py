"""Agents: proving the applicant's authority, and handing the case to the applicant's own account."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints, model_validator

from cases.actions import entrusting
from cases.actions.entrusting import LAST_DIGITS, LASTS, TRIES, Purpose
from cases.model import PersonId
from storage import one_time_codes
from storage.actors import Scope
from storage.session import Transaction
from web.asks import Word, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import CaseView, Shape
from web.views import case_view
from web.words import masked_phone
from web.writing import Caller, asked, moment, write

router = APIRouter(prefix="/api/v1", tags=["agents"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class SendCodeAsk(Write):
    purpose: Purpose


class AuthorityAsk(Write):
    """One of the two: the code that the applicant was sent and told, or the page that shows the signed form."""

    code: Code | None = None
    page: Word | None = None

    @model_validator(mode="after")
    def _one(self) -> "AuthorityAsk":
        if (self.code is None) == (self.page is None):
            raise ValueError("请填写验证码，或者选择委托书页面")
        return self


class TakeOverAsk(Write):
    """`id_ending`: the last digits of the applicant's identity number."""

    case: Word
    code: Code
    id_ending: Annotated[str, StringConstraints(min_length=LAST_DIGITS, max_length=LAST_DIGITS)]


class CodeSentView(Shape):
    """`phone`: where it went, masked."""

    phone: str
    minutes: int


@router.post("/cases/{no}/agent/code")
def send_code(no: str, ask: SendCodeAsk, me: Me, d: D) -> CodeSentView:
    """A code as a text message to the applicant's phone."""

    def work(tx: Transaction) -> CodeSentView:
        file = tx.case_file(no, for_change=True, readable_by=me.scope)
        entrusting.check_sendable(file, ask.purpose)
        beside = entrusting.known_beside(file, ask.purpose)
        code = one_time_codes.make_code(tx, ask.purpose, no, LASTS[ask.purpose], beside)
        tx.apply(no, entrusting.code_told(file, ask.purpose, code), actor=me.actor)
        minutes = int(LASTS[ask.purpose].total_seconds()) // 60
        return CodeSentView(phone=masked_phone(file.case.applicant.phone), minutes=minutes)

    return write(d.database, asked(me, ask, "agent-code", no), CodeSentView, work)


@router.post("/cases/{no}/agent/authority")
def prove(no: str, ask: AuthorityAsk, me: Me, d: D) -> CaseView:
    """The applicant's authority, on record."""
    with d.database.transaction() as tx:
        file = tx.case_file(no, for_change=True, readable_by=me.scope)
        entrusting.check_sendable(file, Purpose.AUTHORITY)
        if right := ask.code is None or one_time_codes.use_code(tx, Purpose.AUTHORITY, no, ask.code, TRIES):
            now = moment(tx, me)
            by_form = entrusting.proven_by_form(file, ask.page, now) if ask.page is not None else None
            tx.apply(no, by_form or entrusting.proven_by_phone(file, now), actor=me.actor)
            seen = case_view(tx.case_file(no))
    if not right:
        raise one_time_codes.wrong_code()
    return seen


@router.post("/take-over")
def take_over(ask: TakeOverAsk, me: Me, d: D) -> CaseView:
    """Whoever holds the applicant's phone and knows the number's end has the case from now on; the agent no more."""
    person, no = me.scope.person, ask.case
    assert person is not None
    with d.database.transaction() as tx:
        if right := tx.case_exists(no, Scope.everything()) and _used(tx, no, ask.code + ask.id_ending):
            file = tx.case_file(no, for_change=True)
            tx.apply(no, entrusting.taken_over(file, PersonId(person), moment(tx, me)), actor=me.actor)
            seen = case_view(tx.case_file(no))
    if not right:
        # a case that is not there and a code that is wrong look alike
        raise one_time_codes.wrong_code()
    return seen


def _used(tx: Transaction, no: str, known: str) -> bool:
    return one_time_codes.use_code(tx, Purpose.HAND_OVER, no, known, TRIES)
