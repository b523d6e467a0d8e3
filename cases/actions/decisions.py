"""What becomes of a case, and of everybody's part in it, when it is decided or ends on the way.

One refusal refuses the case: it names who refused and why, and what the others had not decided is withdrawn from them.
A case that is taken back or broken off leaves nobody working on it.
"""

from cases.announcing import Event, Why, announce, to_all
from cases.bundles import opens
from cases.clocks import RequestEvent, RequestState
from cases.deferrals import last_day
from cases.documents import decision_text, document
from cases.effects import Fact, Notify, Outcome, Put, move_assignment, move_case, move_clock_request
from cases.lifecycle import AssignmentEvent, AssignmentState, CaseEvent, CaseState
from cases.model import CaseFile
from cases.moment import Moment

UNDECIDED = (AssignmentState.OPEN, AssignmentState.WAITING)


def all_agreed(file: CaseFile) -> bool:
    """Whether every department has agreed; those whose part was withdrawn are not asked."""
    asked = [a for a in file.assignments if a.state is not AssignmentState.CANCELLED]
    return bool(asked) and all(a.state is AssignmentState.APPROVED for a in asked)


def case_decided(file: CaseFile, approved: bool, now: Moment) -> Outcome:
    """The file as it is with the last decision in it."""
    event, to = (CaseEvent.APPROVE, CaseState.APPROVED) if approved else (CaseEvent.REFUSE, CaseState.REFUSED)
    refusing = [a for a in file.assignments if a.state is AssignmentState.REFUSED]
    by = {"by": refusing[0].department, "assignment": refusing[0].id} if refusing else {}
    held = last_day(file) if approved else None
    return (
        *move_case(file.case, event, held or now.deadline(to, file.item)),
        *(_asks_dropped(file, now) if approved else ()),  # a refusal has dropped them with everything undecided
        *document(file, "decision", now, decision_text(file, approved), approved=approved),
        *to_all(file, Event.CASE_DECIDED, file.assignments, decision=str(event), **by),
        *(opens(file, now) if approved and held is None else ()),
        Notify("approved" if approved else "refused"),
    )


def nobody_works_on(file: CaseFile, why: Why, now: Moment) -> Outcome:
    """Undecided assignments are cancelled and their departments told; a special procedure ends with them, and what was
    asked for is not needed any more."""
    undecided = [a for a in file.assignments if a.state in UNDECIDED]
    return (
        *(move_assignment(a, AssignmentEvent.CANCEL) for a in undecided),
        *(announce(file, Event.ASSIGNMENT_WITHDRAWN, a, why=str(why)) for a in undecided),
        *_asks_dropped(file, now),
        *_special_over(file, why, now),
        *((Fact("assignments_withdrawn", {"why": str(why), "count": len(undecided)}),) if undecided else ()),
    )


def _asks_dropped(file: CaseFile, now: Moment) -> Outcome:
    waiting = [r for r in file.clock_requests if r.state is RequestState.ASKED]
    return tuple(
        effect
        for r in waiting
        for effect in (
            move_clock_request(r, RequestEvent.DROP),
            Put("clock_request", r.id, {"settled_at": now.at, "settled_by": now.by}),
        )
    )


def _special_over(file: CaseFile, why: Why, now: Moment) -> Outcome:
    running = file.open_special
    return (Put("special", running.id, {"ended_at": now.at, "result": str(why)}),) if running else ()
