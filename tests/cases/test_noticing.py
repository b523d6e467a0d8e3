"""The correction notice: shown as it is sent, complete, and what a further round has to explain."""

from datetime import timedelta

import pytest

from cases.actions import noticing, opening, review
from cases.actions.review import DEFER_DAYS, MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.errors import Conflict, InvalidRequest
from cases.findings import CATALOGUE, Finding, FindingCode, found
from cases.lifecycle import CaseState, MaterialState
from cases.reasons import MOST, reasons_for
from cases.rulings import Because, Excuse
from tests.cases.world import ITEM, World, item

MISMATCH = found(FindingCode.MISMATCH, material="form", field="name")
BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)


def in_review(*findings: Finding) -> World:
    return World().upload_and_read("id_front", "form").submit().judge("review", *findings)


def decide(world: World, key: str, decision: MaterialDecision, reason: str = "") -> World:
    return world.apply(review.decide_material(world.file, MaterialRuling(key, decision, reason), world.now))


def give_back(world: World, excuse: Excuse | None = None) -> World:
    ruling = ReviewRuling(ReviewDecision.RETURN, excuse=excuse or Excuse())
    return world.apply(review.close_review(world.file, ruling, world.now))


def test_what_is_shown_is_what_is_sent() -> None:
    world = decide(in_review(MISMATCH, BLURRED), "form", MaterialDecision.RETURN, "姓名与身份证不一致")
    draft = noticing.compose(world.file, world.now)
    give_back(world, Excuse(shown=draft.digest))
    sent = world.file.documents[-1].content["paragraphs"]
    assert tuple(sent) == draft.paragraphs
    assert [f.message for f in world.file.corrections[-1].findings] == ["姓名与身份证不一致", "照片模糊"]


def test_what_has_changed_since_it_was_shown_is_not_sent() -> None:
    world = decide(in_review(MISMATCH), "form", MaterialDecision.RETURN, "姓名与身份证不一致")
    draft = noticing.compose(world.file, world.now)
    decide(world, "form", MaterialDecision.RETURN, "姓名写错了")
    with pytest.raises(Conflict):
        give_back(world, Excuse(shown=draft.digest))
    assert world.state is CaseState.IN_REVIEW


def test_a_notice_is_not_sent_while_a_doubt_is_open() -> None:
    """What was left open would have to be asked for in a second round."""
    doubtful = found(FindingCode.FIELD_DOUBTFUL, material="id_front", page=1)
    world = decide(in_review(MISMATCH, doubtful), "form", MaterialDecision.RETURN, "姓名与身份证不一致")
    with pytest.raises(Conflict) as refused:
        give_back(world)
    assert refused.value.details["materials"] == ["id_front"]
    decide(world, "id_front", MaterialDecision.ACCEPT)
    assert give_back(world).state is CaseState.RETURNED


def second_round(*findings: Finding, anew: str = "form") -> World:
    """Returned once for the form; `anew` was photographed again, and it was judged again."""
    world = give_back(decide(in_review(MISMATCH), "form", MaterialDecision.RETURN, "姓名与身份证不一致"))
    world.wait(hours=1)
    old = world.file.pages_of(anew)[0].id
    world.apply(opening.remove_page(world.file, old)).upload_and_read(anew)
    return world.submit().judge("review", *findings)


def test_a_material_photographed_again_is_undecided_again() -> None:
    world = second_round(MISMATCH)
    form = world.file.material("form")
    assert form is not None
    assert (form.state, form.decision, form.reason) == (MaterialState.READ, None, None)


def test_what_stands_on_a_page_that_came_after_the_notice_needs_no_word() -> None:
    world = decide(second_round(MISMATCH), "form", MaterialDecision.RETURN, "缺少签名")
    give_back(world)
    notice = world.file.corrections[-1]
    assert (notice.round, notice.because, notice.causes) == (2, Because.NEW_PAGE, (Because.NEW_PAGE,))


def test_what_stood_on_a_page_that_was_there_already_has_to_be_explained() -> None:
    world = decide(second_round(MISMATCH), "form", MaterialDecision.ACCEPT)
    decide(world, "id_front", MaterialDecision.RETURN, "证件过期了")
    for excuse in (Excuse(), Excuse(Because.NEW_PAGE), Excuse(Because.CHANGED_AFTER)):
        with pytest.raises(InvalidRequest):
            give_back(world, excuse)
    give_back(world, Excuse(Because.CHANGED_AFTER, "身份证在告知之后到期"))
    notice = world.file.corrections[-1]
    assert (notice.because, notice.explanation) == (Because.CHANGED_AFTER, "身份证在告知之后到期")


def test_what_was_asked_for_before_and_not_mended_needs_no_word() -> None:
    missing = found(FindingCode.MISSING_MATERIAL, material="form")
    world = World().upload_and_read("id_front").submit().judge("returned", missing).wait(hours=1)
    world.submit().judge("review", missing, found(FindingCode.FIELD_DOUBTFUL, material="id_front", page=1))
    decide(world, "id_front", MaterialDecision.ACCEPT)
    give_back(world)
    assert world.file.corrections[-1].because is Because.NOT_MENDED


def test_the_first_round_has_no_reason() -> None:
    world = give_back(decide(in_review(MISMATCH), "form", MaterialDecision.RETURN, "姓名与身份证不一致"))
    assert (world.file.corrections[-1].because, world.file.corrections[-1].causes) == (None, (None,))


def test_a_picked_reason_keeps_its_code_and_its_advice() -> None:
    world = decide(in_review(MISMATCH), "form", MaterialDecision.RETURN, "缺少签名")
    (finding,) = noticing.to_mend(world.file)
    assert finding.code is FindingCode.MISSING_SIGNATURE
    assert finding.advice == CATALOGUE[FindingCode.MISSING_SIGNATURE].advice


# ── reasons to pick from ──


def test_reasons_begin_with_what_the_machine_said_and_hold_the_items_own_standard() -> None:
    materials = [{**m, "accept": "四角完整、字迹清晰。"} if m["key"] == "id_front" else m for m in ITEM["materials"]]
    spec = item(materials=materials).material("id_front")
    assert spec is not None
    reasons = reasons_for(spec, (found(FindingCode.EXPIRED, material="id_front"), BLURRED, MISMATCH))
    assert [r.message for r in reasons[:3]] == ["照片模糊", "证件过期了", "不符合要求：四角完整、字迹清晰"]
    assert len(reasons) <= MOST
    assert len({r.message for r in reasons}) == len(reasons)
    assert MISMATCH.message not in [r.message for r in reasons]


def test_a_form_is_asked_for_what_forms_lack() -> None:
    spec = item().material("form")
    assert spec is not None
    assert [r.code for r in reasons_for(spec, ())][:2] == [FindingCode.NOT_FILLED_IN, FindingCode.MISSING_SIGNATURE]


# ── deferral ──


def deferred(days: int, promise: str = "", materials: object = None) -> World:
    chosen = item(materials=materials) if materials else item()
    world = World(chosen).upload_and_read("id_front", "form").submit().judge("review", MISMATCH)
    ruling = MaterialRuling(
        "photo", MaterialDecision.DEFER, defer_until=world.now.today + timedelta(days=days), promise=promise
    )
    return world.apply(review.decide_material(world.file, ruling, world.now))


@pytest.mark.parametrize("days", [-1, 0, DEFER_DAYS + 1])
def test_a_deferral_lies_ahead_and_not_too_far(days: int) -> None:
    with pytest.raises(InvalidRequest):
        deferred(days)


def test_a_deferral_is_kept_with_its_promise() -> None:
    said = deferred(DEFER_DAYS, "本人承诺三日内补交").file.material("photo")
    usual = deferred(7).file.material("photo")
    assert said is not None
    assert usual is not None
    assert (said.state, said.promise) == (MaterialState.DEFERRED, "本人承诺三日内补交")
    assert usual.promise == "本人承诺于2026年3月9日前补交“照片回执”；逾期未补交的，自愿承担终止办理等后果。"


def test_an_item_may_set_its_own_bound() -> None:
    bound = [{**m, "defer_days": 5} if m["key"] == "photo" else m for m in ITEM["materials"]]
    assert deferred(5, materials=bound).file.material("photo") is not None
    with pytest.raises(InvalidRequest):
        deferred(6, materials=bound)
