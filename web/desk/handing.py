"""At the office: sorting what came in, and handing over the counter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from cases.boxes import Found
from cases.errors import Conflict, NotFound
from cases.lifecycle import CASE, BookingState, CaseEvent, CaseState
from cases.model import CaseFile, Direction
from courier.in_house.units import Scan
from courier.vocabulary import Recipient
from storage.in_house import CARRIERS, COUNTER
from storage.session import Transaction
from web.asks import Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.scanning import (
    KEPT,
    MESSAGES,
    At,
    Code,
    Envelope,
    Note,
    Outcome,
    ProofGiven,
    Said,
    Travelling,
    check_time,
    find_envelope,
    judge_proof,
    keep,
    read_code,
    travelling,
)
from web.shapes import Shape
from web.words import partner_name
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["boxes"])
D = Annotated[Doors, Depends(doors)]
Transaction_ = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
COUNTER_PLACE = "政务服务中心窗口"


class SortAsk(Write):
    transaction_id: Transaction_
    code: Code
    at: At | None = None


class CounterAsk(Write):
    """`proof`: for handing out, the code of the booking or the last four of the identity number."""

    transaction_id: Transaction_
    code: Code
    action: Literal["brought", "handed_out"]
    recipient: Literal["self", "other"] = "self"
    proof: ProofGiven = ""
    note: Note = ""
    at: At | None = None


class SortedView(Shape):
    """Whose envelope it is and where it goes. `stray`: nobody knows, or it should not be here: a person settles it."""

    code: str
    case: str | None
    item_name: str | None
    department: str | None
    state: str | None
    state_label: str | None
    carrier: str | None
    next_step: str
    next_label: str
    stray: str | None


class HandedView(Shape):
    case: str
    action: str
    outcome: str
    message: str


NEXT: Mapping[str, str] = {
    "count": "拆封，按清单清点原件",
    "unpack": "合并揽收的包裹：拆开后按各信封的标签逐件分拣",
    "attach": "案件已接件：核对后并入该案件",
    "send_back": "案件已结束：退回申请人",
    "deliver": "结果信封：交寄递或窗口发放",
    "ask": "案件尚未到收件环节：联系申请人",
    "keep": "号码无法识别：窗口保管，等待认领",
}
_BEFORE = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.RETURNED)


def next_step(file: CaseFile, envelope: Envelope, code: str) -> str:
    """Where an envelope that lies on the sorting table goes. Total. `code`: a waybill of many cases is no envelope."""
    if envelope.booking and envelope.booking.pickup and code == envelope.booking.waybill:
        return "unpack"
    leg = file.leg_by_id(envelope.booking.leg) if envelope.booking else None
    if leg is not None and leg.direction is Direction.DELIVERY:
        return "deliver"
    if CASE.is_final(file.case.state):
        return "send_back"
    if CaseEvent.RECEIVE in CASE.allowed(file.case.state):
        return "count"
    return "ask" if file.case.state in _BEFORE else "attach"


@router.post("/sorting")
def sort_envelope(ask: SortAsk, me: Annotated[Desk, Depends(requires(Permission.PARCEL_SORT))], d: D) -> SortedView:
    """One envelope on the sorting table: its case, the department that accepts it, and what is to be done. The arrival
    of one that we carried ourselves is recorded with it."""

    def work(tx: Transaction) -> SortedView:
        code, at = read_code(ask.code), check_time(ask.at, tx.now())
        envelope = find_envelope(tx, code)
        if envelope is None:
            return _nobodys(code, _for_a_person(tx, me, code, None, at))
        file = tx.case_file(envelope.number, readable_by=me.scope)
        step = next_step(file, envelope, code)
        t = travelling(tx, envelope)
        if t is not None and t.collecting and t.booking.partner in CARRIERS and not t.over(at):
            keep(tx, me, t, Said(f"arrived:{t.booking.waybill}", Scan.ARRIVED, at, COUNTER_PLACE))
        tx.record(file.case.number, me.actor, "envelope_sorted", {"department": file.case.department, "next": step})
        stray = _for_a_person(tx, me, code, envelope, at) if step in _BY_A_PERSON else None
        return _sorted(code, file, envelope, step, stray)

    return write(d.database, asked(me, ask, "sorting"), SortedView, work)


_BY_A_PERSON = frozenset({"send_back", "ask"})


def _for_a_person(tx: Transaction, me: Desk, code: str, envelope: Envelope | None, at: datetime) -> str:
    """An entry that waits until a person settles it; the same envelope has one."""
    known = next((s.id for s in tx.boxes.strays() if s.code == code), None)
    if known is not None:
        return known
    number, why = (envelope.number, Found.UNANNOUNCED) if envelope else (None, Found.UNKNOWN)
    return tx.boxes.add_stray(None, code, number, why=why, at=at, by=me.actor.id)


def _nobodys(code: str, stray: str) -> SortedView:
    return SortedView(
        code=code, case=None, item_name=None, department=None, state=None, state_label=None, carrier=None,
        next_step="keep", next_label=NEXT["keep"], stray=stray,
    )  # fmt: skip


def _sorted(code: str, file: CaseFile, envelope: Envelope, step: str, stray: str | None) -> SortedView:
    case, booking = file.case, envelope.booking
    return SortedView(
        code=code,
        case=case.number,
        item_name=file.item.name,
        department=case.department,
        state=case.state,
        state_label=CASE.labels[case.state],
        carrier=partner_name(booking.partner) if booking else None,
        next_step=step,
        next_label=NEXT[step],
        stray=stray,
    )


# ── the counter ──


@router.post("/counter")
def hand_over_counter(
    ask: CounterAsk, me: Annotated[Desk, Depends(requires(Permission.COUNTER_HAND_OVER))], d: D
) -> HandedView:
    """The resident brought the envelope, or fetches the result: into the addressee's own hands only with the code or
    the end of the identity number. A wrong one is counted also when it is refused."""

    def work(tx: Transaction) -> HandedView:
        t = _over_counter(tx, me, ask)
        at = check_time(ask.at, tx.now())
        outcome = _hand(tx, me, t, ask, at)
        return HandedView(case=t.file.case.number, action=ask.action, outcome=outcome, message=MESSAGES[outcome])

    handed = write(d.database, asked(me, ask, "counter"), HandedView, work)
    if handed.outcome not in KEPT:
        raise Conflict(handed.message, outcome=handed.outcome)
    return handed


def _over_counter(tx: Transaction, me: Desk, ask: CounterAsk) -> Travelling:
    envelope = find_envelope(tx, read_code(ask.code), COUNTER)
    if envelope is None or not tx.case_exists(envelope.number, me.scope):
        raise NotFound(MESSAGES[Outcome.UNKNOWN_CODE])
    t = travelling(tx, envelope)
    if t is None or t.booking.partner != COUNTER or t.booking.state is not BookingState.BOOKED:
        raise Conflict("没有窗口交接的预约：请申请人在手机上预约窗口，或按原寄递方式办理。", case=envelope.number)
    return t


def _hand(tx: Transaction, me: Desk, t: Travelling, ask: CounterAsk, at: datetime) -> Outcome:
    if t.over(at):
        return Outcome.CLOSED
    if t.collecting is not (ask.action == "brought"):
        return Outcome.NOT_THIS_WAY
    recipient = None if t.collecting else _recipient(tx, t, ask)
    if isinstance(recipient, Outcome):
        return recipient
    said = Said(f"counter:{ask.transaction_id}", Scan(ask.action), at, COUNTER_PLACE, ask.note, recipient)
    return keep(tx, me, t, said)


def _recipient(tx: Transaction, t: Travelling, ask: CounterAsk) -> Recipient | Outcome:
    """Somebody else may fetch what need not be handed to the addressee: then the resident is asked."""
    if ask.recipient == "other" and t.booking.proof is None:
        return Recipient.OTHER_PERSON
    return judge_proof(tx, t, ask.proof, card_seen=True) or Recipient.SELF
