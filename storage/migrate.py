"""Bringing a database to the present schema, and back. Runs alone: PostgreSQL by an advisory lock, SQLite by its one
writer.

SQLite, a new database, and the way back: all or nothing, because both databases roll DDL back. A PostgreSQL that is being
worked with goes step by step, each all or nothing: a step takes its locks within `LOCK_WAIT` or gives way and tries again,
so that it neither deadlocks with those who work nor has them wait in line behind it. What was done stays done; the next
run goes on from there.

A new SQLite file begins with what all steps up to some revision make of nothing (`storage.newest`), and goes on from there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from storage.engines import make_engine
from storage.newest import begin_at
from storage.settings import StorageSettings

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x7A65726F
"""Any number, as long as nobody else takes it: "zero"."""
LOCK_WAIT = timedelta(milliseconds=400)
"""Below PostgreSQL's `deadlock_timeout` of a second: whoever works is not the one who is cancelled."""
PAUSE = timedelta(milliseconds=200)
PATIENCE = timedelta(minutes=5)
"""So long a step is tried again; transactions of ours end in seconds, a report or a backup of somebody else may not."""
_GIVES_WAY = frozenset({"55P03", "40P01"})
"""lock_not_available, deadlock_detected"""


class SchemaBroken(Exception):
    """After a migration some rows point at nothing. Nothing was changed."""


def upgrade(settings: StorageSettings, revision: str = "head") -> None:
    """Raises `OperationalError` if a lock could not be had for `PATIENCE`."""
    if _stands_on_a_server(settings) is not None:
        _upgrade_beside(settings, revision)
        return
    with _alone(settings) as connection:
        if revision != "head" or not begin_at(connection, newest()):
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


def _stands_on_a_server(settings: StorageSettings) -> str | None:
    """None also for SQLite, which has one writer at a time anyway."""
    return None if settings.database_url.startswith("sqlite") else current(settings)


def _upgrade_beside(settings: StorageSettings, revision: str) -> None:
    engine = make_engine(settings)
    try:
        with engine.connect() as guard, guard.begin():
            _lock(guard)
            for step in _steps(guard, revision):
                _patiently(engine, step)
    finally:
        engine.dispose()


def _steps(connection: Connection, revision: str) -> list[str]:
    """In order; of what others have done in the meantime, nothing."""
    stands = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory(str(SCRIPTS)).iterate_revisions(revision, stands)
    return [script.revision for script in scripts][::-1]


def _patiently(engine: Engine, step: str) -> None:
    until = monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            with engine.connect() as connection, connection.begin():
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_WAIT // timedelta(milliseconds=1)}"))
                command.upgrade(_config(connection), step)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _GIVES_WAY or monotonic() > until:
                raise
            sleep(PAUSE.total_seconds())
        else:
            return


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
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
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
