"""Pushes from outside are kept raw, once, with the job that handles them."""

import pytest

from cases.effects import JobKind
from cases.errors import NotFound
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
