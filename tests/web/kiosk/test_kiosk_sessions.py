"""Whose session it is: a guest acts for the case of their own session, at their own terminal, until it ends."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.lifecycle import CaseState, MaterialState
from storage.audit import lines, verify
from storage.device_sessions import LEASE, HowEnded
from storage.device_tables import kiosk_sessions
from storage.tables import one_time_codes
from tests.web.kiosk.terminals import ITEM, NAME, NUMBER, PHONE, Terminal, card_read, enrolled
from tests.web.world import SYSTEM, World, unique
from web.app import RESIDENT
from web.guests import COOKIE, MAY
from workers.terminals import lapsed


@pytest.fixture
def here(plain_world: World) -> Terminal:
    return enrolled(plain_world)


def _code(world: World, no: str, template: str) -> str:
    with world.database.reading() as tx:
        return next(str(n.data["code"]) for n in tx.notices_of(no) if n.template == template)


def test_a_whole_session_ends_with_a_receipt_and_a_case_of_the_channel_kiosk(world: World) -> None:
    here = enrolled(world)
    no = here.hands_in()
    receipt = here.ask("POST", f"/kiosk/api/cases/{no}/receipt")
    assert (receipt["case"], receipt["phone"]) == (no, "138****0000")
    assert re.fullmatch(r"\d{6}", receipt["code"])
    assert receipt["address"].endswith(f"no={no}&code={receipt['code']}")
    assert len(receipt["qr"]) == len(receipt["qr"][0]) >= 21
    assert receipt["seconds"] < 180
    case = world.file(no).case
    assert (case.channel, case.applicant.name, case.applicant.phone) == ("kiosk", NAME, PHONE)
    assert _code(world, no, "kiosk_receipt") == receipt["code"]
    here.ends("done")
    here.ask("GET", f"/api/v1/cases/{no}", 401)
    with world.database.reading() as tx:
        assert tx.guest_sessions.session(here.session).how is HowEnded.DONE
        assert [line.action for line in lines(tx, f"device:{here.id}")][-2:] == ["session_started", "session_ended"]
        assert verify(tx) is None


def test_the_residents_own_account_takes_the_case_over_with_the_code_and_the_numbers_end(here: Terminal) -> None:
    no = here.hands_in()
    code = here.ask("POST", f"/kiosk/api/cases/{no}/receipt")["code"]
    here.ends("done")
    me = here.world.resident("chen")
    me.ask("POST", "/api/v1/take-over", 422, json={"case": no, "code": code, "id_ending": "0000"})
    assert me.ask("POST", "/api/v1/take-over", json={"case": no, "code": code, "id_ending": NUMBER[-4:]})["case"] == no


def test_a_new_code_can_be_asked_for_until_the_case_is_in_somebodys_account(here: Terminal) -> None:
    """A receipt is lost, a week passes."""
    no = here.hands_in()
    here.ask("POST", f"/kiosk/api/cases/{no}/receipt")
    with here.world.database.transaction() as tx:
        tx.execute(one_time_codes.delete())
    me, claim = here.world.resident("chen"), {"case": no, "id_ending": NUMBER[-4:]}
    me.ask("POST", "/api/v1/claims/code", json={**claim, "id_ending": "0000"})
    assert _codes(here.world, no) == 1
    me.ask("POST", "/api/v1/claims/code", json=claim)
    assert _codes(here.world, no) == 2
    with here.world.database.reading() as tx:
        code = str(tx.notices_of(no)[-1].data["code"])
    assert me.ask("POST", "/api/v1/claims", json={**claim, "code": code})["case"] == no
    me.ask("POST", "/api/v1/take-over", json={**claim, "code": code})
    me.ask("POST", "/api/v1/claims/code", json=claim)
    assert _codes(here.world, no) == 2


def _codes(world: World, no: str) -> int:
    with world.database.reading() as tx:
        return sum("code" in n.data for n in tx.notices_of(no))


def test_the_same_receipt_again_shows_no_second_code(here: Terminal) -> None:
    no = here.hands_in()
    first = here.ask("POST", f"/kiosk/api/cases/{no}/receipt")
    again = here.ask("POST", f"/kiosk/api/cases/{no}/receipt")
    assert (again["code"], again["seconds"]) == (None, first["seconds"])


def test_the_slip_is_a_pdf_of_eighty_millimetres(here: Terminal) -> None:
    no = here.hands_in()
    code = here.ask("POST", f"/kiosk/api/cases/{no}/receipt")["code"]
    answer = here.raw("POST", f"/kiosk/api/cases/{no}/receipt.pdf", json={"code": code})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4")
    assert b"[0 0 226.77 " in answer.content


def test_another_sessions_case_is_not_there(here: Terminal) -> None:
    other = enrolled(here.world, "二号机")
    other.begins()
    theirs = other.opens()
    before = here.hands_in()
    here.begins()
    for no in (theirs, before, here.world.resident("chen").opens()):
        here.ask("GET", f"/api/v1/cases/{no}", 404)
        here.scans(no, "id_front", 404)
        here.ask("POST", f"/api/v1/cases/{no}/submit", 404)
        here.identifies(no, 404)
        here.phones(no, keep=True, status=404)
        here.ask("GET", f"/kiosk/api/cases/{no}/fields", 404)
        here.ask("POST", f"/kiosk/api/cases/{no}/receipt", 404)
        here.ask("POST", f"/kiosk/api/cases/{no}/receipt.pdf", 404, json={})


def test_another_terminals_session_can_be_neither_used_nor_ended(here: Terminal) -> None:
    here.begins()
    no = here.opens()
    other = enrolled(here.world, "二号机")
    other.session, other.token = here.session, here.token
    other.ask("GET", f"/api/v1/cases/{no}", 401)
    other.ends("left", 404)
    other.client.cookies.clear()
    other.ask("GET", f"/api/v1/cases/{no}", 401)
    assert here.ask("GET", f"/api/v1/cases/{no}")["state"] == "draft"


def test_a_guest_may_call_what_is_listed_and_nothing_else_of_the_residents_api(here: Terminal) -> None:
    named = {f"{m} {r.path}" for router in RESIDENT for r in router.routes for m in r.methods}  # type: ignore[attr-defined]
    assert named >= MAY
    here.begins()
    no = here.opens()
    for method, path in (
        ("GET", "/api/v1/cases"),
        ("POST", "/api/v1/take-over"),
        ("GET", "/api/v1/me/data"),
        ("GET", f"/api/v1/cases/{no}/timeline"),
        ("POST", f"/api/v1/cases/{no}/withdraw"),
    ):
        body = {"case": no, "code": "123456", "id_ending": "1234"} if method == "POST" else None
        assert here.raw(method, path, json=body).status_code == 403, path


def test_an_item_that_is_not_for_terminals_is_neither_offered_nor_opened(here: Terminal) -> None:
    here.world.publish(code="440105-APP", channels=["miniapp"])
    here.world.publish(code="510107-FAR", region="510107", channels=["kiosk"])
    assert [i["code"] for i in here.ask("GET", "/kiosk/api/items")["items"]] == [ITEM]
    here.begins()
    here.opens("440105-APP", 422)


def test_nobody_hands_in_without_saying_who_they_are(here: Terminal) -> None:
    here.begins()
    no = here.opens()
    assert here.ask("POST", f"/api/v1/cases/{no}/submit", 409)["error"]["details"]["needs"] == "applicant"
    here.identifies(no, 422, id_number="440105199003070010")
    here.identifies(no, 422, how="picture")
    here.ask("POST", f"/kiosk/api/cases/{no}/phone", 422, json={"phone": "12345", "keep": False})
    here.ask("POST", f"/kiosk/api/cases/{no}/receipt", 409)


def test_the_photographed_card_says_who_somebody_is(here: Terminal) -> None:
    here.begins()
    no = here.opens()
    page, other = here.scans(no, "id_front")["id"], here.scans(no, "form")["id"]
    here.world.read(no, other)
    picture = {"how": "picture", "name": None, "id_number": None}
    here.identifies(no, 422, **picture, page=page)  # not read yet
    card_read(here.world, no, page, name=NAME, id_number=NUMBER, address="样本路1号")
    assert here.identifies(no, **picture, page=page) == {"name": NAME, "id_number": NUMBER}
    here.identifies(no, 422, **picture, page=other)
    (seen,) = [m for m in here.ask("GET", f"/kiosk/api/cases/{no}/fields")["materials"] if m["key"] == "id_front"]
    assert {f["label"]: f["value"] for f in seen["fields"]}["姓名"] == NAME
    assert NUMBER not in str(seen)


def test_what_was_begun_is_discarded_without_a_phone(here: Terminal) -> None:
    here.begins()
    no = here.opens()
    here.identifies(no)
    page = here.scans(no, "id_front")["id"]
    (blob,) = [p.blob for p in here.world.file(no).pages if p.id == page]
    here.ends("timed_out")
    file = here.world.file(no)
    assert (file.case.state, file.case.applicant.name, file.case.applicant.id_number) == (CaseState.WITHDRAWN, "", "")
    assert {m.state for m in file.materials} == {MaterialState.MISSING}
    found = file.page(page)
    assert found is not None
    assert found.blob == ""
    assert not here.world.blobs.exists(blob)
    assert here.ends("timed_out") == {"done": True}


@pytest.mark.parametrize("keep", [True, False])
def test_a_draft_is_kept_for_the_phone_only_if_its_resident_asked_for_it(here: Terminal, keep: bool) -> None:
    here.begins()
    no = here.opens()
    here.identifies(no)
    here.phones(no, keep=keep)
    here.ends("timed_out")
    assert here.world.file(no).case.state is (CaseState.DRAFT if keep else CaseState.WITHDRAWN)
    if keep:
        known = {"case": no, "code": _code(here.world, no, "kiosk_draft"), "id_ending": NUMBER[-4:]}
        assert here.world.resident("chen").ask("POST", "/api/v1/take-over", json=known)["state"] == "draft"


def test_another_item_takes_the_place_of_the_one_that_was_begun(here: Terminal) -> None:
    here.begins()
    first = here.opens()
    second = here.opens()
    assert here.world.file(first).case.state is CaseState.WITHDRAWN
    here.ask("GET", f"/api/v1/cases/{second}")


def test_after_handing_in_nothing_else_is_opened_in_the_same_session(here: Terminal) -> None:
    here.hands_in()
    here.opens(status=409)


def test_a_session_whose_terminal_is_silent_ends_by_itself(here: Terminal) -> None:
    here.begins()
    no = here.opens()
    _earlier(here.world, LEASE + timedelta(seconds=1))
    here.ask("GET", f"/api/v1/cases/{no}", 401)
    assert lapsed(here.world.database) == 1
    assert here.world.file(no).case.state is CaseState.WITHDRAWN
    assert lapsed(here.world.database) == 0


def test_a_sign_of_life_keeps_the_session_that_it_names(here: Terminal) -> None:
    here.begins()
    _earlier(here.world, LEASE - timedelta(seconds=5))
    beat = {"state": "in_use", "session": here.session}
    assert here.ask("POST", "/kiosk/api/heartbeat", json=beat) == {"paper": "ready", "alive": True}
    _earlier(here.world, timedelta(seconds=30))
    no = here.opens()
    here.ask("GET", f"/api/v1/cases/{no}")
    assert not here.ask("POST", "/kiosk/api/heartbeat", json={"state": "idle"})["alive"]


def test_who_begins_ends_who_was_before(here: Terminal) -> None:
    here.begins()
    no, token = here.opens(), here.token
    here.begins()
    fresh, here.token = here.token, token
    here.ask("GET", f"/api/v1/cases/{no}", 401)
    here.token = fresh
    assert here.world.file(no).case.state is CaseState.WITHDRAWN


def test_the_cookie_is_for_the_browser_alone(plain_world: World) -> None:
    with plain_world.database.transaction() as tx:
        _, code = tx.devices.add("三号机", "大厅", "440105", actor=SYSTEM)
    answer = plain_world.client.post("/kiosk/enrol", json={"code": code})
    said = answer.headers["set-cookie"]
    assert said.startswith(COOKIE)
    assert all(word in said for word in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"))
    assert plain_world.client.post("/kiosk/enrol", json={"code": code}).status_code == 401


def test_a_strange_page_is_let_in_nowhere(plain_world: World) -> None:
    for method, path in (("GET", "/kiosk/api/device"), ("POST", "/kiosk/api/sessions"), ("GET", "/kiosk/api/items")):
        assert plain_world.client.request(method, path).status_code == 401
    guest = {"Authorization": "Bearer zg_" + "A" * 43 + "00000000"}
    body = {"item": ITEM, "consent": True, "transaction_id": unique()}
    assert plain_world.client.post("/kiosk/api/cases", json=body, headers=guest).status_code == 401


def test_the_page_may_speak_to_its_own_bridge_and_to_nothing_else(here: Terminal) -> None:
    alone = here.client.get("/kiosk").headers["content-security-policy"]
    assert "connect-src 'self';" in alone
    with here.world.database.transaction() as tx:
        _, code = tx.devices.add("四号机", "大厅", "440105", "http://127.0.0.1:8901", actor=SYSTEM)
    here.client.post("/kiosk/enrol", json={"code": code})
    assert "connect-src 'self' http://127.0.0.1:8901;" in here.client.get("/kiosk").headers["content-security-policy"]
    assert here.client.get("/kiosk/sw.js").headers["service-worker-allowed"] == "/kiosk"


def _earlier(world: World, by: timedelta) -> None:
    """As if it had all been so much earlier."""
    with world.database.transaction() as tx:
        for row in tx.all(kiosk_sessions.select().where(kiosk_sessions.c.ended_at.is_(None))):
            past = {"started_at": row.started_at - by, "ends_at": row.ends_at - by}
            tx.execute(update(kiosk_sessions).where(kiosk_sessions.c.id == row.id).values(**past))
