"""Whose work is next: nobody waits for somebody else's thousand pages, what is urgent goes first, nothing starves."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cases.effects import Enqueue, JobKind
from storage.jobs import Job, _values
from storage.session import Database
from storage.tables import jobs
from storage.turns import LIST_STEP, STAGES, STEP, WINDOW, Stage, stage_of, waiting_at, waiting_of
from storage.words import Queue
from tests.ledger import due

LEASE = timedelta(minutes=1)
READERS = 2


def page(database: Database, subject: str, share: str, **more: bool) -> None:
    with database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.PAGE_READ, subject, share=share, **more))


class Readers:
    """Two readers and a relay: each begins what was rung first, ends what it began first, and the relay looks on."""

    def __init__(self, database: Database) -> None:
        self._database, self._rung, self._busy = database, list[str](), list[Job]()
        self.read: list[str] = []

    def step(self) -> None:
        """One page is read."""
        while len(self._busy) < READERS and (self._rung or self._ring()):
            with self._database.transaction() as tx:
                job = tx.jobs.claim(self._rung.pop(0), LEASE)
            assert job is not None
            self._busy.append(job)
            self._ring()
        done = self._busy.pop(0)
        with self._database.transaction() as tx:
            assert tx.jobs.finish(done)
        self.read.append(done.subject)

    def _ring(self) -> bool:
        with self._database.transaction() as tx:
            found = [job for job, _, _ in due(tx)]
            tx.jobs.stamp_rung(found)
        self._rung += found
        return bool(found)

    def steps_until(self, subject: str) -> int:
        before = len(self.read)
        while subject not in self.read:
            self.step()
        return len(self.read) - before


def thousand(database: Database, share: str = "point", background: bool = True) -> None:
    """As if they had been added one after the other, which takes its time."""
    step = LIST_STEP if background else STEP
    with database.transaction() as tx:
        rows = [
            _values(Enqueue(JobKind.PAGE_READ, f"{share}-{n}", share=share, background=background), tx.now(), n * step)
            for n in range(1000)
        ]
        tx.execute(jobs.insert(), rows)


def test_each_of_a_share_stands_a_step_behind_the_one_before(database: Database) -> None:
    for n in range(3):
        page(database, f"list-{n}", "point", background=True)
        page(database, f"own-{n}", "resident")
    with database.reading() as tx:
        turns = {r.subject: r.turn for r in tx.all(select(jobs))}
    assert [turns[f"list-{n}"] for n in range(3)] == [0, LIST_STEP, 2 * LIST_STEP]
    assert [turns[f"own-{n}"] for n in range(3)] == [0, STEP, 2 * STEP]


def test_a_lone_resident_is_read_within_the_next_few_beside_a_thousand_pages_of_a_list(database: Database) -> None:
    thousand(database)
    readers = Readers(database)
    for _ in range(5):
        readers.step()
    page(database, "mine", "resident")
    assert readers.steps_until("mine") <= WINDOW[Queue.READER] + 2 * READERS + 1


@pytest.mark.parametrize("background", [False, True])
def test_who_sends_a_thousand_one_by_one_is_no_better_off(plain_database: Database, background: bool) -> None:
    thousand(plain_database, background=background)
    readers = Readers(plain_database)
    readers.step()
    for n in range(10):
        page(plain_database, f"mine-{n}", "resident")
    shared = readers.steps_until("mine-9")
    assert shared <= (16 if background else 26) + WINDOW[Queue.READER] + READERS
    assert any(s.startswith("point") for s in readers.read[-10:]), "the list goes on meanwhile"


def test_what_is_urgent_goes_before_everything_and_never_takes_every_place(plain_database: Database) -> None:
    thousand(plain_database, "usual", background=False)
    readers = Readers(plain_database)
    for _ in range(4):
        readers.step()
    page(plain_database, "correction", "other", urgent=True)
    assert readers.steps_until("correction") <= WINDOW[Queue.READER] + 2 * READERS + 1
    with plain_database.transaction() as tx:
        for n in range(60):
            tx.jobs.add(Enqueue(JobKind.PAGE_READ, f"urgent-{n}", share=f"u{n}", urgent=True))
    for _ in range(40):
        readers.step()
    urgent = sum(s.startswith("urgent") for s in readers.read[-30:])
    assert 15 <= urgent < 30, "most, not all"


def test_nothing_starves_while_new_ones_come_without_end(plain_database: Database) -> None:
    readers = Readers(plain_database)
    page(plain_database, "patient", "patient", background=True)
    for n in range(60):
        page(plain_database, f"new-{n}", f"resident-{n}", urgent=n % 2 == 0)
        page(plain_database, f"more-{n}", f"resident-{n}")
        readers.step()
        if "patient" in readers.read:
            return
    raise AssertionError("it was never read")


def test_a_flood_of_messages_does_not_delay_a_booking(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        for n in range(100):
            tx.jobs.add(Enqueue(JobKind.NOTICE_SEND, f"notice-{n}"))
        first = [job for job, _, _ in due(tx)]
        tx.jobs.stamp_rung(first)
        tx.jobs.add(Enqueue(JobKind.COURIER_BOOK, "booking"))
        tx.jobs.claim(first[0], LEASE)
        tx.jobs.claim(first[1], LEASE)
        assert JobKind.COURIER_BOOK in [kind for _, kind, _ in due(tx)]
    assert len(first) == WINDOW[Queue.WORKER]


def test_a_bell_that_nobody_heard_holds_no_place(plain_database: Database) -> None:
    thousand(plain_database)
    with plain_database.transaction() as tx:
        lost = [job for job, _, _ in due(tx)]
        tx.jobs.stamp_rung(lost)
        assert due(tx) == []
    with plain_database.transaction() as tx:
        tx._now = tx.now() + timedelta(seconds=11)
        assert len(due(tx)) == WINDOW[Queue.READER]


def test_how_much_waits_is_counted_by_stage_and_share_and_no_further_than_asked(database: Database) -> None:
    thousand(database)
    with database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.COURIER_POLL, "later", due=tx.now() + timedelta(hours=1)))
        tx.jobs.add(Enqueue(JobKind.COURIER_BOOK, "now"))
        assert waiting_at(tx, Stage.READING, 5000) == 1000
        assert waiting_at(tx, Stage.READING, 10) == 10
        assert waiting_at(tx, Stage.BOOKING, 10) == 1, "what is not due yet does not wait"
        assert waiting_at(tx, Stage.OFFICE, 10) == 0
        assert waiting_of(tx, "point", 300) == 300
        assert waiting_of(tx, "resident", 300) == 0


def test_every_kind_has_one_stage() -> None:
    assert {stage_of(kind) for kind in JobKind} == set(Stage)
    assert sum(map(len, STAGES.values())) == len(frozenset().union(*STAGES.values()))


def test_a_job_of_a_kind_that_only_a_newer_version_knows_waits_and_holds_nobody_up(plain_database: Database) -> None:
    """Or the relay ended at its sight, and nothing was rung any more."""
    for subject in ("newer", "known"):
        page(plain_database, subject, "resident")
    with plain_database.engine.begin() as connection:
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        connection.execute(text("UPDATE jobs SET kind = 'page.dream' WHERE subject = 'newer'"))
    with plain_database.transaction() as tx:
        rung = tx.jobs.take_bells().taken
        assert [tx.jobs.job(bell.job).subject for bell in rung] == ["known"]  # type: ignore[union-attr]
        assert tx.jobs.seconds_until_due() is None, "the relay sleeps"
    with plain_database.reading() as tx:
        assert tx.execute(select(jobs.c.state, jobs.c.rung_at).where(jobs.c.subject == "newer")).all() == [
            ("queued", None)
        ]
