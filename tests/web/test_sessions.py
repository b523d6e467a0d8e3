"""Logging in and out: residents by the platform's code, staff by password and one-time code, systems by key."""

import pytest

from storage.words import Role
from tests.web.world import SYSTEM, World, make_world
from web.auth import COOKIE, CSRF_HEADER


def test_the_same_person_comes_back_as_the_same(world: World) -> None:
    bodies = [{"code": f"dev:{name}", "platform": "embedded"} for name in ("chen", "chen", "li")]
    people = [world.client.post("/api/v1/session", json=b).json() for b in bodies]
    assert people[0]["person"] == people[1]["person"] != people[2]["person"]
    assert people[0]["token"] != people[1]["token"]


@pytest.mark.parametrize("code", ["chen", "dev:", "dev: ", "DEV:chen"])
def test_a_code_that_is_none_is_refused(plain_world: World, code: str) -> None:
    answer = plain_world.client.post("/api/v1/session", json={"code": code, "platform": "embedded"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")


def test_the_embedded_platform_exists_only_where_it_is_allowed(plain_world: World) -> None:
    closed = make_world(plain_world.database, plain_world.blobs, embedded_platform=False)
    answer = closed.client.post("/api/v1/session", json={"code": "dev:chen", "platform": "embedded"})
    assert (answer.status_code, answer.json()["error"]["details"]) == (422, {"platforms": []})


@pytest.mark.parametrize("token", ["", "zt_short", "zt_" + "a" * 43 + "00000000", "ünï"])
def test_a_token_that_is_none_is_refused(plain_world: World, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    assert plain_world.client.get("/api/v1/cases", headers=headers).status_code == 401  # type: ignore[arg-type]


def test_a_session_that_was_ended_is_worth_nothing(world: World) -> None:
    me = world.resident()
    me.ask("DELETE", "/api/v1/session")
    me.get("/api/v1/cases", 401)


def test_staff_log_in_with_three_things_and_change_with_a_csrf_word(world: World) -> None:
    login = world.staff("zhang", Role.PRE_AUDITOR)
    answer = world.client.post("/desk/login", json=login)
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in (COOKIE, "HttpOnly", "Secure", "SameSite=strict", "Path=/desk"))
    csrf = answer.json()["csrf"]
    assert world.client.get("/desk/api/me").json()["csrf"] == csrf
    assert world.client.get("/desk/api/queues").status_code == 200
    me = world.resident()
    no = me.opens()
    assert world.client.post(f"/desk/api/cases/{no}/claim").status_code == 403
    assert world.client.post(f"/desk/api/cases/{no}/claim", headers={CSRF_HEADER: "0" * 64}).status_code == 403
    assert world.client.post(f"/desk/api/cases/{no}/claim", headers={CSRF_HEADER: csrf}).status_code == 200
    assert world.client.post("/desk/logout", headers={CSRF_HEADER: csrf}).status_code == 200
    world.client.cookies.set(COOKIE, cookie.split("=", 1)[1].split(";")[0])
    assert world.client.get("/desk/api/queues").status_code == 401


def test_a_wrong_password_a_wrong_code_and_a_used_code_sound_the_same(world: World) -> None:
    login = world.staff("zhang", Role.CLERK)
    tried = [{**login, "password": "wrong"}, {**login, "totp": "000000"}, {**login, "login": "nobody"}]
    messages = {world.client.post("/desk/login", json=t).json()["error"]["message"] for t in tried}
    assert messages == {"登录名、密码或动态码不正确。"}
    assert world.client.post("/desk/login", json=login).status_code == 200
    assert world.client.post("/desk/login", json=login).status_code == 401


def test_failures_are_counted_and_lock(world: World) -> None:
    login = world.staff("zhang", Role.CLERK)
    wrong = [world.client.post("/desk/login", json={**login, "password": "wrong"}) for _ in range(6)]
    assert wrong[-1].json()["error"]["code"] == "locked"
    assert world.client.post("/desk/login", json=login).json()["error"]["code"] == "locked"


def test_who_was_sent_away_is_out_at_once(world: World) -> None:
    login = world.staff("zhang", Role.CLERK)
    world.client.post("/desk/login", json=login)
    with world.database.transaction() as tx:
        found = tx.staff.by_login("zhang")
        assert found is not None
        tx.staff.deactivate(found.id, actor=SYSTEM)
    assert world.client.get("/desk/api/me").status_code == 401


def test_a_role_that_was_taken_away_is_gone_at_once(world: World) -> None:
    world.client.post("/desk/login", json=world.staff("zhang", Role.SUPERVISOR))
    assert world.client.get("/desk/api/stats").status_code == 200
    with world.database.transaction() as tx:
        found = tx.staff.by_login("zhang")
        assert found is not None
        tx.staff.assign(found.id, frozenset({Role.CLERK}), frozenset({"rsj"}), actor=SYSTEM)
    assert world.client.get("/desk/api/stats").status_code == 403


def test_a_residents_session_opens_no_desk_and_the_other_way_round(world: World) -> None:
    token = world.resident().headers["Authorization"].removeprefix("Bearer ")
    world.client.cookies.set(COOKIE, token)
    assert world.client.get("/desk/api/me").status_code == 401
    world.client.cookies.clear()
    answer = world.client.post("/desk/login", json=world.staff("zhang", Role.CLERK))
    staff = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    assert world.client.get("/api/v1/cases", headers={"Authorization": f"Bearer {staff}"}).status_code == 401


def test_two_operators_do_not_work_on_one_case(world: World) -> None:
    me, first, second = world.resident(), world.system(Role.PRE_AUDITOR), world.system(Role.PRE_AUDITOR)
    no = me.opens()
    me.submits(no)
    world.judge(no, "review")
    claimed = first.post(f"/desk/api/cases/{no}/claim")
    refused = second.post(f"/desk/api/cases/{no}/claim", 409)
    assert refused["error"]["details"]["holder"] == claimed["holder"]
    taken = second.post(f"/desk/api/cases/{no}/preaudit", 409, decision="pass")
    assert taken["error"]["details"]["holder"] == claimed["holder"]
    assert world.file(no).case.state == "in_review"
    assert first.post(f"/desk/api/cases/{no}/release")["released"] is True
    second.post(f"/desk/api/cases/{no}/preaudit", decision="pass")


def test_numbers_are_shown_in_full_only_to_roles_that_may_see_them_and_the_look_is_recorded(world: World) -> None:
    me = world.resident()
    no = me.opens()
    seen = {role: world.system(role).get(f"/desk/api/cases/{no}")["applicant"] for role in (Role.INTAKE, Role.CLERK)}
    assert seen[Role.INTAKE]["id_number"] == "440105********0019"
    assert seen[Role.CLERK]["id_number"] == "440105199003070019"
    with world.database.reading() as tx:
        assert [x.action for x in tx.timeline(no)] == ["case_opened", "personal_data_shown"]
