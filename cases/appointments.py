"""Appointments 预约 at an office window, where an item wants the person there or the resident prefers it.

An office is data: its hours, the length of a slot, how many people a slot takes. Slots are not made in advance: they
follow from the hours of a day, and a place in one is taken by counting up (`storage` holds that nobody is one too many).
A slot may be booked until shortly before it begins, given back until it begins, and is missed some time after its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from cases.deadlines import BEIJING, Calendar, beijing_day
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import Machine

DAYS_AHEAD = 14
LEAD = timedelta(minutes=30)
"""Who books for right now would be late already."""
EARLY = timedelta(minutes=30)
"""So long before the slot one may check in."""
LATE = timedelta(minutes=30)
"""So long after the slot's end the place is held; then it was missed."""
REMIND_BEFORE = timedelta(hours=20)
"""The day before; whoever booked later than that needs no reminder."""
LIVE_AT_MOST = 5
"""Of one person, over all items: an agent point books for each resident in the resident's own name."""


class AppointmentState(StrEnum):
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    SERVED = "served"
    MISSED = "missed"
    CANCELLED = "cancelled"


class AppointmentEvent(StrEnum):
    CHECK_IN = "check_in"
    SERVE = "serve"
    MISS = "miss"
    CANCEL = "cancel"


A, V = AppointmentState, AppointmentEvent
APPOINTMENT: Machine[AppointmentState, AppointmentEvent] = Machine(
    name="appointment",
    states=AppointmentState,
    events=AppointmentEvent,
    initial=A.BOOKED,
    table={
        A.BOOKED: {V.CHECK_IN: A.CHECKED_IN, V.CANCEL: A.CANCELLED, V.MISS: A.MISSED},
        A.CHECKED_IN: {V.SERVE: A.SERVED, V.MISS: A.MISSED},
        A.SERVED: {},
        A.MISSED: {V.CHECK_IN: A.CHECKED_IN},
        A.CANCELLED: {},
    },
    labels={
        A.BOOKED: "已预约",
        A.CHECKED_IN: "已签到，等待叫号",
        A.SERVED: "已办理",
        A.MISSED: "已过号",
        A.CANCELLED: "已取消",
    },
)
"""Who comes late may still check in: the window decides when there is room."""
LIVE = frozenset({A.BOOKED, A.CHECKED_IN})


@dataclass(frozen=True)
class Office:
    """`hours`, `rest_hours`: on working and on rest days, `HH:MM-HH:MM` in Beijing. `capacity`: people a slot."""

    code: str
    name: str
    place: str
    region: str
    phone: str
    hours: tuple[str, ...]
    rest_hours: tuple[str, ...] = ()
    slot_minutes: int = 30
    capacity: int = 4
    active: bool = True


@dataclass(frozen=True)
class Slot:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Appointment:
    """`code`: what the QR holds and the window reads. `phone`: where a text message goes. `case_number`: where it belongs to one."""

    id: str
    person: str
    item_code: str
    office: str
    slot: Slot
    state: AppointmentState
    booked_at: datetime
    code: str = field(repr=False)
    phone: str = field(default="", repr=False)
    case_number: str | None = None
    checked_in_at: datetime | None = None
    reminded_at: datetime | None = None


def check_office(office: Office) -> None:
    """Raises `InvalidRequest`, which names the field."""
    if not (office.code.isascii() and office.code.replace("-", "").isalnum() and len(office.code) <= 32):
        raise InvalidRequest("窗口代码只能由字母、数字和短横线组成，不超过32个字符。", field="code")
    if not office.name or not office.place or len(office.region) != 6 or not office.region.isdigit():
        raise InvalidRequest("请写明名称、地点和六位行政区划代码。", field="place")
    if not 5 <= office.slot_minutes <= 240:
        raise InvalidRequest("每个时段5至240分钟。", field="slot_minutes")
    if not 1 <= office.capacity <= 500:
        raise InvalidRequest("每个时段1至500人。", field="capacity")
    for name, hours in (("hours", office.hours), ("rest_hours", office.rest_hours)):
        _check_hours(name, hours)
    if not office.hours and not office.rest_hours:
        raise InvalidRequest("请写明办公时间。", field="hours")


def _check_hours(name: str, hours: tuple[str, ...]) -> None:
    try:
        minutes = [m for span in hours for m in _minutes(span)]
    except ValueError:
        raise InvalidRequest("办公时间写作 09:00-12:00。", field=name) from None
    if any(a >= b for a, b in pairwise(minutes)):
        raise InvalidRequest("办公时间要由早到晚，不能重叠。", field=name)


def _minutes(span: str) -> tuple[int, int]:
    """Raises `ValueError`."""
    start, end = (time.fromisoformat(part) for part in span.split("-"))
    if span != f"{start:%H:%M}-{end:%H:%M}":
        raise ValueError(span)
    return start.hour * 60 + start.minute, end.hour * 60 + end.minute


def slots_of(office: Office, day: date, calendar: Calendar) -> Iterator[Slot]:
    """Every slot of a day, earliest first; what is left of a span shorter than a slot is none."""
    hours = office.hours if calendar.is_working(day) else office.rest_hours
    for start, end in map(_minutes, hours):
        for minute in range(start, end - office.slot_minutes + 1, office.slot_minutes):
            begins = datetime.combine(day, time(), BEIJING) + timedelta(minutes=minute)
            yield Slot(begins.astimezone(UTC), (begins + timedelta(minutes=office.slot_minutes)).astimezone(UTC))


def bookable(office: Office, day: date, calendar: Calendar, now: datetime) -> list[Slot]:
    """The slots of a day that may still be booked, full or not."""
    today = beijing_day(now)
    if not office.active or not today <= day <= today + timedelta(days=DAYS_AHEAD):
        return []
    return [slot for slot in slots_of(office, day, calendar) if slot.start >= now + LEAD]


def slot_at(office: Office, start: datetime, calendar: Calendar, now: datetime) -> Slot:
    """Raises `Conflict` for a time that is none of the office's, or too near or too far."""
    for slot in bookable(office, beijing_day(start), calendar, now):
        if slot.start == start:
            return slot
    raise Conflict("这个时段不能预约，请另选时间。", office=office.code)


def told(made: Appointment, item: str, office: Office) -> dict[str, str]:
    """What a message about it says."""
    return {"item": item, "start": made.slot.start.isoformat(), "office": office.name, "phone": made.phone}


def check_cancel(appointment: Appointment, now: datetime) -> None:
    """Raises `Conflict` once it has begun: the place cannot be given to anybody else any more."""
    if now >= appointment.slot.start:
        raise Conflict("预约时间已到，不能取消。", start=appointment.slot.start.isoformat())


def check_arrival(appointment: Appointment, office: str, now: datetime) -> None:
    """Raises `Conflict`: another office, another day, too early."""
    if appointment.office != office:
        raise Conflict("预约的不是这个窗口。", office=appointment.office)
    if beijing_day(now) != beijing_day(appointment.slot.start):
        raise Conflict("预约的不是今天。", start=appointment.slot.start.isoformat())
    if now < appointment.slot.start - EARLY:
        raise Conflict("还没到签到时间，预约时间前30分钟起可以签到。", start=appointment.slot.start.isoformat())


def is_missed(appointment: Appointment, now: datetime) -> bool:
    return appointment.state is A.BOOKED and now >= appointment.slot.end + LATE


def reminder_due(appointment: Appointment, now: datetime) -> bool:
    """The day before, unless it was booked within that day."""
    before = appointment.slot.start - REMIND_BEFORE
    early_enough = appointment.booked_at < before
    return appointment.state is A.BOOKED and appointment.reminded_at is None and early_enough and now >= before
