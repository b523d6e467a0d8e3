"""Pictures against rows: a blob that no row names (an orphan), and a row whose blob is not there (a loss).

Looked at one shard of the keys at a time, 256 in all, so that a turn of the clock asks for a list of some thousand names
and one pass over the columns that name blobs; what each shard showed is kept, and the sum is a figure. Nothing is
deleted: an orphan costs room, and which of both is wrong is for a person to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, exists, or_, select

from cases.lifecycle import PageState
from storage import metering
from storage.blob_columns import blob_columns
from storage.blobs import Blobs
from storage.metering import Meter
from storage.session import Database
from storage.tables import pages, readings, settings
from storage.unit import Unit
from storage.uploads import chunk_keys

SHARDS = 256
YOUNG = timedelta(days=1)
"""A blob is kept before the row that names it; no call takes so long."""
STANDING = "blob_census"
"""The setting that keeps the next shard, and of those that showed something how much."""


@dataclass(frozen=True)
class Found:
    """Keys. `unnamed`: kept, and no row names them. `missing`: a row names them, and they are not kept."""

    shard: int
    unnamed: Sequence[str]
    missing: Sequence[str]


def look(database: Database, blobs: Blobs, shard: int) -> Found:
    """One shard. The names are listed first: what is put meanwhile is young, what is named meanwhile is asked for."""
    prefix = f"{shard:02x}"
    kept = dict(blobs.kept_under(prefix))
    with database.reading() as tx:
        before = tx.now() - YOUNG
        needed = {key for column in blob_columns() if column is not pages.c.blob for key in _named(tx, column, prefix)}
        needed |= set(_named(tx, pages.c.blob, prefix, _is_needed()))
        named = needed.union(_named(tx, pages.c.blob, prefix), (k for k in chunk_keys(tx) if k.startswith(prefix)))
    unnamed = sorted(key for key, since in kept.items() if key not in named and since < before)
    missing = sorted(key for key in needed - kept.keys() if not blobs.exists(key))
    return Found(shard, unnamed, missing)


def _named(tx: Unit, column: Column[Any], prefix: str, *more: ColumnElement[bool]) -> Iterable[str]:
    return (row[0] for row in tx.all(select(column).where(column.between(prefix, prefix + "g"), *more)))


def _is_needed() -> ColumnElement[bool]:
    """Not the picture of a page that was erased: its row stays."""
    return or_(pages.c.state == PageState.UPLOADED, exists().where(readings.c.page_id == pages.c.id))


def next_shard(database: Database) -> int:
    with database.reading() as tx:
        return int(_standing(tx)["next"])


def keep(database: Database, found: Found) -> None:
    """What a shard showed, and the sums as figures."""
    with database.transaction() as tx:
        standing = _standing(tx)
        standing["next"] = (found.shard + 1) % SHARDS
        standing["shards"].pop(str(found.shard), None)
        if found.unnamed or found.missing:
            standing["shards"][str(found.shard)] = [len(found.unnamed), len(found.missing)]
        tx.put(settings, "name", {"name": STANDING, "value": standing})
        unnamed, missing = (sum(shard[i] for shard in standing["shards"].values()) for i in (0, 1))
        sums = {metering.sample(Meter.BLOBS_UNNAMED): unnamed, metering.sample(Meter.BLOBS_MISSING): missing}
        metering.put(tx, sums)


def _standing(tx: Unit) -> dict[str, Any]:
    found = tx.one(select(settings.c.value).where(settings.c.name == STANDING))
    return dict(found.value) if found is not None else {"next": 0, "shards": {}}
