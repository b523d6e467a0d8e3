"""bundle.open on real rows: children become cases, each on its own, once; and a promised material that comes later."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from cases.actions import deciding
from cases.deadlines import beijing_day
from cases.effects import JobKind
from cases.errors import NotFound
from cases.lifecycle import CaseState, MaterialState
from cases.model import CaseFile
from storage.bundle_tables import bundle_children
from storage.session import Database
from storage.tables import materials
from tests.cases.world import ITEM
from tests.storage.kept import publish, reading
from tests.workers.room import Room
from workers import sweeps
from workers.jobs import Ended

WATER, POWER = "440105-YSGH", "440105-YDGH"
PAPERS = [{**m, "original": "none", "when": {}} for m in ITEM["materials"] if m["key"] in ("id_front", "form")]
FOLLOWING = {"follow_ons": [{"item": code, "inherits": ["id_front", "form"]} for code in (WATER, POWER)]}
CHILD: dict[str, Any] = {"materials": PAPERS, "questions": [], "routing": [ITEM["routing"][0]]}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One column is enough here: what differs between them is storage's to test."""
    return sqlite_url


def approved(database: Database, folder: Path) -> Room:
    """A parent that is approved; of its children only the water is in the catalogue."""
    publish(database, code=WATER, name="用水过户", **CHILD)
    room = Room(database, folder, item_changes=FOLLOWING)
    room.world.to_received()
    for page in room.world.file.pages:
        with database.transaction() as tx:
            tx.save_reading(page.id, reading())
    world = room.world.apply(deciding.accept(room.world.file, room.world.now))
    world.apply(deciding.route_case(world.file, world.now)).decide("card").decide("photo").decide("issue")
    return room


def child_of(room: Room, item: str) -> CaseFile:
    number = next(c.number for c in room.seen().file.children if c.item == item)
    assert number is not None
    with room.database.reading() as tx:
        return tx.case_file(number)


def opened(room: Room) -> Room:
    for child in room.seen().file.children:
        assert room.do(JobKind.BUNDLE_OPEN, child.id) is Ended.DONE
    return room


def test_a_child_is_opened_with_what_its_parent_proved_and_is_judged(database: Database, tmp_path: Path) -> None:
    room = opened(approved(database, tmp_path))
    child = child_of(room, WATER)
    assert child.case.state is CaseState.SUBMITTED
    assert child.case.parent == room.number
    with database.reading() as tx:
        assert sorted(tx.proven_readings(child.case.number)) == ["form", "id_front"]
    room.do(JobKind.CASE_JUDGE, child.case.number)
    assert child_of(room, WATER).case.state is not CaseState.SUBMITTED


def test_one_that_is_not_in_the_catalogue_harms_neither_its_parent_nor_its_sister(
    database: Database, tmp_path: Path
) -> None:
    room = opened(approved(database, tmp_path))
    assert room.world.state is CaseState.APPROVED
    problems = {c.item: c.problem for c in room.seen().file.children}
    assert problems == {WATER: None, POWER: "没有找到该事项。"}
    with database.reading() as tx:
        told = [n.template for n in tx.notices_of(room.number)]
    assert told.count("bundle_lacking") == 1
    assert "bundle_opened" not in told


def test_opening_twice_opens_one(database: Database, tmp_path: Path) -> None:
    room = opened(approved(database, tmp_path))
    before = child_of(room, WATER)
    room.add(JobKind.BUNDLE_OPEN, room.world.file.children[0].id)
    assert room.do(JobKind.BUNDLE_OPEN) is Ended.DONE
    assert child_of(room, WATER).case.number == before.case.number
    assert len(room.facts("child_opened")) == 1


def test_a_child_whose_job_was_lost_is_brought_back(database: Database, tmp_path: Path) -> None:
    room = approved(database, tmp_path)
    with database.transaction() as tx:
        for job in tx.jobs.list(kind=JobKind.BUNDLE_OPEN):
            taken = tx.jobs.claim(job.id, sweeps.FORGOTTEN, job.queue)
            assert taken
            tx.jobs.fail(taken, "lost")
        tx.execute(update(bundle_children).values(asked_at=tx.now() - 2 * sweeps.FORGOTTEN))
    assert sweeps.forgotten(database) >= 2
    opened(room)
    assert child_of(room, WATER).case.state is CaseState.SUBMITTED


def test_a_child_of_nothing_is_not_found(room: Room) -> None:
    with room.database.reading() as tx, pytest.raises(NotFound):
        tx.child("nobody")


def test_a_promised_day_that_has_passed_is_found_by_the_sweep(room: Room) -> None:
    room.world.to_processing()
    with room.database.transaction() as tx:
        tomorrow = beijing_day(tx.now()).replace(year=2020)
        late = {"state": MaterialState.DEFERRED, "defer_until": tomorrow, "decision": "defer"}
        tx.execute(update(materials).where(materials.c.key == "photo").values(**late))
    assert sweeps.promises(room.database) == 1
    assert room.seen().file.material("photo").late_at is not None
    assert sweeps.promises(room.database) == 0


def test_a_promised_material_is_judged_when_it_comes(room: Room) -> None:
    room.world.to_processing()
    with room.database.transaction() as tx:
        later = {
            "state": MaterialState.DEFERRED,
            "defer_until": beijing_day(tx.now()).replace(year=2099),
            "decision": "defer",
        }
        tx.execute(update(materials).where(materials.c.key == "photo").values(**later))
    room.seen()
    page = room.upload("photo")
    room.reader.answers = [reading(kind="other_paper", fields={})]
    assert room.do(JobKind.PAGE_READ, page) is Ended.DONE
    assert room.do(JobKind.CASE_JUDGE) is Ended.DONE
    assert room.seen().file.material("photo").state in (MaterialState.ACCEPTED, MaterialState.READ)
    assert room.world.state is CaseState.PROCESSING
