"""The wrapper: claim, work, finish; what happens when any of it goes wrong."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import update

from cases.effects import Fact, JobKind
from cases.errors import Conflict, NotFound
from preaudit.lost import ChildFailed
from storage.blobs import BlobsUnavailable
from storage.jobs import MAX_ATTEMPTS, Job
from storage.session import Transaction
from storage.tables import jobs
from storage.words import JobState, Queue
from tests.workers.room import Room
from workers import sweeps
from workers.actors.registry import HANDLERS
from workers.context import SYSTEM, Context
from workers.jobs import BACKOFF_SECONDS, Ended, Finish, Handler, Hopeless, Transient, backoff, perform

KIND = JobKind.CASE_ROUTE
DONE = "special_ended"
"""Any action that the record may hold."""


def handler(room: Room, do: Callable[[], Any] = lambda: None, at_finish: Callable[[], Any] = lambda: None) -> Handler:
    """Leaves a line in the case's record when it finishes."""

    def work(_context: Context, _job: Job) -> Finish:
        do()

        def finish(tx: Transaction) -> None:
            tx.apply(room.number, (Fact(DONE),), actor=SYSTEM)
            at_finish()

        return finish

    return Handler(KIND, work)


def raising(error: Exception) -> Callable[[], None]:
    def do() -> None:
        raise error

    return do


def test_a_job_that_is_rung_twice_is_done_once(room: Room) -> None:
    job = room.add(KIND, room.number)
    assert perform(room.context, handler(room), job) is Ended.DONE
    assert perform(room.context, handler(room), job) is Ended.NOT_OURS
    assert len(room.facts(DONE)) == 1


def test_of_two_workers_that_hear_one_bell_one_works(room: Room) -> None:
    job = room.add(KIND, room.number)
    ended: list[Ended] = []
    together = threading.Barrier(2)

    def worker() -> None:
        together.wait()
        ended.append(perform(room.context, handler(room), job))

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(ended) == [Ended.DONE, Ended.NOT_OURS]
    assert len(room.facts(DONE)) == 1


def test_a_result_that_comes_after_the_lease_was_lost_is_thrown_away(room: Room) -> None:
    job = room.add(KIND, room.number)

    def meanwhile() -> None:
        """The worker was paused; the sweep and another worker did the job."""
        with room.database.transaction() as tx:
            tx.jobs.sweep(tx.now() + timedelta(hours=1))
        assert perform(room.context, handler(room), job) is Ended.DONE

    assert perform(room.context, handler(room, do=meanwhile), job) is Ended.LOST
    assert len(room.facts(DONE)) == 1


def test_a_known_hindrance_queues_the_job_for_later(room: Room) -> None:
    job = room.add(KIND, room.number)
    said = Transient("courier_asleep", timedelta(minutes=3))
    assert perform(room.context, handler(room, raising(said)), job) is Ended.RETRIED
    again = room.job_by_id(job)
    assert (again.state, again.error) == (JobState.QUEUED, "courier_asleep")
    assert again.due_at > datetime.now(UTC) + timedelta(minutes=2)


AWAY = (BlobsUnavailable("s3://bucket: SlowDown"), ChildFailed("unavailable"))


@pytest.mark.parametrize("away", AWAY, ids=lambda error: type(error).__name__)
def test_what_is_away_for_everybody_uses_up_no_try(room: Room, away: Exception) -> None:
    job = room.add(KIND, room.number)
    ends = []
    for _ in range(MAX_ATTEMPTS + 1):
        ends.append(perform(room.context, handler(room, raising(away)), job))
        room.make_due(KIND)
    assert set(ends) == {Ended.WAITING}
    assert perform(room.context, handler(room), job) is Ended.DONE


def test_what_is_away_for_a_day_is_told(room: Room) -> None:
    job = room.add(KIND, room.number)
    with room.database.transaction() as tx:
        tx.execute(update(jobs).values(made_at=tx.now() - timedelta(days=2)))
    ended = [perform(room.context, handler(room, raising(AWAY[0])), job)]
    for _ in range(MAX_ATTEMPTS - 1):
        room.make_due(KIND)
        ended.append(perform(room.context, handler(room, raising(AWAY[0])), job))
    assert ended[-2:] == [Ended.RETRIED, Ended.QUARANTINED]


def test_an_unknown_fault_is_tried_again_and_in_the_end_set_aside(room: Room) -> None:
    job = room.add(KIND, room.number)
    broken = handler(room, raising(ValueError("440105199003070019 is not a date")))
    ends = []
    for _ in range(MAX_ATTEMPTS):
        room.make_due(KIND)
        ends.append(perform(room.context, broken, job))
    assert ends == [Ended.RETRIED] * (MAX_ATTEMPTS - 1) + [Ended.QUARANTINED]
    condemned = room.job_by_id(job)
    assert condemned.state is JobState.QUARANTINED
    assert condemned.error is not None
    assert condemned.error.startswith("ValueError at ")
    assert "440105" not in condemned.error


def test_giving_up_is_written_with_the_quarantine(room: Room) -> None:
    job = room.add(KIND, room.number)

    def give_up(tx: Transaction, subject: str) -> None:
        tx.apply(subject, (Fact(DONE),), actor=SYSTEM)

    hopeless = replace(handler(room, raising(ValueError())), give_up=give_up)
    for _ in range(MAX_ATTEMPTS):
        assert room.facts(DONE) == []
        room.make_due(KIND)
        perform(room.context, hopeless, job)
    assert len(room.facts(DONE)) == 1


@pytest.mark.parametrize("error", [Hopeless("page_gone"), NotFound("没有这个预约。")])
def test_what_can_never_work_fails_at_once(room: Room, error: Exception) -> None:
    job = room.add(KIND, room.number)
    assert perform(room.context, handler(room, raising(error)), job) is Ended.FAILED
    assert room.job_by_id(job).state is JobState.FAILED


def test_a_fault_while_finishing_leaves_nothing_behind(room: Room) -> None:
    job = room.add(KIND, room.number)
    assert perform(room.context, handler(room, at_finish=raising(KeyError())), job) is Ended.RETRIED
    assert room.facts(DONE) == []
    assert room.job_by_id(job).state is JobState.QUEUED


def test_a_lost_race_is_decided_again(room: Room) -> None:
    job = room.add(KIND, room.number)
    assert perform(room.context, handler(room, at_finish=raising(Conflict("刚刚被更新"))), job) is Ended.RETRIED
    room.make_due(KIND)
    assert perform(room.context, handler(room), job) is Ended.DONE
    assert len(room.facts(DONE)) == 1


def test_a_job_that_killed_two_workers_runs_alone_and_then_is_condemned(room: Room) -> None:
    job = room.add(KIND, room.number)
    for _ in range(2):
        room.die_with(KIND)
        sweeps.leases(room.database)
    assert room.job_by_id(job).queue is Queue.SOLITARY
    assert perform(room.context, handler(room), job, Queue.WORKER) is Ended.NOT_OURS, "an old bell rings among others"
    room.die_with(KIND)
    sweeps.leases(room.database)
    assert room.job_by_id(job).state is JobState.QUARANTINED


def test_a_suspect_that_behaves_when_alone_is_done(room: Room) -> None:
    job = room.add(KIND, room.number)
    for _ in range(2):
        room.die_with(KIND)
        sweeps.leases(room.database)
    assert perform(room.context, handler(room), job, Queue.SOLITARY) is Ended.DONE


def test_a_page_that_was_condemned_is_given_up_and_its_case_goes_on(room: Room) -> None:
    page = room.upload()
    for _ in range(3):
        room.die_with(JobKind.PAGE_READ)
        sweeps.leases(room.database)
    found = room.seen().file.page(page)
    assert found is not None
    assert (found.state, [str(f.code) for f in found.findings]) == ("unreadable", ["unreadable"])
    assert sweeps.leases(room.database) == 0


def test_long_work_keeps_its_lease(room: Room) -> None:
    job = room.add(KIND, room.number)

    def outlast() -> None:
        """Works on until the lease that was given at the claim is over."""
        first = room.job_by_id(job).lease_until
        until = monotonic() + 20
        while room.job_by_id(job).lease_until == first or room.database.now() < first:  # type: ignore[operator]
            assert monotonic() < until, "nobody extended the lease"

    short = replace(handler(room, outlast), lease=timedelta(seconds=0.6))
    assert perform(room.context, short, job) is Ended.DONE


def test_waiting_grows_with_every_try_and_is_spread() -> None:
    for attempt, seconds in enumerate(BACKOFF_SECONDS, 1):
        delays = {backoff(attempt).total_seconds() for _ in range(20)}
        assert all(0.75 * seconds <= d <= 1.25 * seconds for d in delays)
        assert len(delays) > 1
    assert backoff(99) > timedelta(minutes=7)


def test_every_kind_of_job_has_its_handler() -> None:
    assert set(HANDLERS) == set(JobKind)
