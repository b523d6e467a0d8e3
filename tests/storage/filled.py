"""Rows in every table of a database, whatever its revision: made by looking at the tables, not by knowing them.

Each table gets two rows with a value in every column; a foreign key takes a row that is there, a column with a CHECK a
word that it allows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    inspect,
    select,
)

OWN = "alembic_version"
ROWS = 2
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Rows = Mapping[str, list[dict[str, Any]]]


def fill(connection: Connection) -> int:
    """Fills the tables that are empty; how many were."""
    names = [
        n for n in _tables(connection) if connection.exec_driver_sql(f'SELECT 1 FROM "{n}" LIMIT 1').first() is None
    ]
    known = MetaData()
    known.reflect(connection, only=names)
    empty = [t for t in known.sorted_tables if t.name in names]
    for table in empty:
        words = _words(connection, table)
        for number in range(1, ROWS + 1):
            connection.execute(table.insert().values(**_row(connection, table, words, number)))
    return len(empty)


def _tables(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != OWN]


def _row(connection: Connection, table: Table, words: Mapping[str, Sequence[str]], number: int) -> dict[str, Any]:
    return {c.name: _value(connection, table, c, words.get(c.name, ()), number) for c in table.columns}


def _value(connection: Connection, table: Table, column: Column[Any], words: Sequence[str], number: int) -> Any:
    for key in column.foreign_keys:
        if key.column.table is table:
            return None
        rows = connection.execute(select(key.column).order_by(key.column)).scalars().all()
        return rows[(number - 1) % len(rows)]
    if words:
        return words[0]
    return _plain(column, number)


def _plain(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Boolean):
        return number == 1
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, Float | Numeric):
        return number / 2
    if isinstance(kind, DateTime):
        moment = AT.replace(minute=number)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2026, 3, number)
    if isinstance(kind, LargeBinary):
        return b"sealed %d" % number
    return f"{number}{column.name}"[: getattr(kind, "length", None)]


def _words(connection: Connection, table: Table) -> dict[str, list[str]]:
    """Column → the words that its CHECK allows."""
    found: dict[str, list[str]] = {}
    for check in inspect(connection).get_check_constraints(table.name):
        said = check["sqltext"]
        outside = re.sub(r"'[^']*'|::[a-z]+( varying)?", "", said)
        named = [c.name for c in table.columns if re.search(rf"\b{c.name}\b", outside)]
        if len(named) == 1 and (words := re.findall(r"'([^']*)'", said)):
            found[named[0]] = words
    return found


def kept(connection: Connection) -> Rows:
    """Everything that is there."""
    return {
        name: [dict(r._mapping) for r in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
        for name in _tables(connection)
    }


def lost(before: Rows, after: Rows) -> Iterator[str]:
    """What a step changed of what both revisions know: rows that are gone, values that are others."""
    for table in before.keys() & after.keys():
        was, now = before[table], after[table]
        shared = sorted(set(was[0]) & set(now[0])) if was and now else []
        if len(was) != len(now):
            yield f"{table}: {len(was)} rows, then {len(now)}"
        elif _of(was, shared) != _of(now, shared):
            changed = [c for c in shared if _of(was, [c]) != _of(now, [c])]
            yield f"{table}: other values in {', '.join(changed)}"


def _of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    return sorted(repr([row[c] for c in columns]) for row in rows)
