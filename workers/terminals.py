"""Sessions at self-service terminals that nobody ended: the power failed, the line broke, somebody pulled the plug."""

from collections.abc import Iterable

import structlog

from storage.blobs import BlobsUnavailable, blobs_from
from storage.device_sessions import HowEnded
from storage.guest_endings import end_session
from storage.session import Database

log = structlog.get_logger()


def lapsed(database: Database) -> int:
    """Ended, one transaction each, and what they began is discarded."""
    with database.reading() as tx:
        late = tx.guest_sessions.lapsed()
    for session in late:
        with database.transaction() as tx:
            unneeded = end_session(tx, session, HowEnded.LAPSED)
        discard(database, unneeded)
    return len(late)


def discard(database: Database, keys: Iterable[str]) -> None:
    """Blobs that nobody needs any more. One that cannot be deleted now is logged; the change stands."""
    kept = list(keys)
    blobs = blobs_from(database.settings) if kept else None
    for key in kept:
        try:
            assert blobs is not None
            blobs.delete(key)
        except BlobsUnavailable:
            log.error("blob_not_discarded", item=key)
