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


def test_many_pushes_are_kept_together_each_with_its_job_and_each_once(database: Database) -> None:
    with database.transaction() as tx:
        tx.inbox.keep("ems", "old", RAW, {}, True)
    with database.transaction() as tx:
        assert tx.inbox.keep_all(_arrivals("b", "old", "a", "b")) == [True, False, True, False]
    with database.reading() as tx:
        assert tx.inbox.counts()[InboxState.NEW] == 3
        jobs = tx.jobs.list()
        assert sorted(tx.inbox.load(j.subject).external_key for j in jobs) == ["a", "b", "old"]
        assert {j.kind for j in jobs} == {JobKind.INBOX_HANDLE}


def test_nothing_kept_enqueues_nothing(database: Database) -> None:
    with database.transaction() as tx:
        tx.inbox.keep_all(_arrivals("a"))
    with database.transaction() as tx:
        assert tx.inbox.keep_all(_arrivals("a")) == [False]
        assert not tx.jobs_added
        assert len(tx.jobs.list()) == 1
