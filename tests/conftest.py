"""Fixtures for everybody: the real servers, once per test process, and a fresh database per test on both columns.

A database is a copy of a template that the migrations made, so a fresh one costs milliseconds.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import structlog

from storage.blobs import Blobs, blobs_from
from storage.migrate import upgrade
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import create_key_file
from tests import services

COLUMNS = ("sqlite", "postgresql")
PASSWORD_MEMORY_MIB = 1
"""The real argon2, at its least: a login takes a hundredth of the time it takes in service."""
# what the tests start as processes of their own takes no less than the least that the settings allow
os.environ.setdefault("STORAGE_PASSWORD_MEMORY_MIB", "19")
gc.disable()  # until everything is collected: nothing of it is garbage, and looking takes a quarter of that time
LONGEST_FIRST = ("workers", "preaudit", "specimens")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Of `tests/chaos`; here, because options of a folder's own come too late."""
    parser.addoption("--chaos-seed", type=int, action="append", help="a run with this seed; may be said again")
    parser.addoption("--chaos-cases", type=int, help="cases of a run")
    parser.addoption("--chaos-seconds", type=float, help="seconds of faults of a run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders whose single files take longest come first, so that no test process is left alone with one at the end."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.parent.relative_to(Path(__file__).parent).parts[:1]
        return LONGEST_FIRST.index(folder[0]) if folder and folder[0] in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the garbage collector need not look at it again and again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """How a test had its logs written, and what it bound to them, ends with it: the next one may be any."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    create_key_file(path)
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of the `postgres` database of a server of our own."""
    with services.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with services.redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with services.valkey_server() as url:
        yield url


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """Address of an S3 server; its credentials stand in the environment, where boto3 looks."""
    with services.s3_server() as address, pytest.MonkeyPatch.context() as environment:
        for name, value in services.S3_CREDENTIALS.items():
            environment.setenv(name, value)
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Path:
    path = tmp_path_factory.mktemp("template") / "zerotrip.db"
    upgrade(StorageSettings(f"sqlite:///{path}", "dir:/nowhere", key_file))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, key_file: Path) -> Iterator[str]:
    """Name of the migrated template database."""
    with services.postgresql_database(postgresql_server, "migrated") as url:
        upgrade(StorageSettings(url.replace("postgresql://", "postgresql+psycopg://"), "dir:/nowhere", key_file))
        yield "migrated"


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh SQLite database, migrated."""
    copy = tmp_path / "zerotrip.db"
    shutil.copyfile(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def plain_database(sqlite_url: str, tmp_path: Path, key_file: Path) -> Iterator[Database]:
    """On SQLite alone, for what does not depend on the database."""
    blobs = f"dir:{tmp_path / 'blobs'}"
    opened = Database(StorageSettings(sqlite_url, blobs, key_file, password_memory_mib=PASSWORD_MEMORY_MIB))
    yield opened
    opened.dispose()


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database, migrated."""
    name = f"t_{uuid4().hex[:16]}"
    with services.postgresql_database(postgresql_server, name, postgresql_template) as url:
        yield url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(params=COLUMNS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; the test runs once per column."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def storage_settings(database_url: str, tmp_path: Path, key_file: Path) -> StorageSettings:
    return StorageSettings(database_url, f"dir:{tmp_path / 'blobs'}", key_file, password_memory_mib=PASSWORD_MEMORY_MIB)


@pytest.fixture
def database(storage_settings: StorageSettings) -> Iterator[Database]:
    opened = Database(storage_settings)
    yield opened
    opened.dispose()


@pytest.fixture
def postgresql_database(postgresql_url: str, tmp_path: Path, key_file: Path) -> Iterator[Database]:
    """For what only PostgreSQL can show."""
    opened = Database(StorageSettings(postgresql_url, f"dir:{tmp_path / 'blobs'}", key_file))
    yield opened
    opened.dispose()


@pytest.fixture(params=("folder", "s3"))
def blobs_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """`STORAGE_BLOBS` of an empty place for blobs; the test runs once per kind."""
    if request.param == "folder":
        return f"dir:{tmp_path / 'blobs'}"
    return services.make_bucket(request.getfixturevalue("s3_address"), f"b{uuid4().hex[:20]}")


@pytest.fixture
def blobs(blobs_address: str, key_file: Path) -> Blobs:
    return blobs_from(replace(StorageSettings("sqlite:////nowhere/x.db", "", key_file), blobs=blobs_address))
