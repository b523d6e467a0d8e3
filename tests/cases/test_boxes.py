"""Boxes that can be meant, when their rounds are due, and when a round is late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.boxes import Box, Dropped, Light, check_box, due_of, due_times, late_rounds, missing, next_round
from cases.errors import InvalidRequest

DAY = datetime(2026, 1, 5, tzinfo=UTC)  # 8:00 in Beijing
BOX = Box("hz-01", "赤岗社区", "赤岗街道党群服务中心", "440105", ("10:00", "16:30"), DAY - timedelta(days=9))


def beijing(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_a_good_box_is_good() -> None:
    check_box(BOX)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("code", {"code": "海珠"}),
        ("code", {"code": ""}),
        ("place", {"place": ""}),
        ("place", {"region": "44"}),
        ("times", {"times": ("10:00",)}),
        ("times", {"times": ()}),
        ("times", {"times": ("16:30", "10:00")}),
        ("times", {"times": ("10:00", "10:30")}),
        ("times", {"times": ("10:00", "10:00")}),
        ("times", {"times": ("10:00", "25:00")}),
        ("times", {"times": ("10:00", "noon")}),
        ("times", {"times": ("10:00:30", "16:30")}),
        ("grace_minutes", {"grace": timedelta(minutes=1)}),
        ("grace_minutes", {"grace": timedelta(hours=7)}),
    ],
)
def test_a_box_that_cannot_be_meant_is_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_box(replace(BOX, **changes))
    assert refused.value.details["field"] == field


def test_rounds_are_due_every_day_at_their_times() -> None:
    due = list(due_times(BOX, beijing(0), beijing(0, day=7)))
    assert due == [beijing(10), beijing(16, 30), beijing(10, day=6), beijing(16, 30, day=6)]
    assert next_round(BOX, beijing(10)) == beijing(10)
    assert next_round(BOX, beijing(17)) == beijing(10, day=6)


def test_a_round_belongs_to_the_time_it_was_due_at() -> None:
    assert due_of(BOX, beijing(9, 30)) == beijing(10)
    assert due_of(BOX, beijing(12)) == beijing(10)
    assert due_of(BOX, beijing(16, 29)) == beijing(16, 30)
    assert due_of(replace(BOX, since=beijing(12)), beijing(13)) is None


def lights(now: datetime, *made: datetime, box: Box = BOX) -> list[tuple[datetime, Light]]:
    return [(late.due, late.light) for late in late_rounds(box, made, now)]


def test_a_round_is_late_after_its_grace_first_yellow_then_red() -> None:
    before = beijing(16, 45, day=4)
    assert lights(beijing(10, 29), before) == []
    assert lights(beijing(10, 30), before) == [(beijing(10), Light.YELLOW)]
    assert lights(beijing(11, 59), before) == [(beijing(10), Light.YELLOW)]
    assert lights(beijing(12), before) == [(beijing(10), Light.RED)]


def test_the_next_time_that_has_come_makes_the_last_one_red() -> None:
    box = replace(BOX, times=("10:00", "11:00"), grace=timedelta(minutes=50))
    assert lights(beijing(11, 5), beijing(9, 30), box=box) == []
    assert lights(beijing(11, 5), beijing(8), box=box) == [(beijing(10), Light.RED)]


def test_emptying_the_box_ends_every_warning() -> None:
    assert len(lights(beijing(17, 15))) == 4
    assert lights(beijing(17, 15), beijing(17, 10)) == []
    assert lights(beijing(10, 45), beijing(9, 10)) == []


def test_a_new_box_and_one_out_of_use_are_not_late() -> None:
    assert lights(beijing(12), box=replace(BOX, since=beijing(11))) == []
    assert lights(beijing(12), box=replace(BOX, active=False)) == []


@given(st.lists(st.integers(0, 3000), max_size=6), st.integers(0, 3000))
def test_one_more_round_never_makes_a_box_later(made: list[int], one: int) -> None:
    now = DAY + timedelta(minutes=3000)
    times = [DAY + timedelta(minutes=m) for m in made]
    fewer = {due for due, _ in lights(now, *times, DAY + timedelta(minutes=one))}
    assert fewer <= {due for due, _ in lights(now, *times)}


def test_only_what_was_said_to_be_in_the_box_can_be_missing_from_it() -> None:
    at = beijing(10)
    announced, in_time, later = Dropped("a"), Dropped("b", at - timedelta(hours=1)), Dropped("c", at + timedelta(1))
    gone, taken = Dropped("d", at), Dropped("e", at, at)
    assert missing([announced, in_time, later, gone, taken], {"b"}, at) == [gone]
