"""What all migrations together make of an empty SQLite file, kept as the statements that make it at once: some forty steps
through Alembic take a second of the first start, and these a twentieth of it.

`python -m storage.write_newest` writes `migrations/newest.sql` anew after a migration was added. Promises: a file that is begun
here equals one that went through every step (`tests/storage/test_newest.py`); where the statements are of an older revision
than the newest, the steps after it follow. Refuses: a file that holds anything.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

STATEMENTS = Path(__file__).parent / "migrations" / "newest.sql"


def begin_at(connection: Connection, newest: str) -> bool:
    """Whether the database, which was empty, now stands at `newest`. False also where it stands at an older revision, or held
    something: what is left to do is Alembic's."""
    if connection.dialect.name != "sqlite" or connection.execute(text("SELECT 1 FROM sqlite_master LIMIT 1")).first():
        return False
    for statement in statements(STATEMENTS.read_text("utf-8")):
        connection.exec_driver_sql(statement)
    return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == newest)


def statements(script: str) -> Iterator[str]:
    """A trigger's body has semicolons of its own: SQLite itself says where a statement ends."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun.strip()
            begun = ""
