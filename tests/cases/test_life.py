"""A whole life, and what may go another way at each turn."""

from dataclasses import replace
from typing import Any

import pytest

from cases.actions import deciding, instant, opening, ordering, review, seconding
from cases.allowed import resident_actions
from cases.checklist import not_chosen
from cases.custody import chain_is_unbroken
from cases.deadlines import add_working_days, beijing_day, end_of
from cases.effects import JobKind
from cases.errors import Conflict, InvalidRequest, NotFound, NotZeroTrip, TransitionRefused
from cases.findings import FindingCode, found
from cases.lifecycle import AssignmentState, BookingState, CaseState, LegState, MaterialState, PageState
from cases.model import Direction, Holder
from tests.cases.world import CALENDAR, INSTANT, ITEM, World, item

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)
MISMATCH = found(FindingCode.MISMATCH, material="form", field="name")


def test_a_case_goes_from_photographs_to_delivered() -> None:
    world = World().to_delivered()
    assert world.state is CaseState.DELIVERED
    assert world.file.leg(Direction.DELIVERY).state is LegState.HANDED_OVER
    assert all(b.state is BookingState.DONE for b in world.file.bookings)
    world.apply(deciding.rate(world.file, 1, "很好", world.now))
    assert world.file.rating.level == 1


def test_answers_choose_the_materials() -> None:
    child = World(answers={"under_16": True})
    assert [m.key for m in child.file.materials] == ["register", "form", "photo"]


def test_an_item_that_needs_the_person_is_refused_with_the_reason() -> None:
    with pytest.raises(NotZeroTrip, match="须采集指纹"):
        World(item(in_person="须采集指纹"))


def test_a_choice_that_decides_what_is_needed_is_made_before_a_case_is_opened() -> None:
    """Later it could not be made: the checklist of a case is that of its answers."""
    question = {"key": "ground", "ask": "以哪一种条件申领？", "type": "choice", "choices": ["住所", "就业"]}
    first, *others = ITEM["materials"]
    choosing = item(questions=[question], materials=[{**first, "when": {"ground": "住所"}}, *others[1:]])
    assert [q.key for q in not_chosen(choosing, {})] == ["ground"]
    with pytest.raises(InvalidRequest, match="请选择：以哪一种条件申领") as refused:
        World(choosing, answers={"ground": "都可以"})
    assert refused.value.details["not_chosen"] == ["ground"]
    assert World(choosing, answers={"ground": "住所"}).file.material("id_front")


@pytest.mark.parametrize(
    "given", [{"planet": False}, {"under_16": "no", "planet": False}, {"under_16": 0, "planet": False}]
)
def test_a_question_that_was_not_answered_with_yes_or_no_is_not_a_no(given: dict[str, Any]) -> None:
    """Every question that is open is named at once."""
    questions = [*ITEM["questions"], {"key": "planet", "ask": "是否住在火星？", "type": "bool"}]
    with pytest.raises(InvalidRequest, match=r"请选择：持卡人是否未满16周岁？$") as refused:
        World(item(questions=questions), answers=given)
    assert refused.value.details["not_chosen"] == ["under_16"]
    with pytest.raises(InvalidRequest, match="请选择：持卡人是否未满16周岁？是否住在火星？"):
        World(item(questions=questions), answers={"planet": "?"})


def test_an_unknown_answer_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        World(answers={"planet": "mars"})


def test_a_page_is_read_as_soon_as_it_is_uploaded() -> None:
    world = World()
    page = world.upload("id_front")
    assert [j.subject for j in world.asked_for(JobKind.PAGE_READ)] == [page]
    assert world.file.material("id_front").state is MaterialState.UPLOADED
    world.read(page, BLURRED)
    assert world.file.material("id_front").state is MaterialState.READ
    assert world.file.page(page).findings == (BLURRED,)


def test_a_page_can_be_taken_out_and_replaced() -> None:
    world = World()
    page = world.upload("id_front")
    world.read(page, BLURRED).apply(opening.remove_page(world.file, page))
    assert world.file.material("id_front").state is MaterialState.MISSING
    world.upload_and_read("id_front")
    assert len(world.file.pages_of("id_front")) == 1


def test_a_full_material_takes_no_more_pages() -> None:
    world = World().upload_and_read("id_front")
    with pytest.raises(InvalidRequest, match="最多1页"):
        world.upload("id_front")


def test_a_page_of_a_material_the_case_does_not_have_is_refused() -> None:
    with pytest.raises(NotFound):
        World().upload("register")


def test_a_submitted_case_takes_no_pages() -> None:
    world = World().upload_and_read("id_front").submit()
    with pytest.raises(TransitionRefused):
        world.upload("form")


def test_judging_waits_for_the_last_page() -> None:
    world = World().upload_and_read("id_front")
    page = world.upload("form")
    world.submit()
    assert world.asked_for(JobKind.CASE_JUDGE) == []
    world.read(page)
    assert len(world.asked_for(JobKind.CASE_JUDGE)) == 1


def test_a_reading_that_comes_after_the_page_was_removed_changes_nothing() -> None:
    world = World()
    page = world.upload("id_front")
    world.apply(opening.remove_page(world.file, page)).read(page)
    assert world.file.page(page).state is PageState.REMOVED


def test_a_returned_case_gets_one_notice_with_everything() -> None:
    missing = found(FindingCode.MISSING_MATERIAL, material="form")
    world = World().upload_and_read("id_front").submit().judge("returned", missing, BLURRED)
    assert world.state is CaseState.RETURNED
    assert [c.findings for c in world.file.corrections] == [(missing, BLURRED)]
    assert [d.kind for d in world.file.documents] == ["correction"]
    world.upload_and_read("form").submit().judge("passed")
    assert world.state is CaseState.PREAUDIT_PASSED


def test_a_verdict_that_comes_too_late_changes_nothing() -> None:
    world = World().to_passed()
    before = world.file
    world.judge("returned", BLURRED)
    assert world.file == before


def in_review() -> World:
    return World().upload_and_read("id_front", "form").submit().judge("review", MISMATCH)


def test_a_person_may_pass_what_the_machine_doubted() -> None:
    world = in_review()
    ruling = review.MaterialRuling("form", review.MaterialDecision.ACCEPT, note="笔误")
    world.apply(review.decide_material(world.file, ruling, world.now))
    world.apply(review.close_review(world.file, review.ReviewRuling(review.ReviewDecision.PASS), world.now))
    assert world.state is CaseState.PREAUDIT_PASSED
    assert world.file.material("id_front").state is MaterialState.ACCEPTED


def test_a_returned_material_forbids_a_pass() -> None:
    world = in_review()
    ruling = review.MaterialRuling("form", review.MaterialDecision.RETURN, "姓名与身份证不一致")
    world.apply(review.decide_material(world.file, ruling, world.now))
    with pytest.raises(Conflict):
        review.close_review(world.file, review.ReviewRuling(review.ReviewDecision.PASS), world.now)
    world.apply(review.close_review(world.file, review.ReviewRuling(review.ReviewDecision.RETURN), world.now))
    assert [f.message for f in world.file.corrections[0].findings] == ["姓名与身份证不一致"]


def test_a_return_needs_a_reason_and_a_required_material_cannot_be_deferred() -> None:
    world = in_review()
    with pytest.raises(InvalidRequest):
        review.decide_material(world.file, review.MaterialRuling("form", review.MaterialDecision.RETURN), world.now)
    with pytest.raises(InvalidRequest):
        review.decide_material(world.file, review.MaterialRuling("form", review.MaterialDecision.DEFER), world.now)


def test_not_accepting_is_said_in_writing() -> None:
    world = in_review()
    ruling = review.ReviewRuling(review.ReviewDecision.NOT_ACCEPT, "不属于本机关职权范围")
    world.apply(review.close_review(world.file, ruling, world.now))
    (proposal,) = world.file.proposals
    by_another = replace(world.now, by="somebody else")
    world.apply(seconding.second(world.file, proposal.id, seconding.Answer.CONFIRM, "", by_another))
    assert world.state is CaseState.NOT_ACCEPTED
    assert world.file.documents[-1].title == "不予受理决定书"


def test_without_paper_originals_a_passed_case_is_received_at_once() -> None:
    bare = [{**m, "original": "none"} for m in ITEM["materials"]]
    world = World(item(materials=bare)).upload_and_read("id_front", "form").submit().judge()
    assert world.state is CaseState.RECEIVED
    assert world.file.legs == ()


# ── courier ──


def test_a_leg_never_has_two_live_bookings() -> None:
    world = World().to_passed()
    world.book(Direction.COLLECTION)
    with pytest.raises(Conflict):
        world.book(Direction.COLLECTION)


def test_every_attempt_has_its_own_order_id() -> None:
    world = World().to_passed()
    first = world.book(Direction.COLLECTION)
    world.apply(ordering.record_refused(world.file, first, "超出范围"))
    second = world.book(Direction.COLLECTION)
    assert world.file.booking(first).order_id != world.file.booking(second).order_id
    assert len(world.file.booking(second).order_id) <= 32


def test_an_unknown_outcome_is_asked_for_and_only_void_when_denied_twice() -> None:
    world = World().to_passed()
    booking = world.book(Direction.COLLECTION)
    world.apply(ordering.record_unknown(world.file, booking, "timeout", world.now))
    assert len(world.asked_for(JobKind.COURIER_FIND)) == 1
    world.apply(ordering.record_not_found(world.file, booking, world.now))
    with pytest.raises(Conflict):
        world.book(Direction.COLLECTION)
    world.apply(ordering.record_not_found(world.file, booking, world.now))
    assert world.file.booking(booking).state is BookingState.VOID
    world.book(Direction.COLLECTION)


def test_saying_the_same_tracking_twice_changes_nothing() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP)
    before = world.file
    world.track(booking, LegState.PICKED_UP)
    assert world.file == before


def test_when_nobody_came_the_resident_may_book_again() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    with pytest.raises(Conflict, match="还没有结束"):
        ordering.nobody_came(world.file, booking, world.now, said_by="resident")
    world.wait(hours=5)
    world.apply(ordering.nobody_came(world.file, booking, world.now, said_by="resident"))
    assert world.state is CaseState.PREAUDIT_PASSED
    assert "book_collection" in resident_actions(world.file)
    world.booked(Direction.COLLECTION)


def test_a_moving_parcel_cannot_be_cancelled() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP)
    with pytest.raises(Conflict):
        ordering.cancel_booking(world.file, booking)


def test_a_delivery_to_somebody_else_does_not_end_the_case() -> None:
    world = World().to_concluded()
    booking = world.booked(Direction.DELIVERY)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED, confirmed=False)
    assert world.state is CaseState.DELIVERING


def test_a_delivery_taken_back_opens_the_case_again() -> None:
    world = World().to_delivered()
    world.track(world.file.bookings[-1].id, LegState.OUT_FOR_DELIVERY)
    assert world.state is CaseState.DELIVERING
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)


def test_a_delivery_taken_back_and_made_again_brings_the_papers_home() -> None:
    world = World().to_delivered()
    booking = world.file.bookings[-1].id
    for state in (LegState.OUT_FOR_DELIVERY, LegState.DELIVERED, LegState.IN_TRANSIT, LegState.DELIVERED):
        world.track(booking, state)
    assert world.state is CaseState.DELIVERED
    assert world.file.original("id_front").holder is Holder.RESIDENT
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)


# ── custody ──


def test_papers_shown_come_home_and_papers_collected_stay() -> None:
    world = World().to_delivered()
    assert {o.key: o.holder for o in world.file.originals} == {"id_front": Holder.RESIDENT, "form": Holder.OFFICE}
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)


def test_a_difference_stops_the_case_until_the_count_agrees() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.DELIVERED).count(id_front=1)
    assert world.state is CaseState.COLLECTING
    assert world.file.open_incidents[0].detail["lines"] == [
        {"key": "form", "expected": 1, "found": 0, "condition": "good", "differs": "missing"}
    ]
    world.count(id_front=1, form=1)
    assert world.state is CaseState.RECEIVED
    assert world.file.open_incidents == ()


def test_a_late_push_after_the_count_changes_nothing() -> None:
    world = World().to_received()
    world.track(world.file.bookings[0].id, LegState.IN_TRANSIT)
    assert world.file.leg(Direction.COLLECTION).state is LegState.HANDED_OVER


def test_a_withdrawal_sends_the_papers_home_first() -> None:
    world = World().to_received()
    world.apply(opening.withdraw(world.file, world.now))
    assert world.state is CaseState.WITHDRAWN
    booking = world.booked(Direction.DELIVERY)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert {o.holder for o in world.file.originals} == {Holder.RESIDENT}


# ── departments ──


def test_departments_work_side_by_side_and_the_third_waits_for_both() -> None:
    world = World().to_processing()
    assert {a.key: a.state for a in world.file.assignments} == {
        "card": AssignmentState.OPEN,
        "photo": AssignmentState.OPEN,
        "issue": AssignmentState.WAITING,
    }
    world.decide("photo").decide("card")
    assert world.file.assignments[2].state is AssignmentState.OPEN
    assert world.state is CaseState.PROCESSING
    world.decide("issue")
    assert world.state is CaseState.APPROVED


def test_one_refusal_refuses_the_case_and_sends_every_paper_home() -> None:
    world = World().to_processing().decide("photo", approve=False, opinion="照片与本人不符")
    assert world.state is CaseState.REFUSED
    assert [a.state for a in world.file.assignments if a.key != "photo"] == [AssignmentState.CANCELLED] * 2
    world.apply(deciding.conclude(world.file, world.now))
    booking = world.booked(Direction.DELIVERY)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert {o.holder for o in world.file.originals} == {Holder.RESIDENT}


def test_a_decided_assignment_cannot_be_decided_again() -> None:
    world = World().to_processing().decide("photo")
    with pytest.raises(TransitionRefused):
        world.decide("photo")


def test_a_case_that_no_rule_routes_lands_on_the_unrouted_desk() -> None:
    world = World(item(routing=[])).to_processing()
    assert [a.department for a in world.file.assignments] == ["unrouted"]


def test_an_electronic_result_without_papers_is_delivered_at_once() -> None:
    bare = [{**m, "original": "none"} for m in ITEM["materials"]]
    result = {"name": "电子证", "form": "electronic", "delivery": []}
    world = World(item(materials=bare, result=result)).upload_and_read("id_front", "form").submit().judge()
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    world.decide("card").decide("photo").decide("issue")
    world.apply(deciding.conclude(world.file, world.now))
    assert world.state is CaseState.DELIVERED
    result = next(d for d in world.file.documents if d.kind == "result")
    assert (result.title, "“社会保障卡补领”" in str(result.content)) == ("办理结果（电子件）", True)


def test_a_special_procedure_stops_both_clocks() -> None:
    world = World().to_processing()
    promised = world.file.case.promised_due
    world.apply(deciding.special(world.file, "专家评审", "需要专家意见", world.now))
    until = add_working_days(CALENDAR, beijing_day(world.at), 30)
    assert world.file.case.deadline_at == end_of(until), "the procedure has an end of its own"
    world.wait(days=7)
    world.apply(deciding.end_special(world.file, world.now))
    assert (world.file.case.promised_due - promised).days == 7
    assert world.file.open_special is None


def test_a_bad_rating_opens_a_rectification_and_a_second_rating_is_refused() -> None:
    world = World().to_delivered()
    world.apply(deciding.rate(world.file, 5, "太慢", world.now))
    assert world.file.rating.rectify_by is not None
    with pytest.raises(Conflict):
        deciding.rate(world.file, 1, "", world.now)


@pytest.mark.parametrize("level", [4, 5])
def test_a_bad_rating_says_why(level: int) -> None:
    world = World().to_delivered()
    with pytest.raises(InvalidRequest, match="哪里没有做好"):
        deciding.rate(world.file, level, " ", world.now)
    assert deciding.rate(world.file, 3, "", world.now)


def test_what_a_resident_may_do_follows_the_state() -> None:
    world = World()
    assert resident_actions(world.file) == ("submit", "withdraw", "add_page", "remove_page")
    world.to_passed()
    assert resident_actions(world.file) == ("withdraw", "book_collection", "pack_collection")
    done = World().to_delivered()
    assert resident_actions(done.file) == ("rate",)
    assert resident_actions(replace(done.file, case=replace(done.file.case, state=CaseState.ABORTED))) == ()


def test_papers_that_were_all_brought_to_the_counter_leave_nothing_to_fetch() -> None:
    world = World().to_passed().count(id_front=1, form=1)
    assert world.file.leg(Direction.COLLECTION).state is LegState.HANDED_OVER
    assert resident_actions(world.file) == ("withdraw",)


# ── instant items ──


def instant_world() -> World:
    return World(item(**INSTANT)).upload_and_read("id_front", "form").submit()


def go_on(world: World) -> World:
    while step := instant.next_step(world.file, world.now):
        world.apply(step)
    return world


def test_an_instant_case_that_is_certain_concludes_without_a_person() -> None:
    world = instant_world().judge("passed")
    assert [j.dedupe for j in world.asked_for(JobKind.CASE_ROUTE)] == [f"instant:{world.file.case.number}"]
    assert go_on(world).state is CaseState.DELIVERED
    assert [d.kind for d in world.file.documents] == ["acceptance", "decision", "result", "delivery"]
    assert {a.opinion for a in world.file.assignments} == {instant.OPINION}


def test_an_instant_case_with_a_doubt_waits_for_a_person() -> None:
    world = instant_world().judge("review", MISMATCH)
    world.apply(review.close_review(world.file, review.ReviewRuling(review.ReviewDecision.PASS), world.now))
    assert world.asked_for(JobKind.CASE_ROUTE) == []
    assert go_on(world).state is CaseState.RECEIVED


def test_a_promised_case_never_goes_on_by_itself() -> None:
    world = World().to_received()
    assert instant.next_step(world.file, world.now) == ()
