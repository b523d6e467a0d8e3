"""Pushes from outside are kept raw, once, with the job that handles them."""

import pytest

from cases.effects import JobKind
from cases.errors import NotFound
from storage.inbox import Arrival
from storage.session import Database
from storage.words import InboxState

RAW = b'{"waybill": "\xe4\xb8\xad", "n": 1}'


def test_a_push_is_kept_raw_with_its_job(database: Database) -> None:
    with database.transaction() as tx:
        identity = tx.inbox.keep("ems", "event-1", RAW, {"X-Sign": "abc"}, True)
    assert identity is not None
    with database.reading() as tx:
        push = tx.inbox.load(identity)
        assert (push.raw, push.headers, push.verified, push.state) == (RAW, {"X-Sign": "abc"}, True, InboxState.NEW)
        (job,) = tx.jobs.of_subject(identity)
        assert job.kind is JobKind.INBOX_HANDLE


def test_the_same_push_again_is_kept_once(database: Database) -> None:
    with database.transaction() as tx:
        assert tx.inbox.keep("ems", "event-1", RAW, {}, True) is not None
    with database.transaction() as tx:
        assert tx.inbox.keep("ems", "event-1", RAW, {}, True) is None
        assert tx.inbox.keep("sf", "event-1", RAW, {}, True) is not None, "another provider's key is another push"
        assert len(tx.jobs.list()) == 2


def test_a_push_is_handled_once_also_after_a_failure(database: Database) -> None:
    with database.transaction() as tx:
        identity = tx.inbox.keep("ems", "event-1", RAW, {}, True)
        assert identity is not None
        assert tx.inbox.mark_failed(identity, "unknown code")
        assert tx.inbox.load(identity).state is InboxState.FAILED
        assert tx.inbox.mark_handled(identity)
        assert not tx.inbox.mark_handled(identity)
        assert not tx.inbox.mark_failed(identity, "late")


def test_an_unknown_push_is_not_found(database: Database) -> None:
    with database.reading() as tx, pytest.raises(NotFound):
        tx.inbox.load("nothing")


def _arrivals(*keys: str) -> list[Arrival]:
    return [Arrival("ems", key, RAW, {}, verified=True) for key in keys]


def keep(database: Database, *keys: str, by: str = "web-1") -> list[bool]:
    with database.transaction() as tx:
        return tx.inbox.keep_all(_arrivals(*keys), by)


def waiting(database: Database, most: int = 10) -> list[str]:
    with database.transaction() as tx:
        return [push.external_key for push in tx.inbox.take_together(most)]


def test_many_pushes_are_kept_together_each_once_and_one_job_does_them_all(database: Database) -> None:
    with database.transaction() as tx:
        tx.inbox.keep("ems", "old", RAW, {}, True)
    with database.transaction() as tx:
        assert tx.inbox.keep_all(_arrivals("b", "old", "a", "b"), "web-1") == [True, False, True, False]
        assert tx.new_jobs == {JobKind.INBOX_HANDLE: 2}, "each of them is to be done, whoever asks how much waits"
    with database.reading() as tx:
        assert tx.inbox.counts()[InboxState.NEW] == 3
        own, shared = sorted((tx.inbox.load(j.subject) for j in tx.jobs.list()), key=lambda push: not push.alone)
        assert (own.external_key, shared.alone) == ("old", False)
        assert tx.inbox.waiting_together(10) == 2
    assert waiting(database) == ["a", "b"]
    assert waiting(database, most=1) == ["a"]


def test_what_comes_while_a_job_waits_is_done_by_it(database: Database) -> None:
    # within one second of the database: what begins in another has another job
    while True:
        with database.reading() as tx:
            began = int(tx.now().timestamp())
        keep(database, f"{began}-a", by=f"web-{began}")
        keep(database, f"{began}-b", by=f"web-{began}")
        with database.reading() as tx:
            if int(tx.now().timestamp()) == began:
                break
    with database.reading() as tx:
        subjects = [tx.inbox.load(j.subject).external_key for j in tx.jobs.list()]
    assert f"{began}-a" in subjects
    assert f"{began}-b" not in subjects
    assert {f"{began}-a", f"{began}-b"} <= set(waiting(database))


def test_processes_do_not_share_a_job(database: Database) -> None:
    keep(database, "a", by="web-1")
    keep(database, "b", by="web-2")
    with database.reading() as tx:
        assert len(tx.jobs.list()) == 2


def test_what_one_holds_another_passes_by(postgresql_database: Database) -> None:
    keep(postgresql_database, "a", "b", "c")
    with postgresql_database.transaction() as tx:
        assert [push.external_key for push in tx.inbox.take_together(2)] == ["a", "b"]
        assert waiting(postgresql_database) == ["c"]
    assert waiting(postgresql_database) == ["a", "b", "c"]


def test_a_push_that_is_set_apart_gets_a_job_of_its_own_under_the_call_that_brought_it(database: Database) -> None:
    with database.transaction() as tx:
        tx.inbox.keep_all([Arrival("ems", "a", RAW, {}, verified=True, request="call-7")], "web-1")
    with database.transaction() as tx:
        (push,) = tx.inbox.take_together(1)
        tx.inbox.set_apart({push.id: push.request})
    assert waiting(database) == []
    with database.transaction() as tx:
        assert tx.inbox.load(push.id).alone
        assert [job.request for job in tx.jobs.of_subject(push.id)].count("call-7") == 1
        tx.inbox.set_apart({push.id: push.request})
        assert len(tx.jobs.of_subject(push.id)) == 2, "the shared one, and its own: once"


def test_handled_together_nothing_waits(database: Database) -> None:
    keep(database, "a", "b")
    with database.transaction() as tx:
        ids = [push.id for push in tx.inbox.take_together(10)]
        assert tx.inbox.mark_handled(*ids)
        assert not tx.inbox.mark_handled(*ids)
    assert waiting(database) == []


def test_nothing_kept_enqueues_nothing(database: Database) -> None:
    keep(database, "a")
    with database.transaction() as tx:
        assert tx.inbox.keep_all(_arrivals("a"), "web-1") == [False]
        assert not tx.jobs_added
        assert len(tx.jobs.list()) == 1
