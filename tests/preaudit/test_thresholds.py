"""Thresholds in force when a real item is judged: a sure reader alone is enough, and nothing else changes."""

import pytest

from cases.findings import FindingCode, Severity
from cases.readings import Confirmed, Field, Reading
from cases.thresholds import NONE, Thresholds
from preaudit.catalogue import find
from preaudit.judge import Judgement, Verdict, judge
from tests.preaudit.builders import FORM, TODAY, back, filled_form, front, receipt, seen, weak

CARD = find("440105-SHBZK-BL").item
IN_FORCE: Thresholds = {("id_card_back", "valid_to"): 95, ("id_card_front", "id_number"): 50}


def judged(thresholds: Thresholds, one: Reading | None = None, other: Reading | None = None) -> Judgement:
    readings = {
        "id_front": (one or front(),),
        "id_back": (other or back(),),
        "application_form": (filled_form(),),
        "photo_receipt": (receipt(),),
    }
    return judge(CARD, {"under_16": False}, FORM, readings, today=TODAY, thresholds=thresholds)


@pytest.mark.parametrize(("confidence", "thresholds", "passes"), [(0.96, IN_FORCE, True), (0.94, IN_FORCE, False), (0.96, NONE, False)])  # fmt: skip
def test_one_reader_is_enough_from_the_threshold_up(confidence: float, thresholds: Thresholds, passes: bool) -> None:
    judgement = judged(thresholds, other=back(valid_to=weak("2035-05-01", confidence)))
    assert (judgement.verdict is Verdict.PASSED) is passes
    if not passes:
        (doubt,) = judgement.findings
        assert (doubt.evidence["kind"], doubt.evidence["confidence"]) == ("id_card_back", confidence)


def test_what_is_wrong_and_surely_read_goes_back_to_the_resident() -> None:
    expired = back(valid_to=weak("2024-05-01", 0.96))
    for thresholds, severity in ((NONE, Severity.DOUBTFUL), (IN_FORCE, Severity.FIXABLE)):
        found = judged(thresholds, other=expired).findings
        assert [f.severity for f in found if f.code is FindingCode.EXPIRED] == [severity]


def test_two_readers_that_disagree_are_doubted_however_sure() -> None:
    differs = Field("2035-05-01", 0.99, Confirmed.DISAGREEMENT, None, "2036-05-01")
    assert judged(IN_FORCE, other=back(valid_to=differs)).verdict is Verdict.REVIEW


def test_a_number_whose_digit_fails_never_passes() -> None:
    wrong = seen("440106198501010011", Confirmed.ONE_READER, 1.0)
    judgement = judged(IN_FORCE, one=front(id_number=wrong))
    assert judgement.verdict is Verdict.REVIEW
    assert FindingCode.ID_NUMBER_INVALID in [f.code for f in judgement.findings]
