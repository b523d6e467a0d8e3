"""No question of the desk costs more because more was finished: the pages of the database that each one touches, with a
thousand finished cases behind a few that are open, and with a million."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from storage.blobs import blobs_from
from storage.direct import BY_SQLALCHEMY
from storage.queue_questions import QUEUES
from storage.session import Database, Transaction
from storage.statistics.figures import FIGURES
from storage.tables import metadata
from storage.words import Role
from tests.web.test_desk_pages import in_review, with_departments
from tests.web.world import APPLICANT, Caller, World, make_world

FEW, MANY = 1_000, 1_000_000
MORE = 400
"""Pages by which a question may differ: an index is a level or two deeper, and the fifty lines of a page, or the thousand
newest of a median, lie further apart. Whatever goes through all that is finished reads tens of thousands."""
ROLES = (Role.INTAKE, Role.PRE_AUDITOR, Role.CLERK, Role.SUPERVISOR, Role.AUDITOR)
AT = "now() - n * interval '90 seconds'"
NEW_ID = {"id": "'d' || n", "case_number": "'d' || n"}
FINISHED: Mapping[str, Mapping[str, str]] = {
    "cases": {
        **{"number": "'d' || n", "state": "'delivered'", "deadline_at": "NULL", "closed_at": AT, "state_since": AT},
        **{"id_number_index": "'i' || n / 3", "phone_index": "'p' || n / 3", "owner": "'o' || n / 3"},
        **{"opened_at": AT, "submitted_at": AT, "accepted_at": AT, "concluded_at": AT, "findings": "NULL"},
    },
    "materials": {**NEW_ID, "state": "'returned'"},
    "pages": {**NEW_ID, "sha256": "md5(n::text)", "uploaded_at": AT},
    "legs": NEW_ID,
    "bookings": {**NEW_ID, "leg_id": "'d' || n", "order_id": "'o' || n", "waybill": "'W' || n", "state": "'done'"},
    "assignments": {**NEW_ID, "state": "'approved'", "due": AT},
    "documents": {**NEW_ID, "code": "lpad(n::text, 16, '0')", "blob": "'b'", "made_at": AT},
    "audit": {"chain": "'d' || n", "at": AT},
    "audit_heads": {"chain": "'d' || n"},
    "case_figures": {
        **{"case_number": "'d' || n", "state": "'delivered'", "opened_at": AT, "submitted_at": AT, "passed_at": AT},
        **{"accepted_at": AT, "concluded_at": AT, "delivered_at": AT, "rated_at": AT, "level": "1 + n % 5"},
        **{"approved": "true", "trips": "2", "minutes": "60"},
    },
}
"""What a finished case leaves: of each table one row, copied from a case that is there, but for this."""


@pytest.mark.thorough
@pytest.mark.timeout(1800)
def test_no_question_of_the_desk_costs_more_with_more_cases_finished(postgresql_database: Database) -> None:
    database = postgresql_database
    database.engine.update_execution_options(**{BY_SQLALCHEMY: True})
    world = make_world(database, blobs_from(database.settings))
    waiting = with_departments(world), in_review(world), in_review(world)
    desk = world.system(*ROLES)
    finish(database, waiting[0], 1, FEW)
    few = touched(world, desk, waiting[2])
    finish(database, waiting[0], FEW + 1, MANY)
    grown = {asked: (few.get(asked, 0), pages) for asked, pages in touched(world, desk, waiting[2]).items()}
    assert len(grown) > 80
    assert {asked: both for asked, both in grown.items() if both[1] > both[0] + MORE} == {}


# ── finished cases ──────────────────────────────────────────────────────────────────────────────────────────────


def finish(database: Database, like: str, first: int, last: int) -> None:
    with database.transaction() as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        tx.execute(text("SET LOCAL statement_timeout = 0"))
        with without_indexes(tx):
            for table, own in FINISHED.items():
                tx.execute(text(_copied(table, own)), {"like": like, "first": first, "last": last})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f"VACUUM ANALYZE {', '.join(FINISHED)}"))


def _copied(table: str, own: Mapping[str, str]) -> str:
    columns = [c.name for c in metadata.tables[table].columns if c.name != "seq"]
    values = ", ".join(own.get(name, f"one.{name}") for name in columns)
    of = {"cases": "number", "audit": "chain", "audit_heads": "chain"}.get(table, "case_number")
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
        f"FROM (SELECT * FROM {table} WHERE {of} = :like LIMIT 1) AS one, "
        "generate_series(CAST(:first AS bigint), :last) AS n"
    )


@contextmanager
def without_indexes(tx: Transaction) -> Iterator[None]:
    """They are built once at the end: that takes a third of the time."""
    kept = tx.all(_INDEXES.bindparams(tables=list(FINISHED)))
    for row in kept:
        tx.execute(text(f'DROP INDEX "{row.indexname}"'))
    yield
    for row in kept:
        tx.execute(text(row.indexdef.replace(":", "\\:")))


_INDEXES = text(
    "SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname "
    "LEFT JOIN pg_constraint k ON k.conindid = c.oid "
    "WHERE i.schemaname = 'public' AND k.oid IS NULL AND i.tablename = ANY(:tables)"
)


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────


def touched(world: World, desk: Caller, no: str) -> dict[str, int]:
    """Pages of the database by question, of a look at everything."""
    pages: dict[str, int] = {}

    def explain(connection: Connection, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if not statement.startswith(("SELECT", "WITH")) or "clock_timestamp" in statement:
            return
        how = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values).scalar_one()
        (told,) = how if isinstance(how, list) else json.loads(how)
        asked, plan = " ".join(statement.split()), told["Plan"]
        pages[asked] = max(pages.get(asked, 0), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])

    event.listen(world.database.engine, "before_cursor_execute", explain)
    try:
        look_at_everything(desk, no)
    finally:
        event.remove(world.database.engine, "before_cursor_execute", explain)
    return pages


def look_at_everything(desk: Caller, no: str) -> None:
    for name in QUEUES:
        seen(desk, f"/desk/queues/{name}")
    seen(desk, f"/desk/cases/{no}")
    desk.get(f"/desk/api/cases/{no}")
    desk.get(f"/desk/api/cases/{no}/timeline")
    desk.get("/desk/api/next")
    desk.post(f"/desk/api/cases/{no}/claim")
    desk.post(f"/desk/api/cases/{no}/release")
    for words in (no, APPLICANT["id_number"], APPLICANT["phone"], "W17"):
        desk.post("/desk/api/search", text=words)
    seen(desk, "/desk/board")
    seen(desk, "/desk/assignments?department=rsj")
    for asked in ("", "?start=2026-01-10&end=2026-10-20", "?region=440105&channel=kiosk", "?department=rsj"):
        seen(desk, f"/desk/statistics{asked}")
    for figure in FIGURES:
        seen(desk, f"/desk/statistics/cases?figure={figure}")


def seen(desk: Caller, path: str) -> None:
    answer = desk.raw("GET", path)
    assert answer.status_code == 200, (path, answer.text)
