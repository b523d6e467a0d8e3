"""The wrapper: claim, work, finish; what happens when any of it goes wrong."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text, update

from cases.effects import Enqueue, Fact, JobKind
from cases.errors import Conflict, NotFound
from preaudit.lost import ChildFailed
from storage.blobs import BlobsUnavailable
from storage.jobs import MAX_ATTEMPTS, Job
from storage.session import Database, Transaction
from storage.tables import jobs
from storage.words import JobState, Queue
from tests.workers.room import Room
from tests.workers.test_relay import until
from workers import sweeps
from workers.actors.registry import HANDLERS
from workers.context import SYSTEM, Context
from workers.jobs import (
    BACKOFF_SECONDS,
    Ended,
    Finish,
    Handler,
    Hopeless,
    Transient,
    backoff,
    nothing,
    perform,
    perform_all,
)

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


EMPTY = Handler(KIND, lambda _context, _job: nothing)
AT_ONCE = 8


def many(room: Room, count: int = AT_ONCE) -> list[str]:
    return [room.add(KIND, f"case {n}") for n in range(count)]


def test_of_two_workers_that_hear_a_shared_bell_each_job_is_done_by_one(room: Room) -> None:
    for _ in range(5):
        made, together = many(room), threading.Barrier(2)

        def worker(bell: Sequence[str], together: threading.Barrier = together) -> Sequence[Ended]:
            together.wait()
            return list(perform_all(room.context, EMPTY, bell, Queue.WORKER).values())

        with ThreadPoolExecutor(2) as threads:
            ended = [end for told in threads.map(worker, [made, made[::-1]]) for end in told]
        assert Counter(ended) == {Ended.DONE: len(made), Ended.NOT_OURS: len(made)}
        assert {(j.state, j.attempts) for j in map(room.job_by_id, made)} == {(JobState.DONE, 1)}


def test_of_many_that_end_together_each_has_its_own_end(room: Room) -> None:
    """All have worked before the first ends: one is wanted once more, one was lost meanwhile, one fails, one writes something."""
    made = many(room)
    again, lost, failing, writing = made[2], made[5], made[3], made[4]

    def work(_context: Context, job: Job) -> Finish:
        if job.id == failing:
            raise Hopeless("no_such_thing")
        if job.id == made[-1]:
            meanwhile(room, again, lost)
        return (lambda tx: tx.jobs.add(Enqueue(KIND, "written")) and None) if job.id == writing else nothing

    ended = perform_all(room.context, Handler(KIND, work), made, Queue.WORKER)
    assert {job: end for job, end in ended.items() if end is not Ended.DONE} == {
        lost: Ended.LOST,
        failing: Ended.FAILED,
    }
    assert {job for job in made if room.job_by_id(job).state is not JobState.DONE} == {again, lost, failing}
    assert room.job(KIND, "written").state is JobState.QUEUED
    assert perform(room.context, EMPTY, again) is Ended.DONE


def meanwhile(room: Room, again: str, lost: str) -> None:
    with room.database.transaction() as tx:
        tx.execute(update(jobs).where(jobs.c.id == again).values(again_at=tx.now()))
        assert tx.jobs.condemn(lost, "by a person")


def test_who_waits_behind_a_neighbour_keeps_its_lease_and_who_lost_it_is_not_begun(room: Room) -> None:
    made, begun = many(room, 3), list[str]()

    def work(_context: Context, job: Job) -> Finish:
        begun.append(job.id)
        if job.id == made[0]:
            until_extended(room, made[1])
            with room.database.transaction() as tx:
                assert tx.jobs.condemn(made[2], "by a person")
            until_extended(room, made[1])
            until_extended(room, made[1])
        return nothing

    short = Handler(KIND, work, lease=timedelta(seconds=0.6))
    ended = perform_all(room.context, short, made, Queue.WORKER)
    assert ended == {made[0]: Ended.DONE, made[1]: Ended.DONE, made[2]: Ended.LOST}
    assert begun == made[:2]


def until_extended(room: Room, job: str) -> None:
    lease = room.job_by_id(job).lease_until
    until(lambda: room.job_by_id(job).lease_until != lease)


def test_a_job_that_somebody_is_changing_holds_up_nobody_else(postgresql_database: Database, tmp_path: Path) -> None:
    room = Room(postgresql_database, tmp_path)
    held, other = room.add(KIND, "held"), room.add(KIND, "other")
    with ThreadPoolExecutor(1) as threads:
        with room.database.transaction() as tx:
            tx.execute(update(jobs).where(jobs.c.id == held).values(error="news"))
            waits = threads.submit(perform, room.context, EMPTY, held, Queue.WORKER)
            until(lambda: waiting_for_a_lock(room.database) == 1)
            assert perform(room.context, EMPTY, other, Queue.WORKER) is Ended.DONE
        assert waits.result() is Ended.DONE


def waiting_for_a_lock(database: Database) -> int:
    words = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with database.reading() as tx:
        return int(tx.execute(text(words)).scalar_one())


def test_a_connection_that_dies_while_many_end_loses_no_job(postgresql_database: Database, tmp_path: Path) -> None:
    room = Room(postgresql_database, tmp_path)
    made, cut = many(room), list[int]()

    def work(_context: Context, job: Job) -> Finish:
        if job.id == made[-1]:
            cut.extend(hang_up(room.database))
        return nothing

    ended = perform_all(room.context, Handler(KIND, work), made, Queue.WORKER)
    assert cut, "somebody was connected"
    assert Counter(ended.values()) == {Ended.DONE: AT_ONCE}, "each by itself, on another connection"
    assert {room.job_by_id(job).state for job in made} == {JobState.DONE}


def hang_up(database: Database) -> Sequence[int]:
    """On everybody who uses it; their numbers."""
    other = Database(database.settings)
    with other.transaction() as tx:
        words = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        cut = tx.execute(text(words)).scalars().all()
        for pid in cut:
            tx.execute(text("SELECT pg_terminate_backend(:pid)"), [{"pid": pid}])
    other.dispose()
    return cut


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
