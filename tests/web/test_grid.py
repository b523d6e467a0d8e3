"""Grid workers: tasks of the own area in walking order, scans that come late, twice or wrong, the page."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from cases.deadlines import BEIJING
from cases.effects import Put
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Address, Booking, Direction, Holder, Proof, Window
from storage.blobs import blobs_from
from storage.in_house import WRONG_PROOFS_MAX, Task
from storage.session import Database
from storage.tables import bookings
from storage.words import InboxState, Role
from tests.web.in_house import HERE, ID_TAIL, RESULT, Town, make_town, scan
from tests.web.world import SYSTEM, Caller, unique
from web.grid.route import house_of, street_of, walking_order
from web.scanning import LATE, SKEW


@pytest.fixture
def town(database: Database) -> Town:
    return make_town(database, blobs_from(database.settings))


@pytest.fixture
def plain_town(plain_database: Database) -> Town:
    return make_town(plain_database, blobs_from(plain_database.settings))


def sent(worker: Caller, *scans: dict[str, Any]) -> list[str]:
    results = worker.post("/grid/api/scans", scans=list(scans))["results"]
    assert [r["scan_id"] for r in results] == [s["scan_id"] for s in scans]
    return [r["outcome"] for r in results]


def fetched(town: Town) -> tuple[str, Booking, Caller]:
    me = town.resident()
    no = town.passed(me)
    return no, town.booked(me, no, "grid"), town.grid_worker("cg")


def test_an_envelope_is_fetched_and_brought_by_a_grid_worker_and_custody_says_by_whom_and_where(town: Town) -> None:
    no, booking, worker = fetched(town)
    (task,) = worker.get("/grid/api/tasks?day=" + booking.window.start.astimezone(BEIJING).date().isoformat())["tasks"]
    assert (task["case"], task["todo"], task["area"], task["code"]) == (no, "fetch", "cg", booking.waybill)
    assert "赤岗街道样本路1号" in task["address"]
    at = town.now()
    assert sent(worker, scan(task["code_label"].lower(), "picked_up", at, place="样本路1号门口")) == ["accepted"]
    town.works()
    assert town.leg(no).state is LegState.PICKED_UP
    (step,) = town.chain(no)
    assert (step.giver, step.taker, step.place) == (Holder.RESIDENT, Holder.COURIER, "样本路1号门口")
    assert step.by.startswith("grid:")
    assert worker.get("/grid/api/tasks")["tasks"][0]["todo"] == "deliver"
    assert sent(worker, scan(task["code"], "delivered", at + timedelta(seconds=1))) == ["accepted"]
    town.works()
    assert town.leg(no).state is LegState.DELIVERED
    assert worker.get("/grid/api/tasks")["tasks"] == []


def test_what_was_seen_of_envelope_and_seal_stands_in_the_chain(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.passed(me)
    lines = [{"key": o.key} for o in plain_town.file(no).originals]
    me.post(f"/api/v1/cases/{no}/packing", seal="FQ-1", lines=lines, transaction_id=unique())
    booking, worker = plain_town.booked(me, no, "grid"), plain_town.grid_worker("cg")
    day = "?day=" + booking.window.start.astimezone(BEIJING).date().isoformat()
    (task,) = worker.get("/grid/api/tasks" + day)["tasks"]
    assert (task["label"], task["seal"]) == (plain_town.file(no).parcels[0].label, "FQ-1")
    seen = scan(task["label"], "picked_up", plain_town.now(), seal="FQ-2", condition="seal_broken")
    assert sent(worker, seen) == ["accepted"]
    plain_town.works()
    (step,) = plain_town.chain(no)
    assert (step.seal, step.found) == ("FQ-2", "封签号不符，封签破损")
    assert "封签号不符，封签破损" in str(me.get(f"/api/v1/cases/{no}")["originals"])


def test_the_same_scan_twice_is_answered_twice_and_recorded_once(town: Town) -> None:
    no, booking, worker = fetched(town)
    once = scan(booking.waybill or "", "picked_up", town.now())
    assert sent(worker, once) == ["accepted"]
    assert sent(worker, once, once) == ["repeated", "repeated"]
    other = {**once, "event": "failed"}
    assert sent(worker, other) == ["conflict"]
    with town.database.reading() as tx:
        assert tx.inbox.counts()[InboxState.NEW] == 1
    town.works()
    assert sent(worker, once) == ["repeated"]
    assert len(town.chain(no)) == 1


def test_two_workers_may_use_the_same_scan_id(plain_town: Town) -> None:
    _, booking, worker = fetched(plain_town)
    one = scan(booking.waybill or "", "picked_up", plain_town.now())
    assert sent(plain_town.grid_worker("cg", name="two"), one) == ["accepted"]
    assert sent(worker, one) == ["accepted"]


def test_scans_that_come_late_and_in_the_wrong_order_tell_the_same(plain_town: Town) -> None:
    no, booking, worker = fetched(plain_town)
    code, now = booking.waybill or "", plain_town.now()
    with plain_town.database.transaction() as tx:
        tx.execute(update(bookings).values(requested_at=now - timedelta(days=3)))
    picked = scan(code, "picked_up", now - timedelta(days=2))
    brought = scan(code, "delivered", now - timedelta(days=1))
    assert sent(worker, brought) == ["accepted"]
    plain_town.works()
    assert sent(worker, picked, brought) == ["accepted", "repeated"]
    plain_town.works()
    leg = plain_town.leg(no)
    assert (leg.state, leg.since) == (LegState.DELIVERED, leg.since)
    assert abs(leg.since - (now - timedelta(days=1))) < timedelta(seconds=1)


def test_a_scan_that_comes_after_the_attempt_was_given_up_still_says_where_the_papers_are(plain_town: Town) -> None:
    no, booking, worker = fetched(plain_town)
    plain_town.window_passes(no, booking.id)
    me = plain_town.resident()
    me.post(f"/api/v1/cases/{no}/bookings/{booking.id}/nobody-came")
    assert plain_town.file(no).bookings[0].state is BookingState.FAILED
    assert sent(worker, scan(booking.waybill or "", "picked_up", plain_town.now())) == ["accepted"]
    plain_town.works()
    assert plain_town.leg(no).state is LegState.PICKED_UP
    assert [t["todo"] for t in worker.get("/grid/api/tasks")["tasks"]] == ["deliver"]


def test_a_time_that_cannot_be_right_is_refused(plain_town: Town) -> None:
    no, booking, worker = fetched(plain_town)
    code, now = booking.waybill or "", plain_town.now()
    ahead = scan(code, "picked_up", now + SKEW + timedelta(minutes=1))
    old = scan(code, "picked_up", now - LATE - timedelta(minutes=1))
    results = worker.post("/grid/api/scans", scans=[ahead, old])["results"]
    assert [(r["outcome"], r["kept"], r["final"]) for r in results] == [
        ("in_future", False, False),
        ("too_old", False, True),
    ]
    naive = {**scan(code, "picked_up", now), "at": "2026-01-05T10:00:00"}
    worker.post("/grid/api/scans", 422, scans=[naive])
    plain_town.works()
    assert plain_town.leg(no).state is LegState.BOOKED


def test_another_area_is_not_seen_and_not_scanned(town: Town) -> None:
    no, booking, _ = fetched(town)
    stranger, nobody = town.grid_worker("hz"), town.grid_worker()
    day = "?day=" + booking.window.start.astimezone(BEIJING).date().isoformat()
    for worker in (stranger, nobody):
        assert worker.get("/grid/api/tasks" + day)["tasks"] == []
        codes = (booking.waybill or "", no, town.file(no).parcels[0].label)
        told = sent(worker, *(scan(code, "picked_up", town.now()) for code in codes))
        assert told == ["wrong_area", "unknown_code", "unknown_code"], "a case's number tells nobody how it travels"
        worker.get(f"/grid/api/tasks/{booking.id}/contact", 404)
    town.works()
    assert town.leg(no).state is LegState.BOOKED


@pytest.mark.parametrize("code", ["G0000000000000", "nonsense", "440105202603020000029", "ZTP0000000000000", "' OR 1"])
def test_a_forged_or_mistyped_code_moves_nothing(plain_town: Town, code: str) -> None:
    no, booking, worker = fetched(plain_town)
    mistyped = (booking.waybill or "")[:-1] + ("0" if (booking.waybill or "")[-1] != "0" else "1")
    at = plain_town.now()
    assert sent(worker, scan(code, "picked_up", at), scan(mistyped, "picked_up", at)) == ["unknown_code"] * 2
    plain_town.works()
    assert plain_town.leg(no).state is LegState.BOOKED


def test_an_area_that_nobody_looks_after_is_seen_by_the_supervision(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.passed(me)
    plain_town.booked(me, no, "grid")
    boss = plain_town.system(Role.SUPERVISOR)
    assert boss.get("/desk/api/supervision")["unattended"] == {"cg": 1}
    plain_town.grid_worker("cg")
    assert boss.get("/desk/api/supervision")["unattended"] == {}


def test_the_cases_own_codes_mean_its_envelope(plain_town: Town) -> None:
    no, _, worker = fetched(plain_town)
    parcel = plain_town.file(no).parcels[0]
    codes = (no, f"https://zerotrip.example/c/{no}", parcel.label)
    assert sent(worker, *(scan(c, "picked_up", plain_town.now()) for c in codes)) == ["accepted"] * 3
    plain_town.works()
    assert len(plain_town.chain(no)) == 1


def test_what_has_ended_takes_no_more_scans(plain_town: Town) -> None:
    no, booking, worker = fetched(plain_town)
    code = booking.waybill or ""
    before = scan(code, "delivered", plain_town.now())
    lines = [{"key": o.key, "copies": o.copies} for o in plain_town.file(no).originals]
    plain_town.desk().post(f"/desk/api/cases/{no}/originals", received=lines)
    assert plain_town.leg(no).state is LegState.HANDED_OVER
    after = scan(code, "picked_up", plain_town.now() + timedelta(seconds=1))
    assert sent(worker, after, before) == ["closed", "accepted"]
    plain_town.works()
    assert plain_town.leg(no).state is LegState.HANDED_OVER
    assert plain_town.file(no).case.state is CaseState.RECEIVED


def test_somebody_not_at_home_is_a_failed_pickup_and_the_leg_may_be_booked_again(plain_town: Town) -> None:
    no, booking, worker = fetched(plain_town)
    assert sent(worker, scan(booking.waybill or "", "failed", plain_town.now(), note="家中无人")) == ["accepted"]
    plain_town.works()
    assert plain_town.leg(no).state is LegState.PICKUP_FAILED
    assert "book_collection" in plain_town.resident().get(f"/api/v1/cases/{no}")["actions"]


def test_what_was_picked_up_cannot_be_cancelled_even_if_the_scan_is_still_under_way(plain_town: Town) -> None:
    """The cancellation and the scan cross: the journal knows what the leg does not know yet."""
    no, booking, worker = fetched(plain_town)
    plain_town.resident().post(f"/api/v1/cases/{no}/bookings/{booking.id}/cancel")
    assert sent(worker, scan(booking.waybill or "", "picked_up", plain_town.now())) == ["accepted"]
    plain_town.works()
    assert plain_town.leg(no).state is LegState.PICKED_UP


def brought_home(town: Town, proof: Proof | None = None, code: str | None = None) -> tuple[str, Booking, Caller]:
    me = town.resident()
    no = town.concluded(me)
    booking = town.booked(me, no, "grid", Direction.DELIVERY)
    if proof is not None:
        town.decide(no, lambda _f, _n: (Put("booking", booking.id, {"proof": proof, "safety_code": code}),))
    worker = town.grid_worker("cg")
    worker.get("/grid/api/tasks")
    assert sent(worker, scan(booking.waybill or "", "picked_up", town.now())) == ["accepted"]
    town.works()
    return no, booking, worker


def handed(town: Town, no: str) -> tuple[LegState, bool, CaseState]:
    town.works()
    leg = town.leg(no, Direction.DELIVERY)
    return leg.state, leg.confirmed, town.file(no).case.state


def test_the_result_goes_into_the_addressees_own_hands(town: Town) -> None:
    no, booking, worker = brought_home(town)
    assert sent(worker, scan(booking.waybill or "", "delivered", town.now())) == ["accepted"]
    assert handed(town, no) == (LegState.HANDED_OVER, True, CaseState.DELIVERED)
    assert {s.by.partition(":")[0] for s in town.chain(no) if s.taker is Holder.RESIDENT} == {"grid"}


def test_somebody_elses_signature_is_no_proof(plain_town: Town) -> None:
    no, booking, worker = brought_home(plain_town)
    other = scan(booking.waybill or "", "delivered", plain_town.now(), recipient="other")
    assert sent(worker, other) == ["accepted"]
    assert handed(plain_town, no) == (LegState.DELIVERED, False, CaseState.DELIVERING)


@pytest.mark.parametrize(
    ("proof", "code", "right"), [(Proof.CODE, "482913", "482913"), (Proof.IDENTITY, None, ID_TAIL)]
)
def test_a_proof_that_is_asked_for_must_be_right(plain_town: Town, proof: Proof, code: str | None, right: str) -> None:
    no, booking, worker = brought_home(plain_town, proof, code)
    waybill = booking.waybill or ""
    at = plain_town.now()
    assert sent(worker, scan(waybill, "delivered", at)) == ["proof_needed"]
    assert sent(worker, scan(waybill, "delivered", at, proof="0001")) == ["wrong_proof"]
    assert handed(plain_town, no)[0] is LegState.PICKED_UP
    assert sent(worker, scan(waybill, "delivered", at, proof=right)) == ["accepted"]
    assert handed(plain_town, no) == (LegState.HANDED_OVER, True, CaseState.DELIVERED)


def test_an_item_for_the_addressee_only_gives_the_booking_a_code_that_the_grid_worker_asks_for(town: Town) -> None:
    town.publish(version=3, result=RESULT, courier={"addressee_only": True})
    no, booking, worker = brought_home(town)
    assert (booking.proof, len(booking.safety_code or "") >= 4) == (Proof.CODE, True)
    assert sent(worker, scan(booking.waybill or "", "delivered", town.now(), proof=ID_TAIL)) == ["wrong_proof"]
    right = scan(booking.waybill or "", "delivered", town.now(), proof=booking.safety_code)
    assert sent(worker, right) == ["accepted"]
    assert handed(town, no) == (LegState.HANDED_OVER, True, CaseState.DELIVERED)


def test_digits_are_not_guessed(plain_town: Town) -> None:
    no, booking, worker = brought_home(plain_town, Proof.IDENTITY)
    tries = [scan(booking.waybill or "", "delivered", plain_town.now(), proof=f"{n:04d}") for n in range(7000, 7006)]
    assert sent(worker, *tries) == ["wrong_proof"] * (WRONG_PROOFS_MAX - 1) + ["locked"] * 2
    right = scan(booking.waybill or "", "delivered", plain_town.now(), proof=ID_TAIL)
    assert sent(worker, right) == ["locked"]
    assert handed(plain_town, no)[0] is LegState.PICKED_UP


def test_a_late_scan_with_a_wrong_proof_is_kept_and_the_resident_is_asked(plain_town: Town) -> None:
    """The envelope is out of hand; refusing the scan would lose where it went."""
    no, booking, worker = brought_home(plain_town, Proof.IDENTITY)
    with plain_town.database.transaction() as tx:
        tx.execute(update(bookings).values(requested_at=plain_town.now() - timedelta(days=2)))
    picked = scan(booking.waybill or "", "picked_up", plain_town.now() - timedelta(hours=4))
    late = scan(booking.waybill or "", "delivered", plain_town.now() - timedelta(hours=3), proof="0001")
    assert sent(worker, picked, late) == ["accepted", "accepted"]
    assert handed(plain_town, no) == (LegState.DELIVERED, False, CaseState.DELIVERING)


def test_a_task_is_taken_by_one_of_the_areas_workers_and_may_be_given_back(town: Town) -> None:
    _, booking, worker = fetched(town)
    colleague, task, day = town.grid_worker("cg"), f"/grid/api/tasks/{booking.id}", f"?day={_day(booking)}"
    worker.get("/grid/api/tasks" + day)
    assert worker.post(task + "/take")["taken"] == "me"
    assert worker.post(task + "/take")["taken"] == "me"
    assert "已由同事接单" in colleague.post(task + "/take", 409)["error"]["message"]
    assert colleague.get("/grid/api/tasks" + day)["tasks"][0]["taken"] == "other"
    colleague.post(task + "/give-back", 409)
    assert worker.post(task + "/give-back")["taken"] is None
    assert colleague.post(task + "/take")["taken"] == "me"
    town.grid_worker("elsewhere").post(task + "/take", 404)
    assert sent(worker, scan(booking.waybill or "", "picked_up", town.now())) == ["accepted"]
    town.works()
    assert "在您手中" in colleague.post(task + "/give-back", 409)["error"]["message"]


def _day(booking: Booking) -> str:
    return booking.window.start.astimezone(BEIJING).date().isoformat()


def test_names_and_phones_are_masked_until_they_are_asked_for_and_that_is_on_record(plain_town: Town) -> None:
    no, booking, worker = fetched(plain_town)
    day = "?day=" + booking.window.start.astimezone(BEIJING).date().isoformat()
    listed = worker.raw("GET", "/grid/api/tasks" + day).text
    assert "13800000000" not in listed
    assert "陈样本" not in listed
    shown = worker.get(f"/grid/api/tasks/{booking.id}/contact")
    assert (shown["contact"], shown["phone"]) == ("陈样本", "13800000000")
    with plain_town.database.reading() as tx:
        assert "personal_data_shown" in [line.action for line in tx.timeline(no)]


def test_a_batch_has_its_bounds(plain_town: Town) -> None:
    worker = plain_town.grid_worker("cg")
    one = scan("G", "picked_up", plain_town.now())
    worker.post("/grid/api/scans", 422, scans=[one] * 201)
    worker.post("/grid/api/scans", 422, scans=[{**one, "event": "burnt"}])
    worker.post("/grid/api/scans", 422, scans=[{**one, "scan_id": "short"}])
    assert worker.post("/grid/api/scans", scans=[])["results"] == []


def test_windows_of_our_own_carriers_stand_beside_the_couriers_where_they_go(plain_town: Town) -> None:
    me = plain_town.resident()

    def offered(address: dict[str, str]) -> list[str]:
        no = plain_town.passed(me, address=address)
        windows = me.get(f"/api/v1/cases/{no}/windows?leg=collection")["windows"]
        return list(dict.fromkeys(w["partner"] for w in windows))

    assert offered(HERE) == ["ems", "grid", "drop_box", "counter"]
    assert offered({**HERE, "county": "天河区"}) == ["ems", "drop_box", "counter"]


def test_a_box_only_takes_so_no_result_comes_by_it(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.concluded(me)
    windows = me.get(f"/api/v1/cases/{no}/windows?leg=delivery")["windows"]
    assert {w["partner"] for w in windows} == {"ems", "grid", "counter"}


# ── the order of walking ──


def task(detail: str, minutes: int = 0, *, started: bool = False, window: Any = None, like: Any = None) -> Task:
    moved = replace(like.window, start=like.window.start + timedelta(minutes=minutes))
    address = Address("广东省", "广州市", "海珠区", detail, "某人", "13800000000")
    booking = replace(like, window=moved, confirmed_window=None, address=address)
    state = LegState.PICKED_UP if started else LegState.BOOKED
    return Task(like.id, "社会保障卡", booking, Direction.COLLECTION, "cg", state)


def test_a_round_goes_street_by_street_and_house_by_house(plain_town: Town) -> None:
    _, booking, _ = fetched(plain_town)
    planned = [
        task("样本路10号", like=booking),
        task("新港西路2号", like=booking),
        task("样本路9号201房", like=booking),
        task("样本路9号101房", like=booking),
        task("样本路1号", 120, like=booking),
        task("江南大道7号", started=True, like=booking),
    ]
    walked = [t.booking.address.detail for t in sorted(planned, key=walking_order)]
    assert walked[0] == "江南大道7号"
    assert walked[-1] == "样本路1号"
    assert walked.index("样本路9号101房") < walked.index("样本路9号201房") < walked.index("样本路10号")


def test_streets_and_houses_are_read_off_an_address() -> None:
    def address(detail: str) -> Address:
        return Address("广东省", "广州市", "海珠区", detail, "", "")

    assert street_of(address("江南大道中258号3栋502")) == "江南大道"
    assert house_of(address("江南大道中258号3栋502")) == (258, 3, 502)
    assert street_of(address("无名")) == "无名"


# ── the page ──


@pytest.fixture
def signed_in(plain_town: Town) -> tuple[Town, str]:
    """A grid worker on the phone, with the cookie."""
    typed = plain_town.staff("wang", Role.GRID, departments=())
    with plain_town.database.transaction() as tx:
        found = tx.staff.by_login("wang")
        assert found is not None
        tx.in_house.assign_areas(found.id, ["cg"], actor=SYSTEM)
    answer = plain_town.client.post("/grid/login", json=typed)
    assert answer.status_code == 200, answer.text
    return plain_town, answer.json()["csrf"]


def test_the_page_asks_to_sign_in_and_then_shows_the_tasks(signed_in: tuple[Town, str]) -> None:
    town, _ = signed_in
    no, booking, _ = fetched(town)
    town.decide(no, lambda _f, now: (Put("booking", booking.id, {"window": Window(now.at, now.at + timedelta(1))}),))
    page = town.client.get("/grid")
    assert "赤岗街道样本路1号" in page.text
    assert "signed-out" not in page.text
    assert "13800000000" not in page.text
    town.client.cookies.clear()
    empty = town.client.get("/grid")
    assert (empty.status_code, "样本路" in empty.text, "signed-out" in empty.text) == (200, False, True)


def test_nothing_on_the_page_needs_more_than_its_own_files(signed_in: tuple[Town, str]) -> None:
    """The policy is `default-src 'self'`: no script and no style stands in the page, nothing comes from elsewhere."""
    town, _ = signed_in
    page = town.client.get("/grid")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert re.findall(r"<script(?![^>]*src=)|<style|style=|\son[a-z]+=|https?://", page.text) == []
    for file in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert town.client.get(file).status_code == 200, file
    worker = town.client.get("/grid/sw.js")
    assert (worker.status_code, worker.headers["content-type"].split(";")[0]) == (200, "text/javascript")


def test_what_somebody_wrote_stands_on_the_page_as_text(signed_in: tuple[Town, str]) -> None:
    town, _ = signed_in
    no, booking, _ = fetched(town)
    evil = replace(booking.address, detail="赤岗<img src=x onerror=alert(1)>路1号")
    soon = {"window": Window(town.now(), town.now() + timedelta(1)), "address": evil}
    town.decide(no, lambda _f, _n: (Put("booking", booking.id, soon),))
    page = town.client.get("/grid").text
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_change_from_the_phone_needs_its_word(signed_in: tuple[Town, str]) -> None:
    town, csrf = signed_in
    _, booking, _ = fetched(town)
    body = {"scans": [scan(booking.waybill or "", "picked_up", town.now())]}
    town.client.get("/grid/api/tasks")
    assert town.client.post("/grid/api/scans", json=body).status_code == 403
    sent_ = town.client.post("/grid/api/scans", json=body, headers={"X-CSRF-Token": csrf})
    assert sent_.json()["results"][0]["outcome"] == "accepted"
    assert town.client.post("/grid/logout", headers={"X-CSRF-Token": csrf}).status_code == 200
    assert town.client.get("/grid/api/tasks").status_code == 401


def test_the_phones_cookie_does_not_open_the_desk(signed_in: tuple[Town, str]) -> None:
    town, _ = signed_in
    assert town.client.get("/grid/api/me").status_code == 200
    assert town.client.get("/desk/api/me").status_code == 401
