"""A room per test, on both databases."""

from pathlib import Path

import pytest

from storage.session import Database
from tests.workers.room import Room


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)
