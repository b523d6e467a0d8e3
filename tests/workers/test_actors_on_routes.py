"""case.route: departments are told, and an instant case goes to its end in one transaction."""

from pathlib import Path

from cases.effects import JobKind
from cases.lifecycle import CaseState
from storage.session import Database
from tests.cases.world import INSTANT
from tests.workers.room import Room
from workers.jobs import Ended


def test_an_instant_case_that_is_certain_is_concluded_and_delivered(database: Database, tmp_path: Path) -> None:
    room = Room(database, tmp_path, item_changes=INSTANT)
    room.world.upload_and_read("id_front", "form").submit().judge("passed")
    assert room.do(JobKind.CASE_ROUTE) is Ended.DONE
    assert room.seen().state is CaseState.DELIVERED
    assert [d.kind for d in room.world.file.documents] == ["acceptance", "decision", "result", "delivery"]


def test_a_promised_case_stops_at_its_departments(room: Room) -> None:
    room.world.to_received()
    room.add(JobKind.CASE_ROUTE, room.number)
    assert room.do(JobKind.CASE_ROUTE) is Ended.DONE
    assert room.seen().state is CaseState.RECEIVED
