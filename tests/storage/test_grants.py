"""On a real PostgreSQL, under the real roles: a case lives its whole life, and nobody edits the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from cases.retention import Kind
from storage import audit, grants, retention
from storage.actors import Actor
from storage.grants import Names, Process
from storage.session import Database
from tests.storage.kept import KeptWorld

SYSTEM = Actor("system", "test")
REFUSED = "permission denied|must be owner"


@pytest.fixture
def names(postgresql_database: Database) -> Iterator[Names]:
    """Roles belong to the server, not to a database: each test has its own."""
    made = Names(f"t_{make_url(postgresql_database.settings.database_url).database}"[:40])
    with postgresql_database.engine.begin() as owner:
        assert grants.grant(owner, made) == grants.grant(owner, made) == len(Process)
    yield made
    with postgresql_database.engine.begin() as owner:
        for process in Process:
            owner.exec_driver_sql(f"DROP OWNED BY {made.of(process)}")
            owner.exec_driver_sql(f"DROP ROLE {made.of(process)}")


@contextmanager
def signed_in(database: Database, names: Names, process: Process) -> Iterator[Database]:
    """As a process signs in: an account of its own that is in the role and in nothing else."""
    account = f"{names.of(process)}_1"
    with database.engine.begin() as owner:
        owner.exec_driver_sql(f"CREATE ROLE {account} LOGIN IN ROLE {names.of(process)}")
    url = make_url(database.settings.database_url).set(username=account)
    opened = Database(replace(database.settings, database_url=url.render_as_string(hide_password=False)))
    try:
        yield opened
    finally:
        opened.dispose()
        with database.engine.begin() as owner:
            owner.exec_driver_sql(f"DROP ROLE {account}")


def changes() -> list[str]:
    of = [
        f"{verb} {table}" for table in ("audit", "audit_anchors", "deletions") for verb in ("DELETE FROM", "TRUNCATE")
    ]
    sets = [
        "audit SET action = 'x'",
        "audit_anchors SET hash = 'x'",
        "deletions SET things = 0",
        "hand_overs SET giver = 'office'",
    ]
    return [*of, *(f"UPDATE {each}" for each in sets), "DELETE FROM hand_overs"]


@pytest.mark.parametrize("process", list(Process))
def test_no_process_can_edit_the_record_nor_change_the_schema(
    postgresql_database: Database, names: Names, process: Process
) -> None:
    others = ["ALTER TABLE audit DISABLE TRIGGER ALL", "DROP TABLE audit", "CREATE TABLE mine (x int)",
              "DROP TRIGGER audit_append_only ON audit", "UPDATE alembic_version SET version_num = '0001'",
              "SET session_replication_role = replica"]  # fmt: skip
    with signed_in(postgresql_database, names, process) as database:
        for statement in [*changes(), *others]:
            with pytest.raises(DBAPIError, match=REFUSED), database.transaction() as tx:
                tx.execute(text(statement))
        with database.engine.connect() as connection:
            assert grants.could_edit(connection) == []
    with postgresql_database.engine.connect() as owner:
        assert grants.could_edit(owner) == ["audit", "audit_anchors", "deletions", "hand_overs"]


def test_who_may_become_the_owner_could_edit_the_record(postgresql_database: Database, names: Names) -> None:
    """An account that has no right of its own, and `SET ROLE`."""
    with signed_in(postgresql_database, names, Process.WEB) as web:
        with postgresql_database.engine.begin() as owner:
            me = owner.exec_driver_sql("SELECT current_user").scalar_one()
            owner.exec_driver_sql(f"ALTER ROLE {names.of(Process.WEB)}_1 NOINHERIT")
            owner.exec_driver_sql(f"GRANT {me} TO {names.of(Process.WEB)}_1")
        with web.engine.connect() as connection:
            assert grants.could_edit(connection) == ["audit", "audit_anchors", "deletions", "hand_overs"]


def test_a_case_lives_under_the_restricted_roles(postgresql_database: Database, names: Names) -> None:
    with signed_in(postgresql_database, names, Process.WEB) as web:
        world = KeptWorld(web)
        world.ready_to_submit() if hasattr(world, "ready_to_submit") else world.upload("id_front")
        assert world.kept().case.number == world.number
    with signed_in(postgresql_database, names, Process.WORKERS) as workers, workers.transaction() as tx:
        assert audit.anchor(tx) is not None
        assert audit.verify(tx) is None
        assert retention.delete_some(tx, Kind.DRAFT, SYSTEM).things == 0
    with signed_in(postgresql_database, names, Process.READER) as reader, reader.reading() as tx:
        assert audit.verify(tx) is None


def test_the_reader_writes_nothing(postgresql_database: Database, names: Names) -> None:
    with (
        signed_in(postgresql_database, names, Process.READER) as reader,
        pytest.raises(DBAPIError, match=REFUSED),
        reader.transaction() as tx,
    ):
        tx.record("a", SYSTEM, "opened")


def test_the_sql_says_the_same_and_no_process_may_do_all() -> None:
    said = list(grants.statements())
    assert "GRANT SELECT, INSERT ON public.audit TO zerotrip_web" in said
    assert "GRANT UPDATE (place, found) ON public.hand_overs TO zerotrip_workers" in said
    assert not [s for s in said if "TRUNCATE" in s or ("alembic_version" in s and "SELECT" not in s)]
