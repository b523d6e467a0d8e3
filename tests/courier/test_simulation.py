"""Legs of all three partners over HTTP, with couriers who do everything wrong: see `tests/courier/simulation`. After
every step the invariants hold; in the end every leg has ended or a person knows why not.

A failure names its seed and tells the story; `python -m tests.courier.simulation --towns 1 --seed N` lives it again.
"""

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import bookings, cases
from tests.courier.simulation.lived import EXPECTED, SEEN, Place, lived
from tests.courier.simulation.town import town

MANY = 2000
"""Legs."""
FEW = 9
"""Cases; most have two legs, and a leg about two attempts. Each courier meets every misfortune that can be counted out."""
COUNTED_OUT = (
    "double:0.15,reorder:0.15,delay:0.15,drop:0.1,wrong_signature:0.08,truncate:0.05,cancelled_but_moving,"
    "timeout_after_accept#1,5xx_after_accept#1,unclear_after_accept#1,slow#1,5xx#1,refuse#1,"
    "lost_parcel#1,false_pickup#2,left_with_other#1,false_delivery#1"
)
AT_LEAST = {name for name in EXPECTED if name.removeprefix("fault: ").split(":")[0] in COUNTED_OUT}


@pytest.fixture
def plain(sqlite_url: str, tmp_path: Path, key_file: Path) -> Any:
    opened = Database(StorageSettings(sqlite_url, f"dir:{tmp_path / 'blobs'}", key_file))
    yield opened
    opened.dispose()


def test_every_leg_ends_or_waits_for_a_person_with_a_reason_whatever_the_couriers_do(plain: Database) -> None:
    told = lived(plain, "few", FEW, COUNTED_OUT)
    print(dict(sorted(told.items())))
    assert set(told) >= {*AT_LEAST, *SEEN}
    assert told["legs"] > FEW
    assert all(told[f"{courier} says picked_up"] for courier in ("ems", "sf", "kuaidi100"))


@pytest.mark.thorough
def test_a_seed_tells_the_same_story_again(sqlite_template: Path, tmp_path: Path, key_file: Path) -> None:
    assert _story("again", tmp_path, sqlite_template, key_file) == _story("again", tmp_path, sqlite_template, key_file)


def _story(seed: str, folder: Path, template: Path, key_file: Path) -> list[Any]:
    copy = folder / "town.db"
    copy.write_bytes(template.read_bytes())
    database = Database(StorageSettings(f"sqlite:///{copy}", f"dir:{folder / 'blobs'}", key_file))
    with town(database, seed) as it:
        it.run(2)
        with database.reading() as tx:
            numbers = [r.number for r in tx.all(select(cases.c.number))]
            lines = [(n, line.at, line.action) for n in numbers for line in tx.timeline(n)]
            attempts = [(r.state, r.waybill, r.window_start) for r in tx.all(select(bookings))]
    database.dispose()
    for beside in folder.glob("town.db-*"):
        beside.unlink()
    return [lines, sorted(attempts, key=str)]


@pytest.mark.thorough
@pytest.mark.timeout(7200)
def test_thousands_of_legs_meet_every_misfortune(tmp_path: Path) -> None:
    place, told = Place(tmp_path), Counter[str]()
    for seed in itertools.count(1):
        told += place.lived(str(seed), 60)
        if told["legs"] >= MANY:
            break
    print(dict(sorted(told.items())))
    assert set(told) >= {*EXPECTED, *SEEN}


@pytest.mark.thorough
@pytest.mark.timeout(1200)
def test_on_postgresql_too(postgresql_database: Database) -> None:
    assert lived(postgresql_database, "postgresql", 12)["legs"] > 12
