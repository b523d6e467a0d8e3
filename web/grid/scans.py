"""A grid worker's scans: a batch, each on its own, as often and as late as the phone's network lets them come.

Each is answered with what became of it; what is `final` and not kept will never be, so the phone may show it and let it
go; a scan from the future waits until the phone's clock is right or the time has come. Into the addressee's own hands only with the code or the digits that the booking asks for: who still
stands at the door is asked again, a scan that comes late is kept as delivered to somebody, and the resident is asked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from courier.in_house import codes
from courier.in_house.units import Scan
from courier.vocabulary import Recipient
from storage.session import Database, Transaction
from web.asks import Ask
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.scanning import (
    KEPT,
    LIVE,
    MESSAGES,
    At,
    Code,
    Note,
    Outcome,
    ProofGiven,
    Said,
    ScanId,
    Travelling,
    digest_of,
    find_envelope,
    judge_proof,
    keep,
    kept_before,
    read_code,
    scan_key,
    travelling,
    wrong_time,
)
from web.shapes import Shape
from web.tasking import make_tasks

router = APIRouter(prefix="/grid/api", tags=["grid"])
D = Annotated[Doors, Depends(doors)]
GRID = "grid"
MAX_SCANS = 200
Seal = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]
FOUND = {"": "", "good": "信封和封签完好", "seal_broken": "封签破损", "damaged": "信封破损"}


class ScanAsk(Ask):
    scan_id: ScanId
    code: Code
    event: Literal["picked_up", "delivered", "failed"]
    at: At
    note: Note = ""
    place: Note = ""
    recipient: Literal["self", "other"] = "self"
    proof: ProofGiven = ""
    seal: Seal = ""
    """The number on the seal, as it was seen."""
    condition: Literal["", "good", "seal_broken", "damaged"] = ""


class ScansAsk(Ask):
    scans: list[ScanAsk] = Field(max_length=MAX_SCANS)


class ScanResult(Shape):
    scan_id: str
    outcome: str
    kept: bool
    final: bool
    message: str
    case: str | None = None


class ScansView(Shape):
    results: list[ScanResult]


@router.post("/scans")
def take_scans(ask: ScansAsk, me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))], d: D) -> ScansView:
    """Hand-overs as they were scanned. The same `scan_id` again is answered again and recorded once."""
    with d.database.transaction() as tx:
        make_tasks(tx, d.couriers)
    return ScansView(results=[take_scan(d.database, me, scan) for scan in ask.scans])


def take_scan(database: Database, me: Desk, scan: ScanAsk) -> ScanResult:
    """One scan in its own transaction: what one refuses does not hold up the others."""
    with database.transaction() as tx:
        outcome, case = _take(tx, me, scan)
    return ScanResult(
        scan_id=scan.scan_id,
        outcome=outcome,
        kept=outcome in KEPT,
        final=outcome is not Outcome.IN_FUTURE,
        message=MESSAGES[outcome],
        case=case,
    )


def _take(tx: Transaction, me: Desk, scan: ScanAsk) -> tuple[Outcome, str | None]:
    asked = digest_of(scan)
    before = kept_before(tx, GRID, scan_key(me, scan.scan_id), asked)
    refused = before or wrong_time(scan.at, tx.now())
    if refused is not None:
        return refused, None
    t = _envelope(tx, me, scan.code)
    if isinstance(t, Outcome):
        return t, None
    return _keep(tx, me, t, scan, asked), t.file.case.number


def _envelope(tx: Transaction, me: Desk, text: str) -> Travelling | Outcome:
    code = read_code(text)
    envelope = find_envelope(tx, code, GRID)
    t = travelling(tx, envelope) if envelope else None
    if t is None or t.booking.partner != GRID:
        return Outcome.UNKNOWN_CODE
    if tx.in_house.area_of(t.booking.id) in tx.in_house.areas_of(me.actor.id):
        return t
    # whoever has the number has the envelope in hand; from a case's number nobody shall learn how its papers travel
    return Outcome.WRONG_AREA if codes.is_number(code) else Outcome.UNKNOWN_CODE


def _keep(tx: Transaction, me: Desk, t: Travelling, scan: ScanAsk, asked: str) -> Outcome:
    if t.over(scan.at):
        return Outcome.CLOSED
    recipient = _recipient(tx, t, scan)
    if isinstance(recipient, Outcome):
        return recipient
    event, found = _event(t, scan.event), FOUND[scan.condition]
    said = Said(scan.scan_id, event, scan.at, scan.place, scan.note, recipient, scan.seal, found)
    return keep(tx, me, t, said, asked)


_FAILED: Mapping[bool, Scan] = {True: Scan.PICKUP_FAILED, False: Scan.DELIVERY_FAILED}


def _event(t: Travelling, word: str) -> Scan:
    return _FAILED[t.collecting] if word == "failed" else Scan(word)


def _recipient(tx: Transaction, t: Travelling, scan: ScanAsk) -> Recipient | Outcome | None:
    """Only a delivery to a resident has one. A booking that asks for no proof takes the grid worker's word; a wrong
    proof is wrong all the same."""
    if scan.event != "delivered" or t.collecting:
        return None
    if scan.recipient == "other":
        return Recipient.OTHER_PERSON
    if t.booking.proof is None and not scan.proof:
        return Recipient.SELF
    wrong = judge_proof(tx, t, scan.proof)
    if wrong is None:
        return Recipient.SELF
    return Recipient.OTHER_PERSON if _late(scan.at, tx.now()) else wrong


def _late(at: datetime, now: datetime) -> bool:
    """The envelope is out of hand: what happened is kept, and proves nothing."""
    return now - at > LIVE
