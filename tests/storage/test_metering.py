"""What processes count comes together in the database; who is alive is told; nothing is lost while it is away."""

from datetime import timedelta

from sqlalchemy import text, update

from storage import metering
from storage.meter_tables import processes
from storage.metering import Meter
from storage.session import Database


def said(database: Database, meter: Meter) -> dict[str, float]:
    with database.reading() as tx:
        return {" ".join(r.labels.values()): r.value for r in metering.readings(tx).get(meter, [])}


def test_what_two_processes_count_adds_up_and_what_stands_is_replaced(database: Database) -> None:
    for n in (2.0, 3.0):
        with database.transaction() as tx:
            metering.count(tx, {metering.sample(Meter.VERDICTS, verdict="passed"): n})
            metering.put(tx, {metering.sample(Meter.REDIS_UP): n})
    assert said(database, Meter.VERDICTS) == {"passed": 5.0}
    assert said(database, Meter.REDIS_UP) == {"": 3.0}


def test_yes_and_no_are_one_and_nought(database: Database) -> None:
    with database.transaction() as tx:
        metering.put(tx, {metering.sample(Meter.REDIS_UP): True})
    assert said(database, Meter.REDIS_UP) == {"": 1.0}


def test_a_meter_of_a_newer_version_is_passed_over(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        tx.execute(text("INSERT INTO meters (name, labels, value, at) VALUES ('later', '{}', 1, '2026-01-01')"))
    with plain_database.reading() as tx:
        assert metering.readings(tx) == {}


def test_a_process_that_is_not_heard_of_is_forgotten(database: Database) -> None:
    with database.transaction() as tx:
        metering.beat(tx, "old", "reader", 1)
        metering.beat(tx, "old", "reader", 2)
        tx.execute(update(processes).values(seen_at=tx.now() - metering.FORGET_PROCESS - timedelta(seconds=1)))
        metering.beat(tx, "new", "worker", 3)
    with database.reading() as tx:
        assert [(b.id, b.role, b.memory_bytes) for b in metering.beats(tx)] == [("new", "worker", 3)]
