"""Special procedures and extensions: who may, how far, and how exactly the clocks stand still."""

from datetime import timedelta
from typing import Any

import pytest

from cases.actions import clocks, deciding
from cases.actions.clocks import Wanted
from cases.clocks import ClockKind, RequestState, extension_bound, special_kinds
from cases.deadlines import add_working_days, end_of
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.lifecycle import AssignmentState, CaseState
from cases.moment import Moment
from tests.cases.world import CALENDAR, ITEM, World, item


def boss(world: World) -> Moment:
    """Another person, at the same time."""
    return Moment(world.at, CALENDAR, world.now.new_id, "boss")


def extension(days: int | None = None, **more: Any) -> Wanted:
    return Wanted(ClockKind.EXTENSION, "需要补充调查", days, **more)


def special(kind: str = "专家评审", days: int | None = 10, **more: Any) -> Wanted:
    return Wanted(ClockKind.SPECIAL, "需要专家意见", days, kind, **more)


def asked(world: World, wanted: Wanted) -> str:
    world.apply(clocks.ask(world.file, wanted, world.now))
    return world.file.clock_requests[-1].id


def granted(world: World, wanted: Wanted) -> World:
    request = asked(world, wanted)
    return world.apply(clocks.grant(world.file, request, boss(world)))


def of(world: World, key: str) -> Any:
    return next(a for a in world.file.assignments if a.key == key)


# ── extensions ──


def test_an_extension_moves_both_limits_and_the_applicant_is_told_in_writing() -> None:
    world = World().to_processing()
    case, card = world.file.case, of(world, "card")
    granted(world, extension(6))
    for name in ("promised_due", "statutory_due"):
        assert getattr(world.file.case, name) == add_working_days(CALENDAR, getattr(case, name), 6)
    assert of(world, "card").due == add_working_days(CALENDAR, card.due, 6)
    assert world.file.case.deadline_at == end_of(world.file.case.promised_due)
    letter = world.file.documents[-1]
    assert letter.title == "延期办理告知书"
    assert "延长办理期限6个工作日" in str(letter.content)
    assert "需要补充调查" in str(letter.content)
    assert world.notices[-1].template == "extended"


def test_nothing_moves_before_another_person_has_granted_it() -> None:
    world = World().to_processing()
    before = world.file.case.promised_due
    request = asked(world, extension(5))
    assert world.file.case.promised_due == before
    with pytest.raises(Conflict, match="另一人"):
        clocks.grant(world.file, request, world.now)
    with pytest.raises(Conflict, match="待批准"):
        clocks.ask(world.file, extension(3), world.now)
    with pytest.raises(InvalidRequest, match="理由"):
        clocks.decline(world.file, request, "", boss(world))
    world.apply(clocks.decline(world.file, request, "没有必要", boss(world)))
    assert world.file.clock_requests[0].state is RequestState.DECLINED
    assert world.file.case.promised_due == before


def test_it_is_granted_once_and_within_what_the_law_allows() -> None:
    world = World().to_processing()
    with pytest.raises(InvalidRequest, match="最多延长10个工作日"):
        clocks.ask(world.file, extension(11), world.now)
    granted(world, extension(10))
    with pytest.raises(Conflict, match="只能延长一次"):
        clocks.ask(world.file, extension(1), world.now)


def test_law_bounds_what_an_item_says() -> None:
    joint = [{**ITEM["routing"][0], "joint": ["swj"]}]
    assert extension_bound(item(clocks={"extension_days": 30})) == 10
    assert extension_bound(item(clocks={"extension_days": 30}, routing=joint)) == 15
    assert extension_bound(item(clocks={"extension_days": 5})) == 5
    none = World(item(clocks={"extension_days": 0})).to_processing()
    with pytest.raises(Conflict, match="不能延期"):
        clocks.ask(none.file, extension(1), none.now)


def test_it_is_too_late_after_the_limit_that_the_law_sets() -> None:
    world = World().to_processing()
    request = asked(world, extension(3))
    world.wait(days=40)
    with pytest.raises(Conflict, match="法定期限已过"):
        clocks.grant(world.file, request, boss(world))


def test_only_a_case_that_is_being_decided_has_clocks_to_stretch() -> None:
    world = World().to_received()
    with pytest.raises(Conflict, match="只有办理中"):
        clocks.ask(world.file, extension(1), world.now)
    with pytest.raises(InvalidRequest, match="理由"):
        clocks.ask(World().to_processing().file, Wanted(ClockKind.EXTENSION, " "), world.now)


# ── special procedures ──


def test_the_kinds_are_those_of_the_law_and_of_the_item_each_with_its_bound() -> None:
    own = item(clocks={"specials": {"公示": 7, "检测": 10}})
    assert (special_kinds(own)["公示"], special_kinds(own)["检测"], special_kinds(own)["听证"]) == (7, 10, 20)
    world = World(own).to_processing()
    with pytest.raises(InvalidRequest, match="请选择法定"):
        clocks.ask(world.file, special("喝茶"), world.now)
    with pytest.raises(InvalidRequest, match="公示最多7个工作日"):
        clocks.ask(world.file, special("公示", 8), world.now)


def test_the_record_says_who_asked_and_who_approved() -> None:
    world = granted(World().to_processing(), special())
    running = world.file.open_special
    assert (running.kind, running.days, running.asked_by, running.approved_by) == ("专家评审", 10, "tester", "boss")
    assert "所需时间为10个工作日" in str(world.file.documents[-1].content)
    assert {a.data["state"] for a in world.announced if a.event == "case.special_procedure"} == {"started"}


def test_the_days_it_took_and_no_others_do_not_count() -> None:
    world = granted(World().to_processing(), special())
    before = (world.file.case.promised_due, world.file.case.statutory_due, of(world, "card").due)
    world.wait(days=9)  # a Monday to the Wednesday after next: seven working days
    world.apply(clocks.end_special(world.file, world.now, "通过"))
    after = (world.file.case.promised_due, world.file.case.statutory_due, of(world, "card").due)
    assert after == tuple(add_working_days(CALENDAR, day, 7) for day in before)
    assert (world.file.specials[0].counted, world.file.specials[0].result) == (7, "通过")


def test_what_goes_beyond_the_days_told_counts_again_and_is_found_late() -> None:
    world = granted(World().to_processing(), special(days=3))
    promised = world.file.case.promised_due
    assert world.file.case.deadline_at == end_of(world.now.in_working_days(3))
    world.wait(days=14).apply(clocks.end_special(world.file, world.now))
    assert world.file.case.promised_due == add_working_days(CALENDAR, promised, 3)


def test_it_stops_its_own_departments_work_and_no_others() -> None:
    world = World().to_processing()
    card, photo = of(world, "card"), of(world, "photo")
    granted(world, special(assignment=card.id))
    with pytest.raises(Conflict, match="请先结束"):
        world.decide("card")
    world.decide("photo")
    world.wait(days=7).apply(clocks.end_special(world.file, world.now))
    assert of(world, "card").due == add_working_days(CALENDAR, card.due, 5)
    assert of(world, "photo").due == photo.due
    assert world.decide("card").state is CaseState.PROCESSING


def test_work_that_opened_in_the_middle_gets_only_the_days_it_stood_still() -> None:
    world = granted(World().to_processing(), special())
    world.decide("card").wait(days=2).decide("photo")
    issue = of(world, "issue")
    assert issue.state is AssignmentState.OPEN
    world.wait(days=1).apply(clocks.end_special(world.file, world.now))
    assert of(world, "issue").due == add_working_days(CALENDAR, issue.due, 1)


def test_the_decision_waits_for_the_end_of_a_procedure_of_the_whole_case() -> None:
    world = granted(World().to_processing(), special())
    world.decide("card").decide("photo").decide("issue")
    assert world.state is CaseState.PROCESSING
    assert world.facts[-1].action == "decision_waits"
    assert world.apply(clocks.end_special(world.file, world.now)).state is CaseState.APPROVED


def test_a_refusal_ends_the_procedure_and_what_was_asked_for() -> None:
    world = granted(World().to_processing(), special())
    asked(world, extension(2))
    world.decide("photo", False, "照片不符")
    assert world.state is CaseState.REFUSED
    assert world.file.open_special is None
    assert world.file.clock_requests[-1].state is RequestState.DROPPED


def test_an_extension_while_a_procedure_runs_leaves_its_end() -> None:
    world = granted(World().to_processing(), special())
    ends = world.file.case.deadline_at
    granted(world, extension(4))
    assert world.file.case.deadline_at == ends
    due = world.file.case.promised_due
    world.apply(clocks.end_special(world.file, world.now))
    assert world.file.case.deadline_at == end_of(due)


def test_asking_about_work_that_is_not_open_or_not_there_is_refused() -> None:
    world = World().to_processing()
    with pytest.raises(NotFound):
        clocks.ask(world.file, special(assignment="nothing"), world.now)
    with pytest.raises(Conflict, match="不在办理中"):
        clocks.ask(world.file, special(assignment=of(world, "issue").id), world.now)


def test_who_may_grant_it_may_start_it_for_the_whole_case() -> None:
    world = World().to_processing()
    world.apply(deciding.special(world.file, "听证", "利害关系人申请", boss(world), days=15))
    assert world.file.open_special.approved_by == "boss"
    assert world.file.case.deadline_at == end_of(world.now.in_working_days(15))
    with pytest.raises(Conflict, match="正在进行"):
        deciding.special(world.file, "鉴定", "再来一个", boss(world))
    assert world.at + timedelta(days=1) < world.file.case.deadline_at


def test_what_was_asked_for_is_dropped_when_everybody_has_agreed() -> None:
    world = World().to_processing()
    request = asked(world, extension(5))
    world.decide("card").decide("photo").decide("issue")
    assert world.state is CaseState.APPROVED
    assert world.file.clock_request(request).state is RequestState.DROPPED
