"""A new SQLite file is begun with the statements of `storage.newest`: they make what the migrations make, step by step."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from storage import migrate, newest
from storage.engines import make_engine
from storage.settings import StorageSettings
from storage.write_newest import written


@dataclass(frozen=True)
class Stepped:
    """A file that went through every migration, and the statements that would have made it before the last of them."""

    path: Path
    before: str


@pytest.fixture(scope="module")
def stepped(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Stepped:
    settings = settings_of(tmp_path_factory.mktemp("newest") / "stepped.db", key_file)
    last = ScriptDirectory(str(migrate.SCRIPTS)).get_revision(migrate.newest())
    assert last is not None
    migrate.upgrade(settings, str(last.down_revision))
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as file:
        before = written(file)
    migrate.upgrade(settings, last.revision)
    return Stepped(path, before)


def settings_of(path: Path, key_file: Path) -> StorageSettings:
    return StorageSettings(f"sqlite:///{path}", f"dir:{path.parent}", key_file)


def test_the_statements_are_what_all_steps_make(stepped: Stepped) -> None:
    with sqlite3.connect(stepped.path) as file:
        made = [alike(each) for each in newest.statements(written(file))]
    kept = [alike(each) for each in newest.statements(newest.STATEMENTS.read_text("utf-8"))]
    assert kept == made, "after a new migration: python -m storage.write_newest"


def test_a_file_that_is_begun_with_them_is_the_same(stepped: Stepped, tmp_path: Path, key_file: Path) -> None:
    settings = settings_of(tmp_path / "begun.db", key_file)
    migrate.upgrade(settings)
    assert migrate.is_current(settings)
    with sqlite3.connect(stepped.path) as one, sqlite3.connect(tmp_path / "begun.db") as other:
        assert everything(other) == everything(one)


def everything(file: sqlite3.Connection) -> dict[tuple[str, str], object]:
    """What stands in the file by kind and name, rows too: no step may put any into an empty database unseen."""
    listed = file.execute("SELECT type, name, sql FROM sqlite_master")
    made: dict[tuple[str, str], object] = {(kind, name): alike(sql or "") for kind, name, sql in listed}
    tables = [name for kind, name in made if kind == "table"]
    return made | {("rows", name): file.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}


def alike(sql: str) -> object:
    """Columns in their order, constraints in any: a table that a step makes anew has them as they come out of a set."""
    head, _, body = sql.partition("(")
    if not head.startswith("CREATE TABLE"):
        return sql.rstrip(";")
    parts = [part.strip() for part in split(body.strip().rstrip(";").removesuffix(")"))]
    constraints = {part for part in parts if part.startswith("CONSTRAINT")}
    return head, [part for part in parts if part not in constraints], constraints


def split(body: str) -> list[str]:
    """At the commas that stand in no brackets."""
    parts, depth = [""], 0
    for sign in body:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def test_statements_of_an_older_revision_are_gone_on_from(stepped: Stepped, tmp_path: Path, key_file: Path) -> None:
    with sqlite3.connect(tmp_path / "old.db") as file:
        file.execute("BEGIN")
        for statement in newest.statements(stepped.before):
            file.execute(statement)
    settings = settings_of(tmp_path / "old.db", key_file)
    assert not migrate.is_current(settings)
    migrate.upgrade(settings)
    assert migrate.is_current(settings)


def test_a_file_that_holds_something_is_left_alone(tmp_path: Path, key_file: Path) -> None:
    with sqlite3.connect(tmp_path / "taken.db") as file:
        file.execute("CREATE TABLE mine (a)")
    engine = make_engine(settings_of(tmp_path / "taken.db", key_file))
    with engine.begin() as connection:
        assert not newest.begin_at(connection, migrate.newest())
        assert connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all() == ["mine"]
    engine.dispose()


def test_the_body_of_a_trigger_belongs_to_its_statement() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW\nBEGIN SELECT 1; SELECT 2;\nEND;"
    assert list(newest.statements(f"CREATE TABLE a (b);\n{trigger}\n")) == ["CREATE TABLE a (b);", trigger]
