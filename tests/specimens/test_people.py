"""Invented people hold together."""

from datetime import date

import pytest

from tests.specimens.people import AS_OF, HAIZHU, age_on, check_digit, invent, valid_until

SEEDS = range(300)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "440524188001010014", "34052419800101001X", "110101199602290016"]
)
def test_the_check_digit_agrees_with_known_numbers(number: str) -> None:
    assert check_digit(number[:17]) == number[17]


def test_the_same_seed_is_the_same_person() -> None:
    assert [invent(s) for s in SEEDS] == [invent(s) for s in SEEDS]


def test_a_number_agrees_with_its_owner() -> None:
    for person in map(invent, SEEDS):
        assert person.id_number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert (int(person.id_number[16]) % 2 == 1) == (person.sex == "男")
        assert check_digit(person.id_number[:17]) == person.id_number[17]


def test_everyone_is_of_age_and_has_a_card_in_force() -> None:
    for person in map(invent, SEEDS):
        assert age_on(person.birth_date, AS_OF) >= 18
        assert person.birth_date < person.valid_from < AS_OF
        assert person.valid_to is None or person.valid_to > AS_OF


def test_an_expired_card_ran_out_before_today_and_belongs_to_the_second_generation() -> None:
    for seed in SEEDS:
        person = invent(seed, expired=True)
        assert person.valid_to is not None
        assert person.valid_to < AS_OF
        assert person.valid_from > date(2004, 1, 1)


def test_the_term_of_a_card_follows_the_age_at_issue() -> None:
    issued = date(2020, 6, 1)
    terms = [valid_until(date(year, 1, 1), issued) for year in (2010, 2000, 1990, 1970)]
    assert terms == [date(2025, 6, 1), date(2030, 6, 1), date(2040, 6, 1), None]


def test_there_are_short_long_and_dotted_names_and_a_home_can_be_asked_for() -> None:
    names = {invent(s).name for s in SEEDS}
    assert {2, 3, 4} <= {len(name) for name in names}
    assert any("·" in name for name in names)
    assert all(invent(s, home=HAIZHU).region == "440105" for s in SEEDS)
