"""Correction after acceptance 受理后补正: asked for once, granted by another; the papers come back, or they do not."""

from dataclasses import replace
from datetime import date

import pytest

from cases.actions import clocks, opening
from cases.actions.clocks import Wanted
from cases.actions.deferring import DeferredDecision, decide_deferred, record_supplement
from cases.actions.demanded import decide_demanded, end_expired, on_demand, record_demanded
from cases.actions.judging import Verdict
from cases.allowed import resident_actions
from cases.clocks import DEMAND, ClockKind, Demand, special_kinds
from cases.deferrals import may_supplement, to_judge
from cases.demands import awaited
from cases.errors import Conflict, InvalidRequest, TransitionRefused
from cases.exporting import Offices, export_case
from cases.findings import Finding, FindingCode, Severity, found
from cases.lifecycle import AssignmentState, CaseState, MaterialState, PageState
from cases.model import Direction
from cases.moment import Moment
from tests.cases.world import World, item
from workers.invariants import broken

WHY = "申请表上的单位名称与社保登记不一致"
FORM = Demand("form", "请更正工作单位后重新填写")
ACCEPT, RETURN, WAIVE = DeferredDecision.ACCEPT, DeferredDecision.RETURN, DeferredDecision.WAIVE


def by(world: World, who: str) -> Moment:
    return replace(world.now, by=who)


def ask(world: World, *demands: Demand, days: int | None = 5, whole: bool = True) -> World:
    about = None if whole else next(a.id for a in world.file.assignments if a.key == "card")
    wanted = Wanted(ClockKind.SPECIAL, WHY, days, DEMAND, about, demands or (FORM,))
    return world.apply(clocks.ask(world.file, wanted, by(world, "clerk")))


def demanded(*demands: Demand, days: int | None = 5, whole: bool = True) -> World:
    """Asked for on Monday the 2nd of March, and granted: until Monday the 9th."""
    world = ask(World().to_processing(), *demands, days=days, whole=whole)
    return world.apply(clocks.grant(world.file, world.file.clock_requests[-1].id, by(world, "boss")))


def mended(world: World, *findings: Finding) -> World:
    world.read(world.upload("form"))
    return world.apply(record_demanded(world.file, Verdict("review", findings, {}), world.now))


def test_nothing_goes_back_before_another_person_has_granted_it() -> None:
    world = ask(World().to_processing())
    assert world.file.material("form").state is MaterialState.ACCEPTED
    assert not may_supplement(world.file, "form")
    with pytest.raises(Conflict, match="另一人"):
        clocks.grant(world.file, world.file.clock_requests[-1].id, by(world, "clerk"))


def test_granted_the_papers_go_back_in_writing_and_both_limits_stand_still() -> None:
    world = demanded()
    form = world.file.material("form")
    assert (form.state, form.reason) == (MaterialState.RETURNED, FORM.reason)
    assert world.file.open_special.due == date(2026, 3, 9)
    letter = world.file.documents[-1]
    assert (letter.kind, letter.title) == ("correction", "补正告知书")
    assert f"1. 补领申请表：{FORM.reason}" in letter.content["paragraphs"]
    assert any("2026年3月9日前（5个工作日内）" in p for p in letter.content["paragraphs"])
    assert world.notices[-1].template == "demand_started"
    assert list(broken(world.file)) == []


def test_the_resident_may_photograph_what_is_wanted_and_nothing_else() -> None:
    world = demanded()
    assert "supplement" in resident_actions(world.file)
    old = [p.id for p in world.file.pages_of("form")]
    page = world.upload("form")
    assert [p.id for p in world.file.pages_of("form")] == [page]
    assert {p.id for p in world.file.pages if p.state is PageState.REMOVED} == set(old)
    with pytest.raises(TransitionRefused):
        world.upload("id_front")
    world.read(page)
    assert [m.key for m in to_judge(world.file)] == ["form"]


def test_what_the_machine_finds_goes_back_at_once_with_the_reason() -> None:
    world = mended(demanded(), found(FindingCode.BLURRED, material="form", page=1))
    assert world.file.material("form").state is MaterialState.RETURNED
    assert world.notices[-1].template == "demand_returned"
    assert world.notices[-1].data["due"] == "2026-03-09"


@pytest.mark.parametrize("doubtful", [True, False])
def test_the_machine_alone_accepts_nothing_that_a_person_asked_for(doubtful: bool) -> None:
    doubt = found(FindingCode.LOW_CONFIDENCE, material="form", severity=Severity.DOUBTFUL)
    world = mended(demanded(), *([doubt] if doubtful else []))
    assert world.file.material("form").state is MaterialState.READ
    assert world.file.open_special is not None


def test_once_all_of_it_is_here_the_office_has_no_longer_than_for_a_pre_audit() -> None:
    world = mended(demanded())
    assert world.file.case.deadline_at.date() == date(2026, 3, 3)
    world.apply(decide_demanded(world.file, "form", RETURN, "还是旧的单位名称", world.now))
    assert world.file.case.deadline_at.date() == date(2026, 3, 9)


def test_accepted_the_clocks_run_on_from_when_it_came() -> None:
    world = demanded()
    promised = world.file.case.promised_due
    mended(world.wait(days=2))
    world.wait(days=5).apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert world.file.open_special is None
    special = world.file.specials[-1]
    assert (special.counted, special.result) == (2, "补正完成")  # the office's five days of looking count
    assert (promised, world.file.case.promised_due) == (date(2026, 3, 9), date(2026, 3, 11))
    assert world.notices[-1].template == "demand_met"
    assert list(broken(world.file)) == []


def test_with_two_papers_the_last_one_ends_it() -> None:
    world = demanded(FORM, Demand("id_front", "证件已换领，请提交新证"))
    mended(world)
    world.apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert [m.key for m in awaited(world.file)] == ["id_front"]
    with pytest.raises(Conflict, match="逐份"):
        clocks.end_special(world.file, world.now)
    world.apply(decide_demanded(world.file, "id_front", WAIVE, "公安已核验", world.now))
    assert world.file.open_special is None


def test_a_paper_that_comes_by_hand_is_accepted_without_a_photograph() -> None:
    world = demanded().wait(days=3)
    world.apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert world.file.specials[-1].counted == 3


def test_returning_and_doing_without_want_a_reason_and_nobody_decides_what_is_being_read() -> None:
    world = demanded()
    for decision in (RETURN, WAIVE):
        with pytest.raises(InvalidRequest, match="理由"):
            decide_demanded(world.file, "form", decision, "", world.now)
    world.upload("form")
    with pytest.raises(Conflict, match="正在识读"):
        decide_demanded(world.file, "form", ACCEPT, "", world.now)
    with pytest.raises(Conflict, match="不在等待补正"):
        decide_demanded(world.file, "id_front", ACCEPT, "", world.now)


def test_whose_work_it_is_about_cannot_be_decided_meanwhile_and_the_others_go_on() -> None:
    world = demanded(whole=False)
    world.decide("photo")
    with pytest.raises(Conflict, match="特别程序正在进行中"):
        world.decide("card")
    mended(world).apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert world.decide("card").decide("issue").state is CaseState.APPROVED


def test_the_last_agreement_waits_for_it_and_then_decides_the_case() -> None:
    world = demanded()
    world.decide("card").decide("photo").decide("issue")
    assert world.state is CaseState.PROCESSING
    mended(world).apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert world.state is CaseState.APPROVED


# ── once and complete ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_department_asks_once_with_everything() -> None:
    world = mended(demanded())
    world.apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    with pytest.raises(Conflict, match="一次性"):
        ask(world)
    assert ask(world, whole=False).file.clock_requests[-1].assignment is not None  # another part of the work may


@pytest.mark.parametrize(
    ("demands", "said"),
    [
        ((Demand("nothing", "x"),), "没有这份材料"),
        ((Demand("form", " "),), "要怎么补正"),
        ((FORM, FORM), "写在一处"),
    ],
)
def test_what_is_wanted_is_named_with_a_reason_once_each(demands: tuple[Demand, ...], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        ask(World().to_processing(), *demands)


def test_what_is_promised_for_a_day_is_not_demanded_as_well() -> None:
    world = World().to_processing()
    world._set("material", "photo", {"state": MaterialState.DEFERRED, "defer_until": date(2026, 3, 30)})
    with pytest.raises(Conflict, match="正在补交"):
        ask(world, Demand("photo", "请补"))


def test_an_empty_list_and_too_many_days_are_refused() -> None:
    world = World().to_processing()
    with pytest.raises(InvalidRequest, match="至少选择一份"):
        clocks.ask(world.file, Wanted(ClockKind.SPECIAL, WHY, 5, DEMAND), world.now)
    with pytest.raises(InvalidRequest, match="最多15个工作日"):
        ask(world, days=16)


def test_an_item_may_say_that_nothing_is_asked_for_after_acceptance() -> None:
    strict = item(clocks={"specials": {DEMAND: 0}})
    world = World(strict).to_processing()
    with pytest.raises(Conflict, match="不得再要求补正"):
        ask(world)


def test_it_has_a_way_of_its_own_not_that_of_other_special_procedures() -> None:
    world = World().to_processing()
    assert DEMAND not in special_kinds(world.file.item)
    with pytest.raises(InvalidRequest, match="至少选择一份"):
        clocks.special(world.file, DEMAND, WHY, world.now)


# ── it does not come ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_resident_is_reminded_once_each_time_and_told_when_the_days_are_over() -> None:
    world = demanded()
    assert on_demand(world.file, world.now) == ()  # the notice itself has just said it
    told = []
    for _ in range(9):
        world.wait(days=1)
        for _ in range(2):
            world.notices.clear()
            world.apply(on_demand(world.file, world.now))
            told += [(world.now.today.day, n.template) for n in world.notices]
    assert told == [(3, "demand_due"), (6, "demand_due"), (8, "demand_due"), (9, "demand_due"), (10, "demand_late")]


def test_what_is_with_the_office_is_neither_reminded_of_nor_late() -> None:
    world = mended(demanded())
    assert on_demand(world.file, world.wait(days=30).now) == ()


def test_beyond_the_days_told_the_limits_run_on_and_what_comes_late_is_still_looked_at() -> None:
    world = demanded().wait(days=18)  # Friday the 20th
    world.apply(on_demand(world.file, world.now))
    mended(world).apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert world.file.specials[-1].counted == 5


def test_nothing_ends_by_itself_and_a_person_ends_it_only_when_the_days_are_over() -> None:
    world = demanded()
    with pytest.raises(Conflict, match="期限未到"):
        end_expired(world.file, "未补正", world.now)
    world.wait(days=18).apply(on_demand(world.file, world.now))
    assert world.state is CaseState.PROCESSING
    with pytest.raises(InvalidRequest, match="理由"):
        end_expired(world.file, "", world.now)
    world.apply(end_expired(world.file, "三次提醒，没有补正", world.now))
    assert world.state is CaseState.CORRECTION_EXPIRED
    assert {a.state for a in world.file.assignments} == {AssignmentState.CANCELLED}
    assert world.file.leg(Direction.DELIVERY) is not None  # the originals go home
    assert [d.kind for d in world.file.documents][-1] == "termination"
    assert world.file.open_special is None
    assert list(broken(world.file)) == []


def test_what_came_keeps_the_case_alive() -> None:
    world = demanded().wait(days=18)
    world.apply(on_demand(world.file, world.now))
    mended(world)
    with pytest.raises(Conflict, match="已经交来"):
        end_expired(world.file, "未补正", world.now)


def test_a_withdrawal_in_the_middle_ends_it() -> None:
    world = demanded()
    world.apply(opening.withdraw(world.file, world.now))
    assert world.file.open_special is None
    assert not may_supplement(world.file, "form")


def test_the_export_says_accepted_and_waiting_for_papers_while_it_lasts() -> None:
    def state(world: World) -> str:
        return export_case(world.file, Offices(), personal=True).rows["application"][0]["办件状态代码"]

    world = demanded()
    assert state(world) == "37"
    (special,) = export_case(world.file, Offices(), personal=True).rows["special"]
    assert (special["特别程序种类名称"], special["特别程序种类代码"]) == ("补正", "2")
    mended(world).apply(decide_demanded(world.file, "form", ACCEPT, "", world.now))
    assert state(world) == "30"


def test_what_was_promised_once_and_is_demanded_now_is_judged_once() -> None:
    world = World().to_processing()
    world._set("material", "form", {"defer_until": date(2026, 3, 20)})  # promised, and accepted when it came
    world.apply(
        clocks.ask(world.file, Wanted(ClockKind.SPECIAL, "须补正", 5, DEMAND, demands=(FORM,)), by(world, "clerk"))
    )
    world.apply(clocks.grant(world.file, world.file.clock_requests[-1].id, by(world, "boss")))
    world.read(world.upload("form"))
    assert [m.key for m in to_judge(world.file)] == ["form"]
    said = Verdict("passed", (), {"form": MaterialState.ACCEPTED})
    both = (*record_supplement(world.file, said, world.now), *record_demanded(world.file, said, world.now))
    assert world.apply(both).file.material("form").state is MaterialState.READ, "it was a person who asked for it"


def test_what_is_demanded_is_decided_as_such_and_not_as_a_promise() -> None:
    world = World().to_processing()
    world._set("material", "form", {"defer_until": date(2026, 3, 20)})
    world.apply(
        clocks.ask(world.file, Wanted(ClockKind.SPECIAL, "须补正", 5, DEMAND, demands=(FORM,)), by(world, "clerk"))
    )
    world.apply(clocks.grant(world.file, world.file.clock_requests[-1].id, by(world, "boss")))
    with pytest.raises(Conflict, match="补正"):
        decide_deferred(world.file, "form", DeferredDecision.ACCEPT, "", world.now)
    world.apply(decide_demanded(world.file, "form", DeferredDecision.ACCEPT, "", world.now))
    assert world.file.open_special is None
    assert list(broken(world.file)) == []
