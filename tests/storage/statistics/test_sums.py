"""Every question to the sums says what the days say, whatever part of time is asked for and wherever it is cut."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, func, select

from storage.actors import Scope
from storage.session import Database, Transaction
from storage.statistics import keeping
from storage.statistics.slices import Slice
from storage.statistics.sums import Sums, spans_of, sums
from storage.statistics.tables import (
    COUNTERS,
    HOURS,
    OFFICE,
    PLACE,
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
)

FIRST = date(2025, 12, 20)
DAYS = 200
COUNTED = ("opened", "h09", "orders", "orders_seconds")
QUESTIONS = (
    *((by, COUNTED) for by in (("region", "item_code"), ("weekday",), ("month",), ("partner",), ())),
    (("weekday",), ("h09", "h10")),
)
SLICES = [
    Slice(),
    Slice(start=date(2026, 1, 10)),
    Slice(end=date(2026, 3, 17)),
    *(Slice(date(2026, 1, first), date(2026, 4, last)) for first in (1, 2, 15, 16, 17, 31) for last in (1, 14, 30)),
    Slice(date(2026, 1, 17), date(2026, 2, 17)),
    Slice(date(2026, 1, 20), date(2026, 1, 25)),
    Slice(date(2026, 2, 3), date(2026, 2, 3)),
    Slice(date(2025, 12, 25), date(2026, 6, 20)),
    Slice(date(2026, 1, 11), date(2026, 7, 1)),
    Slice(start=date(9999, 12, 20)),
    Slice(date(2026, 1, 20), date(2026, 4, 25), channel="kiosk"),
    Slice(date(2026, 1, 20), date(2026, 4, 25), region="440106", department="mzj"),
]


@pytest.fixture
def counted(database: Database) -> Database:
    """Something on every day at three places, one of them a courier's; the last weeks are not folded yet."""
    places = [("440105", "rsj", ",gaj,rsj,", "A", "kiosk", p) for p in ("", "ems")]
    places.append(("440106", "mzj", ",mzj,", "B", "miniapp", ""))
    for start, end in ((0, 180), (180, DAYS)):
        made: keeping.Sums = {
            (FIRST + timedelta(days=n), place): Counter(
                {"opened": n + k, "h09": n % 7, "orders": bool(place[5]), "orders_seconds": 10**10}
            )
            for n in range(start, end)
            for k, place in enumerate(places)
        }
        with database.transaction() as tx:
            while keeping.fold(tx):
                pass
            keeping.append(tx, made)
    return database


def by_days(tx: Transaction, asked: Slice, by: tuple[str, ...], counted: tuple[str, ...]) -> list[Sums]:
    """The plain way: every day, and what is not folded is folded first."""
    d = figure_days.c
    when = [*([d.day >= asked.start] if asked.start else []), *([d.day <= asked.end] if asked.end else [])]
    groups = [d[name] for name in by]
    when += [d[n] == v for n, v in (("channel", asked.channel), ("region", asked.region)) if v is not None]
    of_orders = d.partner != "" if "partner" in by else d.partner == ""
    wanted = select(*groups, *(func.coalesce(func.sum(d[name]), 0) for name in counted)).where(of_orders, *when)
    rows = tx.all(wanted.group_by(*groups).order_by(*groups))
    return [
        Sums(dict(zip(by, row, strict=False)), dict(zip(counted, map(int, row[len(by) :]), strict=True)))
        for row in rows
    ]


def test_any_slice_says_what_its_days_say(counted: Database) -> None:
    everybody = Scope.everything()
    with counted.reading() as tx:
        kept = {(a, *asked): sums(tx, a, everybody, *asked) for a in SLICES for asked in QUESTIONS}
    with counted.transaction() as tx:
        while keeping.fold(tx):
            pass
        for (asked, by, names), said in kept.items():
            expected = [group for group in by_days(tx, asked, by, names) if any(group.counts.values())]
            assert [group for group in said if any(group.counts.values())] == expected, (asked, by)


@given(
    start=st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    days=st.integers(0, 2000),
    by=st.sampled_from([(), ("month",)]),
)
def test_any_period_is_few_rows_of_a_place_and_each_of_its_days_counts_once(
    start: date, days: int, by: tuple[str, ...]
) -> None:
    end = start + timedelta(days=days)
    spans = [span for span in spans_of(Slice(start, end), by, COUNTED) if span.table is not figure_changes]
    counted = Counter[date]()
    for span in spans:
        assert span.since is not None
        assert span.until is not None
        for n in range((span.until - span.since).days):
            counted[span.since + timedelta(days=n)] += -1 if span.less else 1
    assert {day for day, n in counted.items() if n} == {start + timedelta(days=n) for n in range(days + 1)}
    assert set(counted.values()) <= {0, 1}
    assert sum(span.rows for span in spans) < (days / 30 if by else days / 365) + 25
    assert len(spans) <= 7


@pytest.mark.parametrize(
    ("asked", "by", "counters", "tables"),
    [
        (Slice(), (), COUNTED, [figure_sums]),
        (Slice(), ("item_code", "channel"), COUNTED, [figure_sums]),
        (Slice(), ("weekday",), HOURS, [figure_totals]),
        (Slice(), ("month",), COUNTED, [figure_office_months]),
        (Slice(channel="kiosk"), ("month",), COUNTED, [figure_month_totals]),
        (Slice(date(2026, 1, 1)), ("item_code",), COUNTED, [figure_years]),
        (Slice(date(2026, 2, 1)), ("item_code",), COUNTED, [figure_years, figure_month_totals]),
        (Slice(date(2026, 1, 1)), ("partner",), COUNTED, [figure_years]),
        (Slice(date(2026, 1, 1)), ("month",), COUNTED, [figure_office_months]),
        (Slice(date(2026, 1, 1)), ("weekday",), HOURS, [figure_office_year_hours]),
        (Slice(date(2026, 2, 1)), ("weekday",), HOURS, [figure_office_year_hours, figure_office_hours]),
        (Slice(date(2026, 1, 1)), ("weekday",), COUNTED, [figure_months]),
        (Slice(date(2026, 1, 2)), (), COUNTED, [figure_office_years, figure_office_days]),
        (Slice(date(2026, 1, 11)), (), COUNTED, [figure_office_years, figure_office_thirds]),
        (Slice(date(2026, 1, 2), item="A"), (), COUNTED, [figure_years, figure_days]),
        (Slice(date(2026, 2, 21), date(2026, 3, 10)), (), COUNTED, [figure_office_thirds]),
        (Slice(date(2026, 2, 21), date(2026, 3, 10), item="A"), (), COUNTED, [figure_thirds]),
    ],
)
def test_every_question_reads_the_sums_that_have_fewest_rows(
    asked: Slice, by: tuple[str, ...], counters: tuple[str, ...], tables: list[Table]
) -> None:
    assert [span.table for span in spans_of(asked, by, counters)] == [*tables, figure_changes]


@pytest.mark.parametrize(
    ("scope", "asked", "opened"),
    [
        (Scope.of_staff("s", frozenset({"gaj"})), Slice(), ["A"]),
        (Scope.of_staff("s", frozenset({"gaj", "mzj"})), Slice(), ["A", "B"]),
        (Scope.of_staff("s", frozenset()), Slice(), []),
        (Scope.of_staff("s", frozenset({"g_j", "%"})), Slice(), []),
        (Scope.of_staff("s", None, "440106"), Slice(), ["B"]),
        (Scope.of_staff("s", None, "440100"), Slice(region="440105"), ["A"]),
        (Scope.everything(), Slice(region="%"), []),
        (Scope.everything(), Slice(department="mzj", channel="miniapp"), ["B"]),
        (Scope.everything(), Slice(item="A", channel="miniapp"), []),
    ],
)
def test_a_place_is_asked_for_within_what_one_may_see(
    counted: Database, scope: Scope, asked: Slice, opened: list[str]
) -> None:
    with counted.reading() as tx:
        found = sums(tx, asked, scope, ("item_code",), ("opened",))
    assert [group.place["item_code"] for group in found] == opened


def test_the_tables_have_the_keys_that_triggers_know() -> None:
    for table in (figure_totals, figure_sums, figure_month_totals, figure_months, figure_thirds, figure_years):
        assert {*PLACE, *COUNTERS} <= set(table.c.keys())
    for table in (figure_office_days, figure_office_months, figure_office_thirds, figure_office_years):
        assert {*OFFICE, *COUNTERS} <= set(table.c.keys())
    for table in (figure_office_hours, figure_office_year_hours):
        assert {*OFFICE, *HOURS} <= set(table.c.keys())
