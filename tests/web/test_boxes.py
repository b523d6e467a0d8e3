"""Drop boxes: what is put in, what a round finds and misses, late rounds, sorting."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from cases.boxes import Found, Light
from cases.effects import Put
from cases.lifecycle import BookingState, CaseState, IncidentState, LegState
from cases.model import Booking, Holder
from courier.in_house.codes import is_number
from storage.blobs import blobs_from
from storage.in_house_tables import box_warnings, drop_boxes, drops
from storage.session import Database
from storage.words import Role
from tests.web.in_house import Town, make_town
from tests.web.world import Caller, unique
from workers import sweeps


@pytest.fixture
def town(database: Database) -> Town:
    return make_town(database, blobs_from(database.settings))


@pytest.fixture
def plain_town(plain_database: Database) -> Town:
    return make_town(plain_database, blobs_from(plain_database.settings))


def announced(town: Town, box: str = "hz-01", who: str = "chen") -> tuple[str, Booking]:
    """A case whose envelope goes by the box."""
    me = town.resident(who)
    no = town.passed(me)
    booking = town.booked(me, no, "drop_box")
    me.post(f"/api/v1/cases/{no}/bookings/{booking.id}/drop-code", box=box)
    return no, booking


def drop(town: Town, no: str, booking: Booking, **more: Any) -> dict[str, Any]:
    path = f"/api/v1/cases/{no}/bookings/{booking.id}/dropped"
    said: dict[str, Any] = town.resident().post(path, **{"transaction_id": unique(), **more})
    town.works()
    return said


def emptied(town: Town, *codes: str | None, box: str = "hz-01", **more: Any) -> dict[str, Any]:
    body = {"transaction_id": unique(), "scanned": list(codes), **more}
    made: dict[str, Any] = town.desk().post(f"/desk/api/boxes/{box}/rounds", **body)
    town.works()
    return made


def outcomes(made: dict[str, Any]) -> list[str]:
    return [e["found"] for e in made["envelopes"]]


def test_an_envelope_goes_through_a_box_to_its_department_and_custody_says_where(town: Town) -> None:
    town.box()
    no, booking = announced(town)
    me = town.resident()
    told = me.post(f"/api/v1/cases/{no}/bookings/{booking.id}/drop-code", box="hz-01")
    assert (told["code"], told["qr"], is_number(told["code"])) == (booking.waybill, booking.waybill, True)
    assert drop(town, no, booking)["dropped_at"] is not None
    assert town.leg(no).state is LegState.PICKED_UP
    assert outcomes(emptied(town, booking.waybill)) == ["collected"]
    assert town.leg(no).state is LegState.IN_TRANSIT
    sorted_ = town.desk().post("/desk/api/sorting", code=booking.waybill, transaction_id=unique())
    assert (sorted_["case"], sorted_["department"], sorted_["next_step"]) == (no, "rsj", "count")
    town.works()
    assert town.leg(no).state is LegState.DELIVERED
    (step,) = town.chain(no)
    assert (step.giver, step.taker, step.place) == (Holder.RESIDENT, Holder.COURIER, "赤岗党群服务中心")
    assert step.by.startswith("drop_box:")


def test_an_envelope_nobody_said_was_in_the_box_is_collected_all_the_same(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    assert outcomes(emptied(plain_town, booking.waybill)) == ["collected"]
    assert plain_town.leg(no).state is LegState.IN_TRANSIT
    assert drop(plain_town, no, booking)["emptied_at"] is not None
    assert plain_town.leg(no).state is LegState.IN_TRANSIT


def test_an_envelope_in_another_box_than_announced_is_collected_there(plain_town: Town) -> None:
    plain_town.box()
    plain_town.box("hz-02")
    no, booking = announced(plain_town)
    drop(plain_town, no, booking)
    assert outcomes(emptied(plain_town, booking.waybill, box="hz-02")) == ["collected"]
    assert outcomes(emptied(plain_town)) == []
    assert plain_town.leg(no).state is LegState.IN_TRANSIT


def test_an_envelope_that_is_not_there_is_with_the_resident_again_who_is_asked(town: Town) -> None:
    town.box()
    no, booking = announced(town)
    drop(town, no, booking)
    assert outcomes(emptied(town)) == ["missing"]
    leg, file = town.leg(no), town.file(no)
    assert (leg.state, {o.holder for o in file.originals}) == (LegState.BOOKED, {Holder.RESIDENT})
    assert file.open_incidents == ()
    with town.database.reading() as tx:
        assert "envelope_not_in_box" in [n.template for n in tx.notices_of(no)]
    assert outcomes(emptied(town)) == [], "it is missed once, not at every round"
    assert town.system(Role.SUPERVISOR).get("/desk/api/supervision")["missing"] == 1


def test_missed_twice_though_said_twice_is_an_incident_until_it_is_found(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    for _ in range(2):
        drop(plain_town, no, booking)
        assert outcomes(emptied(plain_town)) == ["missing"]
    (incident,) = plain_town.file(no).open_incidents
    assert (incident.kind, incident.state, incident.due_at is not None) == ("original_lost", IncidentState.OPEN, True)
    assert outcomes(emptied(plain_town, booking.waybill)) == ["collected"]
    assert plain_town.leg(no).state is LegState.IN_TRANSIT


def test_one_that_was_only_announced_is_not_missed(plain_town: Town) -> None:
    plain_town.box()
    no, _ = announced(plain_town)
    assert outcomes(emptied(plain_town)) == []
    assert plain_town.leg(no).state is LegState.BOOKED


def test_one_put_in_after_the_round_is_not_missed_by_it(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    drop(plain_town, no, booking)
    before = (plain_town.now() - timedelta(minutes=30)).isoformat()
    assert outcomes(emptied(plain_town, at=before)) == []


def test_what_belongs_to_no_order_of_the_box_waits_for_a_person(town: Town) -> None:
    town.box()
    me = town.resident()
    other = town.passed(me)
    made = emptied(town, other, "nonsense", "D0000000000000", other)
    assert outcomes(made) == ["unannounced", "unknown", "unknown", "repeated"]
    assert made["counts"][Found.UNKNOWN] == 2
    desk = town.desk()
    strays = desk.get("/desk/api/strays")["strays"]
    assert [s["case"] for s in strays] == [other, None, None]
    assert desk.get("/desk/api/supervision")["strays"] == 3
    path = f"/desk/api/strays/{strays[0]['id']}/settle"
    assert desk.post(path, note="已电话联系申请人，改走收件箱")["settled_at"] is not None
    desk.post(path, 404, note="再来一次")
    assert len(desk.get("/desk/api/strays")["strays"]) == 2
    assert desk.get("/desk/api/strays?settled=true")["strays"][0]["note"].startswith("已电话")


def test_an_envelope_of_a_case_that_has_ended_goes_to_a_person(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    me = plain_town.resident()
    plain_town.works()
    me.post(f"/api/v1/cases/{no}/bookings/{booking.id}/cancel")
    plain_town.works()
    me.post(f"/api/v1/cases/{no}/withdraw")
    assert plain_town.file(no).case.state is CaseState.WITHDRAWN
    assert outcomes(emptied(plain_town, booking.waybill)) == ["unannounced"]
    sorted_ = plain_town.desk().post("/desk/api/sorting", code=booking.waybill, transaction_id=unique())
    assert (sorted_["next_step"], sorted_["stray"] is not None) == ("send_back", True)
    plain_town.works()
    assert plain_town.leg(no).state is LegState.CANCELLED, "a closed case is not set moving by a scan"


def test_an_envelope_whose_booking_was_cancelled_is_still_where_it_is(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    plain_town.resident().post(f"/api/v1/cases/{no}/bookings/{booking.id}/cancel")
    plain_town.works()
    assert plain_town.file(no).bookings[0].state is BookingState.CANCELLED
    assert outcomes(emptied(plain_town, booking.waybill)) == ["collected"]
    assert plain_town.leg(no).state is LegState.IN_TRANSIT


def test_a_round_sent_twice_is_one_round(town: Town) -> None:
    town.box()
    _, booking = announced(town)
    desk, body = town.desk(), {"transaction_id": unique(), "scanned": [booking.waybill, "nonsense"]}
    once, twice = (desk.post("/desk/api/boxes/hz-01/rounds", **body) for _ in range(2))
    assert once == twice
    assert len(desk.get("/desk/api/strays")["strays"]) == 1
    (box,) = desk.get("/desk/api/boxes")["boxes"]
    assert (len(box["rounds"]), box["waiting"]) == (1, 0)
    desk.post("/desk/api/boxes/hz-01/rounds", 409, **{**body, "scanned": []})
    assert outcomes(emptied(town, booking.waybill)) == ["repeated"]


@pytest.mark.parametrize("at", ["2020-01-01T10:00:00+08:00", "2099-01-01T10:00:00+08:00"])
def test_a_round_at_an_impossible_time_is_refused(plain_town: Town, at: str) -> None:
    plain_town.box()
    body = {"transaction_id": unique(), "scanned": [], "at": at}
    plain_town.desk().post("/desk/api/boxes/hz-01/rounds", 422, **body)
    plain_town.desk().post("/desk/api/boxes/hz-09/rounds", 404, transaction_id=unique(), scanned=[])


# ── boxes ──


def test_a_box_is_put_up_with_at_least_two_rounds_a_day(town: Town) -> None:
    boss = town.system(Role.SUPERVISOR)
    wanted = {"name": "新港社区", "place": "新港路1号", "region": "440105", "times": ["09:00", "15:00"]}
    made = boss.ask("PUT", "/desk/api/boxes/hz-07", json=wanted)
    assert (made["code"], made["times"], made["grace_minutes"]) == ("hz-07", ["09:00", "15:00"], 30)
    refused = boss.ask("PUT", "/desk/api/boxes/hz-07", 422, json={**wanted, "times": ["09:00"]})
    assert refused["error"]["details"]["field"] == "times"
    changed = boss.ask("PUT", "/desk/api/boxes/hz-07", json={**wanted, "active": False})
    assert changed["active"] is False
    assert town.resident().get("/api/v1/boxes")["boxes"] == []
    town.system(Role.INTAKE).ask("PUT", "/desk/api/boxes/hz-08", 403, json=wanted)


def test_residents_see_boxes_of_their_region_and_their_next_round(plain_town: Town) -> None:
    plain_town.box()
    plain_town.box("wh-01", region="510107")
    (box,) = plain_town.resident().get("/api/v1/boxes?region=440100")["boxes"]
    assert (box["code"], box["place"]) == ("hz-01", "赤岗党群服务中心")
    assert plain_town.client.get("/api/v1/boxes").status_code == 401


def test_nobody_drops_for_another_or_by_another_way(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    stranger = plain_town.resident("li")
    path = f"/api/v1/cases/{no}/bookings/{booking.id}/dropped"
    stranger.post(path, 404, transaction_id=unique())
    stranger.post(path.replace("dropped", "drop-code"), 404, box="hz-01")
    me = plain_town.resident()
    other = plain_town.passed(me)
    courier = plain_town.booked(me, other, "ems")
    me.post(f"/api/v1/cases/{other}/bookings/{courier.id}/dropped", 404, transaction_id=unique(), box="hz-01")
    me.post(path.replace("dropped", "drop-code"), 404, box="hz-99")


def test_a_box_out_of_use_takes_nothing(plain_town: Town) -> None:
    plain_town.box()
    no, booking = announced(plain_town)
    plain_town.box(active=False)
    me = plain_town.resident()
    me.post(f"/api/v1/cases/{no}/bookings/{booking.id}/dropped", 409, transaction_id=unique())


# ── late rounds ──


def late(town: Town) -> dict[str, Any]:
    seen: dict[str, Any] = town.system(Role.SUPERVISOR).get("/desk/api/supervision")
    return seen


def test_a_late_round_is_a_warning_yellow_then_red_until_the_box_is_emptied(town: Town) -> None:
    now = town.now()
    town.box(times=_times(town, 40, 300), since=now - timedelta(hours=1))
    seen = late(town)
    assert [(r["box"], r["light"]) for r in seen["rounds"]] == [("hz-01", "yellow")]
    assert seen["yellow"] == 1
    metrics = town.client.get("/metrics").text
    assert 'zerotrip_late_rounds{light="yellow"} 1.0' in metrics
    town.box(times=_times(town, 130, 300))
    with town.database.transaction() as tx:
        tx.execute(update(drop_boxes).values(since=now - timedelta(hours=3)))
    assert [r["light"] for r in late(town)["rounds"]] == ["red"]
    emptied(town)
    assert late(town)["rounds"] == []


def _times(town: Town, minutes_ago: int, minutes_ahead: int) -> tuple[str, ...]:
    """One time that passed so long ago and one to come, in Beijing."""
    here = town.now() + timedelta(hours=8)
    past, coming = here - timedelta(minutes=minutes_ago), here + timedelta(minutes=minutes_ahead)
    return tuple(sorted({f"{past:%H:%M}", f"{coming:%H:%M}"}))


def test_a_late_round_is_on_record_once_for_each_light(town: Town) -> None:
    now = town.now()
    town.box(times=_times(town, 40, 300), since=now - timedelta(hours=1))
    assert sweeps.ALL["late_rounds"](town.database) == 1
    assert sweeps.ALL["late_rounds"](town.database) == 0
    with town.database.transaction() as tx:
        assert [r.light for r in tx.all(select(box_warnings.c.light))] == [Light.YELLOW]
        tx.execute(update(drop_boxes).values(grace_minutes=5))
    assert sweeps.ALL["late_rounds"](town.database) == 1
    with town.database.reading() as tx:
        assert [line.action for line in tx.timeline("box:hz-01")] == ["box_put", "round_late", "round_late"]


def test_the_envelopes_own_window_runs_on_while_it_lies_in_the_box(plain_town: Town) -> None:
    """Put in on the last evening and found by the next round: nobody says that it did not come."""
    plain_town.box()
    no, booking = announced(plain_town)
    drop(plain_town, no, booking)
    plain_town.window_passes(no, booking.id)
    assert sweeps.no_shows(plain_town.database) == 0
    assert plain_town.leg(no).state is LegState.PICKED_UP


# ── sorting ──


def sort(town: Town, code: str, status: int = 200, desk: Caller | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = (desk or town.desk()).post("/desk/api/sorting", status, code=code, transaction_id=unique())
    return answer


def test_sorting_knows_every_label_there_is_on_an_envelope(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.passed(me)
    booking = plain_town.booked(me, no, "ems")
    parcel = plain_town.file(no).parcels[0].label
    paper = plain_town.file(no).originals[0].label
    assert paper is not None
    for code in (booking.waybill or "", no, parcel, paper):
        assert (sort(plain_town, code)["case"], sort(plain_town, code)["next_step"]) == (no, "count")


def test_a_parcel_of_many_cases_is_unpacked_and_its_envelopes_are_sorted_one_by_one(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.passed(me)
    booking = plain_town.booked(me, no, "ems")
    plain_town.decide(no, lambda _f, _n: (Put("booking", booking.id, {"pickup": "a-pickup"}),))
    assert sort(plain_town, booking.waybill or "")["next_step"] == "unpack"
    assert sort(plain_town, plain_town.file(no).parcels[0].label)["next_step"] == "count"


def test_an_envelope_that_nobody_can_place_is_kept_and_has_one_entry(plain_town: Town) -> None:
    first, again = sort(plain_town, "nonsense"), sort(plain_town, "nonsense")
    assert (first["next_step"], first["case"], first["stray"]) == ("keep", None, again["stray"])


def test_an_envelope_of_a_draft_is_asked_about_and_one_after_the_count_is_added(plain_town: Town) -> None:
    me = plain_town.resident()
    assert sort(plain_town, me.opens())["next_step"] == "ask"
    no = plain_town.concluded(me)
    assert sort(plain_town, no)["next_step"] == "attach"


def test_another_departments_desk_does_not_sort_it(plain_town: Town) -> None:
    no = plain_town.passed(plain_town.resident())
    other = plain_town.system(Role.INTAKE, departments=("mzj",))
    sort(plain_town, no, 404, other)


def test_a_box_with_codes_of_many_cases_is_one_call(town: Town) -> None:
    town.box()
    codes = [announced(town, who=f"p{n}")[1].waybill for n in range(5)]
    assert outcomes(emptied(town, *codes)) == ["collected"] * 5
    with town.database.reading() as tx:
        assert {r.emptied_at is not None for r in tx.all(select(drops))} == {True}


def test_the_chosen_box_and_its_code_are_shown_again(plain_town: Town) -> None:
    plain_town.box()
    me = plain_town.resident()
    no = plain_town.passed(me)
    path = f"/api/v1/cases/{no}/bookings/{plain_town.booked(me, no, 'drop_box').id}/drop-code"
    assert "还没有选择" in me.get(path, 404)["error"]["message"]
    chosen = me.post(path, box="hz-01")
    assert me.get(path) == chosen
