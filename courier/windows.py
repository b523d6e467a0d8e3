"""When a courier may be asked to come: two-hour windows in Beijing time, cut off before they start.

Pure: hours of the partner, the time now and the calendar come in, windows go out, as aware UTC. A calendar answers
whether a day is a working day, or None when it does not know the year; then Monday to Friday are taken as working
days, because a resident is better served by a window that is moved than by none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

BEIJING = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"

Calendar = Callable[[date], bool | None]


@dataclass(frozen=True)
class Shift:
    """Hours of one day in which couriers are out, Beijing time."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a shift ends after it starts, on the same day")


@dataclass(frozen=True)
class PartnerHours:
    """When a partner collects. A window may be booked until `lead` before its start; one of today besides only until
    `same_day_until`; and cancelled until `cancel_before` before its start. `days_ahead`: today counts as one."""

    workdays: tuple[Shift, ...]
    rest_days: tuple[Shift, ...]
    lead: timedelta = timedelta(hours=1)
    cancel_before: timedelta = timedelta(minutes=30)
    same_day_until: time = time(18, 0)
    length: timedelta = timedelta(hours=2)
    days_ahead: int = 30


# No partner publishes its hours per district [?]: evenings until 20 on working days and shorter rest days are what
# China Post counters print; a deployment sets its own.
USUAL_HOURS = PartnerHours(
    workdays=(Shift(time(8, 0), time(20, 0)),),
    rest_days=(Shift(time(9, 0), time(17, 0)),),
)


@dataclass(frozen=True)
class Window:
    """A time to come, aware UTC. After `cancel_by` the courier is on the way."""

    start: datetime
    end: datetime
    cancel_by: datetime

    def label(self) -> str:
        """As a resident reads it: 1月5日（周一）14:00–16:00."""
        start, end = self.start.astimezone(BEIJING), self.end.astimezone(BEIJING)
        return f"{start.month}月{start.day}日（周{_WEEKDAYS[start.weekday()]}）{start:%H:%M}–{end:%H:%M}"


def china_workday(day: date) -> bool | None:
    """The State Council's calendar with its exchanged weekends; None for a year not yet announced."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def offer(hours: PartnerHours, now: datetime, days: int, calendar: Calendar = china_workday) -> tuple[Window, ...]:
    """The windows that can be booked at `now` (aware), from today over `days` days, earliest first."""
    if now.tzinfo is None:
        raise ValueError("offer() needs an aware time")
    here = now.astimezone(BEIJING)
    dates = [here.date() + timedelta(days=n) for n in range(min(days, hours.days_ahead))]
    return tuple(w for day in dates for w in _day(hours, day, calendar) if _bookable(hours, w, here))


def _bookable(hours: PartnerHours, window: Window, here: datetime) -> bool:
    if window.start - hours.lead < here:
        return False
    return window.start.astimezone(BEIJING).date() != here.date() or here.time() <= hours.same_day_until


def _day(hours: PartnerHours, day: date, calendar: Calendar) -> Iterator[Window]:
    for shift in hours.workdays if _works(day, calendar) else hours.rest_days:
        start = datetime.combine(day, shift.start, BEIJING)
        last = datetime.combine(day, shift.end, BEIJING)
        while start + hours.length <= last:
            end = start + hours.length
            yield Window(start.astimezone(UTC), end.astimezone(UTC), (start - hours.cancel_before).astimezone(UTC))
            start = end


def _works(day: date, calendar: Calendar) -> bool:
    known = calendar(day)
    return day.weekday() < 5 if known is None else known
