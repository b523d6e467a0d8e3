"""While too much waits the doors say when to come again: lists first, residents last, and what was begun goes on."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from cases.effects import Enqueue, JobKind
from storage.turns import Stage
from tests.web.points import agent, point
from tests.web.world import World, make_world
from web.pressure import COME_AGAIN_S, FULL, Pressure

_names = count()


@pytest.fixture
def hurried(plain_world: World) -> World:
    """Ten pages are too many, and three of one person; every look is a new one."""
    world = make_world(
        plain_world.database, plain_world.blobs,
        reading_waits_most=10, judging_waits_most=2, booking_waits_most=2, person_waits_most=3, point_waits_most=8,
    )  # fmt: skip
    seconds: Iterator[int] = count(0, 5)
    world.doors.pressure.__init__(lambda: float(next(seconds)))  # type: ignore[misc]
    return world


def add(world: World, kind: JobKind, many: int) -> None:
    with world.database.transaction() as tx:
        for _ in range(many):
            tx.jobs.add(Enqueue(kind, f"s{next(_names)}", share="others"))


def refused(answer: Any, stage: Stage) -> None:
    assert answer.status_code == 429
    assert COME_AGAIN_S[0] <= int(answer.headers["Retry-After"]) <= COME_AGAIN_S[1]
    assert answer.json()["error"]["details"]["stage"] == stage


def test_uploads_are_taken_only_while_the_backlog_is_below_its_bound(hurried: World) -> None:
    me = hurried.resident()
    no = me.opens()
    add(hurried, JobKind.PAGE_READ, 9)
    me.uploads(no, "form")
    page = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}, "data": {"transaction_id": "late"}}
    refused(me.raw("POST", f"/api/v1/cases/{no}/materials/id_front/pages", **page), Stage.READING)
    announced = {"case": no, "material": "form", "size": 3, "transaction_id": "piece"}
    refused(me.raw("POST", "/api/v1/uploads", json=announced), Stage.READING)
    assert len(hurried.file(no).pages) == 1


def test_an_agent_point_meets_its_part_of_the_bound_before_residents_do(hurried: World) -> None:
    hurried.publish(version=2, channels=["miniapp", "agent"])
    point(hurried)
    wang, me = agent(hurried), hurried.resident()
    theirs, mine = wang.opens(), me.opens()
    add(hurried, JobKind.PAGE_READ, 6)
    page = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}, "data": {"transaction_id": "list"}}
    refused(wang.raw("POST", f"/api/v1/cases/{theirs}/materials/form/pages", **page), Stage.READING)
    me.uploads(mine, "form")


def test_one_account_cannot_fill_the_queue(hurried: World) -> None:
    me, other = hurried.resident(), hurried.resident("other")
    numbers = [me.opens() for _ in range(3)]
    for no in numbers:
        me.uploads(no, "form", no.encode())
    page = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}, "data": {"transaction_id": "fourth"}}
    refused(me.raw("POST", f"/api/v1/cases/{numbers[0]}/materials/id_front/pages", **page), Stage.READING)
    other.uploads(other.opens(), "form")


def test_handing_in_and_booking_wait_for_their_own_stages(hurried: World) -> None:
    me = hurried.resident()
    no = me.opens()
    add(hurried, JobKind.CASE_JUDGE, 2)
    refused(me.raw("POST", f"/api/v1/cases/{no}/submit", json={}), Stage.JUDGING)
    add(hurried, JobKind.COURIER_BOOK, 2)
    asked = {"leg": "collection", "window": "ems.x"}
    refused(me.raw("POST", f"/api/v1/cases/{no}/bookings", json=asked), Stage.BOOKING)
    assert hurried.file(no).case.state == "draft"


def test_the_ledger_is_asked_once_a_second_however_many_come(plain_world: World) -> None:
    now = [0.0]
    pressure, settings = Pressure(lambda: now[0]), plain_world.doors.settings
    pressure.admit(plain_world.database, settings, Stage.BOOKING)
    plain_world.database.dispose()
    closed = plain_world.database.reading
    plain_world.database.reading = None  # type: ignore[method-assign, assignment]  # whoever asks now fails
    pressure.admit(plain_world.database, settings, Stage.BOOKING)
    now[0] = 1.5
    with pytest.raises(TypeError):
        pressure.admit(plain_world.database, settings, Stage.BOOKING)
    plain_world.database.reading = closed  # type: ignore[method-assign]


def test_every_stage_with_a_sentence_has_a_bound(plain_world: World) -> None:
    assert all(getattr(plain_world.doors.settings, f"{stage}_waits_most") > 0 for stage in FULL)
