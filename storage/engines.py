"""Connections to the database, and how their transactions begin.

SQLite: WAL, a writer takes its lock at the start (`BEGIN IMMEDIATE`) and waits for the one before; every commit is on
the disk. PostgreSQL: read committed for changes; a snapshot for reading. What is one statement by itself (`ALONE`) begins
nothing. We say BEGIN ourselves on both: told by the driver, every change of the kind of transaction is set and set back on
the connection, which costs as much as a statement.
"""

import time
from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.settings import StorageSettings

READING = "zerotrip_reading"
"""Of a connection (`execution_options`): it only reads; on PostgreSQL from one snapshot, unless it is `ALONE`."""
ALONE = "zerotrip_alone"
"""Of a connection to PostgreSQL: each statement is a transaction by itself."""
TRIED_AFTER_S = 1.0
PATIENCE: Mapping[str, int] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Seconds, the last in milliseconds: a server that vanished without a word is noticed within a minute, not in hours."""
_RESTS_SINCE = "zerotrip_rests_since"
_CHANGE = b"BEGIN"
_SNAPSHOT = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def make_engine(settings: StorageSettings) -> Engine:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": settings.busy_timeout_s}, pool_size=settings.pool_size)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = int(settings.statement_timeout_s * 1000)
    limits = f"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={2 * milliseconds}"
    engine = create_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        connect_args={"options": f"{limits} -c timezone=UTC", **PATIENCE},
    )
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _see_alive)
    return engine


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _see_alive(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """A connection that rested may be dead since a restart of the server, and is tried before it is used; one that was
    used a moment ago is not: that would be every tenth way to the server. Whoever meets a dead one then is told
    to come again, and the pool drops the rest of them."""
    if time.monotonic() - record.info.get(_RESTS_SINCE, time.monotonic()) < TRIED_AFTER_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as gone:
        raise DisconnectionError from gone


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(ALONE) or options.get("isolation_level") == "AUTOCOMMIT":
        return
    begin = _SNAPSHOT if options.get(READING) else _CHANGE
    driver: psycopg.Connection[Any] = connection.connection.dbapi_connection  # type: ignore[assignment]  # the one of this dialect
    try:
        driver.execute(begin, prepare=False)
    except psycopg.Error:
        connection.exec_driver_sql(begin.decode())  # fails too, and tells why in the words that callers know
