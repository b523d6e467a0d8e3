"""What happens when a deadline passes: nothing waits in silence.

Some states end by themselves, some are pushed on (the job that should have moved them is put back), and for the rest a
person is told: the case is marked and stands red on the supervision board.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from cases.actions.ordering import grace_of, nobody_came
from cases.custody import home_leg
from cases.effects import Enqueue, Fact, JobKind, Notify, Outcome, Put, move_case
from cases.lifecycle import CASE, BookingState, CaseEvent, CaseState, LegState, advance
from cases.model import CaseFile
from cases.moment import Moment

Sweep = Callable[[CaseFile, Moment], Outcome]


def _ends_by(event: CaseEvent, template: str) -> Sweep:
    def sweep(file: CaseFile, now: Moment) -> Outcome:
        moved = move_case(file.case, event, None)
        then = replace(file, case=replace(file.case, state=advance(CASE, file.case.state, event)))
        closed = Put("case", file.case.number, {"closed_at": now.at})
        return (*moved, closed, *home_leg(then, now), Notify(template))

    return sweep


def _pushed_by(kind: JobKind) -> Sweep:
    def sweep(file: CaseFile, now: Moment) -> Outcome:
        number = file.case.number
        return (Enqueue(kind, number, f"{kind}:{number}:{now.at.timestamp():.0f}"), *_told(file, now))

    return sweep


def _told(file: CaseFile, now: Moment) -> Outcome:
    number = file.case.number
    return (
        Put("case", number, {"escalated_at": now.at}),
        Fact("deadline_passed", {"state": str(file.case.state), "deadline": _iso(file.case.deadline_at)}),
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _closes(file: CaseFile, now: Moment) -> Outcome:
    """The appeal time has gone: the case is closed and stays as it is."""
    return (Put("case", file.case.number, {"closed_at": now.at, "deadline_at": None}), Fact("case_closed"))


SWEEPS: Mapping[CaseState, Sweep] = {
    CaseState.DRAFT: _ends_by(CaseEvent.EXPIRE, "draft_expired"),
    CaseState.SUBMITTED: _pushed_by(JobKind.CASE_JUDGE),
    CaseState.IN_REVIEW: _told,
    CaseState.RETURNED: _ends_by(CaseEvent.CORRECTION_TIMEOUT, "correction_expired"),
    CaseState.PREAUDIT_PASSED: _ends_by(CaseEvent.EXPIRE, "collection_expired"),
    CaseState.COLLECTING: _told,
    CaseState.RECEIVED: _told,
    CaseState.ACCEPTED: _pushed_by(JobKind.CASE_ROUTE),
    CaseState.PROCESSING: _told,
    CaseState.APPROVED: _told,
    CaseState.REFUSED: _told,
    CaseState.CONCLUDED: _told,
    CaseState.DELIVERING: _told,
    CaseState.DELIVERED: _closes,
}


def on_deadline(file: CaseFile, now: Moment) -> Outcome:
    """The effects of a deadline that has passed; empty when there is nothing (any more) to do."""
    late = file.case.deadline_at is not None and file.case.deadline_at <= now.at
    if not late or file.case.escalated_at is not None or file.case.state not in SWEEPS:
        return ()
    return SWEEPS[file.case.state](file, now)


def on_no_show(file: CaseFile, now: Moment) -> Outcome:
    """Bookings whose window ended a grace ago and whose courier never picked up."""
    for booking in file.bookings:
        leg = file.leg_by_id(booking.leg)
        waiting = leg is not None and leg.state in (LegState.BOOKED, LegState.ASSIGNED)
        over = now.at >= booking.expected.end + grace_of(booking.partner)
        if booking.state is BookingState.BOOKED and waiting and over:
            return nobody_came(file, booking.id, now, said_by="timer")
    return ()
