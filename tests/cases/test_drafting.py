"""A changed item on its way into force: nobody's change is lost, and two people have seen it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cases import drafting
from cases.drafting import DRAFT, OPEN, Draft, DraftState, Misfit
from cases.errors import Conflict, Forbidden, InvalidRequest, TransitionRefused
from tests.cases.world import ITEM

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
WRONG = Misfit("limits", "promised_over_statutory", "承诺时限30天超过法定时限20天")
MISSING_ENGLISH = Misfit("name", "english_missing", "name没有英文", warning=True)


def draft(**changes: Any) -> Draft:
    plain: dict[str, Any] = {
        "id": "d1", "code": ITEM["code"], "base": 1, "region": "440105", "definition": ITEM, "made_by": "wang",
        "made_at": AT, "changed_by": "wang", "changed_at": AT, "editors": ("wang",),
    }  # fmt: skip
    return Draft(**{**plain, **changes})


def proposed(**changes: Any) -> Draft:
    linted = drafting.record_lint(draft(**changes), 1, (MISSING_ENGLISH,))
    return drafting.propose(linted, 1, "按省厅文件压缩时限", "wang", AT)


def approved() -> Draft:
    return drafting.approve(proposed(), 1, "同意", "li", AT)


def test_whoever_saves_an_older_revision_is_told_who_was_faster() -> None:
    mine = drafting.save(draft(), 1, {**ITEM, "name": "一"}, "wang", AT)
    assert (mine.revision, mine.state, mine.editors) == (2, DraftState.EDITING, ("wang",))
    with pytest.raises(Conflict) as refused:
        drafting.save(mine, 1, {**ITEM, "name": "二"}, "li", AT)
    assert refused.value.details == {"revision": 2, "by": "wang"}


def test_the_same_contents_again_change_nothing() -> None:
    known = draft()
    assert drafting.save(known, 1, dict(ITEM), "li", AT) is known


def test_an_edit_never_moves_an_item_to_another_code_or_region() -> None:
    saved = drafting.save(draft(), 1, {**ITEM, "code": "510107-X", "region": "510107", "name": "新"}, "wang", AT)
    assert (saved.definition["code"], saved.definition["region"]) == (ITEM["code"], "440105")


def test_what_the_linter_said_of_an_older_revision_says_nothing() -> None:
    saved = drafting.save(draft(), 1, {**ITEM, "name": "新"}, "wang", AT)
    assert drafting.record_lint(saved, 1, (WRONG,)) is saved


def test_warnings_may_stay_and_errors_may_not() -> None:
    assert drafting.record_lint(draft(), 1, (MISSING_ENGLISH,)).state is DraftState.LINTED
    wrong = drafting.record_lint(draft(), 1, (WRONG,))
    assert wrong.state is DraftState.EDITING
    with pytest.raises(InvalidRequest, match="还有1处错误"):
        drafting.propose(wrong, 1, "说明", "wang", AT)


def test_nothing_is_proposed_before_it_was_linted_or_without_a_word() -> None:
    with pytest.raises(InvalidRequest, match="正在校验"):
        drafting.propose(draft(), 1, "说明", "wang", AT)
    linted = drafting.record_lint(draft(), 1, ())
    with pytest.raises(InvalidRequest, match="说明这次修改"):
        drafting.propose(linted, 1, " ", "wang", AT)


@pytest.mark.parametrize("somebody", ["wang", "zhao", "qian"])
def test_nobody_approves_what_they_changed_or_proposed(somebody: str) -> None:
    linted = drafting.record_lint(draft(editors=("wang", "zhao")), 1, ())
    made = drafting.propose(linted, 1, "说明", "qian", AT)
    assert not drafting.may_decide(made, somebody)
    with pytest.raises(Forbidden):
        drafting.approve(made, 1, "", somebody, AT)
    with pytest.raises(Forbidden):
        drafting.reject(made, "不妥", somebody, AT)


def test_a_rejected_draft_says_why_and_is_edited_again() -> None:
    with pytest.raises(InvalidRequest, match="理由"):
        drafting.reject(proposed(), "", "li", AT)
    back = drafting.reject(proposed(), "依据不足", "li", AT)
    assert (back.state, back.opinion) == (DraftState.REJECTED, "依据不足")
    assert drafting.save(back, 1, {**ITEM, "name": "新"}, "wang", AT).state is DraftState.EDITING


def test_what_was_approved_cannot_be_edited_unless_it_is_taken_back() -> None:
    with pytest.raises(TransitionRefused):
        drafting.save(approved(), 1, {**ITEM, "name": "新"}, "wang", AT)
    back = drafting.take_back(approved())
    assert (back.state, back.decided_by) == (DraftState.LINTED, None)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2027, 4, 1)])
def test_a_version_begins_today_or_within_a_year(day: date) -> None:
    with pytest.raises(InvalidRequest, match="生效日期"):
        drafting.publish(approved(), day, TODAY, 2, None)


def test_a_version_does_not_pass_one_that_is_to_come() -> None:
    with pytest.raises(Conflict, match="2026年4月1日"):
        drafting.publish(approved(), date(2026, 3, 20), TODAY, 3, date(2026, 4, 1))
    assert drafting.publish(approved(), date(2026, 4, 2), TODAY, 3, date(2026, 4, 1)).version == 3


def test_a_version_is_withdrawn_before_its_day_only() -> None:
    coming = drafting.publish(approved(), date(2026, 3, 20), TODAY, 2, None)
    assert drafting.withdraw(coming, date(2026, 3, 19)).state is DraftState.WITHDRAWN
    with pytest.raises(Conflict, match="已经生效"):
        drafting.withdraw(coming, date(2026, 3, 20))


def test_every_draft_that_is_still_to_come_of_can_be_left() -> None:
    finals = {s for s in DraftState if DRAFT.is_final(s)}
    assert finals == {DraftState.WITHDRAWN, DraftState.ABANDONED}
    assert OPEN.isdisjoint(finals | {DraftState.PUBLISHED})
