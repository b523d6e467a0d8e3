"""`python -m storage.write_newest`: takes an empty SQLite file through every migration, and keeps the statements that make the
same at once (`storage.newest`). To be run after a migration was added; a test says so, too.
"""

import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import migrate
from storage.newest import STATEMENTS
from storage.settings import StorageSettings


def written(file: sqlite3.Connection) -> str:
    """The statements that make a file like this one: tables, then what stands on them, then where it stands."""
    made = (
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        " ORDER BY type <> 'table', type, CASE type WHEN 'table' THEN rowid END, name"
    )
    (stands,) = file.execute("SELECT version_num FROM alembic_version").fetchone()
    stamp = f"INSERT INTO alembic_version (version_num) VALUES ('{stands}')"
    return "\n".join(f"{sql.strip()};" for sql in [*(sql for (sql,) in file.execute(made)), stamp]) + "\n"


def main() -> int:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stepped.db"
        migrate.upgrade(StorageSettings(f"sqlite:///{path}", f"dir:{folder}", path), migrate.newest())
        with sqlite3.connect(path) as file:
            STATEMENTS.write_text(written(file), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
