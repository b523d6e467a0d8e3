"""Pictures against rows (`storage.census`), one shard in each turn of the clock: all of them in less than a day."""

from collections.abc import Iterator

import structlog

from storage import census
from storage.blobs import blobs_from
from storage.census import Found
from storage.session import Database

log = structlog.get_logger()


def next_shard(database: Database) -> int:
    """What is wrong in it."""
    found = _look(database, census.next_shard(database))
    return len(found.unnamed) + len(found.missing)


def whole(database: Database) -> Iterator[Found]:
    """All shards, one after the other; for `zerotrip census`."""
    return (_look(database, shard) for shard in range(census.SHARDS))


def _look(database: Database, shard: int) -> Found:
    found = census.look(database, blobs_from(database.settings), shard)
    census.keep(database, found)
    _tell(found)
    return found


def _tell(found: Found) -> None:
    """Keys are hashes of sealed content: ids of ours."""
    for key in found.missing:
        log.critical("blob_missing", subject=key)
    for key in found.unnamed:
        log.warning("blob_unnamed", subject=key)
