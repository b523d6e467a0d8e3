"""When a planted fault counts as found, and what the section says of those that were not."""

from datetime import timedelta

from bench.judging import Judged, Timed, section
from bench.planted import DIGIT, EXPIRED, MISSING, NOTHING, PROMISED, TODAY, Fault, Trial, residents, typed
from bench.tables import spread
from cases.findings import Finding, FindingCode, found
from preaudit.catalogue import find
from preaudit.judge import Judgement, Verdict
from tests.specimens.applications import ITEM
from tests.specimens.people import HAIZHU, invent

PERSON = invent(8000, home=HAIZHU)
ON_FORM = found(FindingCode.MISMATCH, material="application_form", field="id_number")
ELSEWHERE = found(FindingCode.MISMATCH, material="photo_receipt")
TIMES = [Timed(4, spread([1.0]), 0), Timed(12, spread([3.0, 9.0]), 2)]


def judged(fault: Fault, verdict: Verdict, *findings: Finding) -> Judged:
    trial = Trial(fault, "somewhere", find(ITEM).item, {}, typed(PERSON), {})
    return Judged(trial, Judgement(verdict, findings, {}))


def test_a_fault_is_found_by_a_fitting_code_on_a_fitting_material() -> None:
    assert judged(DIGIT, Verdict.REVIEW, ON_FORM).found
    assert not judged(DIGIT, Verdict.REVIEW, ELSEWHERE).found
    assert not judged(EXPIRED, Verdict.REVIEW, ON_FORM).found
    assert not judged(DIGIT, Verdict.PASSED).found
    assert judged(DIGIT, Verdict.REVIEW, found(FindingCode.MISMATCH, field="form.id_number")).found
    assert not judged(DIGIT, Verdict.REVIEW, found(FindingCode.MISMATCH, field="form.phone")).found
    assert judged(DIGIT, Verdict.REVIEW, ON_FORM, ELSEWHERE).others == ["mismatch photo_receipt"]


def test_whatever_is_found_on_a_good_application_was_not_planted() -> None:
    plain = judged(NOTHING, Verdict.REVIEW, ON_FORM)
    assert (plain.planted, plain.found) == (False, False)
    assert plain.others == ["mismatch application_form id_number"]


def test_the_section_has_every_fault_that_must_be_found_and_the_time_of_the_longest() -> None:
    text = section([judged(DIGIT, Verdict.REVIEW, ON_FORM), judged(NOTHING, Verdict.PASSED)], TIMES)
    assert "| wrong digit: found | ≥ 100 % | 1/1 (100.0 %) | yes |" in text
    assert "| a 12-page application judged, slowest of 200 | < 50 ms | 9.00 ms | yes |" in text
    assert "No finding on any of them." in text
    assert "### What was not found\n\nNothing." in text
    assert all(f"| {fault.name}: found |" in text for fault in PROMISED)


def test_what_was_not_found_and_what_was_passed_is_told() -> None:
    text = section([judged(DIGIT, Verdict.PASSED), judged(NOTHING, Verdict.REVIEW, ELSEWHERE)], TIMES)
    assert "| wrong digit: found | ≥ 100 % | 0/1 (0.0 %) | **no** |" in text
    assert "| passed in spite of a planted fault | 0 | 1 of 1 | **no** |" in text
    assert f"| wrong digit | somewhere | {PERSON.name} | passed | – |" in text
    assert "| mismatch photo_receipt | 1 |" in text
    assert MISSING in PROMISED


def test_the_residents_are_few_and_their_cards_hold() -> None:
    people = [invent(seed, home=HAIZHU) for seed in residents(30)]
    assert len({person.id_number for person in people}) == 30
    assert all(p.valid_to is None or p.valid_to > TODAY + timedelta(days=60) for p in people)
