import pytest

from cases.readings import Reading
from tests.preaudit.builders import codes, filled_form, front, line, reading, receipt, run, said, seen, weak

REGISTER = ["household_register_head", "household_register_member"]
LABELS = {"姓名": "applicant_name", "补领原因": "reason"}


def form_check(check: object, page: Reading) -> list[tuple[str, str]]:
    return said(run(check, page, document="application_form", fields=LABELS))  # type: ignore[arg-type]


def test_a_register_needs_its_first_page_and_the_holders_own() -> None:
    head, member = reading(REGISTER[0]), reading(REGISTER[1])
    check = {"all_pages_present": REGISTER}
    assert run(check, head, member, document="household_register") == []
    (finding,) = run(check, head, document="household_register")
    assert said([finding]) == [("missing_page", "fixable")]
    assert "本人页" in finding.message


def test_a_page_that_may_be_the_missing_one_leaves_it_to_a_person() -> None:
    check = {"all_pages_present": REGISTER}
    unsure = reading(REGISTER[0], sure=0.6)
    assert said(run(check, unsure, document="household_register")) == [("missing_page", "doubtful")]
    assert run(check, reading(REGISTER[0]), document="household_register", blocked=True) == []


def test_a_form_filled_in_passes_however_weakly_it_was_read() -> None:
    assert form_check({"filled_in": ["applicant_name", "reason"]}, filled_form()) == []


def test_a_blank_behind_its_label_is_the_residents_to_fill_in() -> None:
    page = reading("application_form", {"applicant_name": weak("王小明")}, marks={"empty_fields": ["reason"]})
    assert form_check({"filled_in": ["applicant_name", "reason"]}, page) == [("not_filled_in", "fixable")]
    by_label = reading("application_form", {}, marks={"empty_fields": ["补领原因"]})
    assert form_check({"filled_in": ["reason"]}, by_label) == [("not_filled_in", "fixable")]
    certain_blank = reading("application_form", {"reason": seen("")})
    assert form_check({"filled_in": ["reason"]}, certain_blank) == [("not_filled_in", "fixable")]


def test_a_blank_that_may_be_a_misread_goes_to_a_person() -> None:
    assert form_check({"filled_in": ["reason"]}, reading("application_form")) == [("not_filled_in", "doubtful")]
    scribble = reading("application_form", {"reason": weak("~", 0.2)})
    assert form_check({"filled_in": ["reason"]}, scribble) == [("not_filled_in", "doubtful")]
    spaces = reading("application_form", {"reason": weak(" ")})
    assert form_check({"filled_in": ["reason"]}, spaces) == [("not_filled_in", "doubtful")]


def test_the_forms_own_label_stands_in_the_message() -> None:
    (finding,) = run({"filled_in": ["reason"]}, reading("application_form"), document="application_form", fields=LABELS)
    assert "补领原因" in finding.message


def test_writing_behind_the_signature_label_is_a_signature() -> None:
    beside = reading("application_form", lines=[line("申请人签名："), line("王小明", 0, 150)])
    within = reading("application_form", lines=[line("申请人（签字）：王小明")])
    assert form_check("signature_present", beside) == form_check("signature_present", within) == []


def test_a_date_or_a_hint_beside_the_label_is_no_signature() -> None:
    for lines in (
        [line("申请人签名："), line("日期：", 0, 150)],
        [line("申请人签名："), line("王小明", 6, 150)],
        [line("请用黑色签字笔填写"), line("王小明", 0, 380)],
        [line("申请人签名："), line("2026年11月1日", 0, 150)],
        [line("本表经签名后生效")],
    ):
        page = reading("application_form", lines=lines)
        assert form_check("signature_present", page) == [("missing_signature", "doubtful")], lines


def test_the_readers_mark_decides_about_a_signature() -> None:
    for mark in (True, {"present": True, "confidence": 0.9}):
        assert form_check("signature_present", reading("application_form", marks={"signature": mark})) == []
    for mark in (False, {"present": False}):
        page = reading("application_form", marks={"signature": mark})
        assert form_check("signature_present", page) == [("missing_signature", "fixable")]
    unsure = reading("application_form", marks={"signature": {"present": False, "confidence": 0.4}})
    assert form_check("signature_present", unsure) == [("missing_signature", "doubtful")]


def test_a_signature_on_any_page_is_enough() -> None:
    pages = (
        reading("contract", marks={"signature": False}),
        reading("contract", marks={"signature": True}),
    )
    assert run("signature_present", *pages, document="contract", pages={"min": 1, "max": 9}) == []
    assert run("signature_present", pages[0], document="contract", blocked=True) == []


def test_a_seal_without_a_mark_cannot_be_told() -> None:
    assert said(run("seal_present", reading("contract"), document="contract")) == [("missing_seal", "doubtful")]
    assert said(run("seal_present", reading("contract", marks={"seal": False}), document="contract")) == [
        ("missing_seal", "fixable")
    ]
    assert run("seal_present", reading("contract", marks={"seal": True}), document="contract") == []


def test_a_portrait_shows_no_text() -> None:
    assert run("shows_no_text", reading("unknown", {}, ("样本",)), document="portrait") == []
    assert said(run("shows_no_text", front(), document="portrait")) == [("wrong_document", "doubtful")]


def test_a_receipt_says_that_it_is_one() -> None:
    check = {"mentions": {"words": ["回执", "图像号"], "at_least": 2}}
    assert run(check, receipt(), document="other_paper") == []
    other = reading("other_paper", {}, ("购物小票", "图像号1"))
    assert said(run(check, other, document="other_paper")) == [("wrong_document", "doubtful")]
    unreadable = reading("other_paper", lines=[line("证件照片数字回执图像号", confidence=0.3)])
    assert codes(run(check, unreadable, document="other_paper")) == ["wrong_document"]


@pytest.mark.parametrize("check", ["signature_present", "seal_present"])
def test_a_digital_signature_stands_for_ink_only_once_a_person_has_looked(check: str) -> None:
    signed = {"present": True, "count": 1, "checked": False}
    for marks in ({"digital_signature": signed}, {"digital_signature": signed, "signature": False, "seal": False}):
        (finding,) = run(check, reading("other_paper", marks=marks), document="other_paper")
        assert str(finding.severity) == "doubtful"
        assert "数字签名" in finding.message
    unsigned = {"digital_signature": signed | {"present": False}, "signature": False, "seal": False}
    assert "fixable" in str(said(run(check, reading("other_paper", marks=unsigned), document="other_paper")))
