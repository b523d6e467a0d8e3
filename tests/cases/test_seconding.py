"""Four eyes: who refuses is not who confirms it, and nothing is refused before."""

from dataclasses import replace

import pytest

from cases.actions import review, seconding
from cases.actions.review import MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.actions.seconding import Answer
from cases.errors import Conflict, Forbidden, InvalidRequest
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState, MaterialState
from cases.rulings import ProposalState
from tests.cases.world import World

REFUSED = MaterialRuling("form", MaterialDecision.REFUSE, "表格系伪造")
NOT_ACCEPTED = ReviewRuling(ReviewDecision.NOT_ACCEPT, "不属于本机关职权范围")


def in_review() -> World:
    doubt = found(FindingCode.MISMATCH, material="form", field="name")
    return World().upload_and_read("id_front", "form").submit().judge("review", doubt)


def proposed() -> World:
    world = in_review()
    return world.apply(review.decide_material(world.file, REFUSED, world.now))


def second(world: World, answer: Answer, reason: str = "", by: str = "somebody else") -> World:
    proposal, moment = world.file.proposals[-1], replace(world.now, by=by)
    return world.apply(seconding.second(world.file, proposal.id, answer, reason, moment))


def form(world: World) -> MaterialState:
    found_ = world.file.material("form")
    assert found_ is not None
    return found_.state


def test_a_refusal_changes_nothing_until_a_second_person_confirms_it() -> None:
    world = proposed()
    assert form(world) is MaterialState.READ
    assert [p.state for p in world.file.proposals] == [ProposalState.WAITING]
    second(world, Answer.CONFIRM)
    assert form(world) is MaterialState.RETURNED
    material = world.file.material("form")
    assert material is not None
    assert (material.decision, material.reason, material.decided_by) == ("refuse", "表格系伪造", "tester")
    assert world.file.proposals[-1].answered_by == "somebody else"


@pytest.mark.parametrize("answer", [Answer.CONFIRM, Answer.REJECT])
def test_nobody_is_the_second_person_of_their_own_refusal(answer: Answer) -> None:
    world = proposed()
    with pytest.raises(Forbidden):
        second(world, answer, "同意", by="tester")


def test_who_does_not_agree_says_why_and_the_material_is_open_again() -> None:
    world = proposed()
    with pytest.raises(InvalidRequest):
        second(world, Answer.REJECT)
    second(world, Answer.REJECT, "印章核对无误")
    assert form(world) is MaterialState.READ
    assert (world.file.proposals[-1].state, world.file.proposals[-1].answer) == (ProposalState.REJECTED, "印章核对无误")
    with pytest.raises(Conflict):
        second(world, Answer.CONFIRM)


def test_only_who_proposed_takes_it_back() -> None:
    world = proposed()
    with pytest.raises(Forbidden):
        second(world, Answer.WITHDRAW)
    second(world, Answer.WITHDRAW, by="tester")
    assert world.file.proposals[-1].state is ProposalState.WITHDRAWN


def test_another_decision_takes_the_place_of_ones_own_proposal_and_of_nobody_elses() -> None:
    world = proposed()
    accept = MaterialRuling("form", MaterialDecision.ACCEPT)
    with pytest.raises(Conflict):
        review.decide_material(world.file, accept, replace(world.now, by="somebody else"))
    world.apply(review.decide_material(world.file, accept, world.now))
    assert form(world) is MaterialState.ACCEPTED
    assert world.file.proposals[-1].state is ProposalState.WITHDRAWN


def test_the_same_refusal_is_proposed_once() -> None:
    world = proposed()
    with pytest.raises(Conflict):
        review.decide_material(world.file, REFUSED, world.now)


@pytest.mark.parametrize("decision", [ReviewDecision.PASS, ReviewDecision.RETURN, ReviewDecision.NOT_ACCEPT])
def test_a_review_is_not_closed_while_something_waits_for_a_second_person(decision: ReviewDecision) -> None:
    world = proposed()
    with pytest.raises(Conflict):
        review.close_review(world.file, ReviewRuling(decision, "理由"), world.now)


def test_not_accepting_a_case_waits_for_a_second_person_and_so_does_everything_else() -> None:
    world = in_review()
    world.apply(review.close_review(world.file, NOT_ACCEPTED, world.now))
    assert world.state is CaseState.IN_REVIEW
    with pytest.raises(Conflict):
        review.decide_material(world.file, MaterialRuling("form", MaterialDecision.ACCEPT), world.now)
    second(world, Answer.CONFIRM)
    assert world.state is CaseState.NOT_ACCEPTED
    assert world.file.documents[-1].title == "不予受理决定书"


def test_not_accepting_needs_its_reason_from_the_first_person() -> None:
    world = in_review()
    with pytest.raises(InvalidRequest):
        review.close_review(world.file, ReviewRuling(ReviewDecision.NOT_ACCEPT), world.now)


def test_the_record_names_both_and_quotes_nobody() -> None:
    world = second(proposed(), Answer.CONFIRM)
    told = {f.action: f.detail for f in world.facts}
    assert told["refusal_proposed"] == {"kind": "refuse_material", "material": "form"}
    assert told["refusal_answered"]["answer"] == "confirm"
