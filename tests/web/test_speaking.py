"""Residents are answered in the language they ask in, also where a call is refused at the door."""

from tests.web.world import World
from web.speaking import english, speaking

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}


def test_a_refusal_is_said_in_english_with_the_same_code(world: World) -> None:
    chinese = world.client.get("/api/v1/cases/nope")
    said = world.client.get("/api/v1/cases/nope", headers=ENGLISH)
    assert (chinese.status_code, chinese.json()["error"]) == (
        401,
        {"code": "unauthenticated", "message": "请先登录。", "details": {}},
    )
    assert said.json()["error"] == {"code": "unauthenticated", "message": "Please sign in first.", "details": {}}


def test_what_is_wrong_with_a_request_is_said_in_english(world: World) -> None:
    refused = world.client.post("/api/v1/session", json={"code": ""}, headers=ENGLISH).json()["error"]
    assert refused["code"] == "invalid_request"
    assert refused["message"] == "Something is wrong in what was sent (code: Too short; platform: Missing)."


def test_an_unknown_address_and_a_body_too_large_are_refused_in_english(world: World) -> None:
    missing = world.client.get("/api/v1/nothing", headers=ENGLISH).json()["error"]
    assert missing["message"] == "What you look for was not found."
    large = world.client.post("/api/v1/session", content=b" " * 3_000_000, headers=ENGLISH).json()["error"]
    assert (large["code"], large["message"][:25]) == ("too_large", "This is larger than 262KB")


def test_the_desk_is_answered_in_chinese_whatever_the_browser_likes(world: World) -> None:
    assert world.client.get("/desk/api/queues", headers=ENGLISH).json()["error"]["message"] == "请先登录。"


def test_what_is_made_without_a_request_is_chinese() -> None:
    assert not english()
    with speaking("en"):
        assert english()
    assert not english()
