"""One refusal, one late department, a withdrawal in the middle, an abort: each has its defined outcome (docs/departments.md)."""

from cases.actions import assigning, opening, transferring
from cases.actions.sweeping import on_deadline
from cases.actions.transferring import Found, Offer
from cases.lifecycle import AssignmentState, CaseState
from cases.model import Direction, Holder
from tests.cases.world import World


def states(world: World) -> dict[str, str]:
    return {a.key: str(a.state) for a in world.file.assignments}


def told(world: World, event: str) -> list[tuple[str, str]]:
    return [(a.department, str(a.data.get("why", ""))) for a in world.announced if a.event == event]


def test_one_refusal_refuses_the_case_with_who_and_why_and_the_others_are_told() -> None:
    world = World().to_processing().decide("photo", False, "照片与本人不符")
    assert world.state is CaseState.REFUSED
    assert states(world) == {"card": "cancelled", "photo": "refused", "issue": "cancelled"}
    assert told(world, "assignment.withdrawn") == [("rsj", "refused_elsewhere")] * 2
    decided = [a for a in world.announced if a.event == "case.decided"]
    assert [(a.department, a.data["decision"], a.data["by"]) for a in decided] == [
        ("rsj", "refuse", "gaj"),
        ("gaj", "refuse", "gaj"),
    ]
    letter = next(d for d in world.file.documents if d.kind == "decision")
    assert "照片与本人不符" in str(letter.content)


def test_who_had_agreed_before_the_refusal_hears_of_it() -> None:
    world = World().to_processing().decide("card").decide("photo", False, "照片与本人不符")
    decided = {a.department: a.data["decision"] for a in world.announced if a.event == "case.decided"}
    assert decided == {"rsj": "refuse", "gaj": "refuse"}


def test_one_late_department_is_told_once_the_others_go_on_and_so_does_the_case() -> None:
    world = World().to_processing()
    promised, deadline = world.file.case.promised_due, world.file.case.deadline_at
    world.wait(days=2)
    world.apply(assigning.on_late_assignments(world.file, world.now))
    assert told(world, "assignment.late") == [("gaj", "")]
    late = next(a for a in world.file.assignments if a.key == "photo")
    assert late.escalated_at == world.at
    assert world.facts[-1].action == "assignment_late"
    assert assigning.on_late_assignments(world.file, world.now) == ()
    assert world.decide("card").state is CaseState.PROCESSING
    assert (world.file.case.promised_due, world.file.case.deadline_at) == (promised, deadline)
    world.wait(days=30).apply(on_deadline(world.file, world.now))
    assert world.file.case.escalated_at is not None


def test_a_withdrawal_in_the_middle_stops_everybody_and_the_originals_go_home() -> None:
    world = World().to_processing().decide("photo")
    world.apply(opening.withdraw(world.file, world.now))
    assert world.state is CaseState.WITHDRAWN
    assert states(world) == {"card": "cancelled", "photo": "approved", "issue": "cancelled"}
    assert told(world, "assignment.withdrawn") == [("rsj", "withdrawn_by_applicant")] * 2
    assert world.file.leg(Direction.DELIVERY) is not None


def test_papers_that_a_department_has_come_back_before_they_go_home() -> None:
    world = World().to_processing()
    world.apply(transferring.offer(world.file, Offer(("form",), Holder.OFFICE, "rsj"), world.now))
    world.apply(transferring.acknowledge(world.file, world.file.transfers[0].id, Found(), world.now))
    world.apply(opening.withdraw(world.file, world.now))
    assert world.file.leg(Direction.DELIVERY) is None, "nothing goes home before everything is there"
    world.apply(transferring.offer(world.file, Offer(("form",), Holder.DEPARTMENT, "rsj"), world.now))
    world.apply(transferring.acknowledge(world.file, world.file.transfers[1].id, Found(), world.now))
    assert world.file.leg(Direction.DELIVERY) is not None


def test_a_withdrawn_case_can_be_decided_by_nobody() -> None:
    world = World().to_processing()
    world.apply(opening.withdraw(world.file, world.now))
    assert all(a.state is AssignmentState.CANCELLED for a in world.file.assignments)


def test_what_departments_are_told_names_no_person() -> None:
    world = World().to_processing().decide("photo").decide("card").decide("issue")
    said = str([a.data for a in world.announced])
    applicant = world.file.case.applicant
    assert not any(word in said for word in (applicant.name, applicant.id_number, applicant.phone, "样本路"))
    assert {a.event for a in world.announced} == {"assignment.opened", "assignment.decided", "case.decided"}
