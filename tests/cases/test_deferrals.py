"""Promises 容缺承诺: the case goes on, the result waits, reminders, and what becomes of a promise that was not kept."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.actions import deciding, judging
from cases.actions.deferring import (
    DeferredDecision,
    decide_deferred,
    end_broken,
    on_promises,
    record_supplement,
    repair,
)
from cases.actions.review import MaterialDecision, MaterialRuling, decide_material
from cases.allowed import resident_actions
from cases.deferrals import BROKEN_PROMISES, last_day, open_promises
from cases.documents import Standing, standing
from cases.effects import JobKind
from cases.errors import Conflict, InvalidRequest, TransitionRefused
from cases.findings import Finding, FindingCode, Severity, found
from cases.lifecycle import AssignmentState, CaseState, MaterialState, PageState
from cases.model import Direction, Holder
from tests.cases.world import World

DUE = date(2026, 3, 30)


def deferred() -> World:
    """A case whose photo was promised for the 30th of March, received at the office."""
    world = World()
    world.upload_and_read("id_front", "form").submit()
    world.judge("passed", id_front=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED, photo=MaterialState.MISSING)
    put = {"state": MaterialState.DEFERRED, "decision": "defer", "defer_until": DUE}
    world._set("material", "photo", put)
    booking = world.booked(Direction.COLLECTION)
    from_the_door(world, booking)
    return world


def from_the_door(world: World, booking: str) -> None:
    for state in ("picked_up", "delivered"):
        world.track(booking, type(world.file.legs[0].state)(state))
    world.count(id_front=1, form=1)


def approved() -> World:
    world = deferred()
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    return world.decide("card").decide("photo").decide("issue")


def verdict(*findings: Finding, state: MaterialState = MaterialState.ACCEPTED) -> judging.Verdict:
    return judging.Verdict("passed" if not findings else "review", findings, {"photo": state})


def supplemented(world: World, *findings: Finding, state: MaterialState = MaterialState.ACCEPTED) -> World:
    world.read(world.upload("photo"))
    return world.apply(record_supplement(world.file, verdict(*findings, state=state), world.now))


def test_acceptance_says_in_writing_what_is_to_come_and_by_when() -> None:
    world = deferred()
    world.apply(deciding.accept(world.file, world.now))
    letter = next(d for d in world.file.documents if d.kind == "deferral")
    assert "1. 照片回执，2026年3月30日前补交。" in letter.content["paragraphs"]


def test_the_case_goes_on_and_the_result_waits() -> None:
    world = approved()
    assert world.state is CaseState.APPROVED
    assert world.file.case.deadline_at == last_day(world.file)
    with pytest.raises(Conflict, match="容缺材料尚未补齐"):
        deciding.conclude(world.file, world.now)


def test_a_refused_case_does_not_wait_for_anything() -> None:
    world = deferred()
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    world.decide("card", approve=False, opinion="不符合条件")
    assert world.apply(deciding.conclude(world.file, world.now)).state is CaseState.CONCLUDED


def test_the_resident_hands_it_in_in_the_middle_of_the_case_and_nothing_else() -> None:
    world = approved()
    assert "supplement" in resident_actions(world.file)
    page = world.upload("photo")
    assert world.file.material("photo").defer_until == DUE
    with pytest.raises(TransitionRefused):
        world.upload("form")
    world.read(page)
    assert world.asked_for(JobKind.CASE_JUDGE)[-1].subject == world.file.case.number


def test_certain_it_is_accepted_without_a_person_and_the_result_is_free() -> None:
    world = supplemented(approved())
    assert world.file.material("photo").state is MaterialState.ACCEPTED
    assert open_promises(world.file) == ()
    assert world.notices[-1].template == "deferral_kept"
    assert "supplement" not in resident_actions(world.file)
    assert world.apply(deciding.conclude(world.file, world.now)).state is CaseState.CONCLUDED


def test_what_can_be_mended_goes_back_to_the_resident_and_its_pages_are_replaced() -> None:
    blurred = found(FindingCode.BLURRED, material="photo", page=1)
    world = supplemented(approved(), blurred, state=MaterialState.RETURNED)
    assert world.file.material("photo").state is MaterialState.RETURNED
    assert world.notices[-1].template == "deferral_returned"
    again = world.upload("photo")
    assert [p.id for p in world.file.pages_of("photo")] == [again]
    assert [p.state for p in world.file.pages if p.material == "photo"] == [PageState.REMOVED, PageState.UPLOADED]


def test_what_is_doubtful_waits_for_a_person() -> None:
    doubtful = found(FindingCode.LOW_CONFIDENCE, material="photo", severity=Severity.DOUBTFUL)
    world = supplemented(approved(), doubtful, state=MaterialState.READ)
    assert world.file.material("photo").state is MaterialState.READ
    with pytest.raises(InvalidRequest, match="理由"):
        decide_deferred(world.file, "photo", DeferredDecision.RETURN, "", world.now)
    world.apply(decide_deferred(world.file, "photo", DeferredDecision.ACCEPT, "", world.now))
    assert open_promises(world.file) == ()


def test_a_person_may_do_without_it() -> None:
    world = approved()
    world.apply(decide_deferred(world.file, "photo", DeferredDecision.WAIVE, "公安已核验照片", world.now))
    assert world.file.material("photo").state is MaterialState.WAIVED
    with pytest.raises(Conflict, match="不是待补"):
        decide_deferred(world.file, "photo", DeferredDecision.WAIVE, "又一次", world.now)


@pytest.mark.parametrize(("before", "days"), [(8, None), (7, 7), (5, 7), (3, 3), (2, 3), (1, 1), (0, 0)])
def test_the_resident_is_reminded_on_named_days_and_once_for_each(before: int, days: int | None) -> None:
    world = approved()
    world.wait(days=(DUE - world.now.today).days - before)
    world.notices.clear()
    world.apply(on_promises(world.file, world.now))
    assert world.file.material("photo").reminded == days
    assert [n.template for n in world.notices] == (["deferral_due"] if days is not None else [])
    assert on_promises(world.file, world.now) == ()


def test_what_came_is_not_reminded_of_nor_late() -> None:
    world = approved()
    world.read(world.upload("photo"))
    world.wait(days=60)
    assert on_promises(world.file, world.now) == ()


def late() -> World:
    world = approved()
    world.at += timedelta(days=29)
    return world.apply(on_promises(world.file, world.now))


def test_a_day_that_has_passed_is_told_once_and_ends_nothing_by_itself() -> None:
    world = late()
    assert world.state is CaseState.APPROVED
    assert world.file.material("photo").late_at == world.at
    assert world.notices[-1].template == "deferral_late"
    assert on_promises(world.file, world.now) == ()


def test_one_person_ends_a_broken_promise_and_everything_that_hangs_on_it() -> None:
    world = late()
    world.apply(end_broken(world.file, "photo", "三次提醒未补交", world.now))
    assert world.state is CaseState.ABORTED
    assert [(n.material, n.promised) for n in world.file.credit_notes] == [("photo", DUE)]
    kinds = {d.kind: standing(world.file, d) for d in world.file.documents}
    assert kinds["termination"] is Standing.VALID
    assert {kinds["acceptance"], kinds["deferral"], kinds["decision"]} == {Standing.REVOKED}
    assert world.file.leg(Direction.DELIVERY) is not None
    assert [o.holder for o in world.file.originals] == [Holder.OFFICE, Holder.OFFICE]
    assert world.notices[-1].template == "deferral_ended"


def test_departments_that_still_work_on_it_are_told_to_stop() -> None:
    world = deferred()
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    world.at += timedelta(days=29)
    world.apply(on_promises(world.file, world.now)).apply(end_broken(world.file, "photo", "未补交", world.now))
    assert {a.state for a in world.file.assignments} == {AssignmentState.CANCELLED}


def test_nothing_is_ended_before_its_day_or_once_the_material_is_there() -> None:
    world = approved()
    with pytest.raises(Conflict, match="期限未到"):
        end_broken(world.file, "photo", "急", world.now)
    world = late()
    world.read(world.upload("photo"))
    with pytest.raises(Conflict, match="已经交来"):
        end_broken(world.file, "photo", "急", world.now)


def test_children_of_a_bundle_wait_with_the_result() -> None:
    world = approved()
    assert world.asked_for(JobKind.BUNDLE_OPEN) == []


def test_whoever_broke_a_promise_may_not_put_a_paper_off_again() -> None:
    world = World()
    world.upload_and_read("id_front", "form").submit()
    world.judge("review", found(FindingCode.MISMATCH, material="form", field="name"))
    put_off = MaterialRuling("photo", MaterialDecision.DEFER, "暂缺", defer_until=world.now.today + timedelta(days=5))
    barred = replace(world.file, extra={BROKEN_PROMISES: 1})
    with pytest.raises(Conflict, match="失信"):
        decide_material(barred, put_off, world.now)
    assert decide_material(world.file, put_off, world.now)


def test_a_broken_promise_is_made_good_once_and_with_a_reason() -> None:
    world = late()
    world.apply(end_broken(world.file, "photo", "未补交", world.now))
    (note,) = world.file.credit_notes
    with pytest.raises(InvalidRequest):
        repair(world.file, note.id, "", world.now)
    world._set("credit_note", note.id, {"repaired_at": world.at})
    with pytest.raises(Conflict, match="已经修复"):
        repair(world.file, note.id, "已补交", world.now)
