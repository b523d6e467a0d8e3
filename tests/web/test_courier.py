"""Windows, bookings and what a resident may say about them."""

from cases.lifecycle import LegState
from cases.model import Direction
from tests.web.world import ADDRESS, APPLICANT, Caller, World


def _ready(world: World) -> tuple[Caller, str]:
    """A case whose papers are to be fetched."""
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    return me, no


def test_windows_are_offered_only_where_there_is_a_leg(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    me.get(f"/api/v1/cases/{no}/windows?leg=collection", 404)
    me.get(f"/api/v1/cases/{no}/windows?leg=sideways", 422)
    me.submits(no)
    plain_world.judge(no, "passed")
    offered = me.get(f"/api/v1/cases/{no}/windows?leg=collection")
    assert offered["leg"] == "collection"
    first = offered["windows"][0]
    assert first["id"].startswith("ems.")
    assert (first["partner_name"], first["start"] < first["end"]) == ("中国邮政EMS", True)
    assert len({w["id"] for w in offered["windows"]}) == len(offered["windows"])


def test_a_booking_takes_the_address_given_or_that_of_the_case(world: World) -> None:
    me, no = _ready(world)
    window = me.get(f"/api/v1/cases/{no}/windows?leg=collection")["windows"][0]["id"]
    booked = me.post(f"/api/v1/cases/{no}/bookings", 201, leg="collection", window=window, transaction_id="b")
    assert (booked["state"], booked["state_label"], booked["attempt"]) == ("requested", "预约中", 1)
    assert me.post(f"/api/v1/cases/{no}/bookings", 201, leg="collection", window=window, transaction_id="b") == booked
    (kept,) = world.file(no).bookings
    assert kept.address.detail == "样本路1号"
    again = me.post(f"/api/v1/cases/{no}/bookings", 409, leg="collection", window=window)
    assert again["error"]["message"] == "已经预约过快递员，请先取消原预约。"


def test_another_address_may_be_given(plain_world: World) -> None:
    me, no = _ready(plain_world)
    window = me.get(f"/api/v1/cases/{no}/windows?leg=collection")["windows"][0]["id"]
    there = {**ADDRESS, "detail": "另一条路2号"}
    me.post(f"/api/v1/cases/{no}/bookings", 201, leg="collection", window=window, address=there)
    assert plain_world.file(no).bookings[0].address.detail == "另一条路2号"


def test_a_window_that_is_not_offered_is_refused(plain_world: World) -> None:
    me, no = _ready(plain_world)
    for window in ("ems.20200101T0000Z", "nobody.x", "x"):
        refused = me.post(f"/api/v1/cases/{no}/bookings", 409, leg="collection", window=window)
        assert "时段已不可预约" in refused["error"]["message"]


def test_a_booked_courier_is_cancelled(world: World) -> None:
    me, no = _ready(world)
    booking = me.books(no)
    me.post(f"/api/v1/cases/{no}/bookings/{booking}/cancel", 409)
    world.book_at_partner(no)
    assert "cancel_booking" in me.get(f"/api/v1/cases/{no}")["actions"]
    me.post(f"/api/v1/cases/{no}/bookings/{booking}/cancel")
    with world.database.reading() as tx:
        assert "courier.cancel" in [j.kind for j in tx.jobs.of_subject(booking)]


def test_nobody_came_reopens_the_leg_but_not_before_the_window_has_passed(world: World) -> None:
    me, no = _ready(world)
    booking = me.books(no)
    world.book_at_partner(no)
    early = me.post(f"/api/v1/cases/{no}/bookings/{booking}/nobody-came", 409)
    assert "window_end" in early["error"]["details"]
    world.window_passes(no, booking)
    seen = me.post(f"/api/v1/cases/{no}/bookings/{booking}/nobody-came")
    assert (seen["state"], seen["legs"][0]["state"]) == ("preaudit_passed", "pickup_failed")
    assert "book_collection" in seen["actions"]
    second = me.books(no)
    assert [b["id"] for b in me.get(f"/api/v1/cases/{no}")["legs"][0]["bookings"]] == [booking, second]


def test_a_case_shows_the_leg_and_never_a_full_number(world: World) -> None:
    me, no = _ready(world)
    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.PICKED_UP)
    answer = me.raw("GET", f"/api/v1/cases/{no}")
    leg = answer.json()["legs"][0]
    assert (leg["leg"], leg["state"], leg["state_label"]) == ("collection", "picked_up", "已取走")
    assert leg["booking"]["waybill"].startswith("WB")
    assert {o["holder_label"] for o in answer.json()["originals"]} == {"快递员"}
    assert "440105199003070019" not in answer.text
    assert "13800000000" not in answer.text


def test_no_leg_of_the_other_direction_can_be_booked(plain_world: World) -> None:
    me, no = _ready(plain_world)
    me.get(f"/api/v1/cases/{no}/windows?leg={Direction.DELIVERY}", 404)
    window = me.get(f"/api/v1/cases/{no}/windows?leg=collection")["windows"][0]["id"]
    me.post(f"/api/v1/cases/{no}/bookings", 404, leg="delivery", window=window)


def test_addresses_of_before_are_offered_the_one_booked_for_last_first(plain_world: World) -> None:
    me, no = _ready(plain_world)
    other, elsewhere = {**ADDRESS, "detail": "另一条路2号"}, {**ADDRESS, "detail": "第三条路3号"}
    window = me.get(f"/api/v1/cases/{no}/windows?leg=collection")["windows"][0]["id"]
    me.post(f"/api/v1/cases/{no}/bookings", 201, leg="collection", window=window, address=other)
    me.opens(address=elsewhere)
    me.opens(applicant={**APPLICANT, "id_number": "110101199003070011"}, address={**ADDRESS, "detail": "别人的路"})
    assert me.get(f"/api/v1/cases/{no}/addresses")["addresses"] == [other, ADDRESS, elsewhere]
