"""A resident is told how long reading will take: by what waits before, at the pace of late."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.effects import Enqueue, JobKind
from storage.pace import A_PAGE_S, a_page
from storage.session import Database
from tests.storage.kept import KeptWorld, reading

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def saved(*seconds_apart: float) -> list[datetime]:
    """Newest first."""
    at, made = NOON, [NOON]
    for seconds in seconds_apart:
        at -= timedelta(seconds=seconds)
        made.append(at)
    return made


def test_pages_are_read_in_the_order_in_which_they_came_and_only_ones_own_are_told(database: Database) -> None:
    other = KeptWorld(database, "440105202603020000039", check=False)
    other.upload("form")
    mine = KeptWorld(database, "440105202603020000020", check=False)
    first, second = mine.upload("form"), mine.upload("form")
    with database.reading() as tx:
        told = tx.seconds_until_read(mine.number)
        assert set(told) == {first, second}
        assert all(seconds >= 2 * A_PAGE_S for seconds in told.values())
        assert max(told.values()) == pytest.approx(3 * A_PAGE_S)


def test_a_page_that_was_read_waits_no_longer(database: Database) -> None:
    world = KeptWorld(database, check=False)
    page = world.upload("form")
    world.read(page)
    with database.transaction() as tx:
        tx.save_reading(page, reading("first"))
        assert tx.seconds_until_read(world.number) == {}


def test_the_pace_is_that_of_a_busy_reader() -> None:
    assert a_page(saved(*[1.5] * 20)) == pytest.approx(1.5)
    assert a_page(saved(*[1.5] * 15, 600.0, 90.0)) == pytest.approx(1.5)


@pytest.mark.parametrize("few", [saved(), saved(0.3, 0.2), saved(*[600.0] * 23)])
def test_where_little_was_read_lately_nothing_is_concluded_from_it(few: list[datetime]) -> None:
    assert a_page(few) == A_PAGE_S


def test_a_list_of_somebody_elses_is_not_waited_for(database: Database) -> None:
    with database.transaction() as tx:
        for n in range(40):
            tx.jobs.add(Enqueue(JobKind.PAGE_READ, f"list-{n}", share="point", background=True))
    mine = KeptWorld(database, "440105202603020000020", check=False)
    page = mine.upload("form")
    with database.reading() as tx:
        assert tx.seconds_until_read(mine.number)[page] == pytest.approx(2 * A_PAGE_S)
