"""A verdict that cannot condemn is worth nothing: each thing that may go wrong is planted, and found under its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from tests.chaos.house import House, wait
from tests.chaos.journeys import Life
from tests.chaos.load import SAMPLES, Load, load
from tests.chaos.run import idle
from tests.chaos.verdict import Verdict, judge

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Planted:
    what: str
    found: str
    sql: str


PLANTED = [
    Planted("a forgotten answer", "lost", "DELETE FROM answers WHERE ctid = (SELECT min(ctid) FROM answers)"),
    Planted("a page that came back", "lost", "UPDATE pages SET state = 'read' WHERE state = 'removed'"),
    Planted("a lost order", "lost", "UPDATE bookings SET waybill = 'X' WHERE seq = (SELECT min(seq) FROM bookings)"),
    Planted("an order of unknown end", "lost", "UPDATE bookings SET state = 'unknown'"),
    Planted("a push that nobody opened", "lost", "UPDATE inbox SET state = 'new' WHERE seq = (SELECT min(seq) FROM inbox)"),
    Planted("a push that is gone", "lost", "DELETE FROM inbox WHERE seq = (SELECT min(seq) FROM inbox)"),
    Planted("a notice that stayed here", "doubled", "UPDATE jobs SET attempts = 0 WHERE kind = 'notice.send'"),
    Planted("news that nobody sends", "lost", "UPDATE outgoing_deliveries SET state = 'held'"),
    Planted("a picture that is gone", "lost", f"UPDATE pages SET blob = '{'0' * 64}'"),
    Planted("a step taken twice", "doubled", "UPDATE audit SET action = 'case_accept' WHERE action = 'case_conclude'"),
    Planted("a case elsewhere", "untrue", "UPDATE cases SET state = 'received' WHERE state = 'delivered'"),
    Planted("a changed record", "untrue", "UPDATE audit SET action = 'x' WHERE seq = (SELECT min(seq) FROM audit)"),
    Planted("work that nobody does", "left", "UPDATE jobs SET state = 'quarantined' WHERE seq = (SELECT min(seq) FROM jobs)"),
]  # fmt: skip


KEPT = "kept"


@pytest.fixture(scope="module")
def ended(running: House) -> Iterator[tuple[House, Load]]:
    """Two cases that came to their end, one after a photograph that was taken out again, nobody at work any more, and a
    copy of the database as it is then."""
    crowd = load(running, 2, 300, 1.0, life=Life.WHOLE)
    crowd.cases[0].spoilt = (SAMPLES / "id_front_blurred.jpg").read_bytes()
    crowd.start()
    wait(running, lambda: crowd.over == 2 and idle(running), "the cases", 240)
    crowd.stop()
    for name in [n for n in running.supervisor.children if n not in ("town", "courier")]:
        running.rest(name)
    with copied(running, "postgres", KEPT):
        yield running, crowd


@contextmanager
def copied(house: House, source: str, name: str) -> Iterator[None]:
    with psycopg.connect(house.postgres.at("template1"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        try:
            yield
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def verdict(of: tuple[House, Load]) -> Verdict:
    house, crowd = of
    return judge(house, crowd.said, [c.number for c in crowd.cases])


def test_an_undisturbed_run_is_good(ended: tuple[House, Load]) -> None:
    assert list(verdict(ended).everything()) == ["lost: 0", "doubled: 0", "untrue: 0", "left: 0"]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: p.what)
def test_what_is_planted_is_found(ended: tuple[House, Load], planted: Planted) -> None:
    house, crowd = ended
    with copied(house, KEPT, "planted"):
        with psycopg.connect(house.postgres.at("planted"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(planted.sql)
        told = judge(house, crowd.said, [c.number for c in crowd.cases], database="planted")
    assert getattr(told, planted.found), "\n".join(told.everything())
