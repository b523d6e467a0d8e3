"""Figures that are kept agree with those that are computed, whatever the cases went through, folded or not."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, func, select, update

from cases.deadlines import beijing_day
from storage.actors import Actor, Scope
from storage.session import Database, Transaction
from storage.statistics import keeping
from storage.statistics.asking import Statistics
from storage.statistics.figures import FIGURES
from storage.statistics.slices import Slice
from storage.statistics.tables import (
    COUNTERS,
    case_figures,
    figure_changes,
    figure_days,
    figure_month_totals,
    figure_months,
    figure_office_days,
    figure_office_hours,
    figure_office_months,
    figure_office_thirds,
    figure_office_year_hours,
    figure_office_years,
    figure_sums,
    figure_thirds,
    figure_totals,
    figure_years,
    order_figures,
    said_of,
)
from storage.tables import cases
from storage.words import ActorKind
from tests.storage.kept import KeptWorld
from tests.storage.statistics.lives import LIVES, live
from tests.storage.statistics.recomputed import Life, behind, fields, lives_of

EVERYBODY = Scope.everything()
UNLIVED = frozenset({"orders_refused", "orders_cancelled"})
"""What none of the lives goes through."""


def told(database: Database, asked: Slice = Slice()) -> dict[str, Any]:
    with database.reading() as tx:
        return asdict(tx.statistics(EVERYBODY, asked))


def family(database: Database, worlds: Sequence[KeptWorld]) -> list[Life]:
    """The cases, and those that were opened because of them."""
    children = [c.number for world in worlds for c in world.file.children if c.number]
    return lives_of(database, [*(world.number for world in worlds), *children])


def assert_exact(database: Database) -> None:
    """Nothing changes when everything is counted anew, the sums lack nothing, and the wider ones say what the days say."""
    with database.transaction() as tx:
        assert keeping.recount_all(tx, keeping.case_numbers(tx, "", 1000)) == 0
        assert keeping.drift(tx) == {}
        for table, _ in keeping.WIDER:
            assert summed(tx, table, table) == summed(tx, figure_days, table), table.name


def summed(tx: Transaction, table: Table, like: Table) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """By all that `like` is kept by; where that is no courier, without the couriers' rows."""
    counters = [name for name in COUNTERS if name in like.c]
    names = [column.name for column in like.c if column.name not in ("seq", *counters)]
    key = [table.c[name] if name in table.c else said_of(table, name) for name in names]
    wanted = select(*key, *(func.sum(table.c[name]) for name in counters)).group_by(*key)
    if "partner" in table.c and "partner" not in like.c:
        wanted = wanted.where(table.c.partner == "")
    rows = tx.all(wanted)
    found = {tuple(row[: len(key)]): tuple(map(int, row[len(key) :])) for row in rows}
    return {at: counts for at, counts in found.items() if any(counts)}


def count_behind(database: Database, figure: str, asked: Slice = Slice()) -> int:
    count, cursor = 0, None
    with database.reading() as tx:
        while True:
            rows, cursor = tx.behind_figure(figure, EVERYBODY, asked, cursor=cursor, limit=9)
            count += len(rows)
            if cursor is None:
                return count


def test_every_figure_is_what_the_cases_say_one_by_one(database: Database) -> None:
    """None is left out: the fields of the sums, and the figures with the cases behind them, are walked over."""
    lives = family(database, [live(database, name, place) for place, name in enumerate(LIVES)])
    expected, lines = fields(lives), behind(lives)
    assert set(expected) == {f.name for f in dataclasses.fields(Statistics)}
    assert set(lines) == set(FIGURES)
    assert {name for name, many in lines.items() if not many and not name.startswith("state_")} == UNLIVED
    for _ in range(2):  # before the changes are folded, and after
        assert told(database) == expected
        with database.transaction() as tx:
            assert keeping.fold(tx) >= 0
    assert {name: count_behind(database, name) for name in FIGURES} == lines
    assert_exact(database)
    with database.reading() as tx:
        assert tx.all(select(figure_changes)) == []


@pytest.mark.thorough
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(sorted(LIVES)), min_size=1, max_size=6), folds=st.integers(0, 3))
def test_any_lives_folded_at_any_time_are_counted_as_by_hand(database: Database, names: list[str], folds: int) -> None:
    with database.transaction() as tx:
        offset = len(keeping.case_numbers(tx, "", 10_000))
    before = told(database)
    worlds = []
    for place, name in enumerate(names):
        worlds.append(live(database, name, offset + place))
        if place < folds:
            with database.transaction() as tx:
                keeping.fold(tx, limit=7)
    expected, kept = fields(family(database, worlds)), told(database)
    for name in ("cases", "submitted", "passed", "concluded", "delivered", "trips_saved", "complaints", "overdue"):
        assert kept[name] - before[name] == expected[name], name
    assert_exact(database)


def test_a_slice_of_days_counts_what_happened_in_it(database: Database) -> None:
    """Whole months and single days together say what the days say."""
    worlds = [live(database, "late", place) for place in range(3)]
    first = min(beijing_day(w.file.case.accepted_at) for w in worlds if w.file.case.accepted_at)
    last = max(beijing_day(w.file.case.concluded_at) for w in worlds if w.file.case.concluded_at)
    on_last = sum(
        w.file.case.concluded_at is not None and beijing_day(w.file.case.concluded_at) == last for w in worlds
    )
    for folded in (False, True):
        if folded:
            with database.transaction() as tx:
                keeping.fold(tx)
        assert told(database, Slice(first, last))["concluded"] == 3
        assert told(database, Slice(first, last - timedelta(days=1)))["concluded"] == 3 - on_last
        assert told(database, Slice(first.replace(day=1), None))["accepted"] == 3
        assert told(database, Slice(None, first - timedelta(days=1)))["accepted"] == 0
        assert (
            told(database, Slice(last, last))["concluded"]
            == on_last
            == count_behind(database, "concluded", Slice(last, last))
        )
    assert told(database, Slice(item="another"))["cases"] == 0
    assert told(database, Slice(region="440100"))["cases"] == 3


def test_who_takes_part_sees_the_case_and_nobody_else(database: Database) -> None:
    live(database, "content", 1)
    live(database, "draft", 2)
    with database.reading() as tx:
        seen = {name: tx.statistics(Scope.of_staff("s", frozenset({name}))).cases for name in ("rsj", "gaj", "swj")}
        assert tx.statistics(Scope.of_staff("s", frozenset())).cases == 0
        assert tx.statistics(Scope.of_staff("s", None, "440104")).cases == 0
        assert tx.statistics(Scope.of_staff("s", None, "440100")).cases == 2
    assert seen == {"rsj": 2, "gaj": 1, "swj": 0}


def test_test_cases_are_left_out(database: Database) -> None:
    world = live(database, "content", 1)
    with database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == world.number).values(test=True))
        tx.recount(world.number)
    assert (told(database)["cases"], told(database)["trips_saved"], count_behind(database, "cases")) == (0, 0, 0)
    assert_exact(database)


def test_what_is_wrong_is_found_and_mended(database: Database) -> None:
    live(database, "content", 1)
    expected = told(database)
    with database.transaction() as tx:
        keeping.fold(tx)
        tx.execute(update(figure_days).values(opened=figure_days.c.opened + 5, trips=0))
        tx.execute(delete(figure_months))
        tx.execute(update(figure_totals).values(submitted=99))
        tx.execute(update(figure_month_totals).values(submitted=77))
        tx.execute(update(figure_office_months).values(submitted=66))
        tx.execute(update(figure_office_days).values(submitted=55))
        tx.execute(update(figure_thirds).values(submitted=44))
        tx.execute(update(figure_years).values(opened=33))
        tx.execute(delete(figure_office_thirds))
        tx.execute(update(figure_office_years).values(submitted=22))
        tx.execute(delete(figure_office_year_hours))
        tx.execute(delete(figure_office_hours))
        tx.execute(delete(figure_sums))
        lacking = keeping.drift(tx)
        assert lacking
        keeping.mend(tx, lacking)
        assert keeping.drift(tx) == {}
    assert told(database) == expected
    assert_exact(database)


def test_cases_from_before_are_counted_afterwards_and_once(database: Database) -> None:
    for place, name in enumerate(("content", "late", "draft")):
        live(database, name, place)
    expected = told(database)
    with database.transaction() as tx:
        for table in (figure_days, figure_months, figure_changes, order_figures, case_figures):
            tx.execute(delete(table))
    for counted in (2, 1, 0, 0):
        with database.transaction() as tx:
            assert keeping.catch_up(tx, limit=2) == counted
    kept = told(database)
    assert kept == expected


def test_cases_that_change_at_once_while_others_fold_lose_nothing(database: Database) -> None:
    worlds = [live(database, "submitted", place) for place in range(4)]

    def fold() -> int:
        with database.transaction() as tx:
            return keeping.fold(tx, limit=3)

    with ThreadPoolExecutor(4) as pool:
        moving = [pool.submit(world.judge, "passed") for world in worlds]
        folding = [pool.submit(fold) for _ in range(6)]
        assert [task.result() for task in moving]
        assert sum(task.result() for task in folding) >= 0
    assert told(database)["passed"] == len(worlds)
    assert_exact(database)


def test_whoever_worked_on_a_case_learns_nothing_of_its_rating(plain_database: Database) -> None:
    world = live(plain_database, "angry", 1)
    with plain_database.transaction() as tx:
        tx.record(world.number, Actor(ActorKind.STAFF, "worked"), "assignment_decided", {})
    with plain_database.reading() as tx:
        for name, levels in (("rated_5", []), ("rated", []), ("unsatisfied", []), ("delivered", [None])):
            found, _ = tx.behind_figure(name, Scope.of_staff("worked", None))
            assert [one.level for one in found] == levels, name
            others, _ = tx.behind_figure(name, Scope.of_staff("other", None))
            assert [one.level for one in others] == [5], name
