"""Figures: what is late, and how the whole does."""

from cases.actions import deciding, opening, ordering
from cases.couriers import COUNTER
from cases.findings import FindingCode, found
from cases.lifecycle import LegState
from cases.model import Direction
from cases.saved import Saved, saved_by
from storage.actors import Scope
from storage.session import Database
from storage.statistics.asking import cycle
from tests.storage.kept import KeptWorld

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)


def opened(database: Database, count: int) -> list[KeptWorld]:
    return [KeptWorld(database, f"44010520260302{n:06d}0", check=False) for n in range(count)]


def test_statistics_count_what_is_there(database: Database) -> None:
    worlds = opened(database, 4)
    worlds[0].wait(hours=2).to_delivered()
    worlds[0].apply(deciding.rate(worlds[0].file, 1, "很好", worlds[0].now))
    worlds[1].upload_and_read("id_front", "form").submit().judge("returned", BLURRED).submit()
    worlds[1].judge("passed")
    worlds[2].to_received()
    with database.reading() as tx:
        figures = tx.statistics()
        assert tx.counts_by_state() == figures.by_state
    assert figures.cases == 4
    assert figures.by_state == {"delivered": 1, "draft": 1, "preaudit_passed": 1, "received": 1}
    assert (figures.by_item, figures.by_region) == ({"440105-SHBZK-BL": 4}, {"440105": 4})
    assert figures.first_pass_rate == round(2 / 3, 4)
    assert (figures.trips_saved, figures.ratings) == (2, {1: 1})
    assert (figures.to_concluded.cases, figures.to_concluded.median_h) == (1, 2.0)


def test_statistics_of_nothing_are_zero(database: Database) -> None:
    with database.reading() as tx:
        figures = tx.statistics()
    assert (figures.cases, figures.first_pass_rate, figures.to_accepted.cases) == (0, None, 0)


def test_statistics_are_scoped(database: Database) -> None:
    opened(database, 1)
    with database.reading() as tx:
        assert tx.statistics(Scope.of_staff("s", frozenset({"gaj"}))).cases == 0


def test_trips_are_saved_by_what_happened_and_the_same_for_one_case_and_for_all(database: Database) -> None:
    """Handing in and fetching; a correction is one more; whoever fetched it at the counter went once all the same."""
    sent, fetched, mended = opened(database, 3)
    sent.to_delivered()
    fetched.to_concluded()
    booking = fetched.book(Direction.DELIVERY, COUNTER)
    fetched.apply(ordering.record_booked(fetched.file, booking, "C1", fetched.now))
    fetched.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    mended.upload_and_read("id_front", "form").submit().judge("returned", BLURRED)
    for page in mended.file.pages:
        mended.apply(opening.remove_page(mended.file, page.id))
    mended.to_delivered()
    worlds, each = (sent, fetched, mended), [2, 1, 3]
    assert [saved_by(w.kept()).trips for w in worlds] == each  # type: ignore[union-attr]
    with database.reading() as tx:
        assert tx.statistics().trips_saved == sum(each)
        assert tx.trips_saved_for("p1") == Saved(6, 12.0)
        assert tx.trips_saved_for("somebody-else") == Saved()


def test_cycle_times_are_a_median_and_a_ninth_decile() -> None:
    assert cycle([1.0]).p90_h == 1.0
    assert (cycle(range(1, 12)).median_h, cycle(range(1, 12)).p90_h) == (6, 10)


def test_the_timeline_tells_a_life_in_order(database: Database) -> None:
    (world,) = opened(database, 1)
    world.to_delivered()
    with database.reading() as tx:
        actions = [line.action for line in tx.timeline(world.number)]
    told = ["case_opened", "page_uploaded", "case_submit", "case_pass", "case_accept", "case_approve", "case_hand_over"]
    assert actions[0] == "case_opened"
    assert [a for a in dict.fromkeys(actions) if a in told] == told
