"""What a resident may do with a case now: the `actions` of the API and the buttons of the app, derived, never listed by hand."""

from cases.actions.packing import may_pack
from cases.actions.recipients import in_question
from cases.deferrals import RUNNING, open_promises
from cases.demands import awaited
from cases.known import EDITABLE
from cases.lifecycle import CASE, LEG_OPEN_FOR_BOOKING, BookingState, CaseEvent, CaseState, IncidentState, LegState
from cases.model import CaseFile, Direction, Leg

_BY_RESIDENT = (CaseEvent.SUBMIT, CaseEvent.WITHDRAW)


def resident_actions(file: CaseFile) -> tuple[str, ...]:
    state = file.case.state
    actions = [str(e) for e in _BY_RESIDENT if e in CASE.allowed(state)]
    if state in EDITABLE:
        actions += ["add_page", "remove_page"]
    for leg in file.legs:
        actions += _leg_actions(file, leg)
    if may_pack(file, Direction.COLLECTION):
        actions.append("pack_collection")
    if file.case.state in RUNNING and (open_promises(file) or awaited(file)):
        actions.append("supplement")
    if any(i.state is IncidentState.WITH_RESIDENT for i in file.open_incidents):
        actions.append("answer_incident")
    if state is CaseState.DELIVERED and file.rating is None:
        actions.append("rate")
    return tuple(actions)


def _leg_actions(file: CaseFile, leg: Leg) -> list[str]:
    if in_question(leg):
        return ["confirm_received"]
    booking = file.live_booking(leg.id)
    if booking is None:
        return [f"book_{leg.direction}"] if leg.state in LEG_OPEN_FOR_BOOKING else []
    waiting = booking.state is BookingState.BOOKED and leg.state in (LegState.BOOKED, LegState.ASSIGNED)
    return ["cancel_booking", "nobody_came"] if waiting else []
