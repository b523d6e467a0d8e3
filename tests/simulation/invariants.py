"""What must hold of a case after every step: the invariants that production runs, and what only a simulation can see.

`broken(before, after)` names what does not. The rules that look at one file are values in `HOLDS`; those that compare it
with how it was before the step in `KEEPS`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cases.care import Step
from cases.clocks import RequestState
from cases.custody import returnable, with_departments
from cases.deferrals import open_promises
from cases.lifecycle import (
    BOOKING_LIVE,
    CASE,
    CaseState,
    IncidentState,
    LegState,
    MaterialState,
    PageState,
    TransferState,
)
from cases.model import CaseFile, Direction, Holder
from cases.waived import InquiryState
from tests.simulation.ledger import Care, Ledger
from tests.simulation.seen import MACHINES, Seen
from workers.invariants import INVARIANTS as IN_PRODUCTION
from workers.replay import replay

AT_REST = frozenset(
    {LegState.HANDED_OVER, LegState.OFFERED, LegState.CANCELLED, LegState.PICKUP_FAILED, LegState.RETURNED}
)
_DECIDED = (CaseState.APPROVED, CaseState.REFUSED, CaseState.CONCLUDED, CaseState.DELIVERING, CaseState.DELIVERED)


# ── of one file ──


def every_page_has_its_material(file: CaseFile) -> bool:
    keys = {m.key for m in file.materials}
    return len(keys) == len(file.materials) and all(p.material in keys for p in file.pages)


def materials_are_what_their_pages_are(file: CaseFile) -> bool:
    """Sums: none shown, none there; being read, one is unread; read, all are."""
    for m in file.materials:
        states = [p.state for p in file.pages_of(m.key)]
        unread = PageState.UPLOADED in states
        wrong = {
            MaterialState.MISSING: bool(states),
            MaterialState.UPLOADED: not unread,
            MaterialState.READ: not states or unread,
        }
        if wrong.get(m.state, False):
            return False
    return True


def a_waiver_stands_for_a_waived_material(file: CaseFile) -> bool:
    """Nothing stands in for what was photographed, or is asked of the resident again."""
    waived = {m.key for m in file.materials if m.state is MaterialState.WAIVED}
    return all(w.material in waived for w in file.waivers if w.ended_at is None)


def every_paper_is_in_one_place(file: CaseFile) -> bool:
    keys = [o.key for o in file.originals]
    known = all((o.holder is Holder.DEPARTMENT) == (o.department is not None) for o in file.originals)
    return len(keys) == len(set(keys)) and known


def whoever_has_papers_is_known(file: CaseFile) -> bool:
    """What a courier has is in a parcel under way, or missed by an incident, or given up for good."""
    moving = any(leg.state not in AT_REST for leg in file.legs)
    missed = {k for i in file.open_incidents for k in i.keys}
    with_courier = [o for o in file.originals if o.holder is Holder.COURIER and o.excused is None and o.lost_at is None]
    return moving or all(o.key in missed for o in with_courier)


def every_wait_has_its_deadline(file: CaseFile) -> bool:
    incidents = all(i.due_at is not None for i in file.open_incidents)
    transfers = all(t.due_at is not None for t in file.transfers if t.state is TransferState.OFFERED)
    return incidents and transfers


def an_open_incident_is_open(file: CaseFile) -> bool:
    return all((i.closed_at is None) == (i.state is not IncidentState.SETTLED) for i in file.incidents)


def a_question_waits_for_somebody(file: CaseFile) -> bool:
    """A parcel that somebody else signed for: the resident is asked, or the desk finds out."""
    for leg in file.legs:
        in_question = leg.direction is Direction.DELIVERY and leg.state is LegState.DELIVERED and not leg.confirmed
        theirs = any(i.detail.get("leg") == leg.id for i in file.open_incidents)
        if in_question and leg.answer_due is None and not theirs:
            return False
    return True


def nothing_runs_in_a_decided_case(file: CaseFile) -> bool:
    if file.case.state not in _DECIDED and not CASE.is_final(file.case.state):
        return True
    asked = any(r.state is RequestState.ASKED for r in file.clock_requests)
    return file.open_special is None and not asked


def a_special_procedure_has_its_own_end(file: CaseFile) -> bool:
    return file.open_special is None or file.case.deadline_at is not None


def the_result_waits_for_what_was_promised(file: CaseFile) -> bool:
    handed_over = (CaseState.CONCLUDED, CaseState.DELIVERING, CaseState.DELIVERED)
    refused = any(str(a.state) == "refused" for a in file.assignments)
    return file.case.state not in handed_over or refused or not open_promises(file)


def papers_go_home(file: CaseFile) -> bool:
    """Of a case that has ended: what the office holds and does not keep waits for a courier."""
    if not CASE.is_final(file.case.state) or not returnable(file) or with_departments(file):
        return True
    leg = file.leg(Direction.DELIVERY)
    return leg is not None and leg.state is not LegState.HANDED_OVER


def nobody_asks_a_closed_case(file: CaseFile) -> bool:
    final = CASE.is_final(file.case.state)
    return not final or file.case.deadline_at is None


def effects_happen_once(file: CaseFile) -> bool:
    once = [
        d.kind for d in file.documents if d.kind in ("acceptance", "decision", "result", "not_accepted", "termination")
    ]
    orders = [b.order_id for b in file.bookings]
    children = [c.item for c in file.children]
    return all(len(x) == len(set(x)) for x in (once, orders, children))


def what_is_waiting_is_in_its_state(file: CaseFile) -> bool:
    """A question to a registry is put only while the case may still use the answer."""
    asked = [i.material for i in file.inquiries if i.state is InquiryState.WAITING]
    live = [b.leg for b in file.bookings if b.state in BOOKING_LIVE]
    legs = {leg.id for leg in file.legs}
    return len(asked) == len(set(asked)) and set(live) <= legs


HOLDS: Mapping[str, Callable[[CaseFile], bool]] = {
    **IN_PRODUCTION,
    **{
        rule.__name__: rule
        for rule in (
            every_page_has_its_material,
            materials_are_what_their_pages_are,
            a_waiver_stands_for_a_waived_material,
            every_paper_is_in_one_place,
            whoever_has_papers_is_known,
            every_wait_has_its_deadline,
            an_open_incident_is_open,
            a_question_waits_for_somebody,
            nothing_runs_in_a_decided_case,
            a_special_procedure_has_its_own_end,
            the_result_waits_for_what_was_promised,
            papers_go_home,
            nobody_asks_a_closed_case,
            effects_happen_once,
            what_is_waiting_is_in_its_state,
        )
    },
}


# ── of a step ──


def no_final_state_is_left(before: CaseFile, after: CaseFile) -> bool:
    if CASE.is_final(before.case.state) and after.case.state is not before.case.state:
        return False
    return all(_stays(thing, before, after) for thing in _PLACES)


_PLACES = {
    "page": "pages",
    "booking": "bookings",
    "assignment": "assignments",
    "incident": "incidents",
    "transfer": "transfers",
    "proposal": "proposals",
    "clock_request": "clock_requests",
    "inquiry": "inquiries",
}


def _stays(thing: str, before: CaseFile, after: CaseFile) -> bool:
    was, now = getattr(before, _PLACES[thing]), getattr(after, _PLACES[thing])
    if was is now:
        return True
    table, state = MACHINES[thing].table, {e.id: e.state for e in now}
    return all(table.get(e.state) or state.get(e.id) is e.state for e in was)


def nothing_is_forgotten(before: CaseFile, after: CaseFile) -> bool:
    """Rows are added and changed, never taken away; hand-overs and notices are not even changed."""
    grown = ("pages", "legs", "bookings", "assignments", "originals", "incidents", "documents", "children", "waivers")
    longer = all(len(getattr(after, x)) >= len(getattr(before, x)) for x in grown)
    kept = ("hand_overs", "corrections")
    same = all(getattr(after, x)[: len(getattr(before, x))] == getattr(before, x) for x in kept)
    return longer and same and [m.key for m in before.materials] == [m.key for m in after.materials]


def clocks_stand_still(before: CaseFile, after: CaseFile) -> bool:
    """While a special procedure runs neither limit comes nearer, and nobody whose work it is about is found late."""
    running = before.open_special
    if running is None or after.open_special is None:
        return True
    limits = ("promised_due", "statutory_due")
    nearer = any(
        (was := getattr(before.case, x)) is not None
        and (getattr(after.case, x) is None or getattr(after.case, x) < was)
        for x in limits
    )
    concerned = {a.id for a in before.assignments if running.assignment in (None, a.id) and a.escalated_at is None}
    return not nearer and not any(a.id in concerned and a.escalated_at is not None for a in after.assignments)


def limits_come_no_nearer(before: CaseFile, after: CaseFile) -> bool:
    """Once the clocks have started, a limit is only ever moved on."""
    was, now = before.case, after.case
    pairs = ((was.promised_due, now.promised_due), (was.statutory_due, now.statutory_due))
    return all(a is None or (b is not None and b >= a) for a, b in pairs)


def what_the_office_counted_stays(before: CaseFile, after: CaseFile) -> bool:
    """A collection is over by the office's own count; a delivery may be taken back by its courier."""
    over = [x.id for x in before.legs if x.direction is Direction.COLLECTION and x.state is LegState.HANDED_OVER]
    return all(x.state is LegState.HANDED_OVER for x in after.legs if x.id in over)


KEEPS: Mapping[str, Callable[[CaseFile, CaseFile], bool]] = {
    rule.__name__: rule
    for rule in (
        no_final_state_is_left,
        nothing_is_forgotten,
        clocks_stand_still,
        limits_come_no_nearer,
        what_the_office_counted_stays,
    )
}


def broken(before: CaseFile | None, after: Ledger) -> list[str]:
    """Names of what does not hold after a step."""
    return list(_broken(before, after))


def _broken(before: CaseFile | None, after: Ledger) -> Iterator[str]:
    if before is after.file:
        return
    yield from (name for name, holds in HOLDS.items() if not holds(after.file))
    if before is not None:
        yield from (name for name, keeps in KEEPS.items() if not keeps(before, after.file))
    yield from replay(after.lines, after.file).differences


def note_care(seen: Seen, thing: Care, step: Step) -> None:
    """Which transition a step of care was; raises `ValueError` for one that its machine does not have."""
    name = {"Rectification": "rectification", "Complaint": "complaint", "FollowUp": "follow_up"}[type(thing).__name__]
    if step.to is thing.state and not any(to is step.to for to in MACHINES[name].table[thing.state].values()):
        return
    events: dict[Any, Any] = {e: to for e, to in MACHINES[name].table[thing.state].items() if to is step.to}
    if not events and step.to is not thing.state:
        raise ValueError(f"{name}: {thing.state} does not go to {step.to}")
    for event in events:
        seen.steps[name, str(thing.state), str(event)] += 1
