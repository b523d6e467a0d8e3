"""What must hold of every case, whatever happened: the same functions as in the tests, run in production by the clock.

A broken one is logged with the case's number and changes nothing: a person decides.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import structlog

from cases.custody import chain_is_unbroken
from cases.deadlines import has_limit
from cases.deferrals import promised
from cases.demands import awaited, demanded, open_demand
from cases.lifecycle import BOOKING_LIVE, CASE, AssignmentState, CaseState, LegState, PageState
from cases.model import CaseFile
from storage import metering, waiting
from storage.audit import verify
from storage.metering import Meter
from storage.session import Database

LOOK_BACK = timedelta(hours=1)

log = structlog.get_logger()


def custody_is_unbroken(file: CaseFile) -> bool:
    """Every paper is where its hand-overs lead."""
    return chain_is_unbroken(file.originals, file.hand_overs)


def one_live_booking_per_leg(file: CaseFile) -> bool:
    live = [b.leg for b in file.bookings if b.state in BOOKING_LIVE]
    return len(live) == len(set(live))


def waiting_has_deadline(file: CaseFile) -> bool:
    """No state waits without a deadline, but for a case that was closed, one whose item sets no limit for it, and special
    procedures from before they had an end of their own."""
    running = file.open_special
    excused = (running is not None and running.days is None) or file.case.closed_at is not None
    excused = excused or not has_limit(file.case.state, file.item)
    return CASE.is_final(file.case.state) or file.case.deadline_at is not None or excused


def decided_case_has_no_open_assignment(file: CaseFile) -> bool:
    """Nor has one that was taken back or broken off."""
    decided = (CaseState.APPROVED, CaseState.REFUSED, CaseState.CONCLUDED, CaseState.DELIVERING, CaseState.DELIVERED)
    over = file.case.state in decided or CASE.is_final(file.case.state)
    open_ = (AssignmentState.OPEN, AssignmentState.WAITING)
    return not over or not any(a.state in open_ for a in file.assignments)


def special_procedure_has_a_case_to_stop(file: CaseFile) -> bool:
    """What stops the clocks of a case runs while it is decided, and no longer."""
    return file.open_special is None or file.case.state is CaseState.PROCESSING


def demand_names_what_it_wants(file: CaseFile) -> bool:
    """A correction after acceptance says which materials, until when; and ends with the last that is settled."""
    running = open_demand(file)
    if running is None:
        return True
    known = {m.key for m in file.materials}
    named = bool(running.demands) and all(d.material in known for d in running.demands)
    return named and running.due is not None and bool(awaited(file))


def joint_lead_agreed_last(file: CaseFile) -> bool:
    """Whoever leads a step that several decide together has not agreed before the others."""
    agreed = {a.joint for a in file.assignments if a.leads and a.state is AssignmentState.APPROVED}
    return all(a.state is AssignmentState.APPROVED for a in file.assignments if a.joint in agreed and a.joint)


def delivered_case_has_its_proof(file: CaseFile) -> bool:
    """送达回证 for every delivered case, and a delivery leg that reached the person."""
    if file.case.state is not CaseState.DELIVERED:
        return True
    legs = [leg for leg in file.legs if leg.direction == "delivery"]
    arrived = not legs or legs[-1].state is LegState.HANDED_OVER
    return arrived and any(d.kind == "delivery" for d in file.documents)


def judged_case_has_no_unread_page(file: CaseFile) -> bool:
    """But for what was promised, or is demanded, and comes later; and a case that was over before it was read."""
    before = (CaseState.DRAFT, CaseState.RETURNED, CaseState.SUBMITTED)
    if file.case.state in before or CASE.is_final(file.case.state):
        return True
    later = {m.key for m in (*promised(file), *demanded(file))}
    return all(p.state is not PageState.UPLOADED or p.material in later for p in file.pages)


INVARIANTS: Mapping[str, Callable[[CaseFile], bool]] = {
    rule.__name__: rule
    for rule in (
        custody_is_unbroken,
        one_live_booking_per_leg,
        waiting_has_deadline,
        decided_case_has_no_open_assignment,
        special_procedure_has_a_case_to_stop,
        demand_names_what_it_wants,
        joint_lead_agreed_last,
        delivered_case_has_its_proof,
        judged_case_has_no_unread_page,
    )
}


def broken(file: CaseFile) -> Iterator[str]:
    """Names of the invariants that do not hold."""
    yield from (name for name, holds in INVARIANTS.items() if not holds(file))


def check(database: Database) -> int:
    """Looks at the cases that moved lately; how many things are wrong."""
    with database.reading() as tx:
        numbers = waiting.cases_moved_since(tx, tx.now() - LOOK_BACK)
    wrong = 0
    for number in numbers:
        with database.reading() as tx:
            names = [*broken(tx.case_file(number)), *(["audit_chain_fits"] if verify(tx, number) else [])]
        for name in names:
            log.critical("invariant_broken", case=number, invariant=name)
        if names:
            with database.transaction() as tx:
                metering.count(tx, Counter(metering.sample(Meter.INVARIANTS_BROKEN, invariant=n) for n in names))
        wrong += len(names)
    return wrong
