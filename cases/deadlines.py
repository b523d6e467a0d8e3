"""Clocks in working days, and when each waiting state is late.

Days count as 行政许可法 art. 82 counts them: working days, the start day not counted, statutory holidays and their
make-up weekends by the calendar that is passed in. A day the calendar does not know is a working day from Monday to
Friday (the fallback, said by `Calendar.knows`). Promised and statutory limits run from acceptance 受理.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from cases.items import Item
from cases.lifecycle import CASE, CaseState

BEIJING = timezone(timedelta(hours=8))
CLOSE_OF_DAY = time(18, 0)
"""A limit that ends on a day ends when the office closes."""

CORRECTION_WORKING_DAYS = 15
RECTIFICATION_WORKING_DAYS = 15
"""GB/T 39734-2020: a verified bad rating is put right within 15 working days."""
DRAFT_DAYS = 30
COLLECTION_DAYS = 30
APPEAL_DAYS = 60
"""行政复议法: 60 days to apply for reconsideration; then a delivered case closes."""


@dataclass(frozen=True)
class Calendar:
    """`days` says for a date whether it is worked; only exceptions to Monday–Friday need to stand in it."""

    days: Mapping[date, bool]
    known_until: date | None = None

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def knows(self, day: date) -> bool:
        return self.known_until is not None and day <= self.known_until


def add_working_days(calendar: Calendar, start: date, days: int) -> date:
    """The day on which `days` working days after `start` have gone; the start day is not counted."""
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    span = (end - start).days
    return sum(calendar.is_working(start + timedelta(days=i)) for i in range(1, span + 1))


def beijing_day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def end_of(day: date) -> datetime:
    """The instant at which a limit on `day` runs out, aware UTC."""
    return datetime.combine(day, CLOSE_OF_DAY, BEIJING).astimezone(UTC)


def _working(calendar: Calendar, at: datetime, days: int) -> datetime:
    return end_of(add_working_days(calendar, beijing_day(at), days))


def deadline(
    state: CaseState, item: Item, at: datetime, calendar: Calendar, due: date | None = None
) -> datetime | None:
    """When a case that enters `state` at `at` is late there; None in a final state, and where the item sets no limit (0).
    `due`: the promised day."""
    if CASE.is_final(state):
        return None
    fixed: Mapping[CaseState, timedelta] = {
        CaseState.DRAFT: timedelta(days=DRAFT_DAYS),
        CaseState.SUBMITTED: timedelta(minutes=10),
        CaseState.PREAUDIT_PASSED: timedelta(days=COLLECTION_DAYS),
        CaseState.ACCEPTED: timedelta(minutes=10),
        CaseState.DELIVERED: timedelta(days=APPEAL_DAYS),
    }
    if state in fixed:
        return at + fixed[state]
    if state is CaseState.PROCESSING and due is not None:
        return end_of(due)
    # an eight-hour pre-audit limit is one working day at the office
    working: Mapping[CaseState, int] = {
        CaseState.IN_REVIEW: -(-item.limits.preaudit_hours // 8),
        CaseState.RETURNED: CORRECTION_WORKING_DAYS,
        CaseState.COLLECTING: 10,
        CaseState.RECEIVED: 5,  # 行政许可法 art. 32: five days, else it counts as accepted
        CaseState.PROCESSING: item.limits.promised_days,
        CaseState.APPROVED: 10,  # 行政许可法 art. 44: the certificate within ten days of the decision
        CaseState.REFUSED: 10,
        CaseState.CONCLUDED: 30,
        CaseState.DELIVERING: 10,
    }
    return _working(calendar, at, working[state]) if working[state] else None


def has_limit(state: CaseState, item: Item) -> bool:
    """Whether `state` is ever late; an item that sets no limit (0) says so for the states that its limits are about."""
    limits = item.limits
    wanted = {CaseState.IN_REVIEW: limits.preaudit_hours, CaseState.PROCESSING: limits.promised_days}
    return wanted.get(state, 1) > 0
