"""What waits too long is moved on, and what a person set aside is left to a person."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from cases.effects import JobKind
from cases.lifecycle import BookingState, CaseState
from cases.model import Direction
from storage.blobs import blobs_from
from storage.tables import bookings, cases, jobs, pages, uploads
from storage.uploads import framed
from storage.words import JobState
from tests.workers.room import Room
from workers import invariants, record, sweeps

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def age(room: Room, table, **columns: datetime) -> None:  # type: ignore[no-untyped-def]
    with room.database.transaction() as tx:
        tx.execute(update(table).values(**columns))


def test_a_draft_past_its_deadline_expires_once(room: Room) -> None:
    age(room, cases, deadline_at=LONG_AGO)
    assert sweeps.deadlines(room.database) == 1
    assert room.seen().state is CaseState.ABORTED
    assert sweeps.deadlines(room.database) == 0


def test_a_case_that_only_a_person_can_move_is_told_of_once(room: Room) -> None:
    room.world.upload_and_read("id_front", "form").submit().judge("review")
    age(room, cases, deadline_at=LONG_AGO)
    assert sweeps.deadlines(room.database) == 1
    assert room.seen().file.case.escalated_at is not None
    assert sweeps.deadlines(room.database) == 0


def test_a_submitted_case_without_its_job_is_judged_after_all(room: Room) -> None:
    room.world.upload_and_read("id_front", "form").submit()
    with room.database.transaction() as tx:
        tx.execute(jobs.delete())
    age(room, cases, deadline_at=LONG_AGO)
    sweeps.deadlines(room.database)
    assert room.job(JobKind.CASE_JUDGE).subject == room.number


def test_a_courier_who_did_not_come_frees_the_leg(room: Room) -> None:
    room.world.to_passed()
    booking = room.world.booked(Direction.COLLECTION)
    assert sweeps.no_shows(room.database) == 0
    age(room, bookings, window_start=LONG_AGO, window_end=LONG_AGO + timedelta(hours=2))
    assert sweeps.no_shows(room.database) == 1
    found = room.seen().file.booking(booking)
    assert found is not None
    assert (found.state, room.world.state) == (BookingState.FAILED, CaseState.PREAUDIT_PASSED)
    assert room.job(JobKind.COURIER_CANCEL).subject == booking
    assert sweeps.no_shows(room.database) == 0


def test_a_page_whose_job_vanished_is_read_after_all(room: Room) -> None:
    page = room.upload()
    with room.database.transaction() as tx:
        tx.execute(jobs.delete())
    assert sweeps.forgotten(room.database) == 0, "it has not waited long"
    age(room, pages, uploaded_at=LONG_AGO)
    assert sweeps.forgotten(room.database) == 1
    assert room.job(JobKind.PAGE_READ).subject == page
    assert sweeps.forgotten(room.database) == 0


def test_a_sweep_never_brings_back_what_was_set_aside(room: Room) -> None:
    room.upload()
    job = room.job(JobKind.PAGE_READ)
    with room.database.transaction() as tx:
        tx.jobs.condemn(job.id, "a person said so")
    age(room, pages, uploaded_at=LONG_AGO)
    assert sweeps.forgotten(room.database) == 0
    assert room.job_by_id(job.id).state is JobState.QUARANTINED


def test_a_booking_whose_job_vanished_is_asked_for(room: Room) -> None:
    room.world.to_passed()
    booking = room.world.book(Direction.COLLECTION)
    with room.database.transaction() as tx:
        tx.execute(jobs.delete())
    age(room, bookings, requested_at=LONG_AGO)
    sweeps.forgotten(room.database)
    assert room.job(JobKind.COURIER_BOOK).subject == booking


def test_one_case_that_cannot_be_swept_does_not_hold_up_the_others(room: Room, tmp_path: Path) -> None:
    other = Room(room.database, tmp_path, "440105202603020000029")
    age(room, cases, deadline_at=LONG_AGO)
    assert sweeps.deadlines(room.database) == 2
    assert {room.seen().state, other.seen().state} == {CaseState.ABORTED}


def test_the_anchor_is_written_when_something_happened(room: Room) -> None:
    assert record.anchor(room.database) == 1
    assert record.anchor(room.database) == 0


def test_a_whole_life_breaks_no_invariant(room: Room) -> None:
    room.world.to_delivered()
    assert list(invariants.broken(room.seen().file)) == []
    assert invariants.check(room.database) == 0


def test_a_state_without_a_deadline_is_noticed(room: Room) -> None:
    age(room, cases, deadline_at=None)  # type: ignore[arg-type]
    assert list(invariants.broken(room.seen().file)) == ["waiting_has_deadline"]


def test_pieces_of_an_upload_that_nobody_came_back_for_are_deleted(room: Room) -> None:
    blobs = blobs_from(room.database.settings)
    with room.database.transaction() as tx:
        person, _ = tx.people.sign_in("embedded", "somebody")
        upload = tx.uploads.start(person.id, room.number, "id_front", media_type="image/jpeg", size=100)
        key = blobs.put(framed(upload.id, 0, b"the first piece"))
        tx.uploads.add_chunk(upload, key, 15)
    assert sweeps.abandoned_uploads(room.database) == 0
    age(room, uploads, ends_at=LONG_AGO)
    assert sweeps.abandoned_uploads(room.database) == 1
    assert not blobs.exists(key)
    assert sweeps.abandoned_uploads(room.database) == 0
