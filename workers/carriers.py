"""Partners as a worker calls them: their circuits kept where every process sees them, and who takes over from one.

A call is made outside any transaction; what it showed is written in one of its own, or in the job's last.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from cases.circuit import CircuitState
from cases.couriers import IN_HOUSE, Offer, Task, asked_first, failed_before, instead, task_of, tried, why_unable
from cases.model import Address, Booking, CaseFile
from courier import port
from courier.offers import Circumstances, ability, asks_coverage, candidates, covered_by, offers, working_days
from storage import partner_health
from storage.partner_health import Coverage
from storage.session import Transaction
from workers.context import Context

DAYS = 3
"""How far another partner's next window may be; `cases.couriers.NEXT_WITHIN` is stricter."""
COVERAGE_KEPT = timedelta(days=1)
COVERAGE_UNKNOWN_KEPT = timedelta(minutes=10)

log = structlog.get_logger()


def admitted(context: Context, partner: port.Partner) -> bool:
    """Whether a new order may be tried with the partner now."""
    with context.database.transaction() as tx:
        return partner_health.admit(tx, partner.name, context.circuit)


def watch(context: Context, partner: port.Partner, answer: object) -> None:
    """Writes down what a call showed of the partner, where nothing else is to be written."""
    with context.database.transaction() as tx:
        note(tx, context, partner, answer)


def note(tx: Transaction, context: Context, partner: port.Partner, answer: object) -> None:
    """The same, in a transaction that is open already."""
    failure = port.failure_of(answer)
    if failure is None and not port.serves(answer):
        return
    circuit = partner_health.record(tx, partner.name, context.circuit, failure)
    if failure is not None and circuit.state(tx.now()) is not CircuitState.CLOSED:
        log.warning("courier_left_alone", partner=partner.name, reason=failure, count=circuit.failures)


def note_refused_address(tx: Transaction, partner: str, address: Address, answer: object) -> None:
    """A partner that said it does not come there is not offered there again for a while."""
    match answer:
        case port.RefusedByPartner(reason=reason, concerns=port.Concerns.ADDRESS):
            partner_health.keep_coverage(tx, address, partner, Coverage(False, reason), COVERAGE_KEPT)


def is_down(context: Context, partner: port.Partner) -> bool:
    with context.database.reading() as tx:
        circuit = partner_health.circuits(tx).get(partner.name)
        return circuit is not None and circuit.state(tx.now()) is not CircuitState.CLOSED


Rider = tuple[CaseFile, Booking]


def stand_in(context: Context, file: CaseFile, booking: Booking) -> Offer | None:
    """Another partner for the same leg, at the window asked for or the next one; None if that has passed, or nobody
    has one. Asks partners whether they come to the address where that is not known yet."""
    return _stand_in(context, [(file, booking)], frozenset())


def stand_in_for_all(context: Context, riders: Sequence[Rider]) -> Offer | None:
    """The same for cases that ride in one order: a partner that can do what each of them asks, and takes many."""
    return _stand_in(context, riders, IN_HOUSE) if riders else None


def _stand_in(context: Context, riders: Sequence[Rider], beside: Collection[str]) -> Offer | None:
    tasks = [_task(file, booking) for file, booking in riders]
    file, booking = riders[0]
    failed = frozenset(n for (f, _), task in zip(riders, tasks, strict=True) for n in failed_before(f, task.direction))
    known = _circumstances(context, file, booking.address, failed)
    wanted = asked_first(file, booking).window
    before = frozenset(n for f, b in riders for n in tried(f, b))
    if wanted.end <= known.now:
        return None
    free = {n: p for n, p in context.partners.items() if n not in before and n not in beside}
    others = {n: p for n, p in free.items() if all(why_unable(n, ability(p.capabilities), t) is None for t in tasks)}
    asked = replace(known, covered=_coverage(context, others, tasks[0], known, booking.address))
    return instead(offers(others, tasks[0], asked), wanted, before)


def _task(file: CaseFile, booking: Booking) -> Task:
    leg = file.leg_by_id(booking.leg)
    assert leg is not None
    return task_of(file, leg.direction)


def _circumstances(context: Context, file: CaseFile, address: Address, failed: Collection[str]) -> Circumstances:
    with context.database.reading() as tx:
        now = tx.now()
        alone = {n for n, c in partner_health.circuits(tx).items() if c.state(now) is CircuitState.OPEN}
        return Circumstances(
            now=now,
            days=DAYS,
            calendar=working_days(tx.calendar(file.case.region)),
            preference=partner_health.preference(tx, file.case.region),
            failed=failed,
            down=alone,
            covered={n: c.covered for n, c in partner_health.coverage_of(tx, address).items()},
        )


def _coverage(
    context: Context, partners: Mapping[str, port.Partner], task: Task, known: Circumstances, address: Address
) -> Mapping[str, bool | None]:
    """What is known, and the answers of those whose windows would count but who were not asked yet."""
    unasked = [
        p
        for p in candidates(partners, task, known)
        if p.name not in known.covered and p.name not in known.down and asks_coverage(p, task.direction)
    ]
    return {**known.covered, **{p.name: _ask_coverage(context, p, address) for p in unasked}}


def _ask_coverage(context: Context, partner: port.Partner, address: Address) -> bool | None:
    if not admitted(context, partner):
        return False
    a = address
    said = partner.covers(port.Address(a.province, a.city, a.county, a.detail))
    answer = Coverage(*covered_by(said))
    kept = COVERAGE_KEPT if answer.covered is not None else COVERAGE_UNKNOWN_KEPT
    with context.database.transaction() as tx:
        note(tx, context, partner, said)
        partner_health.keep_coverage(tx, address, partner.name, answer, kept)
    return answer.covered
