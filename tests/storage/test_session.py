"""Transactions are kept or undone whole, reading is a snapshot that cannot write, and new work is heard of."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cases.effects import Enqueue, JobKind
from storage.session import TRANSIENT, Database
from storage.settings import StorageSettings
from tests.storage.kept import RESIDENT

JOB = Enqueue(JobKind.CASE_JUDGE, "s")


def lines(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.timeline("system"))


def test_an_exception_undoes_everything(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as tx:
            tx.record("system", RESIDENT, "tried")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert lines(database) == 0


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as tx:
        tx.record("system", RESIDENT, "tried")
    with database.transaction() as tx:
        tx.record("system", RESIDENT, "written on the same connection later")
    assert lines(database) == 1


def test_reading_is_one_view_whatever_is_committed_meanwhile(database: Database) -> None:
    with database.reading() as tx:
        assert tx.timeline("system") == []
        with database.transaction() as other:
            other.record("system", RESIDENT, "meanwhile")
        assert tx.timeline("system") == []
    assert lines(database) == 1


def test_writers_wait_for_each_other(database: Database) -> None:
    def write(_: int) -> None:
        with database.transaction() as tx:
            tx.record("system", RESIDENT, "wrote")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(30)))
    assert lines(database) == 30


def test_time_is_the_databases_and_aware(database: Database) -> None:
    assert abs(database.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with database.transaction() as tx:
        assert tx.now().tzinfo is UTC
        assert tx.now() == tx.now()
    assert database.ping() < timedelta(seconds=5)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, "s", due=datetime(2026, 1, 1)))


def test_references_are_held(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as tx:
        tx.people.consent("nobody", "privacy", "1")


def test_new_work_is_heard_of_soon(database: Database) -> None:
    database.listen(0.01)  # from here on it listens
    heard, started = [], time.monotonic()
    listener = threading.Thread(target=lambda: heard.append(database.listen(10)))
    listener.start()
    with database.transaction() as tx:
        tx.jobs.add(JOB)
    listener.join(10)
    assert heard == [True]
    assert time.monotonic() - started < 5


def test_silence_ends_at_the_timeout(database: Database) -> None:
    database.listen(0.01)
    started = time.monotonic()
    assert database.listen(0.2) is False
    assert 0.15 < time.monotonic() - started < 5


def test_work_that_was_undone_is_not_heard_of(postgresql_database: Database) -> None:
    postgresql_database.listen(0.01)

    def fail() -> None:
        with postgresql_database.transaction() as tx:
            tx.jobs.add(JOB)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert postgresql_database.listen(0.1) is False


def test_a_lost_listening_connection_is_made_anew(postgresql_database: Database) -> None:
    postgresql_database.listen(0.01)
    with postgresql_database.transaction() as tx:
        tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    assert postgresql_database.listen(0.05) is False
    postgresql_database.listen(0.01)
    with postgresql_database.transaction() as tx:
        tx.jobs.add(JOB)
    assert postgresql_database.listen(5) is True


def test_a_locked_sqlite_fails_after_its_timeout_as_transient(storage_settings: StorageSettings) -> None:
    settings = StorageSettings(
        storage_settings.database_url, storage_settings.blobs, storage_settings.key_file, busy_timeout_s=0.1,
        statement_timeout_s=0.2,
    )  # fmt: skip
    database = Database(settings)
    if database.postgresql:
        with pytest.raises(TRANSIENT), database.transaction() as tx:
            tx.execute(text("SELECT pg_sleep(5)"))
    else:
        with database.transaction(), pytest.raises(TRANSIENT), database.transaction():
            pass
    database.dispose()


def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite_url: str, storage_settings: StorageSettings) -> None:
    database = Database(StorageSettings(sqlite_url, storage_settings.blobs, storage_settings.key_file))
    with database.transaction() as tx:
        asked = {
            p: tx.execute(text(f"PRAGMA {p}")).scalar_one() for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.dispose()
