"""Migrations forward and back with rows in every table: what both sides of a step know is there after it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from storage import migrate
from storage.engines import make_engine
from storage.settings import StorageSettings
from tests import services
from tests.storage.filled import fill, kept, lost

REVISIONS = [s.revision for s in reversed(list(ScriptDirectory(str(migrate.SCRIPTS)).walk_revisions()))]
HEAD = REVISIONS[-1]
STATIONS = [*REVISIONS[:-1:8], HEAD]
"""Every eighth: what `make test` has time for."""

MEANT = {
    "hand_overs: other values in place": "0005: nothing was written there before, the column becomes a sealed one",
    "notices: other values in state": "0007: 'waiting' is called 'created' from then on",
}
"""What a step changes on purpose."""


@pytest.fixture
def empty_sqlite(tmp_path: Path, key_file: Path) -> StorageSettings:
    return StorageSettings(f"sqlite:///{tmp_path / 'old.db'}", f"dir:{tmp_path}", key_file)


@pytest.fixture
def empty_postgresql(postgresql_server: str, tmp_path: Path, key_file: Path) -> Iterator[StorageSettings]:
    with services.postgresql_database(postgresql_server, "forward_and_back") as url:
        yield StorageSettings(url.replace("postgresql://", "postgresql+psycopg://"), f"dir:{tmp_path}", key_file)


def test_rows_of_old_revisions_live_through_the_steps_forward_and_back(empty_sqlite: StorageSettings) -> None:
    goes_forward_and_back(empty_sqlite, STATIONS)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_rows_of_every_revision_live_through_every_single_step(empty_sqlite: StorageSettings) -> None:
    goes_forward_and_back(empty_sqlite, REVISIONS)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_the_same_on_postgresql(empty_postgresql: StorageSettings) -> None:
    goes_forward_and_back(empty_postgresql, REVISIONS)


def goes_forward_and_back(settings: StorageSettings, stations: Sequence[str]) -> None:
    """Filled at each station, so that each step meets rows of all tables before it; then back, and forward at once."""
    engine, wrong = make_engine(settings), list[str]()
    for revision in stations:
        wrong += _step(engine, settings, revision, up=True)
        with engine.begin() as connection:
            fill(connection)
    for revision in reversed(stations[:-1]):
        wrong += _step(engine, settings, revision, up=False)
    wrong += _step(engine, settings, HEAD, up=True)
    engine.dispose()
    assert wrong == []


def _step(engine: Engine, settings: StorageSettings, revision: str, *, up: bool) -> list[str]:
    with engine.connect() as connection:
        before = kept(connection) if migrate.current(settings) else {}
    (migrate.upgrade if up else migrate.downgrade)(settings, revision)
    with engine.connect() as connection:
        way = "up" if up else "down"
        return [f"{way} to {revision}: {what}" for what in lost(before, kept(connection)) if what not in MEANT]


def test_every_migration_says_how_it_is_taken_back() -> None:
    for script in ScriptDirectory(str(migrate.SCRIPTS)).walk_revisions():
        assert hasattr(script.module, "downgrade"), script.revision
