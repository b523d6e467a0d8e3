"""How often somebody missed is known to every process, for a while, and by nobody's name."""

from datetime import timedelta

from sqlalchemy import select, update

from storage.pressure_tables import misses
from storage.session import Database

LASTS = timedelta(minutes=10)


def test_misses_add_up_and_are_forgotten_when_their_time_is_over(database: Database) -> None:
    with database.transaction() as tx:
        assert [tx.note_miss("person:1", LASTS) for _ in range(3)] == [1, 2, 3]
        assert tx.note_miss("address:10.0.0.9", LASTS) == 1
    with database.reading() as tx:
        ((who, (count, seconds)),) = tx.misses_of(["person:1", "person:2"]).items()
        assert (who, count) == ("person:1", 3)
        assert 590 < seconds <= 600
        assert "10.0.0.9" not in str(tx.all(select(misses)))
    with database.transaction() as tx:
        tx.execute(update(misses).values(ends_at=tx.now()))
        assert tx.misses_of(["person:1"]) == {}
        assert tx.note_miss("person:1", LASTS) == 1
        assert tx.forget_old_misses() == 1
