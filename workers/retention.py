"""The sweep of what is over: some of every kind at a time, then the pictures that nobody needs any more.

Stopped anywhere, it goes on next time: rows and their proof are one transaction, and a picture stays on the list of the
doomed until it is off the disk.
"""

import time
from collections.abc import Callable

import structlog

from cases.actions.terminals import discarded
from cases.errors import Refusal
from cases.retention import Kind
from storage import erasing, retention
from storage.accounts import delete_account, hindering, wishes
from storage.actors import Actor
from storage.blobs import Blobs, BlobsUnavailable, blobs_from
from storage.retention import Batch
from storage.session import Database, Transaction
from storage.words import ActorKind
from workers.context import moment

RETENTION = Actor(ActorKind.SYSTEM, "retention")
SECONDS = 5.0
"""Of one turn: the clock has other sweeps to call, and comes again in ten minutes."""
AT_ONCE = 50

log = structlog.get_logger()


def sweep(database: Database, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> int:
    """How many things are gone."""
    until, gone = clock() + seconds, drop_doomed(database)
    for kind in retention.SWEPT:
        after = None
        while clock() < until:
            done = _batch(database, kind, after)
            gone, after = gone + done.things, done.after
            if after is None:
                break
    return gone + drop_doomed(database)


def _batch(database: Database, kind: Kind, after: retention.Place | None) -> Batch:
    with database.transaction() as tx:
        done = retention.delete_some(tx, kind, RETENTION, after=after, most=AT_ONCE)
    if done.things:
        log.info("data_deleted", kind=str(kind), count=done.things, delivery=done.proof)
    return done


def drop_doomed(database: Database, most: int = 1000) -> int:
    """Deletes what nothing names; whatever was taken in again meanwhile is pardoned. How many are off the disk."""
    with database.reading() as tx:
        keys = erasing.doomed(tx, most)
    if not keys:
        return 0
    return _drop(database, blobs_from(database.settings), keys)


def _drop(database: Database, blobs: Blobs, keys: list[str]) -> int:
    dropped = 0
    for key in keys:
        with database.reading() as tx:
            free = bool(erasing.unneeded(tx, [key]))
        try:
            if free:
                blobs.delete(key)
        except BlobsUnavailable:
            log.error("blob_not_discarded", item=key)
            break
        with database.transaction() as tx:
            erasing.pardon(tx, key)
        dropped += free
    return dropped


def accounts(database: Database) -> int:
    """Accounts whose residents wished them deleted, and that nothing hinders any more."""
    with database.reading() as tx:
        free = [person for person in wishes(tx) if not hindering(tx, person)]
    return sum(_delete_account(database, person) for person in free)


def _delete_account(database: Database, person: str) -> bool:
    """False: something has come in between."""
    try:
        with database.transaction() as tx:
            gone = delete_account(tx, person, RETENTION, lambda number: _discard(tx, number))
    except Refusal as error:
        log.warning("account_not_deleted", reason=error.code)
        return False
    log.info("data_deleted", kind=str(Kind.REQUESTED), count=1 + len(gone.drafts), delivery=gone.proof)
    return True


def _discard(tx: Transaction, number: str) -> None:
    tx.apply(number, discarded(tx.case_file(number, for_change=True), moment(tx)), actor=RETENTION)
