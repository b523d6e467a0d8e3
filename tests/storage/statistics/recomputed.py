"""Every figure the long way: from the files and records of the cases alone, one by one, without anything that the figures
are kept with. `fields`: what `Statistics` says; `behind`: how many lines each figure leads to."""

import itertools
import statistics as stats
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.care import Complaint
from cases.couriers import COUNTER
from cases.deadlines import BEIJING, Calendar, working_days_between
from cases.known import papers_saved
from cases.lifecycle import CASE, CaseState
from cases.model import Booking, CaseFile, Direction, Holder
from cases.saved import saved_by
from storage.audit import AuditLine
from storage.session import Database

STAGE_OF = {
    **dict.fromkeys(("submitted", "in_review"), "preaudit"),
    "returned": "correction",
    **dict.fromkeys(("preaudit_passed", "collecting"), "collection"),
    "received": "reception",
    **dict.fromkeys(("accepted", "processing"), "decision"),
    **dict.fromkeys(("approved", "refused"), "result"),
    **dict.fromkeys(("concluded", "delivering"), "delivery"),
}
ENDED_BY = {
    **dict.fromkeys(("preaudit", "correction"), "passed"),
    **dict.fromkeys(("collection", "reception"), "accepted"),
    **dict.fromkeys(("decision", "result"), "concluded"),
    "delivery": "delivered",
}


@dataclass(frozen=True)
class Life:
    """One case: its file, its record, its complaints."""

    file: CaseFile
    lines: Sequence[AuditLine]
    complaints: Sequence[Complaint]
    calendar: Calendar
    now: datetime

    def at(self, action: str) -> datetime | None:
        return next((line.at for line in self.lines if line.action == action), None)

    @property
    def passed(self) -> bool:
        return self.at("case_pass") is not None

    @property
    def delivered(self) -> bool:
        return self.file.case.state is CaseState.DELIVERED

    def has(self, moment: str) -> bool:
        case = self.file.case
        return {"passed": self.passed, "delivered": self.delivered}.get(
            moment, getattr(case, f"{moment}_at", None) is not None
        )

    @property
    def late(self) -> bool:
        return _over(self.file.case.concluded_at, self.file.case.promised_due)

    @property
    def over_law(self) -> bool:
        return _over(self.file.case.concluded_at, self.file.case.statutory_due)

    @property
    def late_now(self) -> bool:
        case = self.file.case
        return case.deadline_at is not None and case.deadline_at < self.now and case.state in CASE.waiting()

    @property
    def worked(self) -> int:
        case = self.file.case
        return working_days_between(self.calendar, _day(case.accepted_at), _day(case.concluded_at))

    @property
    def trips(self) -> int:
        spared = saved_by(self.file)
        return spared.trips if spared else 0

    @property
    def minutes(self) -> float:
        spared = saved_by(self.file)
        return round(spared.hours * 60) if spared else 0

    @property
    def office(self) -> str:
        return f"{self.file.case.region}/{self.file.case.department}"

    def seconds(self, stage: str) -> int:
        moves = [line for line in self.lines if line.action == "case_opened" or "from" in line.detail]
        return sum(
            int((after.at - before.at).total_seconds())
            for before, after in itertools.pairwise(moves)
            if STAGE_OF.get(str(after.detail.get("from"))) == stage
        )

    def orders(self) -> list["Carried"]:
        return [_carried(self.file, b) for b in self.file.bookings if b.partner != COUNTER]


@dataclass(frozen=True)
class Carried:
    booking: Booking
    moved: datetime | None
    handed: datetime | None

    @property
    def on_time(self) -> bool:
        until = (self.booking.confirmed_window or self.booking.window).end
        return self.moved is not None and self.moved <= until


def _carried(file: CaseFile, booking: Booking) -> Carried:
    """The courier had it from the first step that gives it to them, before a newer booking of the same leg was made."""
    after = file.bookings[file.bookings.index(booking) + 1 :]
    newer = [b.requested_at for b in after if b.leg == booking.leg]
    giver = Holder.RESIDENT if _direction(file, booking) is Direction.COLLECTION else Holder.OFFICE
    steps = [
        (place, h)
        for place, h in enumerate(file.hand_overs)
        if (h.giver, h.taker) == (giver, Holder.COURIER) and booking.requested_at <= h.at
        and not any(at <= h.at for at in newer)
    ]  # fmt: skip
    if not steps:
        return Carried(booking, None, None)
    place, moved = steps[0]
    handed = next((h.at for h in file.hand_overs[place + 1 :] if h.giver is Holder.COURIER), None)
    return Carried(booking, moved.at, handed)


def _direction(file: CaseFile, booking: Booking) -> Direction:
    return next(leg.direction for leg in file.legs if leg.id == booking.leg)


def lives_of(database: Database, numbers: Iterable[str]) -> list[Life]:
    with database.reading() as tx:
        calendar, now = tx.calendar(), tx.now()
        return [
            Life(tx.case_file(n), tx.timeline(n), tx.care.of_case(Complaint, n), calendar, now)
            for n in numbers
        ]  # fmt: skip


def fields(lives: Sequence[Life]) -> dict[str, Any]:
    cases = [life.file.case for life in lives]
    passed = [life for life in lives if life.passed]
    concluded = [life for life in lives if life.has("concluded")]
    rated = Counter(life.file.rating.level for life in lives if life.file.rating)
    said = [c for life in lives for c in life.complaints if c.state != "withdrawn"]
    heard = [c for c in said if c.resolved is not None]
    return {
        "cases": len(cases),
        "by_state": dict(Counter(str(c.state) for c in cases)),
        "by_item": dict(Counter(c.item_code for c in cases)),
        "by_region": dict(Counter(c.region for c in cases)),
        "by_channel": dict(Counter(c.channel for c in cases)),
        "by_office": dict(Counter(life.office for life in lives)),
        "to_accepted": _cycle(lives, "accepted"),
        "to_concluded": _cycle(lives, "concluded"),
        **{m: sum(life.has(m) for life in lives) for m in ("submitted", "passed", "accepted", "concluded", "delivered")},
        "approved": sum(life.at("case_approve") is not None for life in concluded),
        "first_pass_rate": share(sum(life.file.case.round == 0 for life in passed), len(passed)),
        "rounds": {n: sum(min(life.file.case.round, 3) == n for life in passed) for n in range(4)},
        "mean_rounds": mean([life.file.case.round for life in passed]),
        "rounds_because": {cause: len(_because(lives, cause)) for cause in ("new_page", "not_mended", "changed_after")},
        "stage_hours": {stage: _hours(lives, stage) for stage in ENDED_BY},
        "on_time_rate": share(sum(not life.late for life in concluded), len(concluded)),
        "lawful_rate": share(sum(not life.over_law for life in concluded), len(concluded)),
        "overdue": sum(life.late for life in concluded),
        "working_days": mean([life.worked for life in concluded]),
        "late": sum(life.late_now for life in lives),
        "late_more": False,
        "trips_saved": sum(life.trips for life in lives),
        "hours_saved": round(sum(life.minutes for life in lives) / 60, 1),
        "papers_saved": sum(_papers(life) for life in passed),
        "ratings": dict(rated),
        "satisfaction": share(sum(rated[n] for n in (1, 2, 3)), sum(rated.values())),
        "complaints": len(said),
        "answer_rate": share(sum(c.answered_at is not None for c in said), len(said)),
        "resolved_rate": share(sum(c.resolved is True for c in heard), len(heard)),
        "hours": [_by_hour(life for life in lives if _local(life) and _local(life).weekday() == day) for day in range(7)],
        "hours_by_item": _hours_by(lives, lambda life: life.file.case.item_code),
        "hours_by_office": _hours_by(lives, lambda life: life.office),
        "hours_by_channel": _hours_by(lives, lambda life: life.file.case.channel),
        "couriers": _couriers(lives),
        "months": _months(lives),
    }  # fmt: skip


def behind(lives: Sequence[Life]) -> dict[str, int]:
    """The lines that each figure leads to."""
    count = {
        m: sum(life.has(m) for life in lives) for m in ("submitted", "passed", "accepted", "concluded", "delivered")
    }
    passed = [life for life in lives if life.passed]
    concluded = [life for life in lives if life.has("concluded")]
    levels = [life.file.rating.level for life in lives if life.file.rating]
    said = [c for life in lives for c in life.complaints if c.state != "withdrawn"]
    orders = [order for life in lives for order in life.orders()]
    states = Counter(str(order.booking.state) for order in orders)
    late = sum(life.late for life in concluded)
    return {
        "cases": len(lives),
        **{f"state_{state}": sum(life.file.case.state is state for life in lives) for state in CaseState},
        **count,
        "first_pass": sum(life.file.case.round == 0 for life in passed),
        "corrected": sum(life.file.case.round > 0 for life in passed),
        **{f"rounds_{n}": sum(min(life.file.case.round, 3) == n for life in passed) for n in (1, 2, 3)},
        **{f"because_{cause}": len(_because(lives, cause)) for cause in ("new_page", "not_mended", "changed_after")},
        "papers": sum(_papers(life) > 0 for life in passed),
        **{f"stage_{stage}": count[end] for stage, end in ENDED_BY.items()},
        "approved": sum(life.at("case_approve") is not None for life in concluded),
        "on_time": len(concluded) - late,
        "overdue": late,
        "over_law": sum(life.over_law for life in concluded),
        "working_days": len(concluded),
        "trips": sum(life.trips > 0 for life in lives),
        "hours_saved": sum(life.minutes > 0 for life in lives),
        "rated": len(levels),
        **{f"rated_{n}": levels.count(n) for n in range(1, 6)},
        "satisfied": sum(n <= 3 for n in levels),
        "unsatisfied": sum(n > 3 for n in levels),
        "late": sum(life.late_now for life in lives),
        "complaints": len(said),
        "answered": sum(c.answered_at is not None for c in said),
        "resolved": sum(c.resolved is True for c in said),
        "unresolved": sum(c.resolved is False for c in said),
        "orders": len(orders),
        "orders_done": states["done"],
        "orders_failed": states["failed"],
        "orders_refused": states["refused"] + states["void"],
        "orders_cancelled": states["cancelled"],
        "orders_moved": sum(order.moved is not None for order in orders),
        "orders_on_time": sum(order.on_time for order in orders),
        "orders_handed": sum(order.handed is not None for order in orders),
    }  # fmt: skip


# ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def mean(numbers: Sequence[float]) -> float | None:
    return round(sum(numbers) / len(numbers), 2) if numbers else None


def _day(at: datetime | None) -> date:
    assert at is not None
    return at.astimezone(BEIJING).date()


def _over(at: datetime | None, due: date | None) -> bool:
    return at is not None and due is not None and _day(at) > due


def _papers(life: Life) -> int:
    """Of a case that came to nothing, nothing was spared."""
    ended = {CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED, CaseState.CORRECTION_EXPIRED, CaseState.ABORTED}
    before = {CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.RETURNED, CaseState.REFUSED}
    return 0 if life.file.case.state in ended | before else papers_saved(life.file)


def _because(lives: Sequence[Life], cause: str) -> list[Any]:
    return [c for life in lives for c in life.file.corrections if c.because == cause]


def _hours(lives: Sequence[Life], stage: str) -> float | None:
    ended = [life for life in lives if life.has(ENDED_BY[stage])]
    return round(sum(life.seconds(stage) for life in ended) / len(ended) / 3600, 2) if ended else None


def _cycle(lives: Sequence[Life], moment: str) -> dict[str, Any]:
    spans = [
        (at - life.file.case.opened_at).total_seconds() / 3600
        for life in lives
        if (at := getattr(life.file.case, f"{moment}_at"))
    ]
    if not spans:
        return {"cases": 0, "median_h": 0.0, "p90_h": 0.0}
    ninth = stats.quantiles(spans, n=10, method="inclusive")[-1] if len(spans) > 1 else spans[0]
    return {"cases": len(spans), "median_h": round(stats.median(spans), 2), "p90_h": round(ninth, 2)}


def _local(life: Life) -> Any:
    at = life.file.case.submitted_at
    return at and at.astimezone(BEIJING)


def _by_hour(lives: Iterable[Life]) -> list[int]:
    counted = Counter(_local(life).hour for life in lives if _local(life))
    return [counted[hour] for hour in range(24)]


def _hours_by(lives: Sequence[Life], key: Any) -> dict[str, list[int]]:
    keys = sorted({key(life) for life in lives if _local(life)})
    return {name: _by_hour(life for life in lives if key(life) == name) for name in keys}


def _couriers(lives: Sequence[Life]) -> dict[str, Any]:
    orders = [order for life in lives for order in life.orders()]
    return {
        name: _courier([o for o in orders if o.booking.partner == name]) for name in {o.booking.partner for o in orders}
    }


def _courier(orders: Sequence[Carried]) -> dict[str, Any]:
    states = Counter(str(o.booking.state) for o in orders)
    moved = [o for o in orders if o.moved]
    spans = [max(timedelta(), o.handed - o.moved) for o in moved if o.handed and o.moved]
    return {
        "orders": len(orders), "done": states["done"], "failed": states["failed"],
        "refused": states["refused"] + states["void"], "cancelled": states["cancelled"],
        "moved": len(moved), "handed": len(spans), "on_time": sum(o.on_time for o in orders),
        "on_time_rate": share(sum(o.on_time for o in orders), len(moved)),
        "mean_hours": round(sum(span.total_seconds() for span in spans) / len(spans) / 3600, 1) if spans else None,
    }  # fmt: skip


def _months(lives: Sequence[Life]) -> list[dict[str, Any]]:
    opened = Counter(_day(life.file.case.opened_at).replace(day=1) for life in lives)
    ended: dict[date, list[Life]] = {}
    for life in lives:
        if life.has("concluded"):
            ended.setdefault(_day(life.file.case.concluded_at).replace(day=1), []).append(life)
    return [
        {
            "month": month, "opened": opened[month], "concluded": len(of := ended.get(month, [])),
            "on_time_rate": share(sum(not life.late for life in of), len(of)), "working_days": mean([life.worked for life in of]),
        }
        for month in sorted({*opened, *ended})
    ]  # fmt: skip
