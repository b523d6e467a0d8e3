"""Whoever tries numbers, codes or logins has to wait, whichever process they ask; who mistypes does not."""

from dataclasses import replace

import pytest

from storage.words import Role
from tests.web.kiosk.terminals import enrolled
from tests.web.world import World, client_of, make_world, unique
from web.limits import Rates, counted_as
from web.settings import WebSettings, WebSettingWrong

UNKNOWN = "/api/v1/cases/440105202603020000011"


def two_processes(world: World, **changes: object) -> tuple[World, World]:
    return tuple(make_world(world.database, world.blobs, **changes) for _ in range(2))  # type: ignore[return-value]


def test_case_numbers_are_tried_only_so_often_by_one_account_in_all_processes_together(world: World) -> None:
    first, second = two_processes(world, misses_per_person=6)
    me = first.resident()
    mine = me.opens()
    there = second.resident()  # the same person
    assert [me.raw("GET", UNKNOWN).status_code for _ in range(3)] == [404] * 3
    assert [there.raw("GET", UNKNOWN).status_code for _ in range(3)] == [404] * 3
    refused = there.raw("GET", UNKNOWN)
    assert refused.status_code == 429
    assert 500 < int(refused.headers["Retry-After"]) <= 600
    assert me.raw("GET", UNKNOWN).status_code == 404, "one more at most, and then here too"
    assert me.raw("GET", f"/api/v1/cases/{mine}").status_code == 429
    assert me.raw("GET", "/api/v1/cases").status_code == 200, "what needs no number goes on"
    first.resident("other").get(f"/api/v1/cases/{first.resident('other').opens()}")


def test_an_address_that_tries_many_accounts_is_counted_too(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, misses_per_address=5)
    for n in range(5):
        assert world.resident(f"r{n}").raw("GET", UNKNOWN).status_code == 404
    assert world.resident("next").raw("GET", UNKNOWN).status_code == 429
    assert world.client.get("/api/v1/items").status_code == 200


def test_codes_of_letters_are_tried_only_so_often(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, misses_per_address=5, lookups_per_minute=8)
    answers = [world.client.get("/api/v1/verify/0123456789ABCDEF").status_code for _ in range(7)]
    assert answers == [404] * 5 + [429] * 2
    slow = make_world(plain_world.database, plain_world.blobs, lookups_per_minute=2)
    assert 429 in [slow.client.get("/api/v1/verify/1123456789ABCDEF").status_code for _ in range(4)]


def test_logins_are_tried_only_so_often_from_one_address_in_all_processes_together(plain_world: World) -> None:
    first, second = two_processes(plain_world, failed_logins_per_address=4)
    wrong = [{"login": f"nobody{n}", "password": "wrong password", "totp": "000000"} for n in range(6)]
    said = [p.client.post("/desk/login", json=w).status_code for p, w in zip([first, second] * 3, wrong, strict=True)]
    assert said[:4] == [401] * 4
    right = plain_world.staff("zhang", Role.CLERK)
    assert 429 in [p.client.post("/desk/login", json=right).status_code for p in (first, second)]


def test_one_time_codes_are_asked_for_only_so_often(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, codes_per_minute=3)
    me = world.resident()
    asked = {"case": "440105202603020000011", "id_ending": "0019"}
    assert [me.raw("POST", "/api/v1/claims/code", json=asked).status_code for _ in range(6)].count(429) >= 2


def test_pages_are_sent_only_so_often(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, pages_per_minute=2)
    me = world.resident()
    no = me.opens()
    page = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}}
    path = f"/api/v1/cases/{no}/materials/form/pages"
    assert [me.raw("POST", path, **page, data={"transaction_id": unique()}).status_code for _ in range(5)].count(
        429
    ) >= 2


FORWARDED = {"X-Forwarded-For": "198.51.100.7"}


@pytest.mark.parametrize(("trusted", "waits"), [("", True), ("10.0.0.0/8", True), ("testclient-is-no-address", None)])
def test_an_address_that_is_only_said_is_not_believed(plain_world: World, trusted: str, waits: bool | None) -> None:
    if waits is None:
        with pytest.raises(WebSettingWrong, match="WEB_TRUSTED_PROXIES"):
            make_world(plain_world.database, plain_world.blobs, trusted_proxies=trusted)
        return
    world = make_world(plain_world.database, plain_world.blobs, address_per_minute=3, trusted_proxies=trusted)
    said = [
        world.client.get("/api/v1/items", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(8)
    ]
    assert 429 in said


def test_behind_a_proxy_that_is_trusted_each_has_their_own_address(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, address_per_minute=3, trusted_proxies="10.0.0.0/8")
    world.client._transport.client = ("10.1.2.3", 4711)  # type: ignore[attr-defined]
    said = [
        world.client.get("/api/v1/items", headers={"X-Forwarded-For": f"6.6.6.6, 198.51.100.{n}"}).status_code
        for n in range(8)
    ]
    assert said == [200] * 8
    forged = [
        world.client.get("/api/v1/items", headers={"X-Forwarded-For": f"6.6.6.{n}, 198.51.100.9"}).status_code
        for n in range(8)
    ]
    assert 429 in forged, "what the caller wrote before the proxy did counts for nothing"


def test_every_rate_has_its_setting() -> None:
    assert vars(Rates.of(WebSettings("https://zerotrip.example")))


# ── who is counted ──


def test_residents_who_sign_in_are_counted_by_address_and_more_so_when_refused(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, sign_ins_per_minute=3)
    right = {"code": "dev:chen", "platform": "embedded"}
    assert [world.client.post("/api/v1/session", json=right).status_code for _ in range(8)].count(429) >= 2
    first, second = two_processes(plain_world, misses_per_address=4)
    wrong = {"code": "no such code", "platform": "embedded"}
    said = [p.client.post("/api/v1/session", json=wrong).status_code for p in (first, second) * 2]
    assert 429 not in said
    assert 429 in [p.client.post("/api/v1/session", json=right).status_code for p in (first, second)]
    assert second.client.get("/api/v1/items").status_code == 200


@pytest.mark.parametrize("door", ["packing/photo", "complaints"])
def test_every_file_that_is_sent_is_counted(plain_world: World, door: str) -> None:
    world = make_world(plain_world.database, plain_world.blobs, pages_per_minute=2)
    me = world.resident()
    path, page = f"/api/v1/cases/{me.opens()}/{door}", {"files": {"file": ("a.jpg", b"x", "image/jpeg")}}
    sent = [me.raw("POST", path, **page, data={"transaction_id": unique()}).status_code for _ in range(6)]
    assert sent.count(429) >= 2


def test_files_of_the_desk_are_counted_too(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, pages_per_minute=2)
    mine, page = world.system(Role.CLERK), {"files": {"file": ("a.pdf", b"%PDF", "application/pdf")}}
    path, form = "/desk/api/assignments/x/files", {"transaction_id": "t"}
    assert [mine.raw("POST", path, **page, data=form).status_code for _ in range(6)].count(429) >= 2


def test_a_terminal_is_counted_whoever_stands_before_it(plain_world: World) -> None:
    world = make_world(
        plain_world.database, plain_world.blobs, pages_per_minute=2, misses_per_person=4, person_per_minute=1000
    )
    here = enrolled(world)
    page, sent, tried = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}}, [], []
    for _ in range(4):
        here.begins()
        path = f"/api/v1/cases/{here.opens()}/materials/form/pages"
        sent.append(here.raw("POST", path, **page, data={"transaction_id": unique()}).status_code)
    assert sent.count(429) >= 1
    for _ in range(6):
        here.begins()
        tried.append(here.raw("GET", UNKNOWN).status_code)
    assert tried == [404] * 4 + [429] * 2
    slow = make_world(plain_world.database, plain_world.blobs, device_per_minute=6, person_per_minute=1000)
    there = replace(here, world=slow, client=client_of(slow.doors))
    there.client.cookies.update(here.client.cookies)
    there.begins()
    no = there.opens()
    assert [there.raw("GET", f"/api/v1/cases/{no}").status_code for _ in range(12)].count(429) >= 4


def test_people_are_looked_for_only_so_often(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, lookups_per_minute=3)
    desk = world.system(Role.PRE_AUDITOR)
    asked = {"json": {"text": "440105199003070019"}}
    assert [desk.raw("POST", "/desk/api/search", **asked).status_code for _ in range(8)].count(429) >= 2


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_whoever_has_a_whole_network_is_one(address: str, counted: str) -> None:
    """A line has 2^64 addresses of the sixth version."""
    assert counted_as({"client": (address, 1)}) == counted
