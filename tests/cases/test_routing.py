"""Who decides, and why: by address, together, by hand; and whose windows may accept for whom."""

from dataclasses import replace
from typing import Any

import pytest

from cases.actions import accepting, assigning, deciding, instant
from cases.appointments import Office
from cases.errors import Conflict, InvalidRequest
from cases.items import UNROUTED, ItemInvalid, item_from
from cases.lifecycle import AssignmentState, CaseState
from cases.routing import accepts_for, route
from tests.cases.world import ADDRESS, INSTANT, ITEM, World, item

VISIT: dict[str, Any] = {
    "key": "visit",
    "days": 2,
    "task": "入户调查",
    "competent": {"by": "address.detail", "starts": {"样本路": "jd-yb", "江南": "jd-jn"}, "otherwise": "jdb"},
}


def routed(address: Any = ADDRESS, **step: Any) -> tuple[str, str]:
    """Department and reason of one step."""
    made = item(routing=[{**VISIT, **step}])
    case = replace(World(made).file.case, address=address)
    (only,) = route(made, case)
    return only.step.department, only.because


def test_the_street_says_who_is_competent_and_the_reason_names_the_rule_alone() -> None:
    department, because = routed()
    assert department == "jd-yb"
    assert because == "440105-SHBZK-BL v1 visit：申请人住址的街道门牌以此开头：“样本路”"
    assert "1号" not in because


def test_the_county_says_who_is_competent() -> None:
    rule = {"by": "address.county", "equals": {"海珠区": "rsj", "天河区": "rsj-th"}}
    assert routed(competent=rule)[0] == "rsj"
    assert routed(replace(ADDRESS, county="天河区"), competent=rule)[0] == "rsj-th"


def test_where_no_rule_fits_it_goes_to_whoever_takes_the_rest_or_to_the_unrouted_desk() -> None:
    elsewhere = replace(ADDRESS, detail="无名巷3号")
    assert routed(elsewhere)[0] == "jdb"
    rule = {"by": "address.detail", "starts": {"样本路": "jd-yb"}}
    assert routed(elsewhere, competent=rule) == (
        UNROUTED,
        "440105-SHBZK-BL v1 visit：住址的街道门牌不在规则之列，待人工分派",
    )
    assert routed(None, competent=rule)[1].endswith("没有填写住址，待人工分派")


def test_a_rule_is_read_strictly() -> None:
    with pytest.raises(ItemInvalid, match="不认识的字段"):
        item(routing=[{**VISIT, "competent": {"by": "address.county", "like": {}}}])
    with pytest.raises(ItemInvalid, match=r"routing\[0\].department: 缺少此项"):
        item(routing=[{key: value for key, value in VISIT.items() if key != "competent"}])


def test_a_missing_rule_holds_up_nothing_else_and_is_routed_by_hand() -> None:
    lost = {**VISIT, "competent": {"by": "address.county", "equals": {"番禺区": "x"}}}
    world = World(item(routing=[*ITEM["routing"], lost])).to_processing()
    world.decide("card").decide("photo").decide("issue")
    assert world.state is CaseState.PROCESSING
    waiting = next(a for a in world.file.assignments if a.department == UNROUTED)
    with pytest.raises(Conflict, match="尚未分派"):
        deciding.decide_assignment(world.file, waiting.id, True, "", world.now)
    with pytest.raises(InvalidRequest, match="必须写明理由"):
        assigning.reroute(world.file, waiting.id, "jdb", " ", world.now)
    world.wait(days=3).apply(assigning.reroute(world.file, waiting.id, "jdb", "户籍在海珠", world.now))
    now_theirs = world.file.assignment(waiting.id)
    assert (now_theirs.department, now_theirs.because) == ("jdb", "人工分派：户籍在海珠")
    assert now_theirs.due == world.now.in_working_days(2), "its days begin when somebody has it"
    assert [(a.event, a.department) for a in world.announced[-2:]] == [
        ("assignment.withdrawn", UNROUTED),
        ("assignment.opened", "jdb"),
    ]
    world.decide("visit")
    assert world.state is CaseState.APPROVED


def test_what_went_to_the_wrong_department_is_moved_and_its_days_go_on() -> None:
    world = World().to_processing()
    card = next(a for a in world.file.assignments if a.key == "card")
    world.apply(assigning.reroute(world.file, card.id, "jtj", "事权在交通", world.now))
    assert world.file.assignment(card.id).due == card.due
    with pytest.raises(Conflict, match="已在这个部门"):
        assigning.reroute(world.file, card.id, "jtj", "再来", world.now)
    world.decide("photo")
    photo = next(a for a in world.file.assignments if a.key == "photo")
    with pytest.raises(Conflict, match="已有结果"):
        assigning.reroute(world.file, photo.id, "jtj", "太晚", world.now)


# ── together ──

JOINT = [
    {"key": "site", "department": "zrj", "days": 3, "task": "现场核验", "joint": ["swj", "gdj"]},
    {"key": "issue", "department": "zrj", "days": 1, "task": "登簿", "after": ["site"]},
]


def test_a_joint_step_is_the_leads_to_finish_when_all_have_agreed() -> None:
    world = World(item(routing=JOINT)).to_processing()
    assert {(a.key, a.department, a.joint, a.leads) for a in world.file.assignments} == {
        ("site", "zrj", "site", True),
        ("site.swj", "swj", "site", False),
        ("site.gdj", "gdj", "site", False),
        ("issue", "zrj", None, False),
    }
    world.decide("site.swj")
    with pytest.raises(Conflict, match="牵头部门最后决定") as early:
        world.decide("site")
    assert early.value.details["awaited"] == ["gdj"]
    world.decide("site.gdj").decide("site")
    assert next(a for a in world.file.assignments if a.key == "issue").state is AssignmentState.OPEN
    assert world.decide("issue").state is CaseState.APPROVED


def test_one_of_several_that_does_not_agree_refuses_the_case() -> None:
    world = World(item(routing=JOINT)).to_processing()
    world.decide("site.gdj", False, "容量不足")
    assert world.state is CaseState.REFUSED


def test_an_instant_case_leaves_what_nobody_is_competent_for_to_a_person() -> None:
    lost = {**VISIT, "days": 1, "competent": {"by": "address.county", "equals": {"番禺区": "x"}}}
    world = World(item(**INSTANT, routing=[lost])).to_passed()
    for _ in range(5):
        world.apply(instant.next_step(world.file, world.now))
    assert world.state is CaseState.PROCESSING


# ── windows that accept for others ──

WINDOW = Office("hz-2", "海珠区江南中街政务窗口", "江南大道1号", "440105", "020-1", ("09:00-17:00",))


@pytest.mark.parametrize(
    ("accepting_", "region", "may"),
    [
        ("region", "440105", True),
        ("region", "440106", False),
        ("city", "440106", True),
        ("city", "440305", False),
        ("province", "440305", True),
        ("department", "440105", False),
    ],
)
def test_an_office_may_accept_for_another_as_far_as_the_item_says(accepting_: str, region: str, may: bool) -> None:
    assert accepts_for(item(accepting=accepting_), region) is may


def test_every_window_of_the_region_accepts_unless_the_item_says_otherwise() -> None:
    world = World()
    accepting.check_accepts(world.file, WINDOW)
    with pytest.raises(Conflict, match="通办范围"):
        accepting.check_accepts(world.file, replace(WINDOW, region="510107"))
    own = replace(world.file, item=item_from({**ITEM, "accepting": "department"}))
    with pytest.raises(Conflict, match="主管部门的窗口"):
        accepting.check_accepts(own, WINDOW)


def test_where_it_was_counted_is_kept_and_the_assignments_go_to_whoever_is_competent() -> None:
    world = World().to_received()
    world.apply(accepting.counted_at(world.file, WINDOW))
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    assert world.file.case.received_office == "hz-2"
    assert {a.department for a in world.file.assignments} == {"rsj", "gaj"}
