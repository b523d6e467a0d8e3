"""Appointments: free slots, one place for one person, check-in by QR, reminders."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from cases.appointments import Office, Slot, slots_of
from cases.deadlines import BEIJING, beijing_day
from storage.appointment_tables import appointment_slots, appointments
from storage.appointments import Wanted
from storage.session import Database
from storage.words import Role
from tests.web.world import SYSTEM, Caller, World
from workers.comers import appointments as sweep

ALL_DAY = ("00:00-23:30",)
OFFICE = Office("hz-1", "赤岗派出所", "海珠区赤岗路1号", "440105", "020-12345678", ALL_DAY, ALL_DAY, 30, 2)
ITEM = "440105-SHBZK-BL"


def _tomorrow(world: World) -> date:
    return beijing_day(world.database.now()) + timedelta(days=1)


def _open(world: World, **changes: object) -> Office:
    office = replace(OFFICE, **changes)  # type: ignore[arg-type]
    with world.database.transaction() as tx:
        tx.appointments.put_office(office, actor=SYSTEM)
    return office


def _start(world: World, at: str = "10:00") -> str:
    return f"{_tomorrow(world).isoformat()}T{at}:00+08:00"


def _book(me: Caller, start: str, status: int = 201, **changes: object) -> dict[str, object]:
    ask = {"item": ITEM, "office": "hz-1", "start": start, "phone": "13800000000", **changes}
    answer: dict[str, object] = me.ask("POST", "/api/v1/appointments", status, json=ask)
    return answer


def test_a_place_is_booked_shown_and_given_back(plain_world: World) -> None:
    _open(plain_world)
    me, start = plain_world.resident(), _start(plain_world)
    made = _book(me, start)
    assert (made["state"], made["actions"], len(str(made["code"]))) == ("booked", ["cancel"], 10)
    assert _left(plain_world, me, start) == 1
    (told,) = me.ask("GET", "/api/v1/messages")["messages"]
    day = _tomorrow(plain_world)
    assert f"{day.year}年{day.month}月{day.day}日 10:00，赤岗派出所" in told["text"]
    assert "13800000000" not in told["text"]
    assert me.ask("POST", f"/api/v1/appointments/{made['id']}/cancel")["state"] == "cancelled"
    assert _left(plain_world, me, start) == 2
    assert [a["state"] for a in me.ask("GET", "/api/v1/appointments")["appointments"]] == ["cancelled"]


def _left(world: World, me: Caller, start: str) -> int:
    slots = me.ask("GET", f"/api/v1/offices/hz-1/slots?day={_tomorrow(world)}")["slots"]
    return next(int(s["left"]) for s in slots if datetime.fromisoformat(s["start"]) == datetime.fromisoformat(start))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"start": "10:07"}, 409),
        ({"start": "23:30"}, 409),
        ({"office": "nowhere"}, 404),
        ({"item": "unknown"}, 404),
        ({"case": "440105202603020000011"}, 404),
        ({"phone": "call me"}, 422),
    ],
)
def test_what_cannot_be_booked_is_refused(plain_world: World, changes: dict[str, str], status: int) -> None:
    _open(plain_world)
    start = _start(plain_world, changes.pop("start", "10:00"))
    _book(plain_world.resident(), start, status, **changes)


def test_one_live_appointment_for_an_item_and_five_in_all(plain_world: World) -> None:
    _open(plain_world, capacity=50)
    me = plain_world.resident()
    _book(me, _start(plain_world))
    assert "已有预约" in _error(_book(me, _start(plain_world, "11:00"), 409))
    for n in range(4):
        code = plain_world.publish(code=f"440105-OTHER-{n}")
        _book(me, _start(plain_world), item=code)
    last = plain_world.publish(code="440105-OTHER-9")
    assert "最多同时保留5个预约" in _error(_book(me, _start(plain_world), 429, item=last))


def _error(answer: dict[str, object]) -> str:
    error = answer["error"]
    assert isinstance(error, dict)
    return str(error["message"])


def test_of_two_hundred_at_once_as_many_get_a_place_as_there_are(database: Database) -> None:
    with database.transaction() as tx:
        tx.appointments.put_office(OFFICE, actor=SYSTEM)
        people = [tx.people.sign_in("embedded", f"p{n}")[0].id for n in range(200)]
    slot = _slot(database)

    def book(person: str) -> str:
        try:
            with database.transaction() as tx:
                tx.appointments.book(Wanted(person, ITEM, OFFICE, slot), actor=SYSTEM)
        except Exception as error:  # whatever it is, it is counted
            return type(error).__name__
        return "booked"

    with ThreadPoolExecutor(16) as pool:
        assert Counter(pool.map(book, people)) == {"booked": 2, "Conflict": 198}
    with database.reading() as tx:
        assert tx.appointments.taken("hz-1", slot.start, slot.end) == {slot.start: 2}


def _slot(database: Database) -> Slot:
    tomorrow = beijing_day(database.now()) + timedelta(days=1)
    with database.reading() as tx:
        return next(slots_of(OFFICE, tomorrow, tx.calendar()))


def _moved(world: World, identity: object, start: datetime) -> None:
    """The appointment is at another time than it was booked for: the test's way of letting time go by."""
    with world.database.transaction() as tx:
        made = appointments.c.id == identity
        tx.execute(update(appointments).where(made).values(start=start, end=start + timedelta(minutes=30)))


def test_the_window_checks_in_by_code_and_says_who_was_served(plain_world: World) -> None:
    _open(plain_world)
    me, desk = plain_world.resident(), plain_world.system(Role.INTAKE)
    made = _book(me, _start(plain_world))
    check_in = {"code": str(made["code"]).lower()}
    assert "不是今天" in _error(desk.ask("POST", "/desk/api/offices/hz-1/check-in", 409, json=check_in))
    now = plain_world.database.now()
    _moved(plain_world, made["id"], now)
    assert desk.ask("POST", "/desk/api/offices/hz-1/check-in", json=check_in)["state"] == "checked_in"
    (office,) = me.ask("GET", "/api/v1/offices?region=440105")["offices"]
    assert office["waiting"] == 1
    today = now.astimezone(BEIJING).date()
    (comer,) = desk.ask("GET", f"/desk/api/offices/hz-1/appointments?day={today}")["comers"]
    assert comer["actions"] == ["serve", "miss"]
    assert desk.ask("POST", f"/desk/api/appointments/{made['id']}/serve")["state"] == "served"
    assert me.ask("GET", "/api/v1/offices")["offices"][0]["waiting"] == 0
    refused = desk.ask("POST", f"/desk/api/appointments/{made['id']}/cancel", 409)
    assert refused["error"]["details"]["allowed"] == []


def test_only_the_window_may_check_in(plain_world: World) -> None:
    _open(plain_world)
    made = _book(plain_world.resident(), _start(plain_world))
    for who in (plain_world.system(Role.CLERK), plain_world.system(Role.PRE_AUDITOR)):
        who.ask("POST", "/desk/api/offices/hz-1/check-in", 403, json={"code": made["code"]})
    other = plain_world.resident("another")
    other.ask("POST", f"/api/v1/appointments/{made['id']}/cancel", 404)


def test_one_is_reminded_once_and_told_when_it_was_missed(plain_world: World) -> None:
    _open(plain_world)
    me = plain_world.resident()
    made, now = _book(me, _start(plain_world)), plain_world.database.now()
    _moved(plain_world, made["id"], now + timedelta(hours=19))
    with plain_world.database.transaction() as tx:
        tx.execute(update(appointments).values(booked_at=now - timedelta(days=3)))
    assert [sweep(plain_world.database), sweep(plain_world.database)] == [1, 0]
    _moved(plain_world, made["id"], now - timedelta(hours=2))
    assert [sweep(plain_world.database), sweep(plain_world.database)] == [1, 0]
    told = [m["template"] for m in me.ask("GET", "/api/v1/messages")["messages"]]
    assert told == ["appointment_missed", "appointment_reminder", "appointment_booked"]


def test_an_item_that_wants_one_there_can_be_booked(plain_world: World) -> None:
    """It opens no case: the appointment is how it begins."""
    _open(plain_world)
    code = plain_world.publish(code="440105-INPERSON", in_person="须本人到场")
    assert _book(plain_world.resident(), _start(plain_world), item=code)["case"] is None


def test_a_smaller_capacity_takes_no_place_away(plain_world: World) -> None:
    _open(plain_world)
    for name in ("a", "b"):
        _book(plain_world.resident(name), _start(plain_world))
    _open(plain_world, capacity=1)
    assert "已约满" in _error(_book(plain_world.resident("c"), _start(plain_world), 409))
    with plain_world.database.reading() as tx:
        assert tx.all(appointment_slots.select())[0].taken == 2
