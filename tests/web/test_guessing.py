"""Whoever tries numbers, codes or logins has to wait, whichever process they ask; who mistypes does not."""

import pytest

from storage.words import Role
from tests.web.world import World, make_world, unique
from web.limits import Rates
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
