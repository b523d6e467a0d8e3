"""Counting in a process: in memory, brought now and then, the rest at the end; nothing is lost while the database is away."""

import threading
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage import metering
from storage.metering import Meter
from storage.session import Database
from workers.tallies import Tallies


def said(database: Database, meter: Meter) -> dict[str, float]:
    with database.reading() as tx:
        return {" ".join(r.labels.values()): r.value for r in metering.readings(tx).get(meter, [])}


def test_what_was_counted_is_brought_once(plain_database: Database) -> None:
    tallies = Tallies()
    tallies.count(Meter.VERDICTS, verdict="passed")
    tallies.observe(Meter.READING_SECONDS, 0.3, engine="ppocr")
    tallies.observe(Meter.READING_SECONDS, 9_999, engine="ppocr")
    for _ in range(2):
        tallies.bring(plain_database)
    assert said(plain_database, Meter.VERDICTS) == {"passed": 1.0}
    assert said(plain_database, Meter.READING_SECONDS) == {"ppocr 0.5": 1.0, "ppocr +Inf": 1.0, "ppocr sum": 9_999.3}


def test_what_could_not_be_brought_is_brought_later(plain_database: Database) -> None:
    tallies = Tallies()
    tallies.count(Meter.VERDICTS, verdict="passed")
    tallies.stand(Meter.REDIS_UP, 1)
    with plain_database.transaction() as tx:
        tx.execute(text("ALTER TABLE meters RENAME TO away"))
    with pytest.raises(OperationalError):
        tallies.bring(plain_database)
    with plain_database.transaction() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO meters"))
    tallies.count(Meter.VERDICTS, verdict="passed")
    tallies.bring(plain_database)
    assert said(plain_database, Meter.VERDICTS) == {"passed": 2.0}
    assert said(plain_database, Meter.REDIS_UP) == {"": 1.0}


def test_a_process_lives_until_it_ends_in_order(plain_database: Database) -> None:
    tallies, looked = Tallies(), threading.Event()
    tallies.begin(plain_database, "reader", 60, look=looked.set)
    assert looked.wait(10)
    until = monotonic() + 10
    while not alive(plain_database):
        assert monotonic() < until
    tallies.count(Meter.VERDICTS, verdict="review")
    tallies.end()
    assert alive(plain_database) == []
    assert said(plain_database, Meter.VERDICTS) == {"review": 1.0}


def alive(database: Database) -> list[str]:
    with database.reading() as tx:
        return [b.role for b in metering.beats(tx)]
