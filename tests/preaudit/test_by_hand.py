"""What residents correct by hand is a person's to judge, and proves nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cases.findings import FindingCode
from cases.readings import Confirmed, Reading, reading_from_json, reading_to_json
from preaudit.by_hand import with_words
from preaudit.catalogue import find
from preaudit.judge import Judgement, Verdict, judge
from tests.preaudit.builders import FORM, ID_NUMBER, TODAY, back, filled_form, front, receipt, said, seen, weak

CARD = find("440105-SHBZK-BL").item


def judged(words: Mapping[str, Mapping[str, str]], form: Mapping[str, str] = FORM, **pages: Reading) -> Judgement:
    usual = {"id_front": front(), "id_back": back(), "application_form": filled_form(), "photo_receipt": receipt()}
    readings: dict[str, Sequence[Reading]] = {k: (r,) for k, r in (usual | pages).items()}
    by_hand: Any = {key: [words.get(key, {})] for key in readings}
    beside = with_words(CARD.materials, readings, by_hand)
    return judge(CARD, {"under_16": False}, form, beside, today=TODAY)


def test_a_correction_is_one_doubt_at_its_place_and_names_no_value() -> None:
    judgement = judged({"id_front": {"name": "王晓明"}})
    (finding,) = judgement.findings
    assert (finding.code, finding.material, finding.page, finding.field) == (
        FindingCode.FIELD_DOUBTFUL,
        "id_front",
        1,
        "name",
    )
    assert finding.box is not None
    assert "王" not in finding.message + finding.advice + str(finding.evidence)
    assert judgement.verdict is Verdict.REVIEW


def test_saying_what_was_read_changes_nothing() -> None:
    assert judged({"id_front": {"name": "王小明", "id_number": ID_NUMBER}}).verdict is Verdict.PASSED


@pytest.mark.parametrize("typed", [ID_NUMBER, "440106198501010023"])
def test_a_doubtful_number_is_not_made_certain_by_the_resident(typed: str) -> None:
    """Not by saying it again, and not by typing at two places what nobody read."""
    misread = weak("440106198501010023")
    judgement = judged(
        {"id_front": {"id_number": typed}},
        form={**FORM, "id_number": ID_NUMBER},
        id_front=front(id_number=misread),
        application_form=filled_form(id_number=weak("440106198501010031")),
    )
    assert judgement.verdict is Verdict.REVIEW
    field = judgement.materials["id_front"].fields["id_number"]
    assert (field.value, field.by_resident, field.certain) == (misread.value, typed, False)


def test_a_misread_number_and_the_comparisons_it_fails_are_one_finding_once_it_is_corrected() -> None:
    misread = seen("440106198501010023", Confirmed.ONE_READER)
    judgement = judged({"id_front": {"id_number": ID_NUMBER}}, id_front=front(id_number=misread))
    at_number = [f for f in judgement.findings if f.field == "id_number"]
    assert [str(f.message) for f in at_number] == ["申请人更正了居民身份证（人像面）上的公民身份号码"]


def test_a_misread_date_is_not_returned_as_expired_when_the_resident_says_another() -> None:
    expired = back(valid_from=seen("2010-05-01"), valid_to=seen("2020-05-01"))
    assert judged({}, id_back=expired).verdict is Verdict.RETURNED
    judgement = judged({"id_back": {"valid_to": "2030-05-01"}}, id_back=expired)
    assert judgement.verdict is Verdict.REVIEW
    assert ("expired", "fixable") not in said(judgement.findings)


def test_a_field_that_was_not_read_at_all_is_told_once() -> None:
    without = front()
    without = Reading(**{**vars(without), "fields": {k: f for k, f in without.fields.items() if k != "name"}})
    judgement = judged({"id_front": {"name": "王小明"}}, id_front=without)
    assert [(str(f.code), f.field) for f in judgement.findings if f.material == "id_front"] == [
        ("field_doubtful", "name")
    ]


def test_an_empty_line_stays_empty_whatever_is_typed() -> None:
    empty = filled_form(phone="")
    judgement = judged({"application_form": {"phone": FORM["phone"]}}, application_form=empty)
    assert "not_filled_in" in {str(f.code) for f in judgement.findings}


def test_a_form_is_spoken_of_by_the_names_of_the_item() -> None:
    judgement = judged({"application_form": {"applicant_name": "王晓明"}})
    assert [(f.material, f.field) for f in judgement.findings] == [("application_form", "applicant_name")]


def test_the_word_goes_with_the_reading_into_json_and_back() -> None:
    words: Any = {"id_front": [{"name": "王晓明"}]}
    (made,) = with_words(CARD.materials, {"id_front": (front(),)}, words)["id_front"]
    assert reading_from_json(reading_to_json(made)) == made
    assert reading_to_json(made)["fields"]["name"]["by_resident"] == "王晓明"
    assert "by_resident" not in reading_to_json(front())["fields"]["name"]
