"""A schema that is brought forward while people work on it: nobody is cancelled, nobody waits in line for long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import migrate
from storage.engines import make_engine
from storage.settings import StorageSettings
from tests import services
from tests.architecture.test_migrations import RELEASED
from tests.workers.service import until


@pytest.fixture
def released(postgresql_server: str, tmp_path: Path, key_file: Path) -> Iterator[StorageSettings]:
    with services.postgresql_database(postgresql_server, "beside") as url:
        settings = StorageSettings(url.replace("postgresql://", "postgresql+psycopg://"), f"dir:{tmp_path}", key_file)
        migrate.upgrade(settings, RELEASED)
        yield settings


def test_whoever_works_while_the_schema_is_brought_forward_is_not_cancelled(released: StorageSettings) -> None:
    engine = make_engine(released)
    with ThreadPoolExecutor(1) as beside:
        with engine.connect() as worker, worker.begin():
            worker.execute(text("SELECT count(*) FROM clock_requests"))
            migration = beside.submit(migrate.upgrade, released)
            with engine.connect() as looking:
                until(lambda: bool(looking.execute(_WAITS).scalar()) or migration.done(), "the migration to wait", 30)
            for table in ("specials", "jobs", "cases"):
                worker.execute(text(f"SELECT count(*) FROM {table}"))
        migration.result(60)
    engine.dispose()
    assert migrate.is_current(released)


_WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
