"""Bringing a database to the present schema, and back. Runs alone: PostgreSQL by an advisory lock, SQLite by its one
writer. All or nothing on both, because both roll DDL back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text

from storage.session import make_engine
from storage.settings import StorageSettings

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x7A65726F
"""Any number, as long as nobody else takes it: "zero"."""


class SchemaBroken(Exception):
    """After a migration some rows point at nothing. Nothing was changed."""


def upgrade(settings: StorageSettings, revision: str = "head") -> None:
    with _alone(settings) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(settings: StorageSettings, revision: str = "base") -> None:
    with _alone(settings) as connection:
        command.downgrade(_config(connection), revision)


def current(settings: StorageSettings) -> str | None:
    """The revision the database stands at; None: nothing was ever made there."""
    engine = make_engine(settings)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest() -> str:
    """The revision this program wants."""
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    if head is None:
        raise SchemaBroken(f"{SCRIPTS}: no migration there")
    return head


def is_current(settings: StorageSettings) -> bool:
    return current(settings) == newest()


@contextmanager
def _alone(settings: StorageSettings) -> Iterator[Connection]:
    engine = make_engine(settings)
    if engine.dialect.name == "sqlite":
        _sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True)
        # a table that is made anew (Alembic's batch mode) must not take its children with it
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF"))
    try:
        with engine.connect() as connection, connection.begin():
            _lock(connection)
            yield connection
            _check_references(connection)
    finally:
        engine.dispose()


def _sqlite_file(settings: StorageSettings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
        raise SchemaBroken(f"{len(broken)} rows point at nothing, first in {broken[0][0]}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
