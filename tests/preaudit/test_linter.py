"""One test per rule: an item that is right but for one thing, and the name and line of the rule that says so."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from preaudit.catalogue import ITEMS
from preaudit.checks import CROSS_CHECKS, MATERIAL_CHECKS, describe
from preaudit.checks.described import described
from preaudit.lint_rules import RULES
from preaudit.linter import LintProblem, lint
from tests.preaudit.builders import raw_item, raw_material
from tests.preaudit.test_lint_couriers import RULES_TESTED

STEP = {"key": "all", "department": "rsj", "days": 5, "task": "审核"}
LIMITS = {"statutory_days": 20, "promised_days": 5}
BY_COUNTY = {"by": "address.county", "equals": {"海珠区": "rsj"}, "otherwise": "unrouted"}
BY_STREET = {"by": "address.detail", "starts": {"新港": "rsj", "新港东": "gaj"}, "otherwise": "rsj"}
CHOICE = {"key": "ground", "ask": "？", "type": "choice", "choices": ["甲", "乙"]}


def problems(folder: Path, **more: Any) -> list[LintProblem]:
    path = folder / "item.yaml"
    path.write_text(yaml.safe_dump(raw_item(**more), allow_unicode=True, sort_keys=False))
    return lint(path)


def test_the_smallest_right_item_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_the_items_that_ship_have_no_problem() -> None:
    assert lint() == []
    assert lint(ITEMS) == []


TWO_BRANCHES = [
    raw_material("a", when={"ground": "甲"}),
    raw_material("b", when={"ground": "乙"}),
]

CARDS = [raw_material("id_front"), raw_material("id_back", "id_card_back", checks=["authority_plausible"])]
FORM = raw_material(
    "linked_form", "application_form", fields={"新户主姓名": "new_holder"}, checks=["signature_present"]
)

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("promised_over_statutory", {"limits": LIMITS | {"statutory_days": 4}}, "limits:"),
    ("limit_not_positive", {"limits": LIMITS | {"preaudit_hours": 0}}, "preaudit_hours:"),
    ("instant_over_one_day", {"kind": "instant"}, "promised_days:"),
    ("steps_do_not_add_up", {"routing": [STEP | {"days": 6}]}, "routing:"),
    ("steps_do_not_add_up", {"routing": [STEP | {"days": 3}]}, "routing:"),
    (
        "steps_do_not_add_up",
        {"routing": [STEP | {"days": 3}, STEP | {"key": "b", "days": 3, "after": ["all"]}]},
        "routing:",
    ),
    ("step_days_not_positive", {"routing": [STEP, STEP | {"key": "b", "days": 0}]}, "days: 0"),
    ("site_visit_too_fast", {"limits": LIMITS | {"promised_days": 4}, "routing": [STEP | {"days": 4, "task": "现场勘查"}]}, "task:"),
    ("after_unknown_step", {"routing": [STEP | {"after": ["gone"]}]}, "after:"),
    ("after_in_a_circle", {"routing": [STEP | {"after": ["b"]}, STEP | {"key": "b", "after": ["all"]}]}, "routing:"),
    ("after_in_a_circle", {"routing": [STEP | {"after": ["all"]}]}, "routing:"),
    ("department_unknown", {"routing": [STEP | {"joint": ["nobody"]}]}, "department: rsj"),
    ("department_unknown", {"routing": [STEP | {"competent": BY_COUNTY | {"otherwise": "nobody"}}]}, "department: rsj"),
    ("competence_impossible", {"routing": [STEP | {"competent": BY_COUNTY | {"by": "address.planet"}}]}, "by: address.planet"),
    ("competence_impossible", {"routing": [STEP | {"competent": {"by": "address.city", "otherwise": "rsj"}}]}, "competent:"),
    ("competence_impossible", {"routing": [STEP | {"competent": BY_STREET}]}, "starts:"),
    ("competence_gap", {"routing": [STEP | {"competent": {"by": "address.county", "equals": {"海珠区": "rsj"}}}]}, "competent:"),
    ("joint_with_itself", {"routing": [STEP | {"joint": ["gaj", "rsj"]}]}, "joint:"),
    ("nobody_decides", {"questions": [CHOICE], "routing": [STEP | {"when": {"ground": "甲"}}]}, "routing:"),
    ("clocks_over_the_law", {"clocks": {"extension_days": 11}}, "extension_days: 11"),
    ("clocks_over_the_law", {"clocks": {"specials": {"听证": 21, "公示": 90}}}, "specials:"),
    ("department_unknown", {"department": "nobody"}, "department: nobody"),
    ("department_unknown", {"routing": [STEP | {"department": "nobody"}]}, "department: nobody"),
    ("code_length", {"code": "x"}, "code:"),
    ("code_length", {"code": "x" * 37}, "code:"),
    ("key_twice", {"materials": [raw_material(), raw_material()]}, "key: paper"),
    ("key_reserved", {"materials": [raw_material("form")]}, "key: form"),
    ("follow_on_unknown", {"follow_ons": [{"item": "nothing", "inherits": []}]}, "item: nothing"),
    ("follow_on_unknown", {"follow_ons": [{"item": "440105-LNYDZ", "inherits": ["gone"]}]}, "inherits:"),
    ("follow_on_inherits_in_vain", {"follow_ons": [{"item": "440105-LNYDZ", "inherits": ["paper"]}]}, "inherits:"),
    ("follow_on_inherits_in_vain", {"materials": [raw_material("id_front", "id_card_back", checks=["authority_plausible"])], "follow_ons": [{"item": "440105-LNYDZ", "inherits": ["id_front"]}]}, "inherits:"),
    ("follow_on_asks_again", {"materials": CARDS[:1], "follow_ons": [{"item": "440105-LNYDZ", "inherits": ["id_front"]}]}, "inherits:"),
    ("follow_on_left_blank", {"materials": [raw_material("buyer_id_front"), FORM], "follow_ons": [{"item": "440105-YSGH", "inherits": ["buyer_id_front", "linked_form"]}]}, "inherits:"),
    ("follow_on_result_in_vain", {"follow_ons": [{"item": "440105-LNYDZ", "inherits": [], "result_as": "gone"}]}, "result_as:"),
    ("follow_on_in_a_circle", {"follow_ons": [{"item": "440105-SHILI", "inherits": ["paper"]}]}, "item: 440105-SHILI"),
    ("follow_on_elsewhere", {"follow_ons": [{"item": "510107-LNYDZ", "inherits": []}]}, "item: 510107-LNYDZ"),
    ("word_unknown", {"channels": ["miniapp", "telex"]}, "channels:"),
    ("word_unknown", {"applicants": ["robot"]}, "applicants:"),
    ("word_unknown", {"result": {"name": "证", "form": "paper", "delivery": ["pigeon"]}}, "delivery:"),
    ("word_unknown", {"materials": [raw_material(source="rumour")]}, "source: rumour"),
    ("in_person_but_online", {"in_person": "需要采集人像和指纹", "channels": ["miniapp", "counter"]}, "channels:"),
    ("deferral_impossible", {"materials": [raw_material(need="deferrable")]}, "need: deferrable"),
    ("deferral_impossible", {"kind": "instant", "limits": LIMITS | {"promised_days": 1}, "routing": [STEP | {"days": 1}], "materials": [raw_material(), raw_material("b", "other_paper", need="deferrable", checks=["seal_present"])]}, "need: deferrable"),
    ("reuse_impossible", {"materials": [FORM | {"reuse_days": 30}]}, "reuse_days: 30"),
    ("reuse_impossible", {"materials": [raw_material(original="collect", reuse_days=30)]}, "reuse_days: 30"),
    ("reuse_impossible", {"materials": [raw_material(reuse_days=-1)]}, "- key: paper"),
    ("source_impossible", {"materials": [raw_material(holder="somebody")]}, "holder: somebody"),
    ("source_impossible", {"materials": [raw_material(holder="applicant", sources=["registry:horoscope"])]}, "sources:"),
    ("source_impossible", {"materials": [raw_material(holder="applicant", sources=["registry:id_card_back"])]}, "sources:"),
    ("source_impossible", {"materials": [raw_material(sources=["registry:id_card_front"])]}, "sources:"),
    (
        "source_impossible",
        {"materials": [raw_material(holder="applicant", original="collect", sources=["registry:id_card_front"])]},
        "sources:",
    ),
    ("form_without_labels", {"materials": [raw_material(document="application_form", checks=["signature_present"])]}, "document: application_form"),
    ("form_without_labels", {"materials": [raw_material(fields={"姓名": "name"})]}, "fields:"),
    ("condition_never_met", {"follow_ons": [{"item": "440105-LNYDZ", "inherits": ["paper"], "when": {"gone": True}}]}, "when:"),
    ("document_unknown", {"materials": [raw_material(document="passport")]}, "document: passport"),
    ("pages_min_over_max", {"materials": [raw_material(pages={"min": 3, "max": 2})]}, "pages:"),
    ("pages_min_over_max", {"materials": [raw_material(pages={"min": 0, "max": 2})]}, "pages:"),
    ("check_unknown_or_misused", {"materials": [raw_material(checks=["looks_nice"])]}, "- looks_nice"),
    ("check_unknown_or_misused", {"materials": [raw_material(checks=["located_in"])]}, "- located_in"),
    ("check_unknown_or_misused", {"cross_checks": [{"same": ["paper.name"]}]}, "- same:"),
    ("check_reads_unknown_field", {"materials": [raw_material(checks=["not_expired"])]}, "- not_expired"),
    ("reference_unknown", {"cross_checks": [{"same": ["gone.name", "form.applicant_name"]}]}, "- same:"),
    ("reference_unknown", {"cross_checks": [{"same": ["paper.colour", "form.applicant_name"]}]}, "- same:"),
    ("reference_unknown", {"cross_checks": [{"same": ["paper.name", "form.colour"]}]}, "- same:"),
    ("reference_unknown", {"cross_checks": [{"answer_fits_age": {"question": "gone", "below": 16}}]}, "- answer_fits_age:"),
    ("material_never_looked_at", {"materials": [raw_material(), raw_material("b", checks=[])]}, "- key: b"),
    ("condition_never_met", {"materials": [raw_material(when={"gone": True})]}, "when:"),
    ("condition_never_met", {"questions": [CHOICE], "materials": [*TWO_BRANCHES, raw_material(when={"ground": "丙"})]}, "when:"),
    ("condition_never_met", {"questions": [CHOICE], "materials": [*TWO_BRANCHES, raw_material(when={"ground": ["甲", True]})]}, "when:"),
    ("condition_never_met", {"questions": [{"key": "q", "ask": "？", "type": "bool"}], "materials": [raw_material(when={"q": 1})]}, "when:"),
    ("question_malformed", {"questions": [CHOICE | {"choices": ["甲"]}], "materials": [raw_material(when={"ground": "甲"})]}, "choices:"),
    ("question_malformed", {"questions": [CHOICE | {"type": "date"}]}, "type: date"),
    ("question_decides_nothing", {"questions": [CHOICE]}, "- key: ground"),
    ("choice_without_material", {"questions": [CHOICE | {"choices": ["甲", "乙", "丙"]}], "materials": TWO_BRANCHES}, "choices:"),
    ("proof_not_retained", {"materials": [raw_material(name="无犯罪记录证明")]}, "name: 无犯罪记录证明"),
    ("proof_not_retained", {"region": "999999", "materials": [raw_material(name="收入证明")]}, "name: 收入证明"),
    ("text_asks_for_unlisted_proof", {"summary": "请提供单身证明。"}, "summary:"),
    ("in_person_without_reason", {"in_person": ""}, "in_person:"),
    ("in_person_without_reason", {"summary": "办理时本人须到场。"}, "summary:"),
    ("guardian_of_an_adult", {"summary": "可由监护人代办。", "materials": [raw_material(checks=[{"age_between": {"min": 18}}])]}, "- age_between"),
    ("phone_malformed", {"summary": "咨询电话：020-123。"}, "summary:"),
    ("paper_result_without_delivery", {"result": {"name": "证", "form": "paper", "delivery": []}}, "result:"),
    ("paper_result_without_delivery", {"result": {"name": "证", "form": "stone", "delivery": ["courier"]}}, "form: stone"),
    ("fee_without_basis", {"fee": {"amount_fen": 2000, "basis": ""}}, "fee:"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change", "line"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)])
def test_the_rule_says_so_on_the_line_where_it_stands(
    tmp_path: Path, rule: str, change: dict[str, Any], line: str
) -> None:
    said = [p for p in problems(tmp_path, **change) if p.rule == rule]
    text = (tmp_path / "item.yaml").read_text("utf-8").splitlines()
    assert said, f"{rule} says nothing"
    assert line in text[said[0].line - 1]
    assert said[0].file == str(tmp_path / "item.yaml")


def test_every_rule_has_a_test_and_a_name_of_its_own() -> None:
    assert {case[0] for case in CASES} | RULES_TESTED == set(RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"materials": [raw_material(name="出生医学证明")]},
        {"materials": [raw_material(name="收入证明")]},
        {"summary": "无需本人到场。咨询电话：020-12345678，或者电话：12345。"},
        {"in_person": "需要采集人像和指纹", "channels": ["counter"]},
        {"questions": [CHOICE], "materials": [raw_material("c", when={"ground": ["甲", "乙"]})]},
        {"questions": [CHOICE], "materials": [raw_material("c", when={"ground": "甲"})]},
        {"questions": [CHOICE | {"type": "text"}], "materials": [raw_material("c", when={"ground": "丙"})]},
        {"materials": CARDS, "follow_ons": [{"item": "440105-LNYDZ", "inherits": ["id_front", "id_back"]}]},
        {"materials": [raw_material(), raw_material("b", "other_paper", need="deferrable", checks=["seal_present"])]},
        {"routing": [STEP | {"days": 4}, STEP | {"key": "b", "days": 1}]},
        {"routing": [STEP | {"days": 2}, STEP | {"key": "b", "days": 3, "after": ["all"]}]},
        {"routing": []},
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, change: dict[str, Any]) -> None:
    assert problems(tmp_path, **change) == []


def test_a_file_that_is_no_item_is_a_problem_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("code: [\n")
    (tmp_path / "b.yaml").write_text(yaml.safe_dump(raw_item() | {"colour": "red"}))
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(raw_item(department="nobody"), sort_keys=False))
    assert [(Path(p.file).name, p.rule) for p in lint(tmp_path)] == [
        ("a.yaml", "not_yaml"),
        ("b.yaml", "not_an_item"),
        ("c.yaml", "department_unknown"),
    ]


def test_two_files_with_one_code_are_a_problem(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(yaml.safe_dump(raw_item(), sort_keys=False))
    (problem,) = lint(tmp_path)
    assert (problem.rule, problem.line, Path(problem.file).name) == ("code_twice", 1, "b.yaml")


def test_a_region_file_that_is_broken_is_a_problem_of_the_item(tmp_path: Path) -> None:
    regions = tmp_path / "regions"
    regions.mkdir()
    (regions / "440105.yaml").write_text("region: '440105'\n")
    path = tmp_path / "item.yaml"
    path.write_text(yaml.safe_dump(raw_item(), sort_keys=False))
    assert [p.rule for p in lint(path, regions=regions)] == ["region_unreadable"]


def test_a_region_name_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    assert [p.rule for p in problems(tmp_path, region="../items/440105-LNYDZ")] == []


def test_a_problem_prints_as_compilers_print_theirs() -> None:
    assert str(LintProblem("a.yaml", 3, "code_length", "太短")) == "a.yaml:3: code_length: 太短"


def test_every_check_says_what_it_rests_on_and_what_it_answers() -> None:
    told = {each.name: each for each in describe()}
    assert set(told) > set(MATERIAL_CHECKS) | set(CROSS_CHECKS)
    for each in told.values():
        assert all((each.what, each.source, each.certain, each.doubtful, each.cannot_tell)), each
    with pytest.raises(ValueError, match="Cannot tell"):
        described("silent", "material", lambda: None)
