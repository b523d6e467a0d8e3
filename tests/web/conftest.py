"""The application on a fresh database: on both columns where `world` is asked for, on SQLite alone where what is
tested does not depend on the database."""

import pytest

from storage.blobs import blobs_from
from storage.session import Database
from tests.web.world import World, make_world


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database, blobs_from(database.settings))


@pytest.fixture
def plain_world(plain_database: Database) -> World:
    return make_world(plain_database, blobs_from(plain_database.settings))
