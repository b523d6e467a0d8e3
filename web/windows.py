"""Courier windows as the API names them: an id that says partner and start, checked against what is offered now.

Before anything is decided, `look` finds out what has to be asked of partners: whether they come to the address. That
happens outside any transaction, within the seconds that a person waits, and is remembered for everybody.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cases.actions.ordering import BookingRequest
from cases.circuit import CircuitState
from cases.couriers import Offer, Task, Unable, failed_before, task_of
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.model import Address, CaseFile, Direction
from courier import port
from courier.offers import Circumstances, asks_coverage, candidates, covered_by, left_out, offers, working_days
from storage import partner_health
from storage.actors import Scope
from storage.partner_health import Coverage
from storage.session import Transaction
from web.asks import BookAsk
from web.doors import Doors
from web.shapes import LeftOutView, OfferedWindowView, WindowsView
from web.views import window_view
from web.words import PAYERS, UNABLE, UNCONFIRMED, partner_name, said

_STAMP = "%Y%m%dT%H%MZ"
COVERAGE_KEPT = timedelta(days=1)
COVERAGE_UNKNOWN_KEPT = timedelta(minutes=10)
"""Long enough for the page that is open; a partner that did not answer may do so for the next resident."""


@dataclass(frozen=True)
class Looked:
    """What was found out for one leg and address. `reasons`: why a partner does not come there, in its own words."""

    task: Task
    address: Address | None
    circumstances: Circumstances
    reasons: Mapping[str, str]


def look(d: Doors, scope: Scope, no: str, leg: Direction, address: Address | None = None) -> Looked:
    """Asks whatever is not known yet. Raises `NotFound` where there is no such leg."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=scope)
        if file.leg(leg) is None:
            raise NotFound("现在没有东西要寄。", legs=[str(x.direction) for x in file.legs])
        known = _known(tx, d, file, leg, address or file.case.address)
    if known.address is None:
        return known
    answers = _ask(d, _unasked(d, known), known.address)
    covered = {**known.circumstances.covered, **{n: c.covered for n, c in answers.items()}}
    reasons = {**known.reasons, **{n: c.reason for n, c in answers.items()}}
    return replace(known, circumstances=replace(known.circumstances, covered=covered), reasons=reasons)


def _known(tx: Transaction, d: Doors, file: CaseFile, leg: Direction, address: Address | None) -> Looked:
    now, cached = tx.now(), partner_health.coverage_of(tx, address) if address else {}
    circuits = partner_health.circuits(tx)
    circumstances = Circumstances(
        now=now,
        days=d.settings.window_days,
        calendar=working_days(tx.calendar(file.case.region)),
        preference=partner_health.preference(tx, file.case.region),
        failed=failed_before(file, leg),
        down={name for name, c in circuits.items() if c.state(now) is CircuitState.OPEN},
        covered={name: c.covered for name, c in cached.items()},
    )
    reasons = {name: c.reason for name, c in cached.items()}
    return Looked(task_of(file, leg), address, circumstances, reasons)


def _unasked(d: Doors, known: Looked) -> list[port.Partner]:
    c = known.circumstances
    able = (p for p in candidates(d.partners, known.task, c) if asks_coverage(p, known.task.direction))
    return [p for p in able if p.name not in c.covered and p.name not in c.down]


def _ask(d: Doors, partners: Sequence[port.Partner], address: Address) -> dict[str, Coverage]:
    """All at once: a person waits for the slowest, not for their sum."""
    if not partners:
        return {}
    with ThreadPoolExecutor(len(partners)) as pool:
        answers = pool.map(lambda p: _ask_one(d, p, address), partners)
        return dict(zip((p.name for p in partners), answers, strict=True))


def _ask_one(d: Doors, partner: port.Partner, a: Address) -> Coverage:
    """A partner that is tried again by somebody else just now is not asked, and what it would say is not known."""
    with d.database.transaction() as tx:
        if not partner_health.admit(tx, partner.name, d.couriers.circuit):
            return Coverage(None, "circuit_open")
    asked = partner.covers(port.Address(a.province, a.city, a.county, a.detail))
    answer = Coverage(*covered_by(asked))
    kept = COVERAGE_UNKNOWN_KEPT if answer.covered is None else COVERAGE_KEPT
    with d.database.transaction() as tx:
        failure = port.failure_of(asked)
        if failure or port.serves(asked):
            partner_health.record(tx, partner.name, d.couriers.circuit, failure)
        partner_health.keep_coverage(tx, a, partner.name, answer, kept)
    return answer


# ── what is shown, and what is chosen ───────────────────────────────────────────────────────────────────────────


def window_id(partner: str, start: datetime) -> str:
    return f"{partner}.{start.astimezone(UTC):{_STAMP}}"


def windows_view(d: Doors, looked: Looked) -> WindowsView:
    without = left_out(d.partners, looked.task, looked.circumstances)
    return WindowsView(
        leg=looked.task.direction,
        windows=[_offered_view(looked, o) for o in offers(d.partners, looked.task, looked.circumstances)],
        left_out=[_left_out_view(looked, name, why) for name, why in without.items()],
    )


def _offered_view(looked: Looked, o: Offer) -> OfferedWindowView:
    return OfferedWindowView(
        **dict(window_view(o.window)),
        id=window_id(o.partner, o.window.start),
        partner=o.partner,
        partner_name=partner_name(o.partner),
        cancel_by=o.cancel_by,
        payer=looked.task.payer,
        payer_label=PAYERS[looked.task.payer],
        covered=o.covered,
        note=None if o.covered else said(UNCONFIRMED),
    )


def _left_out_view(looked: Looked, partner: str, why: Unable) -> LeftOutView:
    theirs = looked.reasons.get(partner, "") if why is Unable.NOT_COVERED else ""
    message = said(theirs) if theirs else UNABLE[why]
    return LeftOutView(partner=partner, partner_name=partner_name(partner), reason=why, message=message)


def booking_request(d: Doors, looked: Looked, ask: BookAsk, now: datetime) -> BookingRequest:
    """Raises `Conflict` for a window that is not (any more) offered, `InvalidRequest` without an address."""
    offered = offers(d.partners, looked.task, replace(looked.circumstances, now=now))
    found = next((o for o in offered if window_id(o.partner, o.window.start) == ask.window), None)
    if found is None:
        raise Conflict("所选时段已不可预约，请重新选择。", window=ask.window)
    if looked.address is None:
        raise InvalidRequest("请填写取件或收件地址。", field="address")
    return BookingRequest(ask.leg, found.partner, found.window, looked.address, found.cancel_by, found.proof)
