"""Agents: proving the applicant's authority, and handing the case to the applicant's own account."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints, model_validator

from cases.actions import entrusting, terminals
from cases.actions.entrusting import LAST_DIGITS, LASTS, TRIES, Purpose
from cases.errors import Forbidden, TooMany
from cases.helping import Came, Ended, ProvenBy
from cases.model import CaseFile, PersonId
from courier.signing import same
from storage import one_time_codes
from storage.actors import Scope
from storage.device_sessions import PLATFORM
from storage.queues import masked_name
from storage.session import Transaction
from web.asks import Ask, Word, Write
from web.auth import resident
from web.doors import Doors, doors
from web.resident.agents import AuthorityView, authority_view
from web.shapes import CaseView, Shape, Time
from web.views import case_view
from web.words import CASES, masked_phone, shown_item
from web.writing import Caller, asked, decide, moment, write

router = APIRouter(prefix="/api/v1", tags=["agents"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class PointNameView(Shape):
    code: str
    name: str
    village: str


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


class ClaimCodeAsk(Ask):
    """`case`: the number on the text message, the receipt or the agent's screen."""

    case: Word
    id_ending: Annotated[str, StringConstraints(min_length=LAST_DIGITS, max_length=LAST_DIGITS)]


class ClaimAsk(ClaimCodeAsk):
    code: Code


class EntrustAsk(Write):
    """`point`: the number that stands at the agent point."""

    point: Word


class ClaimView(Shape):
    """What one would take over. `agent`: who looks after it now; `proven`: by whose word."""

    case: str
    item_name: str
    state: str
    state_label: str
    applicant: str
    opened_at: Time
    agent: str
    proven: str | None
    pages: int


class AgentOfCaseView(Shape):
    """Who acts for the applicant in a case, by whose word and until when; nobody: all empty."""

    name: str | None
    proven: str | None
    proven_at: str | None
    ended: str | None
    ended_at: str | None
    point: PointNameView | None
    authority: AuthorityView | None


class ClaimSentView(Shape):
    """Whether or not there is such a case: whoever has its phone knows."""

    sent: bool = True
    minutes: int


class CodeSentView(Shape):
    """`phone`: where it went, masked."""

    phone: str
    minutes: int


@router.post("/cases/{no}/agent/code")
def send_code(no: str, ask: SendCodeAsk, me: Me, d: D) -> CodeSentView:
    """A code as a text message to the applicant's phone."""
    d.rates.codes.take(me.key)

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
    d.rates.codes.take(me.key)
    with d.database.transaction() as tx:
        file = tx.case_file(no, for_change=True, readable_by=me.scope)
        entrusting.check_sendable(file, Purpose.AUTHORITY)
        if right := ask.code is None or one_time_codes.use_code(tx, Purpose.AUTHORITY, no, ask.code, TRIES):
            now = moment(tx, me)
            by_form = entrusting.proven_by_form(file, ask.page, now) if ask.page is not None else None
            tx.apply(no, by_form or entrusting.proven_by_phone(file, now), actor=me.actor)
            tx.agents.prove(no, ProvenBy.FORM if by_form else ProvenBy.PHONE, me.actor.id)
            seen = case_view(tx.case_file(no))
    if not right:
        raise one_time_codes.wrong_code()
    return seen


@router.post("/take-over")
def take_over(ask: TakeOverAsk, me: Me, d: D) -> CaseView:
    """Whoever holds the applicant's phone and knows the number's end has the case from now on; the agent no more."""
    d.rates.codes.take(me.key)
    person, no = me.scope.person, ask.case
    assert person is not None
    with d.database.transaction() as tx:
        if right := tx.case_exists(no, Scope.everything()) and _used(tx, no, ask.code + ask.id_ending):
            file = tx.case_file(no, for_change=True)
            tx.apply(no, entrusting.taken_over(file, PersonId(person), moment(tx, me)), actor=me.actor)
            tx.agents.end(no, Ended.HANDED_OVER)
            seen = case_view(tx.case_file(no))
    if not right:
        # a case that is not there and a code that is wrong look alike
        raise one_time_codes.wrong_code()
    return seen


def _used(tx: Transaction, no: str, known: str) -> bool:
    return one_time_codes.use_code(tx, Purpose.HAND_OVER, no, known, TRIES)


# ── the applicant's side ──


@router.post("/claims/code")
def ask_for_claim(ask: ClaimCodeAsk, me: Me, d: D) -> ClaimSentView:
    """A code to the applicant's phone, without asking the agent. The answer is the same whatever is known of the case,
    and whether one was sent a moment ago."""
    d.rates.codes.take(me.key)
    with d.database.transaction() as tx:
        if tx.case_exists(ask.case, Scope.everything()):
            _send_claim(tx, tx.case_file(ask.case, for_change=True), ask.id_ending, me)
    return ClaimSentView(minutes=int(LASTS[Purpose.HAND_OVER].total_seconds()) // 60)


def _send_claim(tx: Transaction, file: CaseFile, id_ending: str, me: Caller) -> None:
    beside = entrusting.known_beside(file, Purpose.HAND_OVER)
    if not same(beside.upper(), id_ending.upper()) or not (_has_agent(file) or _left_at_terminal(tx, file)):
        return
    try:
        code = one_time_codes.make_code(tx, Purpose.HAND_OVER, file.case.number, LASTS[Purpose.HAND_OVER], beside)
    except TooMany:
        return
    told = entrusting.code_told(file, Purpose.HAND_OVER, code) if _has_agent(file) else terminals.receipt_told(code)
    tx.apply(file.case.number, told, actor=me.actor)


def _has_agent(file: CaseFile) -> bool:
    return bool(file.case.agent) and "ended" not in (file.case.agent or {})


def _left_at_terminal(tx: Transaction, file: CaseFile) -> bool:
    """Handed in, or kept, at a self-service terminal, and taken into nobody's account yet."""
    return file.case.channel == terminals.CHANNEL and tx.people.person(file.case.owner).platform == PLATFORM


@router.post("/claims")
def look_at_claim(ask: ClaimAsk, me: Me, d: D) -> ClaimView:
    """What would be taken over: seen before it is confirmed. Wrong codes are counted here too."""
    d.rates.codes.take(me.key)
    with d.database.transaction() as tx:
        known = ask.code + ask.id_ending
        right = tx.case_exists(ask.case, Scope.everything())
        if right := right and one_time_codes.check_code(tx, Purpose.HAND_OVER, ask.case, known, TRIES):
            seen = _claim_view(tx.case_file(ask.case))
    if not right:
        raise one_time_codes.wrong_code()
    return seen


def _claim_view(file: CaseFile) -> ClaimView:
    agent = file.case.agent or {}
    return ClaimView(
        case=file.case.number,
        item_name=shown_item(file.item).name,
        state=file.case.state,
        state_label=CASES[file.case.state],
        applicant=masked_name(file.case.applicant.name),
        opened_at=file.case.opened_at,
        agent=str(agent.get("name", "")),
        proven=agent.get("proof", {}).get("how"),
        pages=sum(len(file.pages_of(m.key)) for m in file.materials),
    )


@router.get("/cases/{no}/agent")
def show_agent(no: str, me: Me, d: D) -> AgentOfCaseView:
    """Who acts for the applicant, by whose word, since when and until when."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        return _agent_view(tx, file)


def _agent_view(tx: Transaction, file: CaseFile) -> AgentOfCaseView:
    agent = file.case.agent or {}
    held = tx.agents.of_case(file.case.number)
    proof, ended = agent.get("proof", {}), agent.get("ended", {})
    at = next((p for p in tx.agents.points() if held is not None and p.code == held.point), None)
    names = {s.id: s.name for s in tx.agents.colleagues(at.code)} if at else {}
    return AgentOfCaseView(
        name=agent.get("name"),
        proven=proof.get("how"),
        proven_at=proof.get("at"),
        ended=ended.get("how"),
        ended_at=ended.get("at"),
        point=PointNameView(code=at.code, name=at.name, village=at.village) if at else None,
        authority=authority_view(held, names) if held else None,
    )


@router.post("/cases/{no}/agent/entrust")
def entrust(no: str, ask: EntrustAsk, me: Me, d: D) -> AgentOfCaseView:
    """From one's own account: an agent point goes on with the case."""

    def work(tx: Transaction) -> AgentOfCaseView:
        _owned(tx, no, me)
        point = tx.agents.point(ask.point)
        decide(tx, me, no, lambda file, now: entrusting.entrusted(file, point, now))
        tx.agents.take(no, point.code, Came.ENTRUSTED, me.actor.id)
        return _agent_view(tx, tx.case_file(no))

    return write(d.database, asked(me, ask, "entrust", no), AgentOfCaseView, work)


@router.post("/cases/{no}/agent/withdraw")
def withdraw_authority(no: str, me: Me, d: D, ask: Write | None = None) -> AgentOfCaseView:
    """The agent sees nothing of it from now on; what is under way goes on."""

    def work(tx: Transaction) -> AgentOfCaseView:
        _owned(tx, no, me)
        decide(tx, me, no, entrusting.withdrawn)
        tx.agents.end(no, Ended.WITHDRAWN)
        return _agent_view(tx, tx.case_file(no))

    return write(d.database, asked(me, ask, "withdraw-authority", no), AgentOfCaseView, work)


def _owned(tx: Transaction, no: str, me: Caller) -> None:
    """Only whose case it is. Raises `NotFound`, or `Forbidden` for the agent."""
    owner = tx.case_file(no, for_change=True, readable_by=me.scope).case.owner
    if me.scope.point is not None or owner != me.scope.person:
        raise Forbidden("请申请人在自己的账户办理。")
