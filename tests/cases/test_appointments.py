"""Slots of an office, and what may be done with a place in one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.appointments import (
    APPOINTMENT,
    Appointment,
    AppointmentState,
    Office,
    Slot,
    bookable,
    check_arrival,
    check_cancel,
    check_office,
    is_missed,
    reminder_due,
    slot_at,
    slots_of,
)
from cases.deadlines import BEIJING, Calendar
from cases.errors import Conflict, InvalidRequest

CALENDAR = Calendar({date(2026, 10, 1): False})
OFFICE = Office(
    "hz-1", "赤岗派出所", "海珠区赤岗路1号", "440105", "020-12345678", ("09:00-12:00", "13:00-17:00"), ("10:00-11:40",)
)
MONDAY = date(2026, 3, 2)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def _booked(start: str = "2026-03-03 09:00", **changes: object) -> Appointment:
    begins = _at(start)
    slot = Slot(begins, begins + timedelta(minutes=30))
    made = Appointment(
        "a1", "p1", "440105-JMSFZ-BL", "hz-1", slot, AppointmentState.BOOKED, _at("2026-03-01 10:00"), "C"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_working_day_has_its_slots_and_no_half_ones() -> None:
    slots = list(slots_of(OFFICE, MONDAY, CALENDAR))
    assert len(slots) == 6 + 8
    assert slots[0].start == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert [f"{s.start.astimezone(BEIJING):%H:%M}" for s in slots_of(OFFICE, date(2026, 3, 7), CALENDAR)] == [
        "10:00",
        "10:30",
        "11:00",
    ]
    assert len(list(slots_of(OFFICE, date(2026, 10, 1), CALENDAR))) == 3  # a Thursday, but a holiday


@pytest.mark.parametrize(
    ("now", "day", "many"),
    [
        ("2026-03-02 08:00", "2026-03-02", 14),
        ("2026-03-02 11:01", "2026-03-02", 8),
        ("2026-03-02 18:00", "2026-03-02", 0),
        ("2026-03-02 08:00", "2026-03-16", 14),
        ("2026-03-02 08:00", "2026-03-17", 0),
        ("2026-03-02 08:00", "2026-02-27", 0),
    ],
)
def test_what_may_be_booked(now: str, day: str, many: int) -> None:
    assert len(bookable(OFFICE, date.fromisoformat(day), CALENDAR, _at(now))) == many
    assert bookable(replace(OFFICE, active=False), date.fromisoformat(day), CALENDAR, _at(now)) == []


def test_a_time_between_slots_is_none() -> None:
    now = _at("2026-03-02 08:00")
    assert slot_at(OFFICE, _at("2026-03-02 09:30"), CALENDAR, now).end == _at("2026-03-02 10:00")
    for wrong in ("2026-03-02 09:31", "2026-03-02 12:30", "2026-03-02 08:00"):
        with pytest.raises(Conflict):
            slot_at(OFFICE, _at(wrong), CALENDAR, now)


def test_a_place_is_given_back_until_it_begins() -> None:
    check_cancel(_booked(), _at("2026-03-03 08:59"))
    with pytest.raises(Conflict):
        check_cancel(_booked(), _at("2026-03-03 09:00"))


@pytest.mark.parametrize(
    ("office", "now", "allowed"),
    [
        ("hz-1", "2026-03-03 08:30", True),
        ("hz-1", "2026-03-03 08:29", False),
        ("hz-1", "2026-03-03 16:00", True),
        ("hz-1", "2026-03-04 09:00", False),
        ("hz-2", "2026-03-03 09:00", False),
    ],
)
def test_one_checks_in_where_and_when_one_is_expected(office: str, now: str, allowed: bool) -> None:
    if allowed:
        check_arrival(_booked(), office, _at(now))
        return
    with pytest.raises(Conflict):
        check_arrival(_booked(), office, _at(now))


def test_who_did_not_come_has_missed_it_and_may_still_check_in() -> None:
    assert not is_missed(_booked(), _at("2026-03-03 09:59"))
    assert is_missed(_booked(), _at("2026-03-03 10:00"))
    assert not is_missed(_booked(state=AppointmentState.CHECKED_IN), _at("2026-03-03 12:00"))
    assert APPOINTMENT.allowed(AppointmentState.MISSED) == ("check_in",)


@pytest.mark.parametrize(
    ("changes", "now", "due"),
    [
        ({}, "2026-03-02 13:00", True),
        ({}, "2026-03-02 12:59", False),
        ({"booked_at": _at("2026-03-02 14:00")}, "2026-03-02 15:00", False),
        ({"reminded_at": _at("2026-03-02 13:00")}, "2026-03-02 13:05", False),
        ({"state": AppointmentState.CANCELLED}, "2026-03-02 13:00", False),
    ],
)
def test_a_reminder_comes_the_day_before_once(changes: dict[str, object], now: str, due: bool) -> None:
    assert reminder_due(_booked(**changes), _at(now)) is due


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"code": "一号"}, "code"),
        ({"region": "4401"}, "place"),
        ({"hours": ("9:00-12:00",)}, "hours"),
        ({"hours": ("09:00-12:00", "11:00-17:00")}, "hours"),
        ({"hours": ("12:00-09:00",)}, "hours"),
        ({"hours": (), "rest_hours": ()}, "hours"),
        ({"slot_minutes": 1}, "slot_minutes"),
        ({"capacity": 0}, "capacity"),
    ],
)
def test_an_office_that_cannot_be_is_named(changes: dict[str, object], named: str) -> None:
    check_office(OFFICE)
    with pytest.raises(InvalidRequest) as caught:
        check_office(replace(OFFICE, **changes))  # type: ignore[arg-type]
    assert caught.value.details["field"] == named
