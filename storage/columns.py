"""The kinds of columns and constraints that `tables` is written with."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, String, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Number = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only a column that is exactly INTEGER."""


class Instant(TypeDecorator[datetime]):
    """Aware UTC on both sides. SQLite keeps it as text of fixed width, so that comparing and sorting are right."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(column: str, *enums: type[StrEnum], optional: bool = False) -> CheckConstraint:
    """The column holds only words of the enum."""
    listed = ", ".join(f"'{word}'" for enum in enums for word in enum)
    test = f"{column} IN ({listed})"
    return CheckConstraint(f"{column} IS NULL OR {test}" if optional else test, name=column)


def seq() -> Column[Any]:
    return Column("seq", Number, primary_key=True, autoincrement=True)


def identity() -> Column[Any]:
    return Column("id", String(40), nullable=False, unique=True)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def flagged(name: str, *columns: str, flag: str, where: str = "") -> Index:
    """Of the rows whose boolean column is set. SQLite knows a boolean only as a number."""
    more = f"{where} AND " if where else ""
    return Index(name, *columns, sqlite_where=text(f"{more}{flag} = 1"), postgresql_where=text(f"{more}{flag}"))


def but_tests(name: str, *columns: str, where: str, flag: str = "") -> Index:
    """Of cases that are no tests, and whose flag is set, if one is named."""
    on_sqlite, on_postgresql = (f"{where} AND {flag} = 1", f"{where} AND {flag}") if flag else (where, where)
    return Index(
        name,
        *columns,
        sqlite_where=text(f"{on_sqlite} AND test = 0"),
        postgresql_where=text(f"{on_postgresql} AND NOT test"),
    )


def any_of(column: str, states: frozenset[Any]) -> str:
    listed = ", ".join(sorted(f"'{state}'" for state in states))
    return f"{column} IN ({listed})"
