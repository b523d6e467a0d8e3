"""complaint.picture: what a department sends along is opened once, in a child process."""

from pathlib import Path

import pytest

from cases.actions import attaching
from cases.actions.attaching import Sent
from cases.actions.opening import Upload
from cases.effects import JobKind
from cases.model import DecisionFile
from storage.blobs import blob_key
from tests.workers.room import Room
from tests.workers.test_papers import PAPER
from workers.jobs import Ended
from workers.paper import draw

BAD = Path(__file__).parents[1] / "samples" / "bad_input" / "with_a_password.pdf"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One column is enough here: what differs between them is storage's to test."""
    return sqlite_url


def sent(room: Room, data: bytes) -> DecisionFile:
    room.world.to_processing()
    card = next(a.id for a in room.world.file.assignments if a.key == "card")
    upload = Upload(room.blobs.put(data), blob_key(data), "application/pdf", len(data))
    room.world.apply(attaching.add_file(room.world.file, card, Sent("f-1", "决定.pdf", upload), room.world.now))
    assert room.do(JobKind.COMPLAINT_PICTURE, "f-1") is Ended.DONE
    (kept,) = room.seen().file.decision_files
    return kept


def test_a_file_that_opens_has_a_picture_and_stays_as_it_came(room: Room) -> None:
    pdf = draw(PAPER)
    kept = sent(room, pdf)
    assert (kept.problem, kept.picture is not None, kept.checked_at is not None) == (None, True, True)
    assert room.blobs.get(str(kept.picture)).startswith(b"\xff\xd8\xff")
    assert room.blobs.get(kept.blob) == pdf


def test_a_file_that_does_not_open_says_why(room: Room) -> None:
    kept = sent(room, BAD.read_bytes())
    assert kept.problem
    assert kept.picture is None
