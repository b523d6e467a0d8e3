"""Working days by the calendar, with the known answers of 2024–2026, and a deadline for every waiting state."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.actions.sweeping import SWEEPS, on_deadline, on_no_show
from cases.deadlines import Calendar, add_working_days, beijing_day, deadline, end_of, working_days_between
from cases.effects import JobKind
from cases.findings import FindingCode, found
from cases.lifecycle import CASE, BookingState, CaseState
from cases.model import Direction
from tests.cases.world import CALENDAR, MONDAY, World, item


def _days(*spans: tuple[date, date], made_up: tuple[date, ...] = ()) -> Calendar:
    off = {start + timedelta(days=i): False for start, end in spans for i in range((end - start).days + 1)}
    return Calendar({**off, **dict.fromkeys(made_up, True)})


# holidays as decreed for these spans
CHINA = _days(
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 10, 1), date(2026, 10, 7)),
    made_up=(date(2024, 9, 29), date(2024, 10, 12), date(2025, 9, 28), date(2025, 10, 11), date(2026, 2, 14),
             date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 4, 30), 3, date(2026, 5, 8)),
        (date(2025, 9, 30), 5, date(2025, 10, 14)),
        (date(2024, 9, 30), 5, date(2024, 10, 12)),
    ],
)
def test_known_answers_of_the_working_day_calendar(start: date, days: int, end: date) -> None:
    assert add_working_days(CHINA, start, days) == end
    assert working_days_between(CHINA, start, end) == days


def test_a_year_the_calendar_does_not_know_counts_monday_to_friday() -> None:
    empty = Calendar({})
    assert add_working_days(empty, date(2031, 1, 3), 1) == date(2031, 1, 6)
    assert not empty.knows(date(2031, 1, 3))


def test_days_are_beijing_days() -> None:
    assert beijing_day(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert end_of(date(2026, 3, 2)) == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", CaseState)
def test_no_state_waits_without_a_deadline_and_a_sweep(state: CaseState) -> None:
    due = deadline(state, item(), MONDAY, CALENDAR)
    assert (due is None) == CASE.is_final(state)
    assert (state in SWEEPS) == (not CASE.is_final(state))


def test_a_deadline_that_has_not_passed_does_nothing() -> None:
    assert on_deadline(World().file, World().now) == ()


def test_a_forgotten_draft_expires() -> None:
    world = World().wait(days=31)
    world.apply(on_deadline(world.file, world.now))
    assert world.state is CaseState.ABORTED


def test_a_correction_that_never_came_expires() -> None:
    finding = found(FindingCode.MISSING_MATERIAL, material="form")
    world = World().upload_and_read("id_front").submit().judge("returned", finding)
    world.wait(days=30).apply(on_deadline(world.file, world.now))
    assert world.state is CaseState.CORRECTION_EXPIRED


def test_a_judgement_that_went_missing_is_asked_for_again_and_told_once() -> None:
    world = World().upload_and_read("id_front").submit().wait(minutes=11)
    world.apply(on_deadline(world.file, world.now))
    assert len(world.asked_for(JobKind.CASE_JUDGE)) == 2
    assert on_deadline(world.file, world.now) == ()


def test_a_late_review_is_told_to_a_person() -> None:
    world = World().upload_and_read("id_front", "form").submit().judge("review").wait(days=4)
    world.apply(on_deadline(world.file, world.now))
    assert world.file.case.escalated_at is not None
    assert world.facts[-1].action == "deadline_passed"


def test_a_courier_who_does_not_come_is_noticed_without_anybody_saying_so() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    assert on_no_show(world.file, world.now) == ()
    world.wait(hours=5)
    world.apply(on_no_show(world.file, world.now))
    assert world.file.booking(booking).state is BookingState.FAILED
    assert world.state is CaseState.PREAUDIT_PASSED
