"""A threshold is chosen from what auditors found, and never lower than it bears."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.accuracy import accuracy
from cases.readings import Confirmed, Field
from cases.thresholds import (
    LEAST_TRUTHS,
    Doubt,
    Judged,
    Tally,
    at_least,
    band,
    effect,
    lowest,
    passes,
    proves_itself,
    reaches,
    still_holds,
    wilson,
)

PASSING = {("id_card_front", "name"): 95, ("id_card_front", "id_number"): 50}
BANDS = st.dictionaries(
    st.integers(0, 100), st.tuples(st.integers(1, 900), st.integers(0, 3)).map(lambda t: Tally(t[0] + t[1], t[0]))
)


def test_wilson_is_the_bound_of_the_books() -> None:
    """Against figures worked out by hand: 0.95 of 100 at 95 %, and n/(n+z²) where nothing was wrong."""
    assert wilson(95, 100) == pytest.approx(0.8882, abs=1e-4)
    assert wilson(765, 765) == pytest.approx(765 / (765 + 1.96**2))
    assert wilson(0, 0) == 0.0
    assert reaches(Tally(765, 765), 0.995)
    assert not reaches(Tally(764, 764), 0.995)


def test_few_truths_bear_nothing_however_right() -> None:
    assert not reaches(Tally(LEAST_TRUTHS - 1, LEAST_TRUTHS - 1), 0.9)
    assert reaches(Tally(LEAST_TRUTHS, LEAST_TRUTHS), 0.9)


def test_a_band_is_the_hundredth_below_and_no_float_moves_it() -> None:
    assert [band(x / 100) for x in range(101)] == list(range(101))
    assert [band(0.9799), band(0.98), band(1.2), band(-1)] == [97, 98, 100, 0]


def test_the_threshold_is_the_lowest_confidence_that_bears_the_target() -> None:
    bands = {99: Tally(600, 600), 97: Tally(400, 400), 95: Tally(20, 10), 90: Tally(100, 50)}
    assert lowest(bands, 0.995) == 97
    assert lowest({99: Tally(600, 600)}, 0.995) is None
    assert lowest({}, 0.995) is None


@given(BANDS, st.sampled_from((0.9, 0.95, 0.99, 0.995)))
def test_a_threshold_bears_its_target_and_none_below_it_does(bands: Mapping[int, Tally], target: float) -> None:
    found = lowest(bands, target)
    if found is not None:
        assert reaches(at_least(bands, found), target)
    for at in bands:
        if found is None or at < found:
            assert not reaches(at_least(bands, at), target)


@pytest.mark.parametrize(
    ("name", "field", "passing"),
    [
        ("name", Field("陈样本", 0.95, Confirmed.ONE_READER), True),
        ("name", Field("陈样本", 0.9499, Confirmed.ONE_READER), False),
        ("name", Field("陈样本", 0.99, Confirmed.DISAGREEMENT, None, "陈祥本"), False),
        ("id_number", Field("440105199003070018", 1.0, Confirmed.ONE_READER), False),
        ("address", Field("样本路", 1.0, Confirmed.ONE_READER), False),
    ],
)
def test_one_reader_passes_and_never_two_that_disagree_nor_a_number_whose_digit_fails(
    name: str, field: Field, passing: bool
) -> None:
    assert passes(PASSING, "id_card_front", name, field) is passing


def test_numbers_with_a_check_digit_are_known_under_all_their_names() -> None:
    proving = ("id_number", "id_number_1", "mother_id_number", "credit_code", "card_number", "vin", "licence_number")
    assert all(map(proves_itself, proving))
    assert not any(map(proves_itself, ("name", "certificate_number", "valid_to", "address")))


def test_the_effect_counts_findings_and_the_cases_with_no_other_reason() -> None:
    doubts = (
        Doubt(1, "k", "name", 97),
        Doubt(2, "k", "name", 98),
        Doubt(2, "k", "name", 99),
        Doubt(3, "k", "name", 90),
    )
    judged = Judged({1: 1, 2: 3, 3: 1, 4: 0}, doubts)
    made = effect(judged, "k", "name", 97, {99: Tally(500, 499), 90: Tally(50, 40)})
    assert (made.judged, made.findings, made.freed) == (4, 3, 1)
    assert (made.passing, made.passing.wrong) == (Tally(500, 499), 1)


def test_a_threshold_is_taken_back_when_more_is_wrong_than_was_allowed() -> None:
    assert still_holds(Tally(1000, 995), 0.995)
    assert not still_holds(Tally(1000, 994), 0.995)
    assert still_holds(Tally(), 0.995)


def test_accuracy_says_what_was_read_missed_and_proposed() -> None:
    counts = {("k", "name"): {"one_reader": {99: Tally(800, 800), 60: Tally(10, 5)}, "missed": {0: Tally(2, 0)}}}
    (seen,) = accuracy(counts, {}, Judged({}, ()), 0.995)
    assert (seen.read, seen.missed) == (Tally(810, 805), 2)
    assert [(b.least, b.tally) for b in seen.bands] == [(50, Tally(10, 5)), (99, Tally(800, 800))]
    assert seen.proposal is not None
    assert seen.proposal.least == 99
    assert seen.in_force is None


def test_nothing_is_proposed_for_what_proves_itself() -> None:
    (seen,) = accuracy({("k", "id_number"): {"one_reader": {99: Tally(9000, 9000)}}}, {}, Judged({}, ()), 0.995)
    assert seen.proposal is None
