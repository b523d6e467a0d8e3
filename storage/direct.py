"""Statements that every job and every call pays for: sent to PostgreSQL by its driver, past SQLAlchemy's machinery.

What SQLAlchemy does about one small statement takes three times as long as the driver's part and the server's together
(`python -m bench overhead`). So a statement that is built once (`functools.cache`, `storage.moments`) is also written once,
as the text that SQLAlchemy makes of it, and sent with its values by psycopg, which has the server prepare it. On SQLite,
and on an engine with the option `BY_SQLALCHEMY` (for whoever listens to its events), it goes the usual way.

Promises: the same transaction, the same values, and the same errors as the usual way. A list among the values goes as an
array; one that SQLAlchemy would write out word by word (`IN`) is no statement for here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row, tuple_row
from sqlalchemy import Connection, Executable, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

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


def records(tx: Unit, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Mapping[Any, Any]]:
    """The whole answer by the names of its columns, each as its type tells it."""
    if not _goes_direct(tx):
        return tx.connection.execute(statement, values).mappings().all()
    columns = _columns(statement)
    return [
        {name: value if told is None else told(value) for (name, told), value in zip(columns, row, strict=True)}
        for row in _sent(tx.connection, statement, values, tuple_row).fetchall()
    ]


def each(tx: Unit, statement: Executable, many: Sequence[Mapping[str, Any]]) -> None:
    """The statement with each of the values; dozens go together."""
    if len(many) == 1:
        changed(tx, statement, many[0])
    elif many:
        tx.connection.execute(statement, many)


def _goes_direct(tx: Unit) -> bool:
    return tx.postgresql and not tx.connection.get_execution_options().get(BY_SQLALCHEMY)


def _sent(
    connection: Connection, statement: Executable, values: Mapping[str, Any], rows_as: Any = namedtuple_row
) -> psycopg.Cursor[Any]:
    if any(isinstance(value, datetime) and value.tzinfo is None for value in values.values()):
        raise ValueError("a time without a zone")
    written = _written(statement)
    driver: psycopg.Connection[Any] = connection.connection.dbapi_connection  # type: ignore[assignment]  # this dialect's
    try:
        return driver.cursor(row_factory=rows_as).execute(written.text, written.with_(values))
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        # without the values, which may be somebody's
        raise DBAPIError.instance(
            written.text, None, error, psycopg.Error, connection_invalidated=driver.closed, dialect=_DIALECT
        ) from error


@dataclass(frozen=True)
class _Written:
    """A statement as the server is sent it. `constants`: the values it carries itself; `told`: how a value is made what the
    driver takes, where its type says so."""

    text: str
    constants: Mapping[str, Any]
    told: Mapping[str, Callable[[Any], Any]]

    def with_(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        sent = {**self.constants, **values}
        for name, told in self.told.items():
            sent[name] = told(sent[name])
        return sent


@cache
def _written(statement: Executable) -> _Written:
    compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=_DIALECT))
    asked = {name for bind, name in compiled.bind_names.items() if bind.required}
    told = {name: _impl(bind.type).bind_processor(_DIALECT) for bind, name in compiled.bind_names.items()}
    return _Written(
        str(compiled),
        {name: value for name, value in compiled.params.items() if name not in asked},
        {name: how for name, how in told.items() if how is not None},
    )


@cache
def _columns(statement: Select[Any]) -> Sequence[tuple[str, Callable[[Any], Any] | None]]:
    """Names, and how a value of the driver's is told, where its type says so."""
    return [(str(c.key), _impl(c.type).result_processor(_DIALECT, None)) for c in statement.selected_columns]


def _impl(of: TypeEngine[Any]) -> TypeEngine[Any]:
    return of.dialect_impl(_DIALECT)
