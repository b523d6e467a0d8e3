"""What is late now: those that are counted are those that are listed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.actors import Scope
from storage.session import Database
from storage.statistics.late import late_cases
from storage.tables import cases
from tests.storage.kept import KeptWorld
from tests.storage.statistics.lives import live


@pytest.fixture
def waiting(database: Database) -> list[KeptWorld]:
    """Handed in one after the other; the later, the longer late; one of them has time left."""
    worlds = [live(database, "submitted", place) for place in range(4)]
    with database.transaction() as tx:
        for hours, world in enumerate(worlds):
            due = tx.now() - timedelta(hours=hours, minutes=-1)
            tx.execute(update(cases).where(cases.c.number == world.number).values(deadline_at=due))
    return worlds


def test_the_longest_late_are_looked_at(database: Database, waiting: list[KeptWorld]) -> None:
    with database.reading() as tx:
        late = late_cases(tx, Scope.everything(), most=2)
        found = {row.number for row in tx.all(select(late.c.number))}
        assert found == {world.number for world in waiting[2:]}
        assert (tx.statistics().late, tx.statistics().late_more) == (3, False)
        listed, _ = tx.behind_figure("late", Scope.everything())
        assert [behind.number for behind in listed] == [world.number for world in reversed(waiting[1:])]
