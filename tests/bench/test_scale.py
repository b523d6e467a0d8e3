"""The sizing model and its simulation: what is certain about them, and that the page for operators has the same tables."""

from pathlib import Path

import pytest

from bench.loader import OFFICE_HOURS
from bench.queueing import Costs, Machine, arrivals, simulate
from bench.sizing import CITY, PEAK_HOUR, PLACES, Part, refreshed, size, sizes_table, steps_table

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
READING = Costs(upload=0.0, read=1.0, look=0.0, spread=0.01)


def test_the_page_has_the_tables_that_the_model_makes() -> None:
    text = PAGE.read_text("utf-8")
    assert text == refreshed(text), "after a cost was measured anew: python -m bench.sizing"
    assert steps_table() in text
    assert sizes_table() in text


def test_a_table_of_other_days_is_replaced_and_nothing_else() -> None:
    old = steps_table().splitlines()
    page = "\n".join(["before", "", *old[:3], "| gone |", "", "between", "", sizes_table(), "", "after", ""])
    assert refreshed(page) == "\n".join(
        ["before", "", steps_table(), "", "between", "", sizes_table(), "", "after", ""]
    )
    with pytest.raises(ValueError, match="no table begins"):
        refreshed("nothing")


@pytest.mark.parametrize(("readers", "longest"), [(1, 10), (2, 5), (5, 2)])
def test_a_burst_is_over_when_the_work_is_done(readers: int, longest: float) -> None:
    waited = simulate(Machine(cores=readers, at_once=readers), READING, [0.0] * 10, look_seconds=0.01)
    assert len(waited) == 10
    assert max(w.reading for w in waited) == pytest.approx(longest, rel=0.05)


def test_more_pages_at_once_than_cores_read_no_faster() -> None:
    few, many = (simulate(Machine(2, at_once), READING, [0.0] * 20, look_seconds=0.01) for at_once in (2, 8))
    longest = [max(w.reading for w in waited) for waited in (few, many)]
    assert longest[1] == pytest.approx(longest[0], rel=0.05)


def test_who_comes_when_nobody_is_there_waits_for_the_work_alone() -> None:
    waited = simulate(Machine(2, 2), Costs(0.1, 1.0, 0.0, 0.01), [0.0, 10.0, 20.0], look_seconds=0.01)
    assert [w.sending for w in waited] == pytest.approx([0.1] * 3)
    assert [w.reading for w in waited] == pytest.approx([1.0] * 3, rel=0.05)


def test_what_others_take_of_the_cores_makes_everything_so_much_longer() -> None:
    whole, half = (simulate(Machine(2, 2, ours=ours), READING, [0.0] * 10, look_seconds=0.01) for ours in (1.0, 0.5))
    assert max(w.reading for w in half) == pytest.approx(2 * max(w.reading for w in whole), rel=0.02)


def test_the_doors_come_before_the_reader() -> None:
    costs = Costs(upload=0.2, read=5.0, look=0.0, spread=0.01)
    waited = simulate(Machine(1, 1), costs, [0.0] * 5, look_seconds=0.01)
    assert max(w.sending for w in waited) == pytest.approx(1.0, abs=0.1)


def test_phones_on_the_same_cores_are_reckoned_with() -> None:
    costs = Costs(0.1, 1.0, 0.0, 0.01, phone_sends=0.3)
    waited = simulate(Machine(2, 2), costs, [0.0, 10.0], look_seconds=0.01)
    assert [w.sending for w in waited] == pytest.approx([0.4] * 2)


def test_what_a_place_needs_grows_with_its_cases() -> None:
    sizes = [size(place) for place in PLACES]
    for part in Part:
        assert [s.cores[part] for s in sizes] == sorted(s.cores[part] for s in sizes)
    assert sizes[1].place is CITY
    assert sizes[1].store_gb == pytest.approx(sizes[2].store_gb * CITY.cases / PLACES[2].cases)


def test_the_busiest_hour_is_that_of_the_million_cases() -> None:
    assert max(OFFICE_HOURS) / sum(OFFICE_HOURS) == pytest.approx(PEAK_HOUR, abs=0.005)


def test_people_who_know_nothing_of_each_other_come_at_the_rate_that_was_asked() -> None:
    assert len(arrivals(5.0, 2000.0, seed=3)) == pytest.approx(10_000, rel=0.05)
