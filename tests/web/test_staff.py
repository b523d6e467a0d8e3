"""People of the back office over HTTP: added, given roles, shut out, and what they renew themselves."""

import pyotp

from storage.finding import RegionNames
from storage.words import Role
from tests.web.world import PASSWORD, World
from web.auth import CSRF_HEADER


class Person:
    """Signed in with a cookie of their own."""

    def __init__(self, world: World, login: str, *roles: Role) -> None:
        self.world, self.typed = world, world.staff(login, *roles)
        self.enter(self.typed)

    def enter(self, typed: dict[str, str]) -> int:
        client = self.world.client
        client.cookies.clear()
        answer = client.post("/desk/login", json=typed, headers={"User-Agent": "a browser"})
        self.cookies = dict(client.cookies)
        client.cookies.clear()
        self.csrf = answer.json().get("csrf", "")
        return answer.status_code

    def get(self, path: str) -> tuple[int, dict]:
        answer = self.world.client.get(path, headers=self._headers())
        return answer.status_code, answer.json()

    def post(self, path: str, **body: object) -> tuple[int, dict]:
        answer = self.world.client.post(path, json=body, headers=self._headers())
        return answer.status_code, answer.json()

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {CSRF_HEADER: self.csrf, "Cookie": cookie}


def _departments(world: World) -> None:

    with world.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", "海珠区", {"rsj": "人社局"}))


def test_somebody_is_added_and_what_is_secret_is_shown_once(plain_world: World) -> None:
    _departments(plain_world)
    head = Person(plain_world, "head", Role.ADMINISTRATOR)
    asked = {"login": "Li.Lei", "name": "李雷", "roles": ["clerk"], "departments": ["rsj"], "transaction_id": "add-1"}
    status, made = head.post("/desk/api/staff", **asked)
    assert (status, made["person"]["login"]) == (201, "li.lei")
    again = head.post("/desk/api/staff", **asked)[1]
    assert (again["person"], again["once"]) == (made["person"], None)
    once = made["once"]
    fresh = {"login": "li.lei", "password": once["password"], "totp": pyotp.TOTP(once["totp_secret"]).now()}
    lei = Person.__new__(Person)
    lei.world = plain_world
    assert lei.enter(fresh) == 200
    assert lei.get("/desk/api/staff")[0] == 403
    status, seen = head.get(f"/desk/api/staff/{made['person']['id']}")
    assert [(line["way"], line["device"]) for line in seen["sessions"]] == [("password", "a browser")]


def test_a_department_that_nobody_has_is_refused_by_name(plain_world: World) -> None:
    _departments(plain_world)
    head = Person(plain_world, "head", Role.ADMINISTRATOR)
    status, said = head.post("/desk/api/staff", login="li", name="李", roles=["clerk"], departments=["rsj", "xyz"])
    assert status == 422
    assert "xyz" in said["error"]["message"]
    assert head.post("/desk/api/staff", login="li", name="李", roles=["agent"])[0] == 422


def test_who_is_shut_out_is_out_at_once_and_nobody_shuts_themselves_out(plain_world: World) -> None:
    _departments(plain_world)
    head, clerk = Person(plain_world, "head", Role.ADMINISTRATOR), Person(plain_world, "clerk", Role.CLERK)
    ids = {line["login"]: line["id"] for line in head.get("/desk/api/staff")[1]["staff"]}
    assert head.post(f"/desk/api/staff/{ids['head']}/deactivate")[0] == 409
    assert head.post(f"/desk/api/staff/{ids['head']}/roles", roles=["clerk"])[0] == 409
    assert clerk.get("/desk/api/me")[0] == 200
    assert head.post(f"/desk/api/staff/{ids['clerk']}/roles", roles=["auditor"], departments=["rsj"])[0] == 200
    assert clerk.get("/desk/api/me")[1]["roles"] == ["auditor"]
    assert head.post(f"/desk/api/staff/{ids['clerk']}/deactivate")[0] == 200
    assert clerk.get("/desk/api/me")[0] == 401


def test_ones_sessions_are_listed_and_one_is_ended(plain_world: World) -> None:
    clerk = Person(plain_world, "clerk", Role.CLERK)
    seen = clerk.get("/desk/api/account")[1]
    assert [line["id"] for line in seen["sessions"]] == [seen["here"]]
    assert clerk.post("/desk/api/account/sessions/nonsense/end")[1]["ended"] == 0
    assert clerk.post(f"/desk/api/account/sessions/{seen['here']}/end")[1]["ended"] == 1
    assert clerk.get("/desk/api/account")[0] == 401


def test_a_new_password_needs_the_present_proof_and_wrong_ones_lock(plain_world: World) -> None:
    clerk = Person(plain_world, "clerk", Role.CLERK)
    wrong = {"password": PASSWORD, "totp": "000000", "new_password": "another long one"}
    answers = [clerk.post("/desk/api/account/password", **wrong)[0] for _ in range(6)]
    assert answers == [422, 422, 422, 422, 403, 403]
    assert clerk.get("/desk/api/me")[0] == 200, "whoever is in stays in"


def test_a_departments_system_has_no_account(plain_world: World) -> None:
    assert plain_world.system(Role.CLERK).raw("GET", "/desk/api/account").status_code == 422
