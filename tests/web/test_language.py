"""Which language a request is answered in."""

import pytest

from tests.web.world import World
from web.language import spoken


@pytest.mark.parametrize("header", ["en", "en-GB", "EN-us,en;q=0.9,zh;q=0.8", " en ;q=0.8"])
def test_english_is_answered_to_whoever_lists_it_first(header: str) -> None:
    assert spoken(header) == "en"


@pytest.mark.parametrize("header", ["", "zh-CN,zh;q=0.9,en;q=0.8", "*", "fr", "enough", ";;,,", "e" * 9000, "\u00e9n"])
def test_everything_else_is_answered_in_chinese(header: str) -> None:
    assert spoken(header) == "zh"


def test_what_a_browser_fetches_ahead_is_told_apart_by_its_address(plain_world: World) -> None:
    def kind(lang: str, header: str) -> str:
        listed = plain_world.client.get("/api/v1/items", params={"lang": lang}, headers={"Accept-Language": header})
        return str(listed.json()["items"][0]["kind_label"])

    assert kind("zh", "en") == kind("", "zh-CN") == "承诺件"
    assert kind("en", "zh-CN") == kind("", "en-GB") != "承诺件"


def test_the_guides_lists_are_sent_small_and_nothing_of_anybodys_own(plain_world: World) -> None:
    me, small = plain_world.resident(), {"Accept-Encoding": "gzip"}
    assert plain_world.client.get("/api/v1/items/440105-SHBZK-BL", headers=small).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in me.raw("GET", f"/api/v1/cases/{me.opens()}", headers=small).headers
