"""The migrated schema is the one in `storage.tables`, on both databases, and can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from cases.lifecycle import CaseState
from storage import migrate
from storage.engines import make_engine
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import metadata


def _checks(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    looked = inspect(connection)
    tables = set(looked.get_table_names()) - {"alembic_version"}
    return {t: sorted((c["name"] or "", c["sqltext"]) for c in looked.get_check_constraints(t)) for t in tables}


def test_the_migrated_schema_equals_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_checks_equal_those_of_the_tables(database: Database) -> None:
    with database.engine.begin() as connection:
        migrated = _checks(connection)
    migrate.downgrade(database.settings)
    with database.engine.begin() as connection:
        metadata.create_all(connection)
        assert _checks(connection) == migrated


def test_every_step_can_be_taken_back_and_again(storage_settings: StorageSettings) -> None:
    migrate.downgrade(storage_settings)
    engine = make_engine(storage_settings)
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    assert migrate.current(storage_settings) is None
    migrate.upgrade(storage_settings)
    assert migrate.is_current(storage_settings)


def test_upgrading_twice_changes_nothing(storage_settings: StorageSettings) -> None:
    migrate.upgrade(storage_settings)
    assert migrate.current(storage_settings) == migrate.newest()


def test_a_state_column_refuses_a_word_outside_its_enum(database: Database) -> None:
    with database.engine.connect() as connection:
        checks = _checks(connection)["cases"]
    (sql,) = [sql for name, sql in checks if name == "ck_cases_state"]
    assert all(f"'{state}'" in sql for state in CaseState)


@pytest.mark.parametrize("change", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "DELETE FROM audit_anchors"])
def test_the_audit_tables_refuse_to_be_changed(database: Database, change: str) -> None:
    with database.transaction() as tx:
        tx.execute(
            text(
                "INSERT INTO audit (chain, position, at, actor_kind, actor, action, detail, previous, hash)"
                " VALUES ('x', 1, '2026-01-01 00:00:00.000000', 'system', 'x', 'x', '{}', '0', '0')"
            )
        )
        tx.execute(
            text(
                "INSERT INTO audit_anchors (at, heads, previous, hash)"
                " VALUES ('2026-01-01 00:00:00.000000', '{}', '0', '0')"
            )
        )
    with pytest.raises((DatabaseError, IntegrityError), match="append-only"), database.transaction() as tx:
        tx.execute(text(change))


def test_two_upgrades_at_once_are_harmless(storage_settings: StorageSettings) -> None:
    migrate.downgrade(storage_settings)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, [storage_settings] * 2))
    assert migrate.is_current(storage_settings)


def test_a_fresh_sqlite_file_is_made_where_it_was_asked_for(tmp_path: Path, key_file: Path) -> None:
    settings = StorageSettings(f"sqlite:///{tmp_path}/new/folder/zerotrip.db", f"dir:{tmp_path}", key_file)
    migrate.upgrade(settings)
    assert migrate.is_current(settings)


def test_every_partial_index_is_still_partial_after_all_steps(database: Database) -> None:
    """A table that a migration made anew must not have turned "once while unfinished" into "once for ever"."""
    with database.engine.begin() as connection:
        migrated = _indexes(connection, database.postgresql)
    migrate.downgrade(database.settings)
    with database.engine.begin() as connection:
        metadata.create_all(connection)
        assert _indexes(connection, database.postgresql) == migrated
    assert any("WHERE" in sql for sql in migrated.values())


def _indexes(connection: Connection, postgresql: bool) -> dict[str, str]:
    listed = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        if postgresql
        else "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    )
    rows = {name: " ".join(sql.replace('"', "").split()) for name, sql in connection.execute(text(listed))}
    return {name: sql for name, sql in rows.items() if "alembic" not in name}
