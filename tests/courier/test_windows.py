"""Windows: Beijing time, a cut-off, evenings and rest days where the partner works them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courier.windows import BEIJING, USUAL_HOURS, PartnerHours, Shift, china_workday, offer

EVENING = PartnerHours(
    workdays=(Shift(time(8), time(12)), Shift(time(14), time(20))),
    rest_days=(Shift(time(10), time(12)),),
    lead=timedelta(hours=1),
    cancel_before=timedelta(minutes=30),
    same_day_until=time(17),
)
MONDAY = date(2026, 1, 5)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), BEIJING).astimezone(UTC)


def starts(now: datetime, days: int = 1, hours: PartnerHours = EVENING) -> list[str]:
    return [w.start.astimezone(BEIJING).strftime("%d %H:%M") for w in offer(hours, now, days)]


def test_a_working_day_has_two_hour_windows_into_the_evening() -> None:
    assert starts(at(0)) == ["05 08:00", "05 10:00", "05 14:00", "05 16:00", "05 18:00"]


def test_a_partner_that_plans_no_further_offers_no_further() -> None:
    near = replace(EVENING, days_ahead=2)
    assert {s[:2] for s in starts(at(0), 5, near)} == {"05", "06"}


def test_a_window_is_offered_until_the_lead_before_it_starts() -> None:
    assert starts(at(13)) == ["05 14:00", "05 16:00", "05 18:00"]
    assert starts(at(13, 1)) == ["05 16:00", "05 18:00"]


def test_after_the_days_cut_off_only_tomorrow_is_left() -> None:
    assert starts(at(17), 1) == ["05 18:00"]
    assert starts(at(17, 1), 2)[0] == "06 08:00"


def test_a_weekend_has_the_partners_shorter_hours() -> None:
    assert starts(at(0, day=date(2026, 1, 10))) == ["10 10:00"]


def test_an_exchanged_sunday_is_a_working_day_and_a_holiday_is_not() -> None:
    assert china_workday(date(2026, 1, 4)) is True
    assert len(starts(at(0, day=date(2026, 1, 4)))) == 5
    assert starts(at(0, day=date(2026, 1, 1))) == ["01 10:00"]


def test_a_year_that_nobody_knows_degrades_to_monday_to_friday() -> None:
    assert china_workday(date(2090, 1, 2)) is None
    assert len(starts(at(0, day=date(2090, 1, 2)))) == 5
    assert len(starts(at(0, day=date(2090, 1, 1)))) == 1


def test_a_partner_that_rests_offers_nothing() -> None:
    resting = PartnerHours(workdays=EVENING.workdays, rest_days=())
    assert starts(at(0, day=date(2026, 1, 10)), 2, resting) == []


def test_beijing_decides_which_day_it_is() -> None:
    """16:30 in Greenwich on the 4th is half past midnight on the 5th in Beijing."""
    assert starts(datetime(2026, 1, 4, 16, 30, tzinfo=UTC))[0] == "05 08:00"


def test_a_window_says_until_when_it_can_be_cancelled_and_reads_well() -> None:
    first = offer(EVENING, at(0), 1)[0]
    assert first.cancel_by == at(7, 30)
    assert first.start.tzinfo is UTC
    assert first.label() == "1月5日（周一）08:00–10:00"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        offer(EVENING, datetime(2026, 1, 5), 1)
    with pytest.raises(ValueError, match="shift"):
        Shift(time(9), time(9))


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.integers(0, 5))
def test_whatever_the_time_windows_are_in_order_ahead_and_two_hours_long(now: datetime, days: int) -> None:
    windows = offer(USUAL_HOURS, now, days)
    assert list(windows) == sorted(windows, key=lambda w: w.start)
    for w in windows:
        assert now + USUAL_HOURS.lead <= w.start
        assert w.end - w.start == timedelta(hours=2)
        assert w.cancel_by < w.start
