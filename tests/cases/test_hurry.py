"""Who mends, and what is near the end of its time, goes before the others."""

from cases.effects import JobKind
from cases.findings import FindingCode, found
from cases.hurry import is_near_its_end, is_urgent, mends
from tests.cases.world import World


def returned() -> World:
    world = World().upload_and_read("id_front", "form").submit()
    return world.judge("returned", found(FindingCode.BLURRED, material="form"))


def test_a_new_application_is_not_urgent() -> None:
    world = World()
    assert not is_urgent(world.file, world.now)
    world.upload("form")
    (asked,) = world.asked_for(JobKind.PAGE_READ)
    assert (asked.urgent, asked.share) == (False, world.file.case.owner)


def test_a_correction_is_read_and_judged_before_others() -> None:
    world = returned()
    assert mends(world.file)
    page = world.upload("form")
    assert world.asked_for(JobKind.PAGE_READ)[-1].urgent
    world.read(page).submit()
    assert mends(world.file)
    assert world.asked_for(JobKind.CASE_JUDGE)[-1].urgent


def test_a_case_near_its_promised_day_is_urgent() -> None:
    world = World().to_processing()
    assert not is_near_its_end(world.file, world.now)
    world.wait(days=60)
    assert is_near_its_end(world.file, world.now)
    assert is_urgent(world.file, world.now)
