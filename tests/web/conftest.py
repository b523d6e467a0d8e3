"""The application on a fresh database: on both columns where `world` is asked for, on SQLite alone where what is
tested does not depend on the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.blobs import blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from tests.conftest import PASSWORD_MEMORY_MIB
from tests.web.world import World, make_world


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database, blobs_from(database.settings))


@pytest.fixture
def plain_database(sqlite_url: str, tmp_path: Path, key_file: Path) -> Iterator[Database]:
    blobs = f"dir:{tmp_path / 'blobs'}"
    opened = Database(StorageSettings(sqlite_url, blobs, key_file, password_memory_mib=PASSWORD_MEMORY_MIB))
    yield opened
    opened.dispose()


@pytest.fixture
def plain_world(plain_database: Database) -> World:
    return make_world(plain_database, blobs_from(plain_database.settings))
