from collections.abc import Mapping
from typing import Any

from cases.findings import Finding
from cases.items import item_from
from cases.readings import Confirmed, Reading
from preaudit.checks import cross_check_of
from preaudit.checks.across import agreements, normal
from preaudit.checks.sight import Sight, Whole, sheets_of
from tests.preaudit.builders import (
    FORM,
    ID_NUMBER,
    NAME,
    TODAY,
    codes,
    filled_form,
    front,
    line,
    raw_item,
    raw_material,
    reading,
    receipt,
    said,
    seen,
    weak,
)

MATERIALS = [
    raw_material("card"),
    raw_material("form_paper", "application_form", fields={"姓名": "applicant_name", "公民身份号码": "id_number"}),
    raw_material("receipt", "other_paper", checks=[]),
    raw_material("register", "household_register", pages={"min": 1, "max": 5}),
]
QUESTIONS = [{"key": "under_16", "ask": "？", "type": "bool"}]


def whole(
    pages: Mapping[str, tuple[Reading, ...]],
    *,
    form: Mapping[str, str] = FORM,
    settled: frozenset[str] = frozenset(),
    blocked: frozenset[str] = frozenset(),
    answers: Mapping[str, Any] | None = None,
) -> Whole:
    item = item_from(raw_item(materials=MATERIALS, questions=QUESTIONS))
    specs = {m.key: m for m in item.materials}
    sights = {
        k: Sight(specs[k], sheets_of(specs[k], readings), TODAY, k in blocked, form=form)
        for k, readings in pages.items()
    }
    return Whole(item, sights, settled, form, answers or {}, TODAY)


def across(check: dict[str, Any], seen: Whole) -> list[Finding]:
    item = item_from(raw_item(cross_checks=[check]))
    found, params = cross_check_of(item.cross_checks[0])
    return list(found.run(seen, params))


NAMES = {"same": ["card.name", "form_paper.applicant_name", "form.applicant_name"]}


def test_what_says_the_same_everywhere_passes() -> None:
    assert across(NAMES, whole({"card": (front(),), "form_paper": (filled_form(),)})) == []


def test_values_are_compared_by_what_they_mean() -> None:
    assert normal("name", "阿依 古丽•买买提") == normal("name", "阿依古丽·买买提")
    assert normal("id_number", "11010519491231002x") == normal("id_number", "1101 0519 4912 3100 2Ｘ")
    assert normal("birth_date", "1985年1月1日") == normal("birth_date", "1985-01-01")


def test_a_name_in_traditional_or_older_characters_is_the_same_name() -> None:
    """The recogniser took the 黄 of a printed form for 黃: one good application in six went to a person for it."""
    card, form_paper = front(name="黄秀梅"), reading("application_form", {"姓名": "黃秀梅"})
    typed = FORM | {"applicant_name": "黄秀梅"}
    assert across(NAMES, whole({"card": (card,), "form_paper": (form_paper,)}, form=typed)) == []
    other = reading("application_form", {"姓名": "黃秀海"})
    assert codes(across(NAMES, whole({"card": (card,), "form_paper": (other,)}, form=typed))) == ["mismatch"]
    assert normal("name", "吳國強") == "吴国强"


def test_a_paper_that_names_people_in_traditional_characters_names_them() -> None:
    paper = reading("other_paper", lines=[line("茲證明張麗華")])
    seen_there = whole({"receipt": (paper,)}, form=FORM | {"applicant_name": "张丽华"})
    assert across({"mentions_applicant": {"material": "receipt"}}, seen_there) == []
    assert across({"paper_shows": {"material": "receipt", "values": ["form.applicant_name"]}}, seen_there) == []


def test_a_difference_goes_to_a_person_and_points_at_the_paper_that_differs() -> None:
    (finding,) = across(NAMES, whole({"card": (front(),), "form_paper": (filled_form(applicant_name="王小平"),)}))
    assert said([finding]) == [("mismatch", "doubtful")]
    assert (finding.material, finding.page, finding.field) == ("form_paper", 1, "applicant_name")
    assert finding.box is not None
    assert finding.evidence["between"] == ["form_paper.applicant_name", "form.applicant_name"]


def test_where_the_second_reader_saw_the_same_it_is_only_doubtful_reading() -> None:
    name = seen("王小朋", Confirmed.DISAGREEMENT, other=NAME)
    assert codes(across(NAMES, whole({"card": (front(name=name),)}))) == ["field_doubtful"]


def test_a_side_that_is_blank_or_was_not_read_cannot_be_told() -> None:
    untyped = whole({"card": (front(),)}, form={})
    assert said(across(NAMES, untyped)) == [("field_missing", "doubtful")]
    unread = whole({"card": (reading("id_card_front"),)})
    assert said(across(NAMES, unread)) == [("field_missing", "doubtful")]


def test_a_side_whose_page_was_unusable_is_left_to_that_finding() -> None:
    assert across(NAMES, whole({"card": ()}, blocked=frozenset({"card"}))) == []


def test_a_material_that_the_answers_leave_out_is_not_compared() -> None:
    assert across(NAMES, whole({"form_paper": (filled_form(),)})) == []


def test_what_a_person_settled_is_not_doubted_again_unless_the_other_side_is_new() -> None:
    pages = {"card": (front(name="王大明"),), "form_paper": (filled_form(),)}
    assert across(NAMES, whole(pages, settled=frozenset({"card", "form_paper"}))) == []
    assert codes(across(NAMES, whole(pages, settled=frozenset({"form_paper"})))) == ["mismatch"]
    unread = whole({"card": (reading("id_card_front"),)}, settled=frozenset({"card"}))
    assert across(NAMES, unread) == []


def test_one_of_several_pages_may_be_the_one_that_agrees() -> None:
    pages = (
        reading("household_register_member", {"name": "王大明", "id_number": "110101199003070011"}),
        reading("household_register_member", {"name": NAME, "id_number": ID_NUMBER}),
    )
    assert across({"same": ["register.id_number", "form.id_number"]}, whole({"register": pages})) == []


def test_sources_that_agree_confirm_each_other() -> None:
    seen_whole = whole({"card": (front(name=weak(NAME)),), "form_paper": (filled_form(applicant_name=weak("王小平")),)})
    spots = set(agreements(seen_whole, tuple(NAMES["same"])))
    assert {(s.material, s.field) for s in spots} == {("card", "name"), ("form", "applicant_name")}


def test_a_paper_without_fields_names_the_applicant() -> None:
    check = {"mentions_applicant": {"material": "receipt"}}
    assert across(check, whole({"receipt": (receipt(),)})) == []
    by_number = reading("other_paper", lines=[line(f"身份证号 {ID_NUMBER}")])
    assert across(check, whole({"receipt": (by_number,)})) == []
    (finding,) = across(check, whole({"receipt": (reading("other_paper", {}, ("姓名李四",)),)}))
    assert said([finding]) == [("mismatch", "doubtful")]
    assert finding.material == "receipt"
    assert said(across(check, whole({"receipt": (receipt(),)}, form={}))) == [("mismatch", "doubtful")]
    assert across(check, whole({})) == []


def test_the_answer_about_age_fits_the_number() -> None:
    check = {"answer_fits_age": {"question": "under_16", "below": 16}}
    child = FORM | {"id_number": "500228202401010017"}
    assert across(check, whole({})) == []
    assert across(check, whole({}, form=child, answers={"under_16": True})) == []
    (finding,) = across(check, whole({}, form=child))
    assert (str(finding.code), finding.field) == ("mismatch", "answers.under_16")
    assert said(across(check, whole({}, form={}))) == [("field_doubtful", "doubtful")]
