"""Whose pages go first 优先: what was sent back to be mended, and what is near the end of its time.

Who mends has waited once already, and their correction has a limit; a case near its end is late if it waits behind new
ones. Everybody else waits their turn, which is fair and not first come, first served (`storage.turns`).
"""

from cases.deadlines import end_of
from cases.lifecycle import CaseState
from cases.model import CaseFile
from cases.moment import Moment
from cases.supervision import CLOCKED, Light, Wait, WaitKind, light

_HASTE = frozenset({Light.YELLOW, Light.RED})


def is_urgent(file: CaseFile, now: Moment) -> bool:
    """Its pages are read before others'."""
    return mends(file) or is_near_its_end(file, now)


def mends(file: CaseFile) -> bool:
    """It was returned to be mended, and is being or was just handed in again."""
    again = file.case.state is CaseState.SUBMITTED and bool(file.corrections)
    return file.case.state is CaseState.RETURNED or again


def is_near_its_end(file: CaseFile, now: Moment) -> bool:
    """A light of its own is yellow or red. A draft's only end is that it is forgotten, which is nobody's hurry."""
    return any(light(wait, now.at, now.calendar) in _HASTE for wait in _waits(file))


def _waits(file: CaseFile) -> list[Wait]:
    case = file.case
    if case.state in CLOCKED and case.accepted_at is not None:
        clocks = ((WaitKind.PROMISED, case.promised_due), (WaitKind.STATUTORY, case.statutory_due))
        paused = file.open_special is not None
        return [Wait(kind, case.state, end_of(due), case.accepted_at, paused) for kind, due in clocks if due]
    if case.state is CaseState.IN_REVIEW:
        since = file.extra.get("state_since") or case.submitted_at or case.opened_at
        return [Wait(WaitKind.STATE, case.state, case.deadline_at, since)]
    return []
