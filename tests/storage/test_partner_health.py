"""Circuits, coverage and preference as every process sees them, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, text, update

from cases.circuit import CircuitRules, CircuitState
from storage import partner_health
from storage.partner_health import Coverage
from storage.session import Database
from storage.tables import coverage
from storage.tables import partner_health as table
from tests.cases.world import ADDRESS

RULES = CircuitRules(failures=2, pause=timedelta(minutes=1))


def fails(database: Database, times: int = 1, reason: str = "timeout") -> None:
    for _ in range(times):
        with database.transaction() as tx:
            partner_health.record(tx, "ems", RULES, reason)


def state(database: Database) -> CircuitState:
    with database.reading() as tx:
        return partner_health.circuits(tx)["ems"].state(tx.now())


def admitted(database: Database) -> bool:
    with database.transaction() as tx:
        return partner_health.admit(tx, "ems", RULES)


def pause_passes(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(update(table).values(retry_at=tx.now() - timedelta(seconds=1)))


def test_a_partner_never_called_is_admitted_and_leaves_no_trace(database: Database) -> None:
    assert admitted(database)
    with database.reading() as tx:
        assert partner_health.healths(tx) == {}


def test_failures_of_all_processes_count_together_and_a_success_forgets_them(database: Database) -> None:
    fails(database)
    other = Database(database.settings)
    fails(other)
    other.dispose()
    assert state(database) is CircuitState.OPEN
    assert not admitted(database)
    with database.transaction() as tx:
        partner_health.record(tx, "ems", RULES)
    assert state(database) is CircuitState.CLOSED
    assert admitted(database)


def test_after_the_pause_exactly_one_of_many_callers_is_let_through(database: Database) -> None:
    fails(database, 2)
    pause_passes(database)
    with ThreadPoolExecutor(6) as pool:
        let = list(pool.map(lambda _: admitted(database), range(6)))
    assert sum(let) == 1
    fails(database)
    assert state(database) is CircuitState.OPEN


def test_success_after_success_is_written_once_a_minute(database: Database) -> None:
    def well_at() -> object:
        with database.transaction() as tx:
            partner_health.record(tx, "ems", RULES)
            return partner_health.healths(tx)["ems"].well_at

    first = well_at()
    assert well_at() == first
    with database.transaction() as tx:
        tx.execute(update(table).values(well_at=tx.now() - timedelta(minutes=2)))
    assert well_at() > first  # type: ignore[operator]


def test_what_went_wrong_last_is_kept_as_a_word(database: Database) -> None:
    fails(database, reason="http_502" + "x" * 200)
    with database.reading() as tx:
        health = partner_health.healths(tx)["ems"]
    assert health.reason is not None
    assert health.reason.startswith("http_502")
    assert health.failed_at is not None


def test_an_answer_about_an_address_is_remembered_for_its_time_and_for_that_address(database: Database) -> None:
    with database.transaction() as tx:
        partner_health.keep_coverage(tx, ADDRESS, "ems", Coverage(False, "超出揽收范围"), timedelta(days=1))
        partner_health.keep_coverage(tx, ADDRESS, "sf", Coverage(None, "timeout"), timedelta(seconds=-1))
    with database.reading() as tx:
        assert partner_health.coverage_of(tx, ADDRESS) == {"ems": Coverage(False, "超出揽收范围")}
        assert partner_health.coverage_of(tx, replace(ADDRESS, detail="另一条路2号")) == {}
        assert partner_health.coverage_of(tx, replace(ADDRESS, contact="别人", phone="1")) != {}


def test_a_newer_answer_replaces_the_older_and_what_is_past_its_time_is_forgotten(database: Database) -> None:
    with database.transaction() as tx:
        partner_health.keep_coverage(tx, ADDRESS, "sf", Coverage(True), timedelta(seconds=-1))
        partner_health.keep_coverage(tx, ADDRESS, "ems", Coverage(False, "x"), timedelta(days=1))
        partner_health.keep_coverage(tx, ADDRESS, "ems", Coverage(True), timedelta(days=1))
        assert tx.execute(select(func.count()).select_from(coverage)).scalar_one() == 1
        assert partner_health.coverage_of(tx, ADDRESS) == {"ems": Coverage(True)}


def test_no_address_stands_there_in_clear(database: Database) -> None:
    with database.transaction() as tx:
        partner_health.keep_coverage(tx, ADDRESS, "ems", Coverage(True), timedelta(days=1))
        rows = repr(tx.all(text("SELECT * FROM coverage")))
    assert not any(part in rows for part in (ADDRESS.detail, ADDRESS.city, ADDRESS.phone))


def test_a_regions_list_is_published_and_replaced(database: Database) -> None:
    with database.transaction() as tx:
        assert partner_health.preference(tx, "440105") == ()
        partner_health.put_preference(tx, "440105", ("ems", "sf"))
        partner_health.put_preference(tx, "440105", ("sf",))
        partner_health.put_preference(tx, "510107", ())
        assert partner_health.preference(tx, "440105") == ("sf",)
        assert partner_health.preferences(tx) == {"440105": ("sf",), "510107": ()}
