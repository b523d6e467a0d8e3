"""Trips spared, for one case."""

from dataclasses import replace

import pytest

from cases.items import ItemInvalid
from cases.saved import Saved, saved_by
from tests.cases.world import INSTANT, World, item


def test_nothing_is_saved_before_the_result_has_arrived() -> None:
    assert saved_by(World().to_concluded().file) is None


def test_handing_in_and_fetching_are_saved_and_each_takes_the_items_own_hours() -> None:
    assert saved_by(World().to_delivered().file) == Saved(2, 4.0)
    far = item(visits={"without_us": 3, "hours_each": 1.5})
    assert saved_by(World(far).to_delivered().file) == Saved(3, 4.5)


def test_an_electronic_result_is_fetched_by_nobody() -> None:
    file = replace(World().to_delivered().file, item=item(**INSTANT))
    assert saved_by(file) == Saved(1, 2.0)


@pytest.mark.parametrize("visits", [{"without_us": 0}, {"hours_each": 0}, {"hours_each": -1}, {"trips": 3}])
def test_an_item_that_says_nonsense_about_visits_is_refused(visits: dict[str, object]) -> None:
    with pytest.raises(ItemInvalid):
        item(visits=visits)
