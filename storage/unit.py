"""One open transaction and what its statements need: the connection, the vault, the database's clock.

The functions of this package take a `Unit` first; `session.Transaction` is the `Unit` that carries them as methods.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Executable,
    Insert,
    Row,
    Table,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from cases.deadlines import Calendar
from cases.effects import JobKind
from cases.items import Item
from storage.passwords import Passwords
from storage.plain import dumps, loads
from storage.search import Index
from storage.vault import Context, Vault

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


class ItemCache(dict[tuple[str, int], Item]):
    """Published versions never change, so a process may keep them; `index` is the newest of them, made ready for finding,
    under the mark of what it was made of."""

    index: tuple[object, Index] | None = None
    counted: tuple[datetime, Mapping[str, int]] | None = None
    """How often each item was applied for lately, and when that was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calendars: dict[str, tuple[float, Calendar]] = {}
        """By region, each with the moment at which it was read."""
        self.over: dict[object, tuple[float, frozenset[str]]] = {}
        """Queues that held more cases than are counted, by whose they are, each with the moment at which that was seen."""
        self.lit: dict[object, tuple[float, Mapping[str, Sequence[AnyRow]]]] = {}
        """The same of kinds of waiting: what was counted of each before counting stopped."""


class Unit:
    def __init__(
        self, connection: Connection, vault: Vault, items: ItemCache, passwords: Passwords, *, writable: bool
    ) -> None:
        self.connection = connection
        self.vault = vault
        self.item_cache = items
        self.passwords = passwords
        self.writable = writable
        self.jobs_added = False
        self.new_jobs = Counter[JobKind]()
        """What this transaction puts into the ledger, by kind; a twin that was there already is not in it."""
        self.places: dict[tuple[frozenset[str], str], Sequence[tuple[str, str]]] = {}
        """Where departments were found to have work, by the departments and the region they were looked for in."""
        self._now: datetime | None = None

    def now(self) -> datetime:
        """The database's time, aware UTC, one and the same through the whole transaction."""
        if self._now is None:
            self._now = database_time(self.connection)
        return self._now

    @property
    def known_now(self) -> datetime | None:
        """The time, if this transaction has asked for it."""
        return self._now

    def learned(self, now: datetime) -> datetime:
        """The time, which a statement has just told with `moments.clock`."""
        if self._now is None:
            self._now = now
        return self._now

    @property
    def postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def execute(
        self, statement: Executable, values: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return self.connection.execute(statement, values) if values else self.connection.execute(statement)

    def one(self, statement: Executable) -> AnyRow | None:
        return self.execute(statement).one_or_none()

    def all(self, statement: Executable) -> Sequence[AnyRow]:
        return self.execute(statement).all()

    def count(self, statement: Executable) -> int:
        """How many rows the statement changed."""
        return self.execute(statement).rowcount

    def insert_new(self, table: Table, values: Mapping[str, Any]) -> bool:
        """Adds the row unless a unique key says it is there already; whether it was new."""
        return self.connection.execute(added_if_new(table, self.postgresql), dict(values)).first() is not None

    def insert_all_new(self, table: Table, name: Column[Any], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Adds the rows that no unique key says are there already, in one statement; the names of those."""
        insert = postgresql.insert if self.postgresql else sqlite.insert
        added = insert(table).on_conflict_do_nothing().returning(name)
        return list(self.execute(added, rows).scalars())

    def put(self, table: Table, key: str, values: Mapping[str, Any]) -> None:
        """Adds the row, or replaces its other columns where `key` is there already."""
        insert = (postgresql.insert if self.postgresql else sqlite.insert)(table).values(**values)
        rest = {name: insert.excluded[name] for name in values if name != key}
        self.execute(insert.on_conflict_do_update(index_elements=[key], set_=rest))

    def seal(self, table: Table, column: str, row: str, value: Any) -> bytes:
        return self.vault.seal(Context(table.name, column, row), dumps(value))

    def unseal(self, table: Table, column: str, row: str, sealed: bytes) -> Any:
        return loads(self.vault.unseal(Context(table.name, column, row), sealed))


@cache
def added_if_new(table: Table, on_postgresql: bool) -> Insert:
    """Built once for a table: building it takes as long as sending it."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def database_time(connection: Connection) -> datetime:
    """PostgreSQL: the wall clock, not the start of the transaction, which may have waited long for a lock."""
    if connection.dialect.name == "postgresql":
        at: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return at.astimezone(UTC)
    raw: str = connection.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(raw).replace(tzinfo=UTC)
