from dataclasses import replace

from cases.findings import FindingCode, found
from cases.readings import QualityProblem
from preaudit.checks.builtin import doubts, duplicates, nothing_there, page_count, page_problems
from preaudit.checks.sight import Sheet, sheet_of, sheets_of
from tests.preaudit.builders import back, codes, front, line, material, reading, receipt, said

FRONT = material("card")
F = FindingCode


def problems(page: Sheet, document: str = "id_card_front") -> list[tuple[str, str]]:
    return said(page_problems(material("card", document), page))


def sheet(*args: object, **more: object) -> Sheet:
    return sheet_of(FRONT, reading(*args, **more), 2)  # type: ignore[arg-type]


def test_a_file_that_could_not_be_read_is_the_only_finding_of_its_page() -> None:
    failure = found(F.PASSWORD_PROTECTED)
    (finding,) = page_problems(FRONT, sheet("unknown", failure=failure, problems=[F.BLURRED]))
    assert (finding.code, finding.material, finding.page) == (F.PASSWORD_PROTECTED, "card", 2)


def test_each_measure_past_its_threshold_is_named_with_its_place() -> None:
    findings = page_problems(FRONT, sheet("id_card_front", problems=[F.TOO_DARK, F.CUT_OFF, F.UNREADABLE]))
    assert codes(findings) == ["too_dark", "cut_off"]
    assert all(f.box and f.page == 2 and f.evidence["threshold"] == 2.0 for f in findings)


def test_unreadable_stands_alone_where_no_measure_says_why() -> None:
    assert problems(sheet("unknown", problems=[F.UNREADABLE])) == [("unreadable", "fixable")]


def test_a_picture_with_hardly_a_line_is_unreadable() -> None:
    assert problems(sheet("unknown", {}, ("咖啡",))) == [("unreadable", "fixable")]
    assert problems(sheet("unknown", {}, ()), "other_paper") == [("unreadable", "fixable")]
    assert problems(sheet("portrait", {}, ()), "portrait") == []
    assert problems(sheet("unknown", {}, ()), "portrait") == []
    assert problems(sheet("unknown", {}, (), problems=[F.UNREADABLE]), "portrait") == []
    assert problems(sheet("unknown", {}, (), problems=[F.BLURRED]), "portrait") == [("blurred", "fixable")]


def test_another_kind_for_certain_is_fixable_and_an_unknown_one_doubtful() -> None:
    assert problems(sheet("bank_card")) == [("wrong_document", "fixable")]
    assert problems(sheet("bank_card", sure=0.6)) == [("wrong_document", "doubtful")]
    assert problems(sheet("unknown")) == [("wrong_document", "doubtful")]
    assert problems(sheet("bank_card"), "application_form") == [("wrong_document", "fixable")]


def test_a_passport_is_known_by_its_check_digits_and_is_another_document_for_certain() -> None:
    texts = ("PASSPORT", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
    (finding,) = page_problems(FRONT, sheet("unknown", {}, texts, sure=0.0))
    assert said([finding]) == [("wrong_document", "fixable")]
    assert finding.message == "这一页是护照，需要的是居民身份证人像面"
    misread = (*texts[:2], "L898902C36UTO7408132F1204159ZE184226B<<<<<10")
    assert problems(sheet("unknown", {}, misread, sure=0.0)) == [("wrong_document", "doubtful")]


def test_the_other_side_of_the_same_card_is_the_wrong_side() -> None:
    assert problems(sheet_of(FRONT, back(), 1)) == [("wrong_side", "fixable")]
    assert problems(sheet("household_register_head"), "household_register_member") == [("wrong_side", "fixable")]


def test_any_page_of_a_family_is_welcome_where_the_family_is_asked_for() -> None:
    assert problems(sheet("household_register_head"), "household_register") == []


def test_papers_without_a_face_may_look_like_anything() -> None:
    for document in ("other_paper", "contract", "portrait"):
        assert problems(sheet_of(FRONT, front(), 1), document) == []


def test_a_page_read_weakly_goes_to_a_person() -> None:
    assert said(list(doubts(FRONT, sheet("id_card_front", sure=0.4)))) == [("low_confidence", "doubtful")]
    faint = reading("id_card_front", lines=[line("模糊", confidence=0.3)] * 4)
    assert codes(list(doubts(FRONT, sheet_of(FRONT, faint, 1)))) == ["low_confidence"]
    assert list(doubts(FRONT, sheet_of(FRONT, front(), 1))) == []


def test_a_material_without_pages_is_missing_unless_optional() -> None:
    assert said(nothing_there(FRONT)) == [("missing_material", "fixable")]
    assert nothing_there(material(need="optional")) == ()
    (finding,) = nothing_there(material(need="deferrable"))
    assert "以后再补" in finding.advice


def test_pages_are_counted_and_a_doubled_one_counts_once() -> None:
    spec = material("card", pages={"min": 2, "max": 3})
    pages = sheets_of(spec, (front(), front(), front(), front()))
    assert codes(list(page_count(spec, pages[:1], 0))) == ["missing_page"]
    assert codes(list(page_count(spec, pages[:2], 1))) == ["missing_page"]
    assert codes(list(page_count(spec, pages, 0))) == ["too_many_pages"]
    assert list(page_count(spec, pages[:2], 0)) == []


def test_the_same_file_twice_is_certain_and_points_at_the_later_page() -> None:
    pages = sheets_of(FRONT, tuple(reading("id_card_front", sha256="aa") for _ in range(3)))
    findings = list(duplicates(pages))
    assert [(str(f.code), str(f.severity), f.page) for f in findings] == [
        ("duplicate_page", "fixable", 2),
        ("duplicate_page", "fixable", 3),
    ]
    assert findings[0].evidence["same_as"] == ["card", 1]


def test_pages_of_one_file_are_no_duplicates() -> None:
    assert list(duplicates(sheets_of(FRONT, (reading("contract", sha256="a"), reading("contract", sha256="a", page=2))))) == []  # fmt: skip


def test_the_same_view_with_the_same_text_is_doubtful() -> None:
    def pages(one: str, other: str, *texts: str) -> list[tuple[str, str]]:
        first = reading("contract", {}, ("甲", "乙", "丙"), perceptual_hash=one, sha256="a")
        second = reading("contract", {}, texts or ("甲", "乙", "丙"), perceptual_hash=other, sha256="b")
        return said(list(duplicates(sheets_of(FRONT, (first, second)))))

    assert pages("00ff00ff00ff00ff", "00ff00ff00ff00fe") == [("duplicate_page", "doubtful")]
    assert pages("00ff00ff00ff00ff", "00ff00ff00ff00fe", "丁", "戊") == []
    assert pages("00ff00ff00ff00ff", "ff00ff00ff00ff00") == []
    assert pages("", "") == []


def test_a_receipt_is_no_duplicate_of_a_card() -> None:
    assert list(duplicates(sheets_of(FRONT, (front(), receipt())))) == []


def test_a_grey_copy_is_a_finding_where_the_paper_itself_is_to_be_shown() -> None:
    copy = QualityProblem(F.COPY_NOT_ORIGINAL, 0.4, 3.2, blocking=False)
    page = sheet_of(FRONT, replace(reading("id_card_front"), problems=(copy,)), 1)
    assert said(page_problems(material("card", "id_card_front", original="show"), page)) == [
        ("copy_not_original", "fixable")
    ]
    assert page_problems(material("card", "id_card_front", original="none"), page) == ()
