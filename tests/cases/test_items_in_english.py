"""An item in English: for showing, never for keeping."""

from typing import Any

import pytest

from cases.items import ItemInvalid, in_english, item_from
from tests.cases.world import ITEM, item


def with_english() -> dict[str, Any]:
    first, *others = ITEM["materials"]
    question = {
        "key": "why",
        "ask": "为什么？",
        "type": "choice",
        "choices": ["遗失", "损坏"],
        "en": {"ask": "Why?", "labels": {"遗失": "Lost"}},
    }
    return {
        **ITEM,
        "en": {"name": "Card"},
        "questions": [question],
        "materials": [{**first, "when": {}, "en": {"name": "Front"}}, *({**m, "when": {}} for m in others)],
        "result": {**ITEM["result"], "en": {"name": "The card"}},
    }


def test_english_texts_stand_in_place_of_the_chinese_and_the_rest_stays() -> None:
    made = item_from(with_english())
    shown = in_english(made)
    assert (shown.name, shown.materials[0].name, shown.result.name) == ("Card", "Front", "The card")
    assert (shown.summary, shown.materials[1].name) == (made.summary, made.materials[1].name)
    assert (shown.code, shown.materials[0].key, shown.routing) == (made.code, made.materials[0].key, made.routing)
    (question,) = shown.questions
    assert (question.ask, question.labels) == ("Why?", {"遗失": "Lost"})
    assert question.choices == ("遗失", "损坏")


def test_an_item_without_english_is_shown_as_it_is() -> None:
    assert in_english(item()) == item()


@pytest.mark.parametrize(
    ("english", "path"),
    [({"nam": "x"}, "item.en.nam"), ({"name": 3}, "item.en.name"), ("Card", "item.en")],
)
def test_english_that_is_none_is_refused_with_its_place(english: Any, path: str) -> None:
    with pytest.raises(ItemInvalid) as refused:
        item_from({**ITEM, "en": english})
    assert refused.value.details["path"] == path
