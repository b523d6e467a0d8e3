from dataclasses import replace

from preaudit.backtest import PastCase, backtest
from preaudit.judge import Verdict
from tests.preaudit.builders import FORM, TODAY, codes, front, item, raw_material, weak

OLD = item(materials=[raw_material(checks=["id_number_valid"])])
NEW = item(version=2, materials=[raw_material(checks=["id_number_valid", "name_plausible"])])
CERTAIN = PastCase("A1", {}, FORM, {"paper": (front(),)}, TODAY)
WEAK = PastCase("A2", {}, {}, {"paper": (front(name=weak("王小明")),)}, TODAY)
EMPTY = PastCase("A3", {}, FORM, {}, TODAY)


def test_only_cases_whose_verdict_would_change_are_named_with_what_changed_it() -> None:
    (change,) = backtest(OLD, NEW, [CERTAIN, WEAK, EMPTY])
    assert (change.number, change.before, change.after) == ("A2", Verdict.PASSED, Verdict.REVIEW)
    assert (codes(change.gone), codes(change.new)) == ([], ["field_doubtful"])


def test_going_back_shows_the_findings_that_would_be_gone() -> None:
    (change,) = backtest(NEW, OLD, [WEAK])
    assert (change.after, codes(change.gone), codes(change.new)) == (Verdict.PASSED, ["field_doubtful"], [])


def test_a_case_is_judged_by_the_version_it_was_opened_under() -> None:
    (change,) = backtest(NEW, NEW, [replace(WEAK, item=OLD)])
    assert (change.before, change.after) == (Verdict.PASSED, Verdict.REVIEW)


def test_what_a_promise_settled_then_is_settled_now() -> None:
    more = item(version=3, materials=[raw_material(checks=["id_number_valid", "name_plausible"])])
    assert backtest(OLD, more, [replace(WEAK, states={"paper": "deferred"})]) == []


def test_the_same_item_changes_nothing() -> None:
    assert backtest(OLD, OLD, [CERTAIN, WEAK, EMPTY]) == []
