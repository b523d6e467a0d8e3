"""One host is cut off from all the others past the lease of what it has, and comes back: nothing is lost, nothing happens
twice, and it works again.

Where the machine makes no network namespaces, this fails and says what was refused: nothing else plays a host.
"""

import signal
from collections.abc import Iterator

import psycopg
import pytest

from tests.chaos.hosts import READERS, Hosts, said, spread
from tests.chaos.house import House, last_words, wait
from tests.chaos.journeys import Life
from tests.chaos.load import Load, load
from tests.chaos.run import idle
from tests.chaos.verdict import judge

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

CUT = "reader-2"
ENDS_WITHIN_S = 300.0
ENDED = '"event": "job_ended"'


@pytest.fixture(scope="module")
def many() -> Iterator[tuple[House, Hosts]]:
    with spread() as both:
        yield both


def test_a_reader_that_is_cut_off_past_its_lease_costs_nothing(many: tuple[House, Hosts]) -> None:
    here, there = many
    awake_alone(here, CUT)
    crowd = load(here, 12, 400, 20.0)
    crowd.start()
    try:
        wait(here, lambda: counted(here, RUNNING) > 0, "a page that the reader has", ENDS_WITHIN_S)
        there.cut(CUT)
        awake(here)
        wait(here, lambda: counted(here, RAN_OUT) > 0, "its lease to run out", ENDS_WITHIN_S)
        wait(here, lambda: pages_read(here) >= 6, "the others to read on", ENDS_WITHIN_S)
        there.heal(CUT)
        comes_to_its_end(here, crowd)
    finally:
        crowd.stop()
        awake(here)
        there.heal(CUT)
    before = said(here.log(CUT), ENDED)
    awake_alone(here, CUT)
    one = load(here, 1, 401, 1.0, life=Life.READ)
    one.start()
    try:
        comes_to_its_end(here, one)
    finally:
        one.stop()
        awake(here)
    assert said(here.log(CUT), ENDED) > before, "it reads again"


def test_a_relay_that_is_cut_off_delays_everything_and_loses_nothing(many: tuple[House, Hosts]) -> None:
    here, there = many
    there.cut("relay")
    crowd = load(here, 6, 402, 2.0, life=Life.FETCHED)
    crowd.start()
    try:
        wait(here, lambda: counted(here, UNRUNG) >= 6, "work that nobody rings", ENDS_WITHIN_S)
        there.heal("relay")
        comes_to_its_end(here, crowd)
    finally:
        there.heal("relay")
        crowd.stop()


def comes_to_its_end(here: House, crowd: Load) -> None:
    wait(here, lambda: crowd.over == len(crowd.cases) and idle(here), "every case to end, and quiet", ENDS_WITHIN_S)
    verdict = judge(here, crowd.said, [c.number for c in crowd.cases])
    assert verdict.good, "\n".join([*verdict.everything(), *crowd.wrong, last_words(here)])
    assert crowd.wrong == []


def awake_alone(here: House, name: str) -> None:
    """The others sleep, so that what is read is read by this one."""
    for other in READERS:
        here.signal(other, signal.SIGCONT if other == name else signal.SIGSTOP)


def awake(here: House) -> None:
    for name in READERS:
        here.signal(name, signal.SIGCONT)


def counted(here: House, sql: str) -> int:
    with psycopg.connect(here.postgres.url, connect_timeout=5) as connection:
        row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def pages_read(here: House) -> int:
    return counted(here, "SELECT count(*) FROM pages WHERE state = 'read'")


RUNNING = "SELECT count(*) FROM jobs WHERE kind = 'page.read' AND state = 'running'"
RAN_OUT = "SELECT coalesce(sum(expired_leases), 0) FROM jobs WHERE kind = 'page.read'"
UNRUNG = "SELECT count(*) FROM jobs WHERE state = 'queued' AND rung_at IS NULL AND due_at < now() - interval '3 s'"
