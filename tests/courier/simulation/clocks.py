"""The database's own clock, turned by hand: everything the program dates, it dates by that."""

from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import event, make_url

from storage.session import Database


class TurnedClock:
    """Must come before the database's first connection."""

    def __init__(self, database: Database, start: datetime) -> None:
        self.now = start
        self._server: psycopg.Connection[Any] | None = None
        if database.postgresql:
            self._server = _clock_table(database.settings.database_url)
        else:
            event.listen(database.engine, "connect", self._teach)
        self.turn(start)

    def turn(self, to: datetime) -> None:
        self.now = max(self.now, to)
        if self._server is not None:
            self._server.execute("UPDATE turned.clock SET at = %s", (self.now,))

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _teach(self, connection: Any, _record: Any) -> None:
        """SQLite lets its own functions be replaced. Nothing here has to outlive a crash, either."""
        connection.create_function("strftime", -1, self._strftime)
        connection.execute("PRAGMA synchronous = OFF")

    def _strftime(self, _form: str, *_when: str) -> str:
        return f"{self.now:%Y-%m-%d %H:%M:%S}.{self.now.microsecond // 1000:03d}"


def _clock_table(url: str) -> psycopg.Connection[Any]:
    """A `clock_timestamp` that is found before PostgreSQL's own."""
    made = make_url(url)
    server = psycopg.connect(made.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
    server.execute("CREATE SCHEMA turned CREATE TABLE clock (at timestamptz)")
    server.execute("INSERT INTO turned.clock VALUES (now())")
    body = "SELECT at FROM turned.clock"
    server.execute(f"CREATE FUNCTION turned.clock_timestamp() RETURNS timestamptz STABLE LANGUAGE sql AS '{body}'")
    server.execute(f'ALTER DATABASE "{made.database}" SET search_path = turned, public, pg_catalog')
    return server
