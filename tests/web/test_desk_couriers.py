"""What the office sees of couriers and settles about them, and the code that it never sees."""

from datetime import timedelta
from typing import Any

from cases.actions import ordering
from cases.lifecycle import BookingState, LegState
from cases.model import Direction
from storage import partner_health
from storage.words import Role
from tests.web.test_courier import _ready
from tests.web.test_life import _departments_decide
from tests.web.world import Caller, World

D = Direction.DELIVERY
TERMS = {"declared_value_fen": 20000, "addressee_only": True}


def desk(world: World, *departments: str) -> Caller:
    return world.system(Role.INTAKE, departments=departments or ("rsj",))


def unknown(world: World) -> tuple[Caller, str, str]:
    """An order of which nobody knows for an hour whether it stands."""
    me, no = _ready(world)
    booking = me.books(no)
    for hours in (0, 1):
        world.decide(no, lambda file, now, hours=hours: _lost(file, booking, now, hours))  # type: ignore[misc]
    return me, no, booking


def _lost(file: Any, booking: str, now: Any, hours: int) -> Any:
    later = type(now)(now.at + timedelta(hours=hours), now.calendar, now.new_id, now.by)
    return ordering.record_unknown(file, booking, "no_query", later)


def troubles(office: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.get("/desk/api/couriers/troubles")["troubles"]
    return found


def test_an_order_that_the_partner_knows_by_telephone_is_booked_under_its_waybill(world: World) -> None:
    me, no, booking = unknown(world)
    (one,) = troubles(desk(world))
    assert (one["case"], one["booking"], one["partner_name"], one["state_label"]) == (
        no, booking, "中国邮政EMS", "核实中",
    )  # fmt: skip
    assert [a["label"] for a in one["alerts"]] == ["预约结果不明，请电话核实"]
    path = f"/desk/api/cases/{no}/bookings/{booking}/settle"
    desk(world).post(path, 422, answer="exists", waybill="1234567890123", note="问过", transaction_id="")
    desk(world).post(path, 422, answer="exists", note="问过")
    desk(world).post(path, 422, answer="exists", waybill="1234567890123", note=" ")
    desk(world).post(path, answer="exists", waybill="1234567890123", note="11183 李女士：已接单", transaction_id="s")
    shown = me.get(f"/api/v1/cases/{no}")
    assert (shown["legs"][0]["state"], shown["legs"][0]["booking"]["waybill"]) == ("booked", "1234567890123")
    assert "李女士" not in me.raw("GET", f"/api/v1/cases/{no}").text
    assert "李女士" not in me.raw("GET", f"/api/v1/cases/{no}/timeline").text
    assert troubles(desk(world)) == []
    with world.database.reading() as tx:
        assert "courier.find" in [j.kind for j in tx.jobs.of_subject(booking)]


def test_an_order_that_the_partner_does_not_know_frees_the_leg(world: World) -> None:
    me, no, booking = unknown(world)
    path = f"/desk/api/cases/{no}/bookings/{booking}/settle"
    desk(world).post(path, answer="does_not_exist", note="11183：没有")
    desk(world).post(path, 409, answer="does_not_exist", note="11183：没有")
    assert world.file(no).bookings[-1].state is BookingState.VOID
    assert "book_collection" in me.get(f"/api/v1/cases/{no}")["actions"]
    me.books(no)


def test_a_waybill_of_another_parcel_is_not_taken(world: World) -> None:
    _, no, booking = unknown(world)
    other, other_no = _ready(world)
    other.books(other_no)
    world.book_at_partner(other_no)
    taken = world.file(other_no).bookings[-1].waybill
    path = f"/desk/api/cases/{no}/bookings/{booking}/settle"
    refused = desk(world).post(path, 409, answer="exists", waybill=taken, note="问过")
    assert "其他预约" in refused["error"]["message"]


def test_alerts_leave_the_queue_when_somebody_dealt_with_them(world: World) -> None:
    me, no = _ready(world)
    booking = me.books(no)
    world.book_at_partner(no)
    world.decide(no, lambda file, _: ordering.note_alerts(file.bookings[-1], ["unknown_code", "waybill_changed"]))
    office = desk(world)
    assert [a["alert"] for a in troubles(office)[0]["alerts"]] == ["unknown_code", "waybill_changed"]
    path = f"/desk/api/cases/{no}/bookings/{booking}/alerts"
    office.post(path, alerts=["unknown_code"], note="是派送改期")
    assert [a["alert"] for a in troubles(office)[0]["alerts"]] == ["waybill_changed"]
    office.post(path, alerts=["waybill_changed"], note="新单号已核对")
    assert troubles(office) == []
    office.post(path, 409, alerts=["waybill_changed"], note="再来")


def test_an_office_sees_its_own_departments_troubles_only(world: World) -> None:
    _, no, booking = unknown(world)
    stranger = desk(world, "zrj")
    assert troubles(stranger) == []
    stranger.post(f"/desk/api/cases/{no}/bookings/{booking}/settle", 404, answer="does_not_exist", note="没有")
    stranger.post(f"/desk/api/cases/{no}/bookings/{booking}/settle", 404, answer="exists", waybill="1", note="有")


def test_the_office_sees_which_partner_is_left_alone(plain_world: World) -> None:
    rules = plain_world.doors.couriers.circuit
    for _ in range(rules.failures):
        with plain_world.database.transaction() as tx:
            partner_health.record(tx, "ems", rules, "timeout")
    (ems,) = desk(plain_world).get("/desk/api/couriers")["partners"]
    assert (ems["partner_name"], ems["state"], ems["failures"], ems["reason"]) == ("中国邮政EMS", "open", 5, "timeout")
    figures = plain_world.client.get("/metrics").text
    assert 'zerotrip_courier_circuit{partner="ems",state="open"} 1.0' in figures
    assert 'zerotrip_courier_failures{partner="ems"} 5.0' in figures


def test_the_code_for_the_door_is_the_residents_alone(world: World) -> None:
    """From the window to the delivery: nobody of the office is shown it, and it is gone when it no longer counts."""
    world.publish(version=2, courier=TERMS)
    me, no = _ready(world)
    fetched = me.books(no)
    world.book_at_partner(no)
    world.track(no, fetched, LegState.PICKED_UP, LegState.DELIVERED)
    office = world.system(Role.INTAKE, Role.PRE_AUDITOR, Role.SUPERVISOR, departments=("rsj", "gaj"))
    received = [{"key": o.key, "copies": o.copies, "condition": "good"} for o in world.file(no).originals]
    office.post(f"/desk/api/cases/{no}/originals", seal="S1", received=received)
    office.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    _departments_decide(world, no)
    office.post(f"/desk/api/cases/{no}/conclude")

    window = me.get(f"/api/v1/cases/{no}/windows?leg=delivery")["windows"][0]
    neighbour = {**vars(world.file(no).case.address), "contact": "邻居"}
    refused = me.post(f"/api/v1/cases/{no}/bookings", 422, leg="delivery", window=window["id"], address=neighbour)
    assert "申请人本人" in refused["error"]["message"]
    delivery = me.books(no, D)
    world.book_at_partner(no)
    shown = me.get(f"/api/v1/cases/{no}")["legs"][-1]["booking"]
    code = shown["safety_code"]
    assert (shown["proof"], shown["declared_value_fen"], len(code)) == ("code", 20000, 6)
    assert code == world.file(no).bookings[-1].safety_code
    for path in (f"/desk/api/cases/{no}", f"/desk/api/cases/{no}/timeline", "/desk/api/couriers/troubles"):
        assert f'"{code}"' not in office.raw("GET", path).text
    world.track(no, delivery, LegState.PICKED_UP, LegState.DELIVERED)
    assert me.get(f"/api/v1/cases/{no}")["legs"][-1]["booking"]["safety_code"] is None
