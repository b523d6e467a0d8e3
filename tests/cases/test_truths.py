"""What an auditor says of fields is kept beside what was read, is judged with, and never changes the reading."""

from dataclasses import replace
from typing import Any

import pytest

from cases.actions import instant, review
from cases.actions.judging import Verdict, record_again, record_verdict
from cases.actions.review import MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.actions.verifying import Saying, verify
from cases.effects import Effect, JobKind, Reviewed, Sampled, Verified
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState, MaterialState
from cases.readings import Confirmed, Field, Line, Reading
from cases.truths import MISSED, How, Truth, same_value, with_truths
from tests.cases.world import INSTANT, World, item

BOX = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
DOUBT = found(FindingCode.FIELD_DOUBTFUL, material="id_front", page=1, field="name")


def read(**fields: Field) -> Reading:
    made = fields or {"name": Field("陈祥本", 0.9, Confirmed.ONE_READER, BOX, None, "陈样本")}
    lines = (Line("姓名陈祥本", 0.9, BOX),)
    return Reading("a.jpg", 1, 0.5, "ppocr", 0, 100, 60, (), "id_card_front", 0.98, made, lines)


def in_review() -> tuple[World, str]:
    world = World()
    page = world.upload("id_front")
    world.read(page).upload_and_read("form").submit()
    return world.judge("review", DOUBT, form=MaterialState.ACCEPTED), page


def said(world: World, page: str, *sayings: Saying, reading: Reading | None = None, **more: Any) -> tuple[Truth, ...]:
    outcome = verify(world.file, page, reading or read(), sayings, world.now, **more)
    world.apply(outcome)
    (kept,) = [e for e in outcome if isinstance(e, Verified)]
    return kept.truths


def test_another_value_corrects_and_the_same_confirms() -> None:
    world, page = in_review()
    (wrong,) = said(world, page, Saying("name", " 陈样本 ", "陈祥本"))
    assert (wrong.machine, wrong.said, wrong.how, wrong.correct) == ("陈祥本", "陈样本", How.CORRECTED, False)
    assert (wrong.read_as, wrong.confidence, wrong.kind, wrong.by) == ("one_reader", 0.9, "id_card_front", "tester")
    (right,) = said(world, page, Saying("name", "陈 祥本", "陈祥本"))
    assert (right.how, right.correct) == (How.CONFIRMED, True)
    (whole,) = said(world, page, Saying("name", "陈祥本", "陈祥本"), whole=True)
    assert whole.how is How.WHOLE_PAGE


def test_what_was_not_read_can_be_added() -> None:
    world, page = in_review()
    (missed,) = said(world, page, Saying("address", "样本路1号", ""))
    assert (missed.machine, missed.read_as, missed.confidence, missed.correct) == (None, MISSED, None, False)


def test_the_case_is_judged_again_and_the_record_holds_no_value() -> None:
    world, page = in_review()
    before = len(world.asked_for(JobKind.CASE_JUDGE))
    said(world, page, Saying("name", "陈样本", "陈祥本"))
    said(world, page, Saying("name", "陈羊本", "陈祥本"))
    jobs = world.asked_for(JobKind.CASE_JUDGE)[before:]
    assert len({job.dedupe for job in jobs}) == 2
    fact = world.facts[-1]
    assert fact.action == "fields_verified"
    assert "陈" not in str(fact.detail)
    assert fact.detail["fields"] == [{"field": "name", "how": "corrected"}]


def test_a_decided_case_is_not_judged_again() -> None:
    world = World().to_passed()
    before = len(world.jobs)
    said(world, world.file.pages[0].id, Saying("name", "陈样本", "陈祥本"))
    assert len(world.jobs) == before


def test_what_cannot_be_said_is_refused() -> None:
    world, page = in_review()
    for sayings, refusal in (
        ((), InvalidRequest),
        ((Saying("name", "  ", "陈祥本"),), InvalidRequest),
        ((Saying("name", "陈样本", "陈洋本"),), Conflict),
        ((Saying("address", "样本路", "别的路"),), Conflict),
    ):
        with pytest.raises(refusal):
            verify(world.file, page, read(), sayings, world.now)
    with pytest.raises(NotFound):
        verify(world.file, "another", read(), (Saying("name", "陈", ""),), world.now)
    with pytest.raises(TransitionRefused):
        verify(World().file, page, read(), (Saying("name", "陈", ""),), world.now)


def test_a_reading_is_judged_with_the_auditors_value_and_stays_as_it_is() -> None:
    spec = item().material("id_front")
    made = replace(read(), marks={"empty_fields": ["address", "sex"]})
    judged = with_truths(spec, made, {"name": "陈样本", "address": "样本路1号"})
    assert (judged.fields["name"].value, judged.fields["name"].confirmed) == ("陈样本", Confirmed.PERSON)
    assert judged.fields["name"].by_resident is None
    assert judged.fields["address"].certain
    assert judged.marks["empty_fields"] == ["sex"]
    assert made.fields["name"].value == "陈祥本"
    assert with_truths(spec, made, {}) is made


def test_a_forms_label_and_the_items_name_are_one_field() -> None:
    form = {"key": "form", "name": "表", "document": "application_form", "need": "required"}
    spec = item(materials=[{**form, "fields": {"申请人": "applicant_name"}}]).material("form")
    judged = with_truths(spec, read(申请人=Field("陈祥本", 0.9, Confirmed.ONE_READER)), {"applicant_name": "陈样本"})
    assert list(judged.fields) == ["申请人"]
    assert judged.fields["申请人"].value == "陈样本"


def test_spaces_width_and_case_make_no_other_value() -> None:
    assert same_value("44010519900307001x", "４４０１０５ 19900307001X")
    assert not same_value("陈样本", "陈祥本")


# ── judged again under review ──


def test_judging_again_changes_the_findings_and_leaves_the_case_with_its_auditor() -> None:
    world, _ = in_review()
    world.apply(review.decide_material(world.file, MaterialRuling("form", MaterialDecision.RETURN, "重拍"), world.now))
    states = {"id_front": MaterialState.ACCEPTED, "form": MaterialState.ACCEPTED}
    world.apply(record_again(world.file, Verdict("passed", (), states), world.now))
    assert (world.state, world.file.findings) == (CaseState.IN_REVIEW, ())
    assert [m.state for m in world.file.materials if m.key == "id_front"] == [MaterialState.ACCEPTED]
    assert [m.state for m in world.file.materials if m.key == "form"] == [MaterialState.RETURNED]


def test_judging_again_comes_too_late_for_a_closed_review() -> None:
    world = World().to_passed()
    outcome = record_again(world.file, Verdict("passed", (), {}), world.now)
    assert [e.action for e in outcome if hasattr(e, "action")] == ["late_verdict_dropped"]


def test_a_case_says_under_which_thresholds_it_was_judged() -> None:
    world = World().upload_and_read("id_front", "form").submit()
    world.apply(record_verdict(world.file, Verdict("passed", (), {}, (), {"id_card_front.name": 97}), world.now))
    (fact,) = [f for f in world.facts if f.action == "case_judged"]
    assert fact.detail["thresholds"] == {"id_card_front.name": 97}


# ── instant cases that are drawn ──


def drawn_world(verdict: str = "passed", *findings: Any) -> tuple[World, list[Effect]]:
    world = World(item(**INSTANT)).upload_and_read("id_front", "form").submit()
    outcome = record_verdict(world.file, Verdict(verdict, findings, {}, sampled=True), world.now)
    world.apply(outcome)
    return world, list(outcome)


def test_a_drawn_instant_case_goes_to_a_person_although_all_is_certain() -> None:
    world, outcome = drawn_world()
    assert world.state is CaseState.IN_REVIEW
    assert world.file.findings == ()
    assert Sampled() in outcome
    assert world.asked_for(JobKind.CASE_ROUTE) == []
    assert "case_sampled" in [f.action for f in world.facts]


def test_a_doubt_or_another_kind_of_item_is_no_sample() -> None:
    assert Sampled() not in drawn_world("review", DOUBT)[1]
    world = World().upload_and_read("id_front", "form").submit()
    outcome = record_verdict(world.file, Verdict("passed", (), {}, sampled=True), world.now)
    assert Sampled() not in outcome


def test_a_drawn_case_that_a_person_passes_concludes_by_itself() -> None:
    world, _ = drawn_world()
    outcome = review.close_review(world.file, ReviewRuling(ReviewDecision.PASS), world.now)
    world.apply(outcome)
    assert Reviewed("pass") in outcome
    assert [j.dedupe for j in world.asked_for(JobKind.CASE_ROUTE)] == [f"instant:{world.file.case.number}"]
    while step := instant.next_step(world.file, world.now):
        world.apply(step)
    assert world.state is CaseState.DELIVERED
