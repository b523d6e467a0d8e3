"""Which language a request is answered in."""

import pytest

from web.language import spoken


@pytest.mark.parametrize("header", ["en", "en-GB", "EN-us,en;q=0.9,zh;q=0.8", " en ;q=0.8"])
def test_english_is_answered_to_whoever_lists_it_first(header: str) -> None:
    assert spoken(header) == "en"


@pytest.mark.parametrize("header", ["", "zh-CN,zh;q=0.9,en;q=0.8", "*", "fr", "enough", ";;,,", "e" * 9000, "\u00e9n"])
def test_everything_else_is_answered_in_chinese(header: str) -> None:
    assert spoken(header) == "zh"
