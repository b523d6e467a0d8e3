"""Scans of our own carriers at our own doors: whose envelope a code is, when a scan may be, and keeping it once.

A scan goes the way of every courier's push: a row of the inbox with its job, the worker reads it, the fold moves leg
and custody. The phone gives each scan an id of its own, so the same scan may come twice, late or in another order.
Refuses: a scan from the future, one older than a week, a code whose check character is wrong, an id used for another
scan.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from cases.errors import InvalidRequest
from cases.labels import read_label
from cases.lifecycle import CASE, LEG_MOVING, BookingState, LegState
from cases.model import Booking, CaseFile, CaseNumber, Direction, Leg, Proof
from courier.in_house import codes
from courier.in_house.scans import Scanned, raw_of
from courier.in_house.units import Scan
from courier.signing import same
from courier.vocabulary import Recipient
from storage.casefiles import is_case_number
from storage.in_house import WRONG_PROOFS_MAX
from storage.session import Transaction
from web.auth import Desk
from web.writing import Caller

SKEW = timedelta(minutes=5)
"""How far a phone's clock may be ahead."""
LATE = timedelta(days=7)
"""A phone that was without a network for longer is brought to the office."""
LIVE = timedelta(minutes=2)
"""A scan that comes so soon was made by somebody who still stands at the door and can be told to ask again."""
_IN_TEXT = re.compile(r"[0-9]{21}|[0-9A-Z]{14,16}")

Code = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
ScanId = Annotated[str, StringConstraints(min_length=8, max_length=100, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
ProofGiven = Annotated[str, StringConstraints(max_length=18, strip_whitespace=True)]
At = Annotated[AwareDatetime, Field(description="When it was scanned, with offset.")]


class Outcome(StrEnum):
    """What became of a scan. `KEPT` are on record; the others are not and will not be, however often they are sent."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    UNKNOWN_CODE = "unknown_code"
    WRONG_AREA = "wrong_area"
    CLOSED = "closed"
    NOT_THIS_WAY = "not_this_way"
    TOO_OLD = "too_old"
    IN_FUTURE = "in_future"
    PROOF_NEEDED = "proof_needed"
    WRONG_PROOF = "wrong_proof"
    LOCKED = "locked"


KEPT = frozenset({Outcome.ACCEPTED, Outcome.REPEATED})
MESSAGES = {
    Outcome.ACCEPTED: "已记录。",
    Outcome.REPEATED: "已记录过，无需重复。",
    Outcome.CONFLICT: "该扫码编号已用于另一条记录，请重新扫码。",
    Outcome.UNKNOWN_CODE: "号码不正确或不存在，请核对后重新扫码或输入。",
    Outcome.WRONG_AREA: "该任务不在您负责的网格内。",
    Outcome.CLOSED: "该办件或寄递已经结束，请将信封交回窗口处理。",
    Outcome.NOT_THIS_WAY: "该信封不能这样登记，请核对取件或送达。",
    Outcome.TOO_OLD: "扫码时间超过七天，请将信封带回窗口登记。",
    Outcome.IN_FUTURE: "手机时间不准，请校准后重试。",
    Outcome.PROOF_NEEDED: "须本人签收：请核对取件码或身份证号后四位。",
    Outcome.WRONG_PROOF: "取件码或身份证号后四位不正确，请核对。",
    Outcome.LOCKED: "核对错误次数过多，请将信封带回窗口，由申请人到窗口领取。",
}


def wrong_time(at: datetime, now: datetime) -> Outcome | None:
    if at > now + SKEW:
        return Outcome.IN_FUTURE
    return Outcome.TOO_OLD if at < now - LATE else None


def check_time(at: datetime | None, now: datetime) -> datetime:
    """Now, where nobody said when. Raises `InvalidRequest`."""
    wrong = wrong_time(at, now) if at else None
    if wrong is not None:
        raise InvalidRequest(MESSAGES[wrong], field="at")
    return min(at or now, now)


# ── whose envelope it is ──


def read_code(text: str) -> str:
    """What was scanned or typed: one of our numbers, a label's code or a case number, also in the middle of an address
    that a QR holds. Anything else as it is, in capitals: it may be another carrier's waybill."""
    whole = _known(text)
    if whole is not None:
        return whole
    parts = (_known(part) for part in _IN_TEXT.findall(text.upper()))
    return next((part for part in parts if part is not None), text.strip().upper())


def _known(text: str) -> str | None:
    number, case = codes.typed(text), text.strip()
    if codes.is_number(number):
        return number
    return read_label(text) or (case if is_case_number(case) else None)


@dataclass(frozen=True)
class Envelope:
    """The case a code belongs to, and the booking it travels under, where there is one."""

    number: CaseNumber
    booking: Booking | None


def find_envelope(tx: Transaction, code: str, partner: str | None = None) -> Envelope | None:
    """By a code as `read_code` gives it. `partner`: whose booking is meant where the code names only the case or the
    leg; None: anybody's."""
    found = tx.in_house.by_number(code) if codes.is_number(code) else None
    if found is not None:
        return Envelope(*found)
    labelled = tx.in_house.by_label(code) if read_label(code) == code else None
    if labelled is not None:
        number, leg = labelled
        return Envelope(number, _booking(tx.case_file(number), partner, leg))
    if is_case_number(code):
        return _of_case(tx, code, partner)
    other = tx.in_house.by_any_number(code)
    return Envelope(*other) if other else None


def _of_case(tx: Transaction, number: str, partner: str | None) -> Envelope | None:
    if not tx.in_house.is_case(number):
        return None
    return Envelope(CaseNumber(number), _booking(tx.case_file(number), partner))


def _booking(file: CaseFile, partner: str | None, leg: str | None = None) -> Booking | None:
    """The newest of that partner's, the one that stands before those that are over."""
    mine = [b for b in file.bookings if partner in (None, b.partner) and leg in (None, b.leg) and b.waybill]
    return max(mine, key=lambda b: (b.state is BookingState.BOOKED, b.requested_at), default=None)


@dataclass(frozen=True)
class Travelling:
    """One envelope of one of our carriers, whole."""

    file: CaseFile
    booking: Booking
    leg: Leg

    @property
    def collecting(self) -> bool:
        return self.leg.direction is Direction.COLLECTION

    def over(self, at: datetime) -> bool:
        """Whether leg or case had ended when it was scanned: what happened before may still be told, and so may what
        happens to papers that are on the road."""
        if self.leg.state is LegState.HANDED_OVER:
            return at > self.leg.since
        closed = CASE.is_final(self.file.case.state) and at > self.file.extra["state_since"]
        return closed and self.collecting and self.leg.state not in LEG_MOVING


def travelling(tx: Transaction, envelope: Envelope) -> Travelling | None:
    if envelope.booking is None or envelope.booking.waybill is None:
        return None
    file = tx.case_file(envelope.number)
    leg = file.leg_by_id(envelope.booking.leg)
    return Travelling(file, envelope.booking, leg) if leg is not None else None


# ── proof of being the addressee ──


def judge_proof(tx: Transaction, t: Travelling, given: str, *, card_seen: bool = False) -> Outcome | None:
    """None: the addressee. Wrong ones are counted, and after a few nothing proves anything any more. `card_seen`: the
    end of the identity number is read off the card by somebody of the office, so it proves as much as a code."""
    if tx.in_house.wrong_proofs(t.booking.id) >= WRONG_PROOFS_MAX:
        return Outcome.LOCKED
    if not given:
        return Outcome.PROOF_NEEDED
    if sum(same(given.upper(), right) for right in _proofs(t, card_seen)):  # all of them: time tells nothing
        return None
    tries = tx.in_house.count_wrong_proof(t.booking.id)
    return Outcome.LOCKED if tries >= WRONG_PROOFS_MAX else Outcome.WRONG_PROOF


def _proofs(t: Travelling, card_seen: bool) -> list[str]:
    """At the door a booking with a code of its own is proved by the code; otherwise by the end of the identity number."""
    code = (t.booking.safety_code or "").upper()
    tail = t.file.case.applicant.id_number[-4:].upper()
    return [code] if t.booking.proof is Proof.CODE and code and not card_seen else [tail, code]


# ── keeping it ──


@dataclass(frozen=True)
class Said:
    """What is told of an envelope, beside which one it is. `scan_id`: the scanner's own."""

    scan_id: str
    event: Scan
    at: datetime
    place: str = ""
    note: str = ""
    recipient: Recipient | None = None
    seal: str = ""
    found: str = ""


def scan_key(me: Caller, scan_id: str) -> str:
    """Nobody can take another's id by sending it first."""
    return hashlib.sha256(f"{me.key}:{scan_id}".encode()).hexdigest()[:40]


def kept_before(tx: Transaction, partner: str, key: str, asked: str) -> Outcome | None:
    """`REPEATED` for the same scan again, `CONFLICT` for another under the same id."""
    entry = tx.in_house.kept(partner, key)
    if entry is None:
        return None
    return Outcome.REPEATED if tx.inbox.load(entry).headers.get("asked") == asked else Outcome.CONFLICT


def keep(tx: Transaction, me: Caller, t: Travelling, said: Said, asked: str = "") -> Outcome:
    """`asked`: what the request was, so that the same id with something else is noticed."""
    key = scan_key(me, said.scan_id)
    scanned = Scanned(
        key=key,
        partner=t.booking.partner,
        event=said.event,
        waybill=t.booking.waybill or "",
        order_id=t.booking.order_id,
        at=said.at,
        by=me.actor.id,
        name=me.name if isinstance(me, Desk) else "",
        place=said.place,
        note=said.note,
        recipient=said.recipient,
        seal=said.seal,
        found=said.found,
    )
    headers = {"content-type": "application/json", "asked": asked}
    new = tx.inbox.keep(t.booking.partner, key, raw_of(scanned), headers, verified=True)
    return Outcome.REPEATED if new is None else Outcome.ACCEPTED


def digest_of(ask: Any) -> str:
    """One word for a request, without anything that can be read back from it."""
    return hashlib.sha256(ask.model_dump_json().encode()).hexdigest()[:32]
