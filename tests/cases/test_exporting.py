"""Cases in the fields and codes of GB/T 39046-2020."""

import csv
import io
import json
from dataclasses import replace

import pytest

from cases.actions import deciding
from cases.exporting import Exported, Offices, export_case, masked
from cases.exporting_text import BOM, PROBLEMS, Counts, as_csv, as_json
from cases.gbt39046 import TABLES, problems
from cases.lifecycle import CaseState
from tests.cases.world import World

OFFICES = Offices(
    {"rsj": "海珠区人社局", "gaj": "海珠公安分局"}, {"rsj": "11440105007521234X"}, people={"tester": "张三"}
)


def delivered() -> World:
    world = World().to_delivered()
    return world.apply(deciding.rate(world.file, 2, "很快", world.now))


def test_every_row_of_a_whole_life_fits_the_tables() -> None:
    made = export_case(delivered().file, OFFICES, personal=True)
    assert made.refused == ()
    assert {table: len(rows) for table, rows in made.rows.items()} == {
        "application": 1, "materials": 3, "acceptance": 1, "handling": 3, "special": 0, "conclusion": 1, "rating": 1,
        "complaints": 0, "monitoring": 0, "logistics": 2,
    }  # fmt: skip
    (acceptance,) = made.rows["acceptance"]
    assert acceptance["受理单位统一社会信用代码"] == "11440105007521234X"
    assert acceptance["承诺办结时间"] == "20260309"
    assert made.rows["handling"][0] | {"处理单位": "", "处理单位统一社会信用代码": ""} == {
        "办件编号": made.number, "业务动作": "1", "环节名称": "制卡", "环节处理人": "张三", "处理意见": "同意",
        "环节开始时间": "20260302T100000", "环节结束时间": "20260302T100000", "环节办理状态代码": "2",
        "处理单位": "", "处理单位统一社会信用代码": "",
    }  # fmt: skip
    assert made.rows["rating"][0]["满意度代码"] == "2"


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_its_code(state: CaseState) -> None:
    world = World()
    world.file = replace(world.file, case=replace(world.file.case, state=state))
    assert export_case(world.file, OFFICES, personal=True).refused == ()


def test_without_the_right_to_them_personal_values_are_masked_in_every_table() -> None:
    file = delivered().file
    made = export_case(file, OFFICES, personal=False)
    text = json.dumps(made.rows, ensure_ascii=False)
    who = file.case.applicant
    assert made.refused == ()
    assert [value for value in (who.name, who.id_number, who.phone, "样本路1号", "很快") if value in text] == []
    assert made.rows["application"][0]["申请者证件号码"] == "440105********0019"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("440105199003070019", "440105********0019"),
        ("王小明", "王**"),
        ("王", "*"),
        ("", ""),
        ("12345678901", "123****8901"),
    ],
)
def test_a_masked_value_is_as_long_as_it_was(given: str, said: str) -> None:
    head, tail = (6, 4) if len(given) == 18 else (3, 4) if len(given) == 11 else (1, 0)
    assert masked(given, head, tail) == said


ROW = {
    "办件编号": "1", "实施编码": "x", "事项名称": "x", "办件类型代码": "1", "申请者名称": "x", "申请者证件类型代码": "111",
    "申请者证件号码": "x", "申报来源代码": "3", "申请时间": "20260302T100000", "行政区划": "440105", "办件状态代码": "90",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"办件类型代码": "3"}, "办件类型代码：代码3不在代码表中"),
        ({"办件编号": "1" * 51}, "办件编号：最长50位，实为51位"),
        ({"申请者证件类型代码": "11"}, "申请者证件类型代码：应为3位，实为2位"),
        ({"行政区划": "44010x"}, "行政区划：应为数字"),
        ({"申请时间": "2026-03-02"}, "申请时间：应为YYYYMMDDThhmmss"),
        ({"申请时间": "20260230T100000"}, "申请时间：应为YYYYMMDDThhmmss"),
        ({"事项名称": ""}, "事项名称：缺少"),
        ({"颜色": "红"}, "颜色：不是本表的数据项"),
    ],
)
def test_what_does_not_fit_is_said_in_words(changed: dict[str, str], said: str) -> None:
    assert list(problems("application", ROW)) == []
    assert said in list(problems("application", ROW | changed))


def test_a_row_that_does_not_fit_is_left_out_told_and_counted() -> None:
    world = delivered()
    named = replace(world.file.item, name="长" * 201)
    made = export_case(replace(world.file, item=named), OFFICES, personal=True)
    assert made.rows["application"] == []
    assert made.refused == (("application", "事项名称：最长200位，实为201位"),)
    counts = Counts()
    document = json.loads("".join(as_json([made], {"region": None}, counts)))
    assert document["refused"] == [{"number": made.number, "table": "application", "reason": made.refused[0][1]}]
    assert (document["counts"]["cases"], document["counts"]["refused"]) == (1, 1)
    told = "".join(as_csv([made], PROBLEMS, Counts()))
    assert "事项名称：最长200位" in told


def test_no_cases_are_a_document_all_the_same() -> None:
    assert json.loads("".join(as_json([], {}, Counts())))["cases"] == []


@pytest.mark.parametrize("table", list(TABLES))
def test_csv_has_a_byte_order_mark_and_the_standards_names_as_columns(table: str) -> None:
    made = export_case(delivered().file, OFFICES, personal=True)
    text = "".join(as_csv([made, made], table, Counts()))
    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert len(rows) == 2 * len(made.rows[table])
    assert all(set(row) == {item.name for item in TABLES[table]} for row in rows)


def test_a_cell_never_becomes_a_formula() -> None:
    rows = {"rating": [{"办件编号": "1", "文字评价": "=HYPERLINK(1)"}]}
    assert "'=HYPERLINK" in "".join(as_csv([Exported("1", rows)], "rating", Counts()))
