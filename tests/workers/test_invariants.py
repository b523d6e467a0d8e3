"""The invariants that production runs raise no alarm about what is as it should be. Found by `tests.simulation`."""

from cases.actions import deciding, sweeping
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState
from tests.cases.test_deferrals import deferred
from tests.cases.world import ITEM, World, item
from workers.invariants import broken


def test_an_item_without_a_limit_waits_without_a_deadline() -> None:
    bare = [{**m, "original": "none"} for m in ITEM["materials"]]
    world = World(item(limits={"statutory_days": 0, "promised_days": 0, "preaudit_hours": 8}, materials=bare))
    world.upload_and_read("id_front", "form").submit().judge("passed")
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    assert world.file.case.deadline_at is None
    assert list(broken(world.file)) == []


def test_a_page_of_a_case_whose_correction_expired_need_not_be_read() -> None:
    world = World().upload_and_read("id_front").submit()
    world.judge("returned", found(FindingCode.MISSING_MATERIAL, material="form"))
    world.upload("form")
    world.wait(days=60).apply(sweeping.on_deadline(world.file, world.now))
    assert world.state is CaseState.CORRECTION_EXPIRED
    assert list(broken(world.file)) == []


def test_what_was_promised_is_read_in_the_middle_of_its_case() -> None:
    world = deferred()
    world.upload("photo")
    assert list(broken(world.file)) == []
