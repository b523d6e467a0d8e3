"""How residents ask, as data: what is read, and what is refused with its place."""

from typing import Any

import pytest

from cases.phrases import LifeEvent, Phrases, PhrasesInvalid, phrases_from

EVENT = {"key": "shop", "name": "开店", "name_en": "Opening a shop", "sign": "店", "items": ["甲", "乙"]}


def test_phrases_are_read_and_say_which_items_they_mean() -> None:
    made = phrases_from(
        {"fillers": ["我想"], "synonyms": [["丢", "掉"]], "says": {"甲": ["x"]}, "events": [EVENT], "often": ["乙"]}
    )
    event = LifeEvent("shop", "开店", "Opening a shop", "店", ("甲", "乙"))
    assert made == Phrases(("我想",), (("丢", "掉"),), {"甲": ("x",)}, (event,), ("乙",))
    named = [("says.甲", "甲"), ("events[0].items[0]", "甲"), ("events[0].items[1]", "乙"), ("often[0]", "乙")]
    assert list(made.named()) == named


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ([], "phrases"),
        ({"sayings": {}}, "phrases.sayings"),
        ({"says": []}, "phrases.says"),
        ({"says": {"甲": "x"}}, "phrases.says.甲"),
        ({"fillers": ["a", True]}, "phrases.fillers[1]"),
        ({"synonyms": [["a", " "]]}, "phrases.synonyms[0][1]"),
        ({"events": {}}, "phrases.events"),
        ({"events": [EVENT | {"sign": ""}]}, "phrases.events[0].sign"),
        ({"events": [EVENT | {"colour": "red"}]}, "phrases.events[0].colour"),
        ({"events": [EVENT | {"items": None}]}, "phrases.events[0].items"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(raw: Any, path: str) -> None:
    with pytest.raises(PhrasesInvalid) as refused:
        phrases_from(raw)
    assert refused.value.details["path"] == path
