"""Pictures against rows: what no row names, what a row misses, and what is neither."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import census
from storage.blobs import Blobs, blob_key, blobs_from
from storage.metering import Meter, readings
from storage.session import Database
from tests.web.world import JPEG, make_world
from workers.census import next_shard


def keep_for_days(blobs: Blobs, database: Database, data: bytes) -> str:
    key = blobs.put(data)
    then = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(Path(database.settings.blobs.removeprefix("dir:")) / key[:2] / key[2:4] / key, (then, then))
    return key


def told(database: Database, meter: Meter) -> float:
    with database.reading() as tx:
        (one,) = readings(tx)[meter]
    return one.value


def test_orphans_and_losses_are_found_and_told(plain_database: Database) -> None:
    blobs = blobs_from(plain_database.settings)
    world = make_world(plain_database, blobs)
    me = world.resident()
    no = me.opens()
    for material, data in (("id_front", JPEG + b"1"), ("form", JPEG + b"2")):
        me.uploads(no, material, data)
    orphan, young, lost = (
        keep_for_days(blobs, plain_database, b"nobody's"),
        blobs.put(b"just now"),
        blob_key(JPEG + b"2"),
    )
    keep_for_days(blobs, plain_database, JPEG + b"1")
    blobs.delete(lost)
    found = [census.look(plain_database, blobs, int(key[:2], 16)) for key in sorted({orphan, young, lost})]
    for one in found:
        census.keep(plain_database, one)
    assert [k for f in found for k in f.unnamed] == [orphan]
    assert [k for f in found for k in f.missing] == [lost]
    assert (told(plain_database, Meter.BLOBS_UNNAMED), told(plain_database, Meter.BLOBS_MISSING)) == (1.0, 1.0)
    blobs.delete(orphan)
    census.keep(plain_database, census.look(plain_database, blobs, int(orphan[:2], 16)))
    assert told(plain_database, Meter.BLOBS_UNNAMED) == 0.0
    assert blobs.exists(young)


def test_the_clock_looks_at_one_shard_after_the_other(plain_database: Database) -> None:
    assert [next_shard(plain_database) for _ in range(3)] == [0, 0, 0]
    assert census.next_shard(plain_database) == 3


def test_both_kinds_of_stores_say_since_when_they_keep(blobs: Blobs) -> None:
    key = blobs.put(b"something")
    ((found, since),) = blobs.kept_under(key[:2])
    assert found == key
    assert abs(datetime.now(UTC) - since) < timedelta(minutes=5)
    assert list(blobs.kept_under("00" if key[:2] != "00" else "01")) == []
