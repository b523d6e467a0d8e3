"""Hearing that work was added: PostgreSQL tells it, SQLite's change counter shows it.

`wait` says whether it heard of any, or may have missed some. Hearing nothing proves nothing: the caller looks all the same.
"""

import threading
import time
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, make_url

from storage.engines import PATIENCE
from storage.job_statements import CHANNEL
from storage.settings import StorageSettings

POLL_S = 0.05
"""SQLite has no bell; a look at its change counter costs some ten microseconds."""


class SqliteBell:
    """Sees commits of other connections by SQLite's change counter."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Any = None
        self._seen = -1
        self._lock = threading.Lock()

    def wait(self, timeout: float) -> bool:
        until = time.monotonic() + timeout
        with self._lock:
            while (version := self._version()) == self._seen:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                time.sleep(min(POLL_S, left))
            heard, self._seen = self._seen != -1, version
            return heard

    def _version(self) -> int:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._seen = None, -1


class PostgresBell:
    """LISTEN on a connection of its own, opened anew after it broke."""

    def __init__(self, settings: StorageSettings) -> None:
        self._dsn = make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = threading.Lock()

    def wait(self, timeout: float) -> bool:
        with self._lock:
            until = time.monotonic() + timeout
            try:
                if self._connection is None:
                    self._connection = self._opened()
                    return True  # what came before it listened, it did not hear
                return any(True for _ in self._connection.notifies(timeout=timeout, stop_after=1))
            except psycopg.OperationalError:
                # the caller's next query tells that the database is away; here it must only not spin
                self._drop()
                time.sleep(max(0.0, until - time.monotonic()))
                return False

    def _opened(self) -> psycopg.Connection[Any]:
        made = psycopg.connect(make_conninfo(self._dsn, **PATIENCE), autocommit=True)
        made.execute(f"LISTEN {CHANNEL}")
        return made

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def close(self) -> None:
        with self._lock:
            self._drop()
