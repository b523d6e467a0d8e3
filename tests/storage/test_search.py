"""Finding by the words a resident would type, on the shipped items and phrases."""

import time
from dataclasses import replace
from random import Random

import pytest

from cases.phrases import Phrases
from preaudit.catalogue import load
from preaudit.phrases import load_phrases
from storage.search import Index, build
from tests.cases.world import item
from tests.storage.asked import ASKED, CARD, ID, NOT_OFFERED, ODD, PERMIT

ITEMS = [loaded.item for loaded in load().values()]
PHRASES = load_phrases().phrases
INDEX = build(ITEMS, PHRASES)


def first(question: str, index: Index = INDEX) -> str | None:
    return next((found.name for found in index.find(question)), None)


@pytest.mark.parametrize(("question", "expected"), ASKED)
def test_what_a_resident_types_finds_what_is_meant(question: str, expected: str) -> None:
    assert first(question) in expected.split("|")


@pytest.mark.parametrize("question", NOT_OFFERED)
def test_what_is_not_offered_is_not_found(question: str) -> None:
    assert first(question) is None


@pytest.mark.parametrize("question", ODD)
def test_odd_input_is_no_error(question: str) -> None:
    assert isinstance(INDEX.find(question), list)


def test_there_are_enough_phrasings_to_mean_something_and_every_item_has_one() -> None:
    assert len({question for question, _ in ASKED}) >= 60
    assert {i.name for i in ITEMS} <= {name for _, expected in ASKED for name in expected.split("|")}


def test_every_item_is_found_by_its_own_name_code_and_keywords() -> None:
    for one in ITEMS:
        for word in (one.name, one.code, one.code.lower(), str(one.en["name"]), *one.keywords):
            assert one.name in {found.name for found in INDEX.find(word)}, (one.code, word)


def test_every_life_event_finds_its_items_in_its_order() -> None:
    for event in PHRASES.events:
        for name in (event.name, event.name_en):
            assert first(name) == event.items[0], name


def test_somebody_who_is_still_typing_sees_it_coming() -> None:
    assert all(first(begun) == CARD for begun in ("社会", "社会保", "社会保障", "社保", "shehuibaozhang"))
    assert first("居住") == PERMIT


def test_of_equals_what_is_applied_for_most_comes_first() -> None:
    one, other = item(code="a-1", name="甲证", keywords=["补证"]), item(code="b-1", name="乙证", keywords=["补证"])
    index = build([one, other], Phrases())
    assert [i.name for i in index.find("补证")] == [i.name for i in index.often()] == ["甲证", "乙证"]
    assert (
        [i.name for i in index.find("补证", {"b-1": 3})]
        == [i.name for i in index.often({"b-1": 3})]
        == ["乙证", "甲证"]
    )


def test_without_phrases_names_and_keywords_are_still_found_by_sound() -> None:
    bare = build(ITEMS, Phrases())
    assert first("社保咔", bare) == CARD
    assert first("身分证", bare) == ID


def test_two_thousand_items_are_searched_within_twenty_milliseconds() -> None:
    words = [
        "设立",
        "变更",
        "注销",
        "补领",
        "登记",
        "许可",
        "备案",
        "申领",
        "公司",
        "学校",
        "医疗",
        "食品",
        "药品",
        "护士",
        "教师",
        "船舶",
        "工程",
        "消防",
        "环保",
        "林木",
        "宠物",
        "殡葬",
        "收养",
        "签证",
        "档案",
        "职称",
    ]
    rng = Random(5)
    many = [
        replace(
            ITEMS[n % len(ITEMS)],
            code=f"990105-{n:05d}",
            name="".join(rng.sample(words, 3)),
            keywords=tuple("".join(rng.sample(words, 2)) for _ in range(3)),
            en={},
        )
        for n in range(2000)
    ]
    index = build([*ITEMS, *many], PHRASES)
    started = time.process_time()
    for question, _ in ASKED:
        assert index.find(question)
    index.find("设立变更注销登记许可备案" * 20)
    assert (time.process_time() - started) / (len(ASKED) + 1) < 0.020
