"""Deferral 容缺受理: what was promised for a day, and how the result waits for it.

A promise is open from the day it was made until the material is accepted or waived. The case goes on meanwhile; what is
decided is not handed over before. The resident is reminded (`REMIND_DAYS`), and a promise that was not kept is ended by a
person, never by the clock alone: the acceptance falls, papers go home, and the broken promise is noted.
"""

from datetime import date, datetime

from cases.deadlines import end_of
from cases.demands import awaited
from cases.lifecycle import MATERIAL_SETTLED, MATERIAL_WITH_US, CaseState, MaterialState
from cases.model import CaseFile, Material

REMIND_DAYS = (7, 3, 1, 0)
"""Days before the promised one on which the resident is reminded; a reminder that was missed is made up once."""
SETTLED = MATERIAL_SETTLED
RUNNING = frozenset(
    {
        CaseState.PREAUDIT_PASSED,
        CaseState.COLLECTING,
        CaseState.RECEIVED,
        CaseState.ACCEPTED,
        CaseState.PROCESSING,
        CaseState.APPROVED,
    }
)
"""In these a promised material may come, and its promise may be broken."""
BROKEN_PROMISES = "broken_promises"
"""In a file's `extra`, while it is reviewed: how many promises this person broke and has not made good."""
OURS = MATERIAL_WITH_US


def is_open(material: Material) -> bool:
    return material.defer_until is not None and material.state not in SETTLED


def open_promises(file: CaseFile) -> tuple[Material, ...]:
    """What the result waits for."""
    return tuple(m for m in file.materials if is_open(m))


def promised(file: CaseFile) -> tuple[Material, ...]:
    """Everything that was put off, kept meanwhile or not."""
    return tuple(m for m in file.materials if m.defer_until is not None)


def may_supplement(file: CaseFile, key: str) -> bool:
    """Whether the resident may hand it in now, in the middle of the case: it was promised, or is demanded."""
    material = file.material(key)
    if material is None or file.case.state not in RUNNING:
        return False
    return is_open(material) or material in awaited(file)


def to_judge(file: CaseFile) -> tuple[Material, ...]:
    """What came after the acceptance and has been read, but not judged."""
    if file.case.state not in RUNNING or file.unread:
        return ()
    wanted = awaited(file)
    return tuple(m for m in file.materials if m.state is MaterialState.READ and (is_open(m) or m in wanted))


def last_day(file: CaseFile) -> datetime | None:
    """When the last open promise runs out."""
    days = [m.defer_until for m in open_promises(file) if m.defer_until]
    return end_of(max(days)) if days else None


def reminder(material: Material, today: date) -> int | None:
    """Which reminder is due of a promise; None: nothing is to be said."""
    if material.defer_until is None or material.late_at is not None:
        return None
    return reminder_before(material.defer_until, today, material.reminded)


def reminder_before(due: date, today: date, reminded: int | None) -> int | None:
    """In days before: the nearest one that has not been sent."""
    left = (due - today).days
    near = [days for days in REMIND_DAYS if left <= days]
    nearest = min(near) if near and left >= 0 else None
    return None if nearest is None or (reminded is not None and reminded <= nearest) else nearest
