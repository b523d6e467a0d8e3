"""Papers against answers, papers that repeat others, and what the new items read off single papers."""

import pytest

from cases.findings import FindingCode
from cases.readings import Confirmed
from preaudit import validators
from preaudit.checks.situations import COVERS
from preaudit.judge import Verdict
from tests.preaudit.applications import Application
from tests.preaudit.applications_of_families import BORN_UNMARRIED
from tests.preaudit.applications_of_trades import FREIGHT, LORRY, SALE
from tests.preaudit.builders import reading, run, said, seen, weak
from tests.preaudit.papers import VIN, driver, paper


def places(made: Application) -> list[tuple[str, str, str | None, str | None]]:
    return [(str(f.code), str(f.severity), f.material, f.field) for f in made.judged().findings]


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("born_on", "late", "fits"),
    [
        ("2026-10-21", False, True),
        ("2026-10-20", False, False),
        ("2026-10-20", True, True),
        ("2026-11-19", True, False),
    ],
)
def test_the_answer_about_days_fits_the_paper(born_on: str, late: bool, fits: bool) -> None:
    made = BORN_UNMARRIED.answering(late=late).having(late_statement=paper("逾期情况说明"))
    made = made.reading_as("birth_certificate", born_on=born_on).reading_as("application_form", born_on=born_on)
    expected = [] if fits else [("mismatch", "doubtful", "birth_certificate", "born_on")]
    assert places(made) == expected


def test_without_a_date_the_answer_cannot_be_told() -> None:
    page = BORN_UNMARRIED.reading_as("birth_certificate", born_on="")
    assert ("field_missing", "doubtful", "birth_certificate", "born_on") in places(page)


# ── blanks that an answer brings ────────────────────────────────────────────────────────────────────────────────


def test_a_blank_counts_only_where_the_answer_brings_it() -> None:
    blank = SALE.reading_as("linked_form", gas_account=seen("", Confirmed.TWO_READERS))
    assert places(blank) == [("not_filled_in", "fixable", "linked_form", "gas_account")]
    assert places(blank.answering(gas=False)) == []
    scribble = SALE.reading_as("linked_form", gas_account=weak("？？", 0.2))
    assert places(scribble) == [("not_filled_in", "doubtful", "linked_form", "gas_account")]


# ── driving licences ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "printed", "covered"),
    [
        ("重型牵引挂车", "A2", True),
        ("重型牵引挂车", "A2D", True),
        ("重型牵引挂车", "B2", False),
        ("大型货车", "B2", True),
        ("大型货车", "A1A2", True),
        ("大型货车", "C1", False),
        ("轻型货车", "C1", True),
        ("轻型货车", "D", False),
    ],
)
def test_a_licence_covers_what_is_operated(kind: str, printed: str, covered: bool) -> None:
    made = FREIGHT.answering(vehicle_kind=kind).having(driving_licence=driver(of_class=printed))
    assert places(made) == ([] if covered else [("mismatch", "doubtful", "driving_licence", "class")])


def test_a_class_that_was_read_weakly_or_not_at_all_goes_to_a_person() -> None:
    doubtful = FREIGHT.having(driving_licence=driver(of_class=weak("A2")))
    assert places(doubtful) == [("field_doubtful", "doubtful", "driving_licence", "class")]
    unread = FREIGHT.having(driving_licence=driver(of_class=""))
    assert places(unread) == [("field_missing", "doubtful", "driving_licence", "class")]


def test_without_an_answer_nothing_is_covered() -> None:
    assert places(FREIGHT.answering(vehicle_kind=None)) == [("not_filled_in", "fixable", None, "answers.vehicle_kind")]


def test_the_kinds_that_the_catalogue_asks_for_are_those_of_the_law() -> None:
    question = next(q for q in FREIGHT.item.questions if q.key == "vehicle_kind")
    assert set(question.choices) == set(COVERS)


# ── papers that repeat others ───────────────────────────────────────────────────────────────────────────────────


def test_a_number_that_another_paper_repeats_is_certain_however_weakly_it_was_read() -> None:
    assert LORRY.reading_as("vehicle_licence", vin=weak(VIN)).judged().verdict is Verdict.PASSED


def test_a_paper_that_does_not_repeat_it_is_told_where_it_should_stand() -> None:
    made = LORRY.having(positioning=paper("卫星定位装置安装凭证"))
    assert places(made) == [("mismatch", "doubtful", "positioning", "vehicle_licence.plate")]


def test_a_paper_that_cannot_be_read_is_left_to_that_finding() -> None:
    made = LORRY.having(positioning=reading("other_paper", problems=[FindingCode.BLURRED]))
    assert places(made) == [("blurred", "fixable", "positioning", None)]


def test_what_was_not_read_cannot_be_looked_for() -> None:
    made = LORRY.reading_as("vehicle_licence", plate="")
    assert ("field_missing", "doubtful", "vehicle_licence", "plate") in places(made)


# ── single papers ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_marriage_certificates_number_carries_the_year_of_registration() -> None:
    def told(number: str, day: str) -> list[tuple[str, str]]:
        page = reading("marriage_certificate", {"certificate_number": number, "registered_on": day})
        return said(run("certificate_year_fits", page, document="marriage_certificate"))

    assert told("J440105-2012-000123", "2012-05-20") == []
    assert told("J440105-2012-000123", "2013-05-20") == [("mismatch", "doubtful")]
    assert told("BJ440105-2020-000123", "2012-05-20") == []
    assert told("京海结字20250001", "2012-05-20") == []
    assert told("J440105-2012-000123", "2012-15-20") == [("date_invalid", "doubtful")]
    assert told("J440105-2012-000123", "") == [("field_missing", "doubtful")]


@pytest.mark.parametrize(
    ("number", "form"), [("T440012345", "new"), ("o440012345", "new"), ("T44001234", None), ("4400123456", None)]
)
def test_the_number_of_a_birth_certificate(number: str, form: str | None) -> None:
    assert validators.birth_number_form(number) == form
    page = reading("birth_certificate", {"certificate_number": number})
    check = {"certificate_number_valid": {"kind": "birth"}}
    assert said(run(check, page, document="birth_certificate")) == ([] if form else [("code_invalid", "doubtful")])
