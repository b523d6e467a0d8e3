"""Asking for figures costs no more when more was done before: the pages of the database that it touches."""

import json
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from storage.session import Database
from tests.storage.test_ledger_plans import MORE
from tests.storage.test_ledger_plans import fill as fill_jobs
from web.ledger import Ledger

FEW, MANY = 1_000, 60_000
OVER = (
    """INSERT INTO bookings (id, case_number, leg_id, attempt, partner, order_id, state, window_start, window_end, address,
        requested_at, asked, alerts)
        SELECT 'b' || n, 'c' || n, 'l' || n, 1, 'ems', 'o' || n, 'cancelled', now(), now(), '\\x00', now() - n * interval '1 minute', 0, '[]'
        FROM generate_series(1, :many) AS n""",
    """INSERT INTO notices (id, case_number, template, data, state, made_at)
        SELECT 'n' || n, 'c' || n, 't', '\\x00', CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'sent' END, now() - interval '9 days'
        FROM generate_series(1, :many) AS n""",
    """INSERT INTO outgoing_deliveries (id, message, endpoint, state, attempts, due_at)
        SELECT 'd' || n, 'm' || n, 'e', 'delivered', 1, now() FROM generate_series(1, :many) AS n""",
    """INSERT INTO audit_heads (chain, position, hash, anchored) SELECT 'c' || n, 9, 'h', 9 FROM generate_series(1, :many) AS n""",
    """INSERT INTO inbox (id, provider, external_key, raw, headers, verified, state, arrived_at)
        SELECT 'i' || n, 'ems', 'k' || n, '\\x00', '\\x00', true, 'handled', now() - n * interval '1 minute' FROM generate_series(1, :many) AS n""",
    """INSERT INTO courier_events (partner, unique_key, booking_id, at, body, arrived_at)
        SELECT 'ems', 'k' || n, 'b' || n, now(), '\\x00', now() FROM generate_series(1, :many) AS n""",
    """INSERT INTO audit_anchors (at, heads, previous, hash)
        SELECT now() - n * interval '1 hour', '{}', 'p', 'h' FROM generate_series(1, :many / 10) AS n""",
)
TABLES = ("bookings", "notices", "outgoing_deliveries", "audit_heads", "inbox", "courier_events", "audit_anchors")


@pytest.mark.thorough
def test_figures_cost_no_more_with_more_done(postgresql_database: Database) -> None:
    fill(postgresql_database, FEW)
    few = touched(postgresql_database)
    fill(postgresql_database, MANY)
    grown = {asked: (few.get(asked, 0), pages) for asked, pages in touched(postgresql_database).items()}
    assert len(grown) > 20
    assert {asked: both for asked, both in grown.items() if both[1] > both[0] + MORE} == {}


def fill(database: Database, many: int) -> None:
    with database.transaction() as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))  # what they belong to is not asked for
        tx.execute(text(f"TRUNCATE {', '.join(TABLES)}, jobs CASCADE"))
        for statement in OVER:
            tx.execute(text(statement), {"many": many})
    fill_jobs(database, many)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM ANALYZE {', '.join(TABLES)}"))


def touched(database: Database) -> dict[str, int]:
    """Pages by question."""
    pages: dict[str, int] = {}

    def explain(connection: Connection, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if not statement.startswith("SELECT") or "clock_timestamp" in statement:
            return
        how = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values).scalar_one()
        (told,) = how if isinstance(how, list) else json.loads(how)
        asked, plan = " ".join(statement.split()), told["Plan"]
        pages[asked] = max(pages.get(asked, 0), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])

    event.listen(database.engine, "before_cursor_execute", explain)
    try:
        list(Ledger(database).collect())
    finally:
        event.remove(database.engine, "before_cursor_execute", explain)
    return pages
