"""The item manager's form and words: one field or line changed at a time, and where two versions differ."""

import copy
from typing import Any

import pytest

from cases.errors import InvalidRequest
from cases.items import item_from
from preaudit.catalogue import ITEMS, load_file
from preaudit.checks.registry import CROSS_CHECKS as KNOWN_ACROSS
from preaudit.checks.registry import MATERIAL_CHECKS as KNOWN_OF_MATERIALS
from preaudit.documents import FAMILIES
from preaudit.documents import FIELDS as KNOWN_DOCUMENTS
from web.desk.catalogue.checks import CROSS_CHECKS, DOCUMENTS, MATERIAL_CHECKS
from web.desk.catalogue.editing import LineChange, at, change_line, put
from web.desk.catalogue.fields import GROUPS, LISTS, field_at
from web.desk.catalogue.words import differences, pieces, value_in_words, when_in_words

CARD: dict[str, Any] = dict(load_file(ITEMS / "440105-SHBZK-BL.yaml").raw)


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        ("name", ["新名称"], "新名称"),
        ("limits.promised_days", ["12"], 12),
        ("limits.promised_days", ["十二"], "十二"),
        ("fee.amount_fen", ["15.5"], 1550),
        ("in_person", [""], None),
        ("channels", ["", "miniapp", "counter"], ["miniapp", "counter"]),
        ("keywords", ["社保卡、补卡，换卡"], ["社保卡", "补卡", "换卡"]),
        ("materials[0].fill_online", ["true"], True),
        ("materials[0].fill_online", [], False),
        ("materials[0].when.under_16", ["true"], True),
        ("materials[0].checks[0]", ["age_between", "{min: 18}"], {"age_between": {"min": 18}}),
        ("materials[0].checks[0]", ["seal_present", ""], "seal_present"),
        ("routing[1].after", ["card"], ["card"]),
        ("courier.payer.delivery", ["resident"], "resident"),
        ("materials[4].en.name", ["Receipt"], "Receipt"),
    ],
)
def test_a_control_keeps_what_was_typed_in_the_items_own_form(place: str, typed: list[str], kept: Any) -> None:
    before = copy.deepcopy(CARD)
    assert at(put(CARD, place, typed), place) == kept
    assert before == CARD


def test_what_was_emptied_is_left_out_where_nothing_need_be_said() -> None:
    assert "summary" not in put(CARD, "summary", [""])
    assert "when" not in put(CARD, "materials[0].when.under_16", [""])["materials"][0]
    assert put(CARD, "fee.amount_fen", [""])["fee"] is None
    assert put(CARD, "name", [""])["name"] == ""


@pytest.mark.parametrize("place", ["code", "version", "materials", "materials[0]", "national.x", "en", "__class__", ""])
def test_the_form_changes_nothing_but_its_own_fields(place: str) -> None:
    with pytest.raises(InvalidRequest):
        put(CARD, place, ["x"])


@pytest.mark.parametrize("place", ["materials[9].name", "materials[0].checks[99]", "cross_checks[99]"])
def test_a_line_that_is_gone_is_refused(place: str) -> None:
    with pytest.raises(InvalidRequest, match="已不存在"):
        put(CARD, place, ["x", ""])


def test_lines_are_added_moved_and_taken_out() -> None:
    keys = [m["key"] for m in CARD["materials"]]
    down = change_line(CARD, "materials", LineChange.DOWN, 0)
    assert [m["key"] for m in down["materials"]] == [keys[1], keys[0], *keys[2:]]
    assert change_line(CARD, "materials", LineChange.UP, 0) == CARD
    assert [m["key"] for m in change_line(CARD, "materials", LineChange.REMOVE, 2)["materials"]] == keys[:2] + keys[3:]
    twice = change_line(change_line(CARD, "materials", LineChange.ADD, 0), "materials", LineChange.ADD, 0)
    assert [m["key"] for m in twice["materials"][-2:]] == ["material_1", "material_2"]
    assert change_line(CARD, "questions", LineChange.ADD, 0)["questions"][-1]["type"] == "bool"


@pytest.mark.parametrize("place", ["supersedes", "materials[0]", "name", "x"])
def test_only_the_forms_lists_have_lines(place: str) -> None:
    with pytest.raises(InvalidRequest):
        change_line(CARD, place, LineChange.ADD, 0)


def test_a_new_line_is_one_that_an_item_can_be_read_with() -> None:
    raw = CARD
    for place in (name for name in LISTS if "[" not in name):
        raw = change_line(raw, place, LineChange.ADD, 0)
    assert item_from({**raw, "follow_ons": []}).materials[-1].name == ""


def test_every_check_and_document_has_its_name_at_the_desk() -> None:
    assert MATERIAL_CHECKS.keys() == KNOWN_OF_MATERIALS.keys()
    assert CROSS_CHECKS.keys() == KNOWN_ACROSS.keys()
    assert DOCUMENTS.keys() == {*KNOWN_DOCUMENTS, *FAMILIES}


def test_every_field_of_the_form_is_one_that_can_be_changed() -> None:
    for group in GROUPS:
        for field in group.fields:
            assert field_at(f"{group.key}[0].{field.name}" if group.key else field.name) is field


def test_versions_differ_field_by_field_in_words() -> None:
    new = put(CARD, "fee.amount_fen", ["15"])
    new = put(new, "materials[0].need", ["optional"])
    new = change_line(new, "materials", LineChange.REMOVE, 2)
    told = {(d.head, d.label): (d.before, d.after) for d in differences(CARD, new)}
    assert told["", "收费（元）"] == ("20.00元", "15.00元")
    assert told["申请材料 · 居民身份证（人像面）", "是否必要"] == ("必要", "非必要")
    assert told["申请材料 · 户口簿（首页和持卡人本人页）", "什么情形需要"] == ("持卡人未满16周岁", None)
    assert differences(CARD, CARD) == []


def test_a_material_that_only_moved_is_told_as_moved() -> None:
    told = differences(CARD, change_line(CARD, "materials", LineChange.DOWN, 0))
    assert [(d.head, d.label) for d in told] == [("申请材料", "清单与顺序")]


def test_data_that_is_no_item_is_told_all_the_same() -> None:
    odd = {"name": 3, "materials": ["x", {"key": None}], "routing": {"a": 1}, "fee": [], "limits": "x", "when": 1}
    assert differences(CARD, odd)
    assert differences(odd, CARD)
    assert value_in_words(None, {"a": [1]}) == "{a: [1]}"
    assert when_in_words({"questions": "x"}, {"a": [True, "b"]}) == "“a”答“是”，或者“a”答“b”"


def test_texts_are_cut_where_they_differ() -> None:
    old, new = pieces("五个工作日", "三个工作日内")
    assert [(p.how, p.text) for p in old] == [("gone", "五"), ("same", "个工作日")]
    assert [(p.how, p.text) for p in new] == [("new", "三"), ("same", "个工作日"), ("new", "内")]
