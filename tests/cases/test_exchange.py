"""Items in the fields of the national exchange, there and back."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.exchange import exchange_problems, item_from_exchange, item_to_exchange
from cases.items import ItemInvalid, item_from
from tests.cases.world import ITEM, item

CATALOGUE = sorted((Path(__file__).parents[2] / "preaudit" / "items").glob("*.yaml"))
NATIONAL = {"catalog_code": "000110001000", "task_type": "07", "use_level": "4", "by_law": "社会保险法第五十八条"}


@pytest.mark.parametrize("file", CATALOGUE, ids=lambda f: f.stem)
def test_every_item_of_the_catalogue_comes_back_from_the_exchange_as_it_went(file: Path) -> None:
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    went = item_to_exchange(item_from(raw))
    assert list(exchange_problems(went)) == []
    assert item_from(item_from_exchange(went, raw)) == item_from(raw)


def test_what_an_item_does_not_know_is_kept_as_it_came() -> None:
    given = item_to_exchange(item())
    given["directory"] |= NATIONAL
    given["materials"][0] |= {"page_format": "A4", "by_law": "第三条"}
    back = item_to_exchange(item_from(item_from_exchange(given, ITEM)))
    assert back == given


def test_an_item_that_is_new_here_gets_one_step_and_a_recogniser_by_the_name_of_each_paper() -> None:
    made = item_from(item_from_exchange(item_to_exchange(item())))
    assert [(s.department, s.days) for s in made.routing] == [("rsj", 5)]
    assert [m.document for m in made.materials] == [
        "id_card_front",
        "household_register",
        "application_form",
        "other_paper",
    ]
    assert [str(m.original) for m in made.materials] == ["show", "show", "show", "none"]


def test_codes_stand_at_the_edge() -> None:
    went = item_to_exchange(item(fee={"amount_fen": 2050, "basis": "甲"}), {"gaj": "海珠分局"})
    assert went["basic"]["project_type"] == "2"
    assert went["basic"]["limit_scene_num"] == "0"
    assert [m["is_need"] for m in went["materials"]] == ["1", "1", "1", "3"]
    assert went["fees"] == [{"fee_name": "社会保障卡补领", "fee_stand": "20.50元", "by_law": "甲"}]
    assert went["extend"]["other_dept"] == "海珠分局"


def test_a_department_of_another_system_is_found_by_its_name() -> None:
    given = item_to_exchange(item())
    given["basic"] |= {"dept_code": "11440105007521234X", "dept_name": "人社局"}
    assert item_from_exchange(given, None, {"rsj": "人社局"})["department"] == "rsj"


@pytest.mark.parametrize(
    ("section", "field", "value", "said"),
    [
        ("basic", "project_type", "7", "没有代码7"),
        ("basic", "promise_day", "五", "应为整数"),
        ("basic", "server_type", "1,8", "没有代码8"),
        ("directory", "task_name", "长" * 201, "最长200字"),
        ("directory", "colour", "red", "不认识的字段"),
        ("extend", "result_name", "", "缺少此项"),
        ("basic", "dept_code", 12, "应为文字"),
    ],
)
def test_what_does_not_fit_the_tables_is_named_by_its_place(section: str, field: str, value: Any, said: str) -> None:
    given = item_to_exchange(item())
    given[section][field] = value
    with pytest.raises(ItemInvalid, match=said) as refused:
        item_from_exchange(given)
    assert refused.value.details["path"] == f"{section}.{field}"
