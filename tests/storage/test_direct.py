"""What goes by the driver is the same as what goes by SQLAlchemy: values, transaction, errors."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Select, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from cases.effects import Enqueue, JobKind
from storage import direct, moments
from storage.columns import Instant
from storage.direct import BY_SQLALCHEMY
from storage.session import TRANSIENT, Database
from storage.tables import audit, jobs
from storage.words import JobState

LATER = timedelta(hours=2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(params=[True, False], ids=["by the driver", "by SQLAlchemy"])
def either(database: Database, request: pytest.FixtureRequest) -> Database:
    database.engine.update_execution_options(**{BY_SQLALCHEMY: not request.param})
    return database


@cache
def found(postgresql: bool) -> Select[str, datetime, datetime]:
    now, later = moments.clock(postgresql), moments.clock(postgresql, "later")
    wanted = jobs.c.subject == bindparam("subject")
    return select(jobs.c.state, now.label("now"), later.label("then")).where(wanted).order_by(jobs.c.seq)


RENAMED = update(jobs).where(jobs.c.subject == bindparam("old")).values(subject=bindparam("new"), error=None)


def add(database: Database, *subjects: str) -> None:
    with database.transaction() as tx:
        for subject in subjects:
            tx.jobs.add(Enqueue(JobKind.CASE_JUDGE, subject))


def test_one_row_none_or_all_with_words_and_times(either: Database) -> None:
    add(either, "one", "two", "two")
    with either.transaction() as tx:
        values = moments.values(tx, later=LATER)
        row = direct.one(tx, found(tx.postgresql), {"subject": "one", **values})
        assert row is not None
        assert (row.state, row.then - row.now >= LATER) == (JobState.QUEUED, True)
        assert row.now.utcoffset() == timedelta()
        assert direct.one(tx, found(tx.postgresql), {"subject": "three", **values}) is None
        assert len(direct.rows(tx, found(tx.postgresql), {"subject": "two", **values})) == 2


def test_the_time_that_the_transaction_has_asked_for_is_its_time(either: Database) -> None:
    add(either, "one")
    with either.transaction() as tx:
        known = tx.now()
        row = direct.one(tx, found(tx.postgresql), {"subject": "one", **moments.values(tx, later=LATER)})
    assert row is not None
    assert (row.now, row.then) == (known, known + LATER)


def test_what_it_changed_is_counted_and_goes_with_its_transaction(either: Database) -> None:
    add(either, "one", "one")
    with pytest.raises(ZeroDivisionError):
        rename_and_fail(either)
    with either.transaction() as tx:
        assert direct.changed(tx, RENAMED, {"old": "two", "new": "three"}) == 0
        assert direct.changed(tx, RENAMED, {"old": "one", "new": "two"}) == 2


def rename_and_fail(database: Database) -> None:
    with database.transaction() as tx:
        assert direct.changed(tx, RENAMED, {"old": "one", "new": "two"}) == 2
        raise ZeroDivisionError


def test_a_time_without_a_zone_is_refused(either: Database) -> None:
    later = update(jobs).values(due_at=bindparam("due", type_=Instant()))
    with pytest.raises(Exception, match="without a zone"), either.transaction() as tx:
        direct.changed(tx, later, {"due": datetime(2026, 1, 1)})


@cache
def lines() -> Select[*tuple[Any, ...]]:
    return select(audit).where(audit.c.chain == bindparam("chain")).order_by(audit.c.position)


LINE = insert(audit).values({column.name: bindparam(column.name) for column in audit.c if column is not audit.c.seq})


@pytest.mark.parametrize("many", [1, 3])
def test_records_are_as_their_columns_tell_them_and_one_goes_as_many_do(either: Database, many: int) -> None:
    def line(position: int) -> dict[str, Any]:
        said = {
            "detail": {"pages": [position, None], "so": True},
            "on_behalf_of": None,
            "position": position,
            "at": NOON,
        }
        words = {"actor_kind": "system", "actor": "x", "action": "tried", "previous": "a", "hash": "b"}
        return {"chain": "here", **words, **said}

    written = [line(position) for position in range(many)]
    with either.transaction() as tx:
        direct.each(tx, LINE, written)
        direct.each(tx, LINE, [])
        found = [dict(record) for record in direct.records(tx, lines(), {"chain": "here"})]
        assert direct.records(tx, lines(), {"chain": "nowhere"}) == []
    assert [{k: v for k, v in record.items() if k != "seq"} for record in found] == written
    assert {record["at"].tzinfo for record in found} == {UTC}


def test_an_error_is_what_sqlalchemy_would_say_and_tells_no_values(either: Database) -> None:
    add(either, "one")
    wrong = update(jobs).values(state=bindparam("word"))
    with pytest.raises(DBAPIError) as told, either.transaction() as tx:
        direct.changed(tx, wrong, {"word": "陈小明"})
    assert type(told.value).__name__ == "IntegrityError"
    if either.engine.get_execution_options().get(BY_SQLALCHEMY) is False and either.postgresql:
        assert told.value.params is None


def test_a_server_that_hung_up_is_transient_and_the_next_transaction_has_another(postgresql_database: Database) -> None:
    add(postgresql_database, "one")
    with postgresql_database.transaction() as tx:
        mine = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with pytest.raises(TRANSIENT):
        rename_and_be_cut_off(postgresql_database, mine)
    with postgresql_database.transaction() as tx:
        assert direct.changed(tx, RENAMED, {"old": "one", "new": "two"}) == 1


def rename_and_be_cut_off(database: Database, mine: int) -> None:
    with database.transaction() as tx:
        assert tx.execute(text("SELECT pg_backend_pid()")).scalar_one() == mine
        with database.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        direct.changed(tx, RENAMED, {"old": "one", "new": "two"})


def test_a_transaction_that_cannot_begin_says_so(postgresql_database: Database) -> None:
    with postgresql_database.transaction() as tx:
        mine = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with postgresql_database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() == mine
        connection.rollback()
        with postgresql_database.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    assert postgresql_database.now().tzinfo is UTC
