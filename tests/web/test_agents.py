"""Agent points: an account of their own, the point's cases and no others, authority on record, taken back at any time."""

from typing import Any

import pytest

from cases.comparing import typed_in
from storage.words import Role
from tests.web.points import agent, code_of, login, person, point, proves, publish
from tests.web.world import APPLICANT, SYSTEM, Caller, World

ENDING = str(APPLICANT["id_number"])[-4:]


@pytest.fixture
def village(plain_world: World) -> World:
    publish(plain_world)
    point(plain_world)
    point(plain_world, "xg-01", "新港村代办点")
    return plain_world


def listed(who: Caller, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who.get("/api/v1/agent/cases", params=asked)["cases"]
    return found


def past(who: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who.get("/api/v1/agent/past")["cases"]
    return found


def ready(world: World, who: Caller, n: int) -> str:
    """A case that may be handed in."""
    no = who.opens(applicant={"kind": "person", **person(n)})
    proves(world, who, no)
    for material in ("id_front", "form"):
        who.uploads(no, material, f"{no}{material}".encode())
    world.read_all(no)
    return no


def test_an_agent_signs_in_as_staff_do_and_nobody_else_gets_a_token(village: World) -> None:
    wang = login(village, "wang")
    form = wang.typed()
    wrong = village.client.post("/api/v1/agent/session", json={**form, "password": "x" * 12})
    assert wrong.status_code == 401
    answer = village.client.post("/api/v1/agent/session", json=form).json()
    assert (answer["name"], answer["point"]["name"]) == ("wang代办", "赤岗村代办点")
    clerk = village.staff("clerk", Role.CLERK)
    assert village.client.post("/api/v1/agent/session", json=clerk).status_code == 401
    cookie = village.client.post("/desk/login", json=village.staff("desk", Role.INTAKE)).cookies
    token = next(iter(cookie.values()))
    staff = Caller(village, {"Authorization": f"Bearer {token}"})
    staff.get("/api/v1/cases", 401)


def test_what_is_of_ones_own_account_is_not_for_an_agent(village: World) -> None:
    wang = agent(village)
    for method, path, body in (
        ("GET", "/api/v1/me/data", {}),
        ("POST", "/api/v1/me/erase", {"json": {}}),
        ("POST", "/api/v1/take-over", {"json": {"case": "1", "code": "123456", "id_ending": "1234"}}),
        ("POST", "/api/v1/claims/code", {"json": {"case": "1", "id_ending": "1234"}}),
        ("GET", "/api/v1/appointments", {}),
        ("POST", "/api/v1/cases/1/rating", {"json": {"level": 1}}),
    ):
        wang.ask(method, path, 403, **body)
    chen = village.resident()
    for path in ("/api/v1/agent/me", "/api/v1/agent/cases", "/api/v1/agent/past", "/api/v1/agent/batches"):
        chen.get(path, 403)


def test_a_case_that_an_agent_opens_is_in_the_points_name_whatever_the_request_says(village: World) -> None:
    wang = agent(village)
    no = wang.opens(channel="miniapp", agent=None)
    file = village.file(no)
    assert (file.case.channel, (file.case.agent or {})["point"]) == ("agent", "cg-01")
    wang.ask("POST", f"/api/v1/cases/{no}/submit", 409)
    with village.database.reading() as tx:
        opened = tx.timeline(no)[0]
    assert opened.on_behalf_of == "point:cg-01"


def test_an_agent_points_name_is_not_compared_with_anybodys_identity_card(village: World) -> None:
    no = agent(village).opens()
    assert not [key for key in typed_in(village.file(no)) if key.startswith("agent")]


def test_each_village_sees_its_own_cases_and_colleagues_share_them_on_record(village: World) -> None:
    wang, li, zhao = agent(village, "wang"), agent(village, "li"), agent(village, "zhao", "xg-01")
    chen = village.resident()
    ours, theirs, hers = wang.opens(), zhao.opens(), chen.opens()
    for who, sees in ((wang, {ours}), (li, {ours}), (zhao, {theirs})):
        assert {line["case"] for line in listed(who)} == sees
        for no in (ours, theirs, hers):
            who.get(f"/api/v1/cases/{no}", 200 if no in sees else 404)
    chen.get(f"/api/v1/cases/{ours}", 404)
    li.get(f"/api/v1/cases/{ours}")
    with village.database.reading() as tx:
        looks = [line for line in tx.timeline(ours) if line.action == "agent_looked"]
    assert len(looks) == 1  # li's, twice in a day; whoever opened it needs no line
    page = wang.uploads(ours, "id_front")["id"]
    for method, path in (("GET", f"/api/v1/cases/{ours}/agent"), ("DELETE", f"/api/v1/cases/{ours}/pages/{page}")):
        zhao.ask(method, path, 404)
    zhao.ask("POST", f"/api/v1/cases/{ours}/agent/code", 404, json={"purpose": "hand_over"})


def test_the_list_says_what_is_to_be_done_and_finds_by_name_among_its_own(village: World) -> None:
    wang, zhao = agent(village), agent(village, "zhao", "xg-01")
    first, second = ready(village, wang, 1), wang.opens(applicant={"kind": "person", **person(2)})
    zhao.opens(applicant={"kind": "person", **person(1)})
    steps = {line["case"]: line["step"] for line in listed(wang)}
    assert steps == {first: "submit", second: "authorise"}
    assert [line["case"] for line in listed(wang, q=person(1)["name"])] == [first]
    assert listed(wang, q="没有的人") == []
    wang.post(f"/api/v1/cases/{first}/submit")
    seen = wang.get("/api/v1/agent/cases?waiting=true")
    assert ([line["case"] for line in seen["cases"]], seen["waiting"]) == ([second], 1)
    assert {line["case"]: (line["step"], line["whose"]) for line in listed(wang)}[first] == ("office", "office")
    village.judge(first, "passed")
    assert {line["case"]: line["step"] for line in listed(wang)}[first] == "pack"


def test_the_authority_is_visible_its_kind_its_time_and_by_whom(village: World) -> None:
    wang = agent(village)
    no = wang.opens()
    assert wang.get(f"/api/v1/cases/{no}/agent")["authority"]["proven"] is None
    front = wang.uploads(no, "id_front")["id"]
    refused = wang.ask("POST", f"/api/v1/cases/{no}/agent/authority", 422, json={"page": front})
    assert "委托书" in refused["error"]["message"]
    page = wang.uploads(no, "mandate", b"signed")["id"]
    wang.post(f"/api/v1/cases/{no}/agent/authority", page=page)
    held = wang.get(f"/api/v1/cases/{no}/agent")
    assert (held["proven"], held["authority"]["proven_by"], held["point"]["village"]) == ("form", "wang代办", "赤岗村")
    (line,) = listed(wang)
    assert line["authority"]["proven"] == "form"
    assert line["authority"]["proven_at"]


def test_the_applicant_asks_for_the_code_looks_and_takes_over(village: World) -> None:
    wang = agent(village)
    no = wang.opens()
    page = wang.uploads(no, "id_front")["id"]
    me = village.resident("applicant")
    assert me.post("/api/v1/claims/code", case=no, id_ending="0000") == me.post(
        "/api/v1/claims/code", case="440105202603020000011", id_ending=ENDING
    )
    assert _codes(village, no) == []
    me.post("/api/v1/claims/code", case=no, id_ending=ENDING)
    me.post("/api/v1/claims/code", case=no, id_ending=ENDING)  # within a minute: the same answer, no second message
    assert len(_codes(village, no)) == 1
    known: dict[str, Any] = {"case": no, "code": code_of(village, no), "id_ending": ENDING}
    me.post("/api/v1/claims", 422, **{**known, "id_ending": "0000"})
    seen = me.post("/api/v1/claims", **known)
    assert (seen["agent"], seen["applicant"], seen["pages"], seen["proven"]) == ("赤岗村代办点", "陈*本", 1, None)
    me.get(f"/api/v1/cases/{no}", 404)
    me.post("/api/v1/take-over", **known)
    wang.get(f"/api/v1/cases/{no}", 404)
    wang.uploads(no, "form", status=404)
    wang.ask("DELETE", f"/api/v1/cases/{no}/pages/{page}", 404)
    assert listed(wang) == []
    (kept,) = past(wang)
    assert (kept["case"], kept["applicant"], kept["authority"]["ended"]) == (no, "", "handed_over")
    assert kept["state_label"]
    assert [c["case"] for c in me.get("/api/v1/cases")["cases"]] == [no]


def _codes(world: World, no: str) -> list[str]:
    with world.database.reading() as tx:
        return [str(n.data["code"]) for n in tx.notices_of(no) if "code" in n.data]


def test_whoever_took_a_draft_over_needs_nobodys_word_to_hand_it_in(village: World) -> None:
    wang = agent(village)
    no = wang.opens()
    wang.post(f"/api/v1/cases/{no}/agent/code", purpose="hand_over")
    me = village.resident("applicant")
    me.post("/api/v1/take-over", case=no, code=code_of(village, no), id_ending=ENDING)
    me.submits(no)
    assert village.file(no).case.submitted_at is not None


def test_a_resident_entrusts_a_case_and_takes_it_back_and_what_runs_goes_on(village: World) -> None:
    me, wang, zhao = village.resident(), agent(village), agent(village, "zhao", "xg-01")
    no = me.opens()
    me.ask("POST", f"/api/v1/cases/{no}/agent/entrust", 404, json={"point": "nowhere"})
    me.post(f"/api/v1/cases/{no}/agent/entrust", point="cg-01")
    me.ask("POST", f"/api/v1/cases/{no}/agent/entrust", 409, json={"point": "xg-01"})
    zhao.get(f"/api/v1/cases/{no}", 404)
    (line,) = listed(wang)
    assert (line["case"], line["authority"]["came"], line["authority"]["proven"]) == (no, "entrusted", "account")
    wang.submits(no)
    wang.ask("POST", f"/api/v1/cases/{no}/agent/withdraw", 403, json={})
    me.post(f"/api/v1/cases/{no}/agent/withdraw")
    wang.get(f"/api/v1/cases/{no}", 404)
    assert [line["case"] for line in past(wang)] == [no]
    assert me.get(f"/api/v1/cases/{no}/agent")["ended"] == "withdrawn"
    village.judge(no, "passed")
    assert me.get(f"/api/v1/cases/{no}")["state"] == "preaudit_passed"
    me.ask("POST", f"/api/v1/cases/{no}/agent/withdraw", 409, json={})
    me.post(f"/api/v1/cases/{no}/agent/entrust", point="xg-01")
    zhao.get(f"/api/v1/cases/{no}")


def test_an_agent_who_leaves_the_point_or_whose_point_closes_sees_nothing_at_once(village: World) -> None:
    wang = agent(village)
    wang.opens()
    with village.database.transaction() as tx:
        found = tx.staff.by_login("wang")
        assert found is not None
        tx.agents.assign(found.id, "xg-01", actor=SYSTEM)
    assert listed(wang) == []
    with village.database.transaction() as tx:
        tx.staff.assign(found.id, frozenset({Role.CLERK}), frozenset({"rsj"}), actor=SYSTEM)
    wang.get("/api/v1/agent/cases", 401)
