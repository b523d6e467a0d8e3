"""Statements that every job and every call pays for: sent to PostgreSQL by its driver, past SQLAlchemy's machinery.

What SQLAlchemy does about one small statement takes three times as long as the driver's part and the server's together
(`python -m bench overhead`). So a statement that is built once (`functools.cache`, `storage.moments`) is also written once,
as the text that SQLAlchemy makes of it, and sent with its values by psycopg, which has the server prepare it. On SQLite,
and on an engine with the option `BY_SQLALCHEMY` (for whoever listens to its events), it goes the usual way.

Promises: the same transaction, the same values, and the same errors as the usual way. Refuses: lists, in the
statement or among the values.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from storage.unit import AnyRow, Unit

BY_SQLALCHEMY = "zerotrip_by_sqlalchemy"
_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def one(tx: Unit, statement: Executable, values: Mapping[str, Any]) -> AnyRow | None:
    """The only row of the answer, or None."""
    if not _goes_direct(tx):
        return tx.connection.execute(statement, values).one_or_none()
    return cast("AnyRow | None", _sent(tx.connection, statement, values).fetchone())


def rows(tx: Unit, statement: Executable, values: Mapping[str, Any]) -> Sequence[AnyRow]:
    """The whole answer."""
    if not _goes_direct(tx):
        return tx.connection.execute(statement, values).all()
    return cast("Sequence[AnyRow]", _sent(tx.connection, statement, values).fetchall())


def changed(tx: Unit, statement: Executable, values: Mapping[str, Any]) -> int:
    """How many rows the statement changed."""
    if not _goes_direct(tx):
        return tx.connection.execute(statement, values).rowcount
    return _sent(tx.connection, statement, values).rowcount


def _goes_direct(tx: Unit) -> bool:
    return tx.postgresql and not tx.connection.get_execution_options().get(BY_SQLALCHEMY)


def _sent(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
    if any(isinstance(value, datetime) and value.tzinfo is None for value in values.values()):
        raise ValueError("a time without a zone")
    text, constants = _written(statement)
    driver: psycopg.Connection[Any] = connection.connection.dbapi_connection  # type: ignore[assignment]  # this dialect's
    try:
        return driver.cursor(row_factory=namedtuple_row).execute(text, {**constants, **values})
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        # without the values, which may be somebody's
        raise DBAPIError.instance(
            text, None, error, psycopg.Error, connection_invalidated=driver.closed, dialect=_DIALECT
        ) from error


@cache
def _written(statement: Executable) -> tuple[str, Mapping[str, Any]]:
    """Its text, and the values that it carries itself."""
    compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=_DIALECT))
    asked = {name for name, each in compiled.binds.items() if each.required}
    return str(compiled), {name: value for name, value in compiled.params.items() if name not in asked}
