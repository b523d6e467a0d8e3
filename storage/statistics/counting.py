"""What one case counts for: values in, counters by day and place out. Nothing is read here.

Days and hours are Beijing's. What happened counts on the day it happened, whatever came of the case later; how cases
stand counts on the day they were opened.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cases.care import Complaint
from cases.deadlines import BEIJING
from cases.effects import Add, Effect, Move, Put
from cases.lifecycle import BookingState, CaseState, MaterialState
from cases.model import Assignment, Booking, HandOver, Rating
from cases.waived import Waiver
from storage.statistics.tables import ENDS

Cells = dict[tuple[date, str], dict[str, int]]
"""By day and partner."""


@dataclass(frozen=True)
class Order:
    """A booking with a courier. `moved_at`: when the courier had the parcel. `seconds`: from then until handed over."""

    booking_id: str
    partner: str
    direction: str
    state: BookingState
    requested_at: datetime
    moved_at: datetime | None = None
    on_time: bool = False
    seconds: int | None = None


@dataclass(frozen=True)
class Complained:
    """`resolved`: what the resident said of the answer; None: nothing yet."""

    at: datetime
    answered: bool = False
    resolved: bool | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What the rows of a case say, as far as it counts."""

    case_number: str
    region: str
    department: str
    departments: str
    item_code: str
    channel: str
    state: CaseState
    opened_at: datetime
    submitted_at: datetime | None = None
    passed_at: datetime | None = None
    accepted_at: datetime | None = None
    concluded_at: datetime | None = None
    delivered_at: datetime | None = None
    rated_at: datetime | None = None
    rounds: int = 0
    papers: int = 0
    approved: bool | None = None
    late: bool = False
    over_law: bool = False
    worked_days: int = 0
    trips: int = 0
    minutes: int = 0
    level: int | None = None
    stage_seconds: Mapping[str, int] = field(default_factory=dict)
    orders: tuple[Order, ...] = ()
    complaints: tuple[Complained, ...] = ()


def matters(effect: Effect) -> bool:
    """Whether it may change what a case counts for. Pages and readings, which are most of what happens, do not."""
    match effect:
        case Move(thing="material", came_from=came_from, to=to):
            return MaterialState.WAIVED in (came_from, to)
        case Move(thing=thing) | Put(thing=thing):
            return thing in _COUNTED
        case Add(entity=entity):
            return isinstance(entity, Booking | HandOver | Rating | Assignment | Waiver | Complaint)
    return False


_COUNTED = frozenset({"case", "booking", "rating", "waiver", "assignment", "complaint"})


def row_of(facts: CaseFacts) -> dict[str, Any]:
    """The case's row of figures."""
    left_out = {"stage_seconds", "orders", "complaints"}
    values = {name: getattr(facts, name) for name in facts.__dataclass_fields__ if name not in left_out}
    local = facts.submitted_at.astimezone(BEIJING) if facts.submitted_at else None
    return {
        **values,
        "hour": local.hour if local else None,
        "weekday": local.weekday() if local else None,
        "counted": plain(count(facts)),
    }


def count(facts: CaseFacts) -> Cells:
    cells: Cells = {}
    for at, partner, counters in _events(facts):
        cell = Counter(cells.get((_day(at), partner), {}))
        cell.update({name: n for name, n in counters.items() if n})
        cells[_day(at), partner] = dict(cell)
    return {key: cell for key, cell in cells.items() if cell}


def _events(f: CaseFacts) -> Iterator[tuple[datetime, str, dict[str, int]]]:
    yield f.opened_at, "", {"opened": 1, f"is_{f.state}": 1}
    if f.submitted_at:
        yield f.submitted_at, "", {"submitted": 1, f"h{f.submitted_at.astimezone(BEIJING).hour:02d}": 1}
    if f.passed_at:
        passed = {f"rounds_{min(f.rounds, 3)}": 1, "rounds": f.rounds, "papers": f.papers}
        yield f.passed_at, "", passed | _hours(f, "passed")
    if f.accepted_at:
        yield f.accepted_at, "", {"accepted": 1} | _hours(f, "accepted")
    if f.concluded_at:
        how = {"approved": int(f.approved is True), "late": int(f.late), "over_law": int(f.over_law)}
        yield f.concluded_at, "", {"concluded": 1, "worked_days": f.worked_days} | how | _hours(f, "concluded")
    if f.delivered_at:
        yield f.delivered_at, "", {"delivered": 1, "trips": f.trips, "minutes": f.minutes} | _hours(f, "delivered")
    if f.rated_at and f.level:
        yield f.rated_at, "", {f"rated_{f.level}": 1}
    for complaint in f.complaints:
        yield complaint.at, "", _of_complaint(complaint)
    for order in f.orders:
        yield order.requested_at, order.partner, _of_order(order)


def _hours(facts: CaseFacts, moment: str) -> dict[str, int]:
    return {f"in_{stage}": facts.stage_seconds.get(stage, 0) for stage, end in ENDS.items() if end == moment}


def _of_complaint(complaint: Complained) -> dict[str, int]:
    return {
        "complaints": 1,
        "complaints_answered": int(complaint.answered),
        "complaints_heard": int(complaint.resolved is not None),
        "complaints_resolved": int(complaint.resolved is True),
    }


ORDER_ENDS: Mapping[BookingState, str] = {
    BookingState.DONE: "orders_done",
    BookingState.FAILED: "orders_failed",
    BookingState.REFUSED: "orders_refused",
    BookingState.VOID: "orders_refused",
    BookingState.CANCELLED: "orders_cancelled",
}


def _of_order(order: Order) -> dict[str, int]:
    ended = {ORDER_ENDS[order.state]: 1} if order.state in ORDER_ENDS else {}
    moved = {"orders_moved": int(order.moved_at is not None), "orders_on_time": int(order.on_time)}
    moved["orders_handed"] = int(order.seconds is not None)
    return {"orders": 1, "orders_seconds": order.seconds or 0} | ended | moved


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def plain(cells: Cells) -> list[list[Any]]:
    """As it is kept with the case, to be taken away again as it was, whatever counts for what by then."""
    return [[day.isoformat(), partner, cell] for (day, partner), cell in sorted(cells.items())]


def from_plain(kept: list[list[Any]]) -> Cells:
    return {(date.fromisoformat(day), partner): cell for day, partner, cell in kept}
