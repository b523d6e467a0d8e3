"""The clock: one leads, a fault stops nothing, and a successor takes over."""

from storage.leases import take_lease
from storage.session import Database
from workers import sweeps
from workers.clock import LEASE, LEASE_NAME, Clock, Tick, schedule


def ticks(calls: list[str], *names: str) -> list[Tick]:
    def called(name: str):  # type: ignore[no-untyped-def]
        def sweep(_database: Database) -> int:
            calls.append(name)
            if name == "broken":
                raise ValueError
            return 1

        return sweep

    return [Tick(name, 10, called(name)) for name in names]


def test_of_two_clocks_one_sweeps(database: Database) -> None:
    first, second = list[str](), list[str]()
    one, two = Clock(database, ticks(first, "a")), Clock(database, ticks(second, "a"))
    one.turn()
    two.turn()
    assert (first, second) == (["a"], [])
    assert (one.leading, two.leading) == (True, False)


def test_a_clock_that_stops_hands_over_at_once(database: Database) -> None:
    calls = list[str]()
    one, two = Clock(database, ticks([], "a")), Clock(database, ticks(calls, "a"))
    one.turn()
    one.stop()
    one.run(0)
    two.turn()
    assert calls == ["a"]


def test_a_clock_that_died_is_succeeded_when_its_lease_ran_out(database: Database) -> None:
    calls = list[str]()
    with database.transaction() as tx:
        take_lease(tx, LEASE_NAME, "the dead one", -LEASE)
    Clock(database, ticks(calls, "a")).turn()
    assert calls == ["a"]


def test_each_sweep_has_its_own_rhythm(database: Database) -> None:
    calls, time = list[str](), [0.0]
    clock = Clock(database, ticks(calls, "a", "b"), lambda: time[0])
    clock._ticks[1].every_seconds = 30
    for at in (0.0, 5.0, 10.0, 20.0, 30.0):
        time[0] = at
        clock.turn()
    assert (calls.count("a"), calls.count("b")) == (4, 2)


def test_a_sweep_that_fails_does_not_stop_the_others(database: Database) -> None:
    calls = list[str]()
    assert Clock(database, ticks(calls, "broken", "b")).turn() == {"broken": 0, "b": 1}
    assert calls == ["broken", "b"]


def test_the_real_schedule_runs_on_an_empty_database(database: Database) -> None:
    done = Clock(database, schedule(5)).turn()
    assert set(done) == {t.name for t in schedule(5)}
    assert set(done.values()) == {0}


def test_every_sweep_is_in_the_schedule() -> None:
    """What only an operator's command does is not done."""
    assert set(sweeps.ALL) <= {tick.name for tick in schedule(5)}
