"""No question to the ledger costs more because more was done before: the pages of the database that each one touches, with
a few finished jobs behind it and with very many."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from cases.effects import Enqueue, JobKind
from storage.direct import BY_SQLALCHEMY
from storage.jobs import Job
from storage.jobs_over import forget, move_out
from storage.session import Database, Transaction
from storage.words import JobState, Queue
from tests.ledger import due

FEW, MANY, VERY_MANY = 1_000, 30_000, 1_000_000
AT_ONCE = 100_000
LEASE = timedelta(minutes=5)
MORE = 24
"""Pages by which a question may differ: an index is a level or two deeper."""
FINISHED = """
    INSERT INTO jobs (id, kind, subject, dedupe, state, queue, due_at, attempts, max_attempts, expired_leases, made_at,
                      ended_at, share, turn)
    SELECT 'done-' || n, (ARRAY['page.read', 'case.judge', 'courier.book', 'notice.send'])[1 + n % 4], 'subject-' || n / 3,
           'key-' || n, CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'done' END, CASE WHEN n % 4 = 0 THEN 'reader' ELSE 'worker' END,
           at, 1, 5, 0, at, at + interval '2 seconds', 'share-' || n % 5000, n
    FROM generate_series(CAST(:first AS bigint), :last) AS n, LATERAL (SELECT now() - n * interval '10 seconds' AS at) AS times
"""
WAITING = """
    INSERT INTO jobs (id, kind, subject, state, queue, due_at, attempts, max_attempts, expired_leases, made_at, share, turn)
    SELECT 'waits-' || :many || '-' || n, 'case.judge', 'subject-' || n, 'queued', 'worker', now(), 0, 5, 0, now(), 'judging', n
    FROM generate_series(1, CAST(:many AS bigint)) AS n
"""


@pytest.mark.parametrize("many", [MANY, pytest.param(VERY_MANY, marks=pytest.mark.thorough)])
def test_no_question_costs_more_with_more_jobs_done(postgresql_database: Database, many: int) -> None:
    fill(postgresql_database, FEW)
    few = touched(postgresql_database)
    with postgresql_database.transaction() as tx:
        tx.execute(text("TRUNCATE jobs"))
    fill(postgresql_database, many)
    grown = {asked: (few[asked], pages) for asked, pages in touched(postgresql_database).items()}
    assert len(grown) > 20
    assert {asked: both for asked, both in grown.items() if both[1] > both[0] + MORE} == {}


def test_no_question_about_a_job_costs_more_with_more_jobs_waiting(postgresql_database: Database) -> None:
    """The planner last saw the ledger when nothing waited, as it mostly does, and then very much comes at once."""
    fill(postgresql_database, FEW)
    pages: dict[int, dict[str, int]] = {}
    for many in (FEW, MANY):
        with postgresql_database.transaction() as tx:
            tx.execute(text(WAITING), {"many": many})
        pages[many] = {}
        with explained(postgresql_database, pages[many]):
            go(postgresql_database)
    grown = {asked: (few, pages[MANY][asked]) for asked, few in pages[FEW].items()}
    assert len(grown) == 9
    assert {asked: both for asked, both in grown.items() if both[1] > both[0] + MORE} == {}


def go(database: Database) -> None:
    """What every job is paid for with: it is added, rung, had and ended, by itself and with others."""
    with database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "subject"))
        assert tx.jobs.seconds_until_due() == 0
        one, *others = [bell.job for bell in tx.jobs.take_bells(4).taken]
        job = tx.jobs.take(one, LEASE, Queue.WORKER)
        assert job is not None
        assert len(tx.jobs.take_together(others, LEASE, Queue.WORKER)) == 3
        assert tx.jobs.end(job, JobState.DONE)
        assert tx.jobs.end_together(others, 1, JobState.DONE) == set(others)


def fill(database: Database, many: int) -> None:
    for first in range(1, many, AT_ONCE):
        with database.transaction() as tx:
            tx.execute(text(FINISHED), {"first": first, "last": min(first + AT_ONCE - 1, many)})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE jobs"))


def touched(database: Database) -> dict[str, int]:
    """Pages by question, of a day in the ledger's life."""
    pages: dict[str, int] = {}
    with explained(database, pages):
        live(database)
    return pages


def live(database: Database) -> None:
    job = began(database)
    with database.transaction() as tx:
        assert tx.jobs.extend(job, LEASE)
        assert tx.jobs.retry(job, timedelta(), "away")
    job = again(database, job.id)
    with database.transaction() as tx:
        assert tx.jobs.finish(job)
    lost = began(database)
    with database.transaction() as tx:
        tx.jobs.sweep(tx.now() + 2 * LEASE)
        assert tx.jobs.condemn(lost.id, "ill")
        assert tx.jobs.release(lost.id)
        assert move_out(tx, 10) == 10
        forget(tx, 10)
    with database.reading() as tx:
        assert [load.quarantined for load in tx.jobs.loads()] == [0, 0, 0]
        tx.jobs.seconds_until_due()
        tx.jobs.waiting_for("away")
        tx.jobs.of_subject("subject")
        tx.jobs.list()


def began(database: Database) -> Job:
    """Added, its twin nudged, rung and had."""
    asked = Enqueue(JobKind.CASE_JUDGE, "subject", "key")
    with database.transaction() as tx:
        made = tx.jobs.add(asked)
        assert made is not None
        assert tx.jobs.add(asked) is None
        ring(tx)
    return again(database, made)


def again(database: Database, made: str) -> Job:
    with database.transaction() as tx:
        ring(tx)
        job = tx.jobs.claim(made, LEASE)
    assert job is not None
    return job


def ring(tx: Transaction) -> None:
    tx.jobs.stamp_rung([job for job, _, _ in due(tx)])


@contextmanager
def explained(database: Database, pages: dict[str, int]) -> Iterator[None]:
    """Every statement on jobs is run twice: once to be explained, and taken back."""

    def explain(connection: Connection, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if " jobs" not in statement or statement.startswith(("EXPLAIN", "NOTIFY")):
            return
        with connection.begin_nested() as taken_back:
            how = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values
            ).scalar_one()
            taken_back.rollback()
        (told,) = how if isinstance(how, list) else json.loads(how)
        plan = told["Plan"]
        asked = " ".join(statement.split())
        pages[asked] = max(pages.get(asked, 0), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])

    event.listen(database.engine, "before_cursor_execute", explain)
    database.engine.update_execution_options(**{BY_SQLALCHEMY: True})
    try:
        yield
    finally:
        database.engine.update_execution_options(**{BY_SQLALCHEMY: False})
        event.remove(database.engine, "before_cursor_execute", explain)
