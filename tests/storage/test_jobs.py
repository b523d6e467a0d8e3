"""The ledger: nothing is had twice, every try counts, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases.effects import Enqueue, JobKind
from storage.jobs import MAX_ATTEMPTS, Job
from storage.jobs_over import BESIDE, KEEP, forget, move_out
from storage.session import Database, Transaction
from storage.tables import jobs, jobs_over
from storage.words import JobState, Queue
from tests.ledger import due

LEASE = timedelta(minutes=5)
DEAD = timedelta(seconds=-1)
"""A lease that has run out already."""


def add(database: Database, dedupe: str = "", kind: JobKind = JobKind.CASE_JUDGE, **due: float) -> str:
    with database.transaction() as tx:
        when = tx.now() + timedelta(**due) if due else None
        made = tx.jobs.add(Enqueue(kind, "subject", dedupe, when))
    assert made is not None
    return made


def claim(database: Database, job_id: str, lease: timedelta = LEASE, queue: Queue | None = None) -> Job:
    with database.transaction() as tx:
        job = tx.jobs.claim(job_id, lease, queue)
    assert job is not None
    return job


def look(database: Database, job_id: str) -> Job:
    with database.reading() as tx:
        job = tx.jobs.job(job_id)
    assert job is not None
    return job


def rung(tx: Transaction) -> list[str]:
    return [job_id for job_id, _, _ in due(tx)]


def test_a_job_is_had_once_however_many_reach_for_it(database: Database) -> None:
    job_id, start = add(database), threading.Barrier(4)

    def reach(_: int) -> bool:
        start.wait()
        with database.transaction() as tx:
            return tx.jobs.claim(job_id, LEASE) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(reach, range(4))) == 1
    assert look(database, job_id).attempts == 1


def test_a_job_is_not_had_before_it_is_due(database: Database) -> None:
    job_id = add(database, seconds=60)
    with database.transaction() as tx:
        assert tx.jobs.claim(job_id, LEASE) is None
        assert rung(tx) == []
        assert tx.jobs.seconds_until_due() is not None


def test_finishing_works_once_and_only_for_the_try_that_has_it(database: Database) -> None:
    job_id = add(database)
    first = claim(database, job_id, DEAD)
    second = claim(database, job_id)
    assert (first.attempts, second.attempts) == (1, 2)
    with database.transaction() as tx:
        assert not tx.jobs.finish(first)
        assert not tx.jobs.extend(first, LEASE)
        assert not tx.jobs.retry(first, LEASE, "late")
        assert tx.jobs.finish(second)
        assert not tx.jobs.finish(second)
    assert look(database, job_id).state is JobState.DONE


def test_what_a_lost_try_did_is_thrown_away_with_its_transaction(database: Database) -> None:
    stale = claim(database, add(database), DEAD)
    claim(database, stale.id)

    def finish_late() -> None:
        with database.transaction() as tx:
            tx.jobs.add(Enqueue(JobKind.NOTICE_SEND, "of the lost try"))
            if not tx.jobs.finish(stale):
                raise RuntimeError

    with pytest.raises(RuntimeError):
        finish_late()
    with database.reading() as tx:
        assert tx.jobs.of_subject("of the lost try") == []


def test_the_same_dedupe_adds_nothing_while_a_twin_waits(database: Database) -> None:
    first = add(database, "case-1")
    with database.transaction() as tx:
        assert tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject", "case-1")) is None
        assert tx.jobs.add(Enqueue(JobKind.CASE_ROUTE, "subject", "case-1")) is not None, "another kind is no twin"
    finished = claim(database, first)
    with database.transaction() as tx:
        assert tx.jobs.finish(finished)
    add(database, "case-1")


def test_jobs_without_a_dedupe_key_are_all_kept(database: Database) -> None:
    assert add(database) != add(database)


def test_news_that_come_while_a_twin_runs_make_it_run_once_more(database: Database) -> None:
    job = claim(database, add(database, "case-1"))
    with database.transaction() as tx:
        assert tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject", "case-1")) is None
    with database.transaction() as tx:
        assert tx.jobs.finish(job)
    again = look(database, job.id)
    assert (again.state, again.attempts) == (JobState.QUEUED, 0)
    second = claim(database, job.id)
    with database.transaction() as tx:
        assert tx.jobs.finish(second)
    assert look(database, job.id).state is JobState.DONE


def test_a_job_may_ask_for_itself_later(database: Database) -> None:
    job = claim(database, add(database, "find-1"))
    with database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject", "find-1", tx.now() + timedelta(minutes=1)))
        tx.jobs.finish(job)
    waiting = look(database, job.id)
    assert waiting.state is JobState.QUEUED
    assert waiting.due_at > waiting.made_at + timedelta(seconds=50)


def test_a_waiting_twin_is_brought_forward(database: Database) -> None:
    job_id = add(database, "case-1", hours=1)
    with database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject", "case-1"))
    with database.transaction() as tx:
        assert rung(tx) == [job_id]


def test_a_twin_that_ends_at_the_same_moment_loses_no_news(database: Database) -> None:
    """One finishes while the other adds, many times over: after each round a job is queued or nothing was added."""
    for turn in range(20):
        job, start = claim(database, add(database, f"d{turn}")), threading.Barrier(2)

        def finish(job: Job = job, start: threading.Barrier = start) -> None:
            start.wait()
            with database.transaction() as tx:
                tx.jobs.finish(job)

        def tell(turn: int = turn, start: threading.Barrier = start) -> None:
            start.wait()
            with database.transaction() as tx:
                tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject", f"d{turn}"))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda act: act(), (finish, tell)))
        with database.transaction() as tx:
            (waiting,) = tx.jobs.list(JobState.QUEUED)
            tx.jobs.finish(tx.jobs.claim(waiting.id, LEASE) or waiting)


def test_a_transient_failure_waits_and_the_last_one_is_set_aside(database: Database) -> None:
    job_id = add(database)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        job = claim(database, job_id)
        assert job.last_try is (attempt == MAX_ATTEMPTS)
        with database.transaction() as tx:
            assert tx.jobs.retry(job, timedelta(0), "no answer")
    ended = look(database, job_id)
    assert (ended.state, ended.error, ended.attempts) == (JobState.QUARANTINED, "no answer", MAX_ATTEMPTS)


def test_of_many_that_are_taken_together_each_is_taken_that_may_be(database: Database) -> None:
    fine, early, suspect = add(database), add(database, hours=1), add(database)
    had, dead = claim(database, add(database)).id, claim(database, add(database), DEAD).id
    for _ in range(2):
        claim(database, suspect, DEAD)
    with database.transaction() as tx:
        tx.jobs.sweep()
    with database.transaction() as tx:
        asked = (fine, fine, early, had, dead, suspect, "nothing")
        taken = {job.id: job for job in tx.jobs.take_together(asked, LEASE, Queue.WORKER)}
    assert taken.keys() == {fine, dead}
    assert taken[fine] == look(database, fine)
    assert (taken[fine].state, taken[fine].attempts, taken[dead].attempts) == (JobState.RUNNING, 1, 2)
    with database.transaction() as tx:
        assert tx.jobs.take_together([suspect], LEASE, None) == [], "it has moved, and was not rung there yet"


def test_of_many_that_end_together_each_ends_that_may(database: Database) -> None:
    done, wanted = claim(database, add(database)), claim(database, add(database, "news"))
    lost = claim(database, add(database), DEAD)
    with database.transaction() as tx:
        tx.jobs.sweep()
        assert tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject", "news")) is None
    later = claim(database, lost.id)
    with database.transaction() as tx:
        assert tx.jobs.end_together([done.id, wanted.id, lost.id, "nothing"], 1, JobState.DONE) == {done.id}
        assert tx.jobs.finish(wanted)
        assert not tx.jobs.finish(lost)
    assert [look(database, job.id).state for job in (done, wanted, later)] == ["done", "queued", "running"]


def test_who_takes_or_ends_many_passes_by_what_another_is_changing(postgresql_database: Database) -> None:
    database = postgresql_database
    mine, theirs, at_work = add(database), add(database), [claim(database, add(database)) for _ in range(2)]
    with database.transaction() as another:
        assert another.jobs.condemn(theirs, "by a person")
        assert another.jobs.condemn(at_work[1].id, "by a person")
        with database.transaction() as tx:
            assert [job.id for job in tx.jobs.take_together([theirs, mine], LEASE, Queue.WORKER)] == [mine]
            assert tx.jobs.end_together([job.id for job in at_work], 1, JobState.DONE) == {at_work[0].id}


def test_a_try_put_back_does_not_count(database: Database) -> None:
    job = claim(database, add(database))
    with database.transaction() as tx:
        assert tx.jobs.put_back(job)
    assert look(database, job.id).attempts == 0
    claim(database, job.id)


def test_a_job_whose_lease_ran_out_twice_runs_alone_and_there_it_is_condemned(database: Database) -> None:
    job_id = add(database, kind=JobKind.PAGE_READ)
    claim(database, job_id, DEAD, Queue.READER)
    claim(database, job_id, DEAD, Queue.READER)
    with database.transaction() as tx:
        assert tx.jobs.claim(job_id, LEASE, Queue.READER) is None
    assert look(database, job_id).queue is Queue.SOLITARY
    with database.transaction() as tx:
        assert due(tx) == [(job_id, JobKind.PAGE_READ, Queue.SOLITARY)]
        assert tx.jobs.claim(job_id, LEASE, Queue.READER) is None, "an old bell must not run it among others"
        assert tx.jobs.claim(job_id, LEASE) is None
        tx.jobs.stamp_rung([job_id])
    claim(database, job_id, DEAD, Queue.SOLITARY)
    with database.transaction() as tx:
        assert tx.jobs.sweep().expired == 1
    condemned = look(database, job_id)
    assert (condemned.state, condemned.expired_leases) == (JobState.QUARANTINED, 3)


def test_a_suspect_that_succeeds_alone_is_cleared(database: Database) -> None:
    job_id = add(database)
    claim(database, job_id, DEAD)
    claim(database, job_id, DEAD)
    with database.transaction() as tx:
        tx.jobs.sweep()
    alone = claim(database, job_id, LEASE, Queue.SOLITARY)
    with database.transaction() as tx:
        assert tx.jobs.finish(alone)


def test_the_sweep_requeues_dead_leases_and_leaves_living_ones(database: Database) -> None:
    dead, living = claim(database, add(database), DEAD), claim(database, add(database))
    with database.transaction() as tx:
        assert tx.jobs.sweep().expired == 1
    assert look(database, dead.id).state is JobState.QUEUED
    assert look(database, living.id).state is JobState.RUNNING


def test_a_bell_nobody_answered_is_rung_again(database: Database) -> None:
    job_id = add(database)
    with database.transaction() as tx:
        assert tx.jobs.stamp_rung([job_id]) == [job_id]
        assert rung(tx) == []
        assert tx.jobs.sweep().rung_again == 0
        assert tx.jobs.sweep(tx.now() + timedelta(seconds=31)).rung_again == 1
        assert rung(tx) == [job_id]


def test_a_person_releases_a_job_from_quarantine_to_a_fresh_start(database: Database) -> None:
    job = claim(database, add(database, "d", JobKind.PAGE_READ))
    with database.transaction() as tx:
        assert tx.jobs.quarantine(job, "poison")
        assert tx.jobs.release(job.id)
        assert not tx.jobs.release(job.id)
    released = look(database, job.id)
    assert (released.state, released.attempts, released.queue) == (JobState.QUEUED, 0, Queue.READER)


def test_a_job_is_not_released_beside_a_twin(database: Database) -> None:
    job = claim(database, add(database, "d"))
    with database.transaction() as tx:
        tx.jobs.quarantine(job, "poison")
    add(database, "d")
    with database.transaction() as tx:
        assert not tx.jobs.release(job.id)


def test_a_person_sets_a_job_aside(database: Database) -> None:
    job = claim(database, add(database))
    with database.transaction() as tx:
        assert tx.jobs.condemn(job.id, "asked by the operator")
        assert not tx.jobs.finish(job)


def test_a_known_failure_ends_the_job(database: Database) -> None:
    job = claim(database, add(database))
    with database.transaction() as tx:
        assert tx.jobs.fail(job, "the file is damaged")
    assert look(database, job.id).state is JobState.FAILED


def test_what_was_added_first_is_rung_first_and_rung_once(database: Database) -> None:
    early, late = add(database), add(database)
    with database.transaction() as tx:
        assert rung(tx) == [early, late]
        tx.jobs.stamp_rung([early])
        assert rung(tx) == [late]


def test_loads_say_how_much_waits_and_since_when(database: Database) -> None:
    add(database, seconds=-30)
    add(database, kind=JobKind.PAGE_READ)
    claim(database, add(database))
    with database.reading() as tx:
        loads = {load.queue: load for load in tx.jobs.loads()}
    assert (loads[Queue.WORKER].waiting, loads[Queue.WORKER].running) == (1, 1)
    assert 29 < loads[Queue.WORKER].oldest_s < 40
    assert loads[Queue.READER].waiting == 1
    assert loads[Queue.SOLITARY].oldest_s == 0


def test_leases_go_by_the_databases_clock(database: Database) -> None:
    job = claim(database, add(database), timedelta(seconds=100))
    with database.reading() as tx:
        assert job.lease_until is not None
        assert 90 < (job.lease_until - tx.now()).total_seconds() <= 100
    with database.transaction() as tx:
        assert tx.jobs.extend(job, timedelta(seconds=500))
        extended = tx.jobs.job(job.id)
        assert extended is not None
        assert extended.lease_until is not None
        assert (extended.lease_until - tx.now()).total_seconds() > 400


def test_an_unknown_job_is_nobodys(database: Database) -> None:
    with database.transaction() as tx:
        assert tx.jobs.claim("nothing", LEASE) is None
        assert tx.jobs.job("nothing") is None
        assert not tx.jobs.release("nothing")
        assert tx.jobs.stamp_rung([]) == []


def test_the_sweep_takes_no_lease_that_a_claim_is_just_taking(postgresql_database: Database) -> None:
    database = postgresql_database
    job_id = add(database)
    claim(database, job_id, DEAD)
    with database.transaction() as taking:
        assert taking.jobs.claim(job_id, LEASE) is not None
        with database.transaction() as sweeping:
            assert sweeping.jobs.sweep().expired == 0
    assert look(database, job_id).state is JobState.RUNNING


def test_what_ended_well_moves_out_and_is_found_all_the_same_until_it_is_forgotten(database: Database) -> None:
    job = claim(database, add(database))
    left = claim(database, add(database))
    with database.transaction() as tx:
        tx.jobs.finish(job)
        tx.jobs.quarantine(left, "ill")
        assert move_out(tx) == 0, "somebody may just be looking"
        tx.execute(update(jobs).values(ended_at=tx.now() - BESIDE - timedelta(seconds=1)))
        before = tx.jobs.job(job.id)
        assert move_out(tx) == 1
        assert [row.id for row in tx.all(select(jobs.c.id))] == [left.id]
    with database.transaction() as tx:
        assert tx.jobs.job(job.id) == before
        assert [j.id for j in tx.jobs.of_subject("subject")] == [job.id, left.id]
        assert [j.id for j in tx.jobs.list()] == [left.id, job.id]
        assert [j.id for j in tx.jobs.list(JobState.DONE)] == [job.id]
        assert forget(tx) == 0
        tx.execute(update(jobs_over).values(ended_at=tx.now() - KEEP - timedelta(days=1)))
        assert forget(tx) == 1
        assert [j.id for j in tx.jobs.list()] == [left.id]
