"""The sweep of papers in doubt: what nobody answered becomes the supervisor's, once, and the resident is told."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.actions import receiving
from cases.custody import Received
from cases.lifecycle import LegState
from cases.model import Direction
from storage.tables import incidents
from tests.workers.room import Room
from workers import sweeps


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One column is enough here: what is late is storage's to test."""
    return sqlite_url


def test_an_incident_that_took_too_long_is_escalated_once(room: Room) -> None:
    world = room.world
    booking = world.to_passed().booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP)
    world.apply(receiving.receive_originals(world.file, [Received("form", 1)], None, world.now))
    assert sweeps.late_papers(room.database) == 0
    with room.database.transaction() as tx:
        tx.execute(update(incidents).values(due_at=tx.now() - timedelta(minutes=1)))
    assert [sweeps.late_papers(room.database) for _ in range(2)] == [1, 0]
    (incident,) = room.seen().file.open_incidents
    assert (incident.owner, incident.escalated_at is not None) == ("supervisor", True)
    assert len(room.facts("incident_escalated")) == 1
    with room.database.reading() as tx:
        assert "incident_late" in [n.template for n in tx.notices_of(room.number)]
