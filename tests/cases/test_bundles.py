"""What follows from a case 一件事: opened by its approval alone, with what the parent has proved."""

from dataclasses import replace
from typing import Any

import pytest

from cases.actions import deciding, opening
from cases.actions.bundling import Opened, open_child, record_opened, record_problem, retry
from cases.bundles import CONSENT, inherited_answers, opens
from cases.effects import Add, JobKind
from cases.errors import Conflict, InvalidRequest
from cases.items import FollowOn, Item
from cases.lifecycle import CaseState, MaterialState
from cases.model import CaseFile, CaseNumber
from cases.waived import Waiver
from tests.cases.world import ITEM, World, item

CHILD = "440105-YSGH"
FORM = next(m for m in ITEM["materials"] if m["key"] == "form")
QUESTION = {"key": "linked", "ask": "是否同时办理用水过户？", "type": "bool"}
NAMES = {CHILD: "用水过户", "440105-YDGH": "用电过户"}


def parent(*follow: dict[str, Any], linked: bool = True) -> World:
    given = {"questions": [*ITEM["questions"], QUESTION], "follow_ons": list(follow or [_follow(CHILD)])}
    return World(item(**given), answers={"under_16": False, "linked": linked})


def _follow(code: str, *inherits: str, **more: Any) -> dict[str, Any]:
    return {"item": code, "inherits": list(inherits or ("id_front", "form")), "when": {"linked": True}, **more}


def child_item(**changes: Any) -> Item:
    same = {"code": CHILD, "name": "用水过户", "questions": [], "routing": [ITEM["routing"][0]]}
    papers = [{**m, "original": "none"} for m in ITEM["materials"] if m["key"] in ("id_front", "form")]
    return item(**{**same, "materials": [{**m, "when": {}} for m in papers], **changes})


def approved(world: World) -> World:
    return world.to_processing().decide("card").decide("photo").decide("issue")


def opened(world: World, of: Item | None = None) -> Opened:
    (follow,) = world.file.item.follow_ons
    return open_child(world.file, follow, of or child_item(), CaseNumber("440105202603020000029"), world.now)


def as_file(made: Opened, of: Item | None = None) -> CaseFile:
    """The child's case with its outcome applied."""
    world = World()
    world.file = CaseFile(made.case, of or child_item(), made.materials)
    return world.apply(made.outcome).file


def test_approval_of_the_parent_asks_for_the_children_that_its_answers_chose() -> None:
    world = approved(parent(_follow(CHILD), _follow("440105-RQGH", when={"linked": True, "under_16": True})))
    assert [c.item for c in world.file.children] == [CHILD]
    assert [j.subject for j in world.asked_for(JobKind.BUNDLE_OPEN)] == [world.file.children[0].id]
    assert approved(parent(linked=False)).file.children == ()


def test_asking_again_adds_nothing() -> None:
    world = approved(parent())
    assert opens(world.file, world.now) == ()


def test_a_refused_or_withdrawn_parent_opens_none() -> None:
    refused = parent().to_processing().decide("card", approve=False, opinion="不符合")
    assert refused.state is CaseState.REFUSED
    assert refused.file.children == ()
    withdrawn = parent().to_processing()
    withdrawn.apply(opening.withdraw(withdrawn.file, withdrawn.now))
    assert withdrawn.file.children == ()


def test_a_child_has_everything_of_its_parent_and_is_handed_in_by_itself() -> None:
    world = approved(parent())
    made = opened(world)
    file = as_file(made)
    assert file.case.state is CaseState.SUBMITTED
    assert (file.case.parent, file.case.applicant) == (world.file.case.number, world.file.case.applicant)
    assert (file.case.owner, file.case.address) == (world.file.case.owner, world.file.case.address)
    assert {m.key: m.state for m in file.materials} == dict.fromkeys(["id_front", "form"], MaterialState.WAIVED)
    assert {w.source_case for w in file.waivers} == {world.file.case.number}
    assert {w.consent for w in file.waivers} == {CONSENT.version}
    assert [p.id for p in world.file.pages_of("form")] == list(file.waiver("form").source_pages)  # type: ignore[union-attr]


def test_what_the_parent_has_not_proved_is_not_inherited_and_the_child_waits_as_a_draft() -> None:
    world = approved(parent())
    undone = tuple(replace(m, state=MaterialState.RETURNED) if m.key == "form" else m for m in world.file.materials)
    world.file = replace(world.file, materials=undone)
    made = opened(world)
    assert made.lacking == ("补领申请表",)
    assert as_file(made).case.state is CaseState.DRAFT


def test_what_the_child_alone_wants_is_named() -> None:
    meter = {"key": "meter", "name": "水表读数照片", "document": "other_paper", "need": "required"}
    child = child_item(materials=[*[{**m, "when": {}} for m in ITEM["materials"][:1]], FORM, meter])
    assert opened(approved(parent()), child).lacking == ("水表读数照片",)


def test_the_parents_result_stands_in_where_the_item_says_so() -> None:
    certificate = {"key": "certificate", "name": "不动产权证书", "document": "other_paper", "need": "required"}
    child = child_item(materials=[{**ITEM["materials"][0], "when": {}, "original": "none"}, FORM, certificate])
    made = opened(approved(parent(_follow(CHILD, result_as="certificate"))), child)
    assert made.lacking == ()
    (waiver,) = [w for w in made.waivers if w.material == "certificate"]
    assert (waiver.source_material, waiver.source_pages) == ("result", ())


def test_answers_go_along_where_the_child_asks_the_same() -> None:
    choice = {"key": "size", "ask": "多大？", "type": "choice", "choices": ["大", "小"]}
    child = child_item(questions=[ITEM["questions"][0], {"key": "alone", "ask": "单独？", "type": "bool"}])
    assert inherited_answers(parent().file, child) == {"under_16": False, "alone": False}
    with pytest.raises(InvalidRequest, match="请选择：多大"):
        opened(approved(parent()), child_item(questions=[choice]))


def test_one_notice_tells_of_all_children_when_the_last_was_seen_to() -> None:
    world = approved(parent(_follow(CHILD), _follow("440105-YDGH")))
    first, second = world.file.children
    made = open_child(world.file, FollowOn(CHILD, ("id_front", "form")), child_item(), CaseNumber("1"), world.now)
    world.notices.clear()
    world.apply(record_opened(world.file, first, made, NAMES, world.now))
    assert world.notices == []
    world.apply(record_opened(world.file, second, replace(made, case=replace(made.case, number=CaseNumber("2"))), NAMES, world.now))  # fmt: skip
    assert [(n.template, n.data) for n in world.notices] == [("bundle_opened", {"children": ["用水过户", "用电过户"]})]


def test_a_child_that_cannot_be_opened_leaves_the_parent_as_it_is_and_is_told_with_what_others_lack() -> None:
    world = approved(parent(_follow(CHILD), _follow("440105-YDGH")))
    first, second = world.file.children
    world.apply(record_problem(world.file, first, "没有找到该事项。", NAMES))
    made = replace(opened_of(world), lacking=("水表读数照片",))
    world.apply(record_opened(world.file, second, made, NAMES, world.now))
    assert world.state is CaseState.APPROVED
    assert world.notices[-1].template == "bundle_lacking"
    assert world.notices[-1].data["lacking"] == ["用电过户（水表读数照片）", "用水过户"]
    world.apply(retry(world.file, first.id))
    assert world.file.children[0].problem is None
    with pytest.raises(Conflict):
        retry(world.file, first.id)


def opened_of(world: World) -> Opened:
    follow = world.file.item.follow_ons[1]
    return open_child(world.file, follow, child_item(code=follow.item), CaseNumber("1"), world.now)


def test_a_waiver_of_the_parent_is_passed_on() -> None:
    world = approved(parent())
    before = Waiver(
        "w1", "id_front", opened(world).waivers[0].source, world.at, "p1", "reuse-1", world.now.today, "长期"
    )
    gone = tuple(replace(m, state=MaterialState.WAIVED) if m.key == "id_front" else m for m in world.file.materials)
    pages = tuple(p for p in world.file.pages if p.material != "id_front")
    world.file = replace(world.file, materials=gone, pages=pages, waivers=(before,))
    assert opened(world).waivers[0].valid_to == "长期"


def test_a_concluded_parent_shows_what_became_of_each_child() -> None:
    world = approved(parent())
    world.apply(deciding.conclude(world.file, world.now))
    (child,) = world.file.children
    made = opened(world)
    world.apply(record_opened(world.file, child, made, NAMES, world.now))
    assert world.file.children[0].number == made.case.number
    assert not [e for e in made.outcome if isinstance(e, Add) and not isinstance(e.entity, Waiver)]
