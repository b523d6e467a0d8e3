"""The code on a label: read back however it was scanned, and never with a wrong character in it."""

import itertools

import pytest

from cases.labels import ALPHABET, Labelled, check_character, grouped, label_code, read_label

CODES = [label_code(what, str(i)) for what in Labelled for i in range(60)]


def test_a_code_tells_what_it_is_stuck_on_and_nothing_else() -> None:
    assert {c[:3] for c in CODES} == {"ZTP", "ZTD"}
    assert len(set(CODES)) == len(CODES)
    assert all(len(c) == 16 and set(c) <= set(ALPHABET) for c in CODES)


@pytest.mark.parametrize("typed", [str.lower, grouped, lambda c: f" {c}\n", lambda c: "-".join((c[:8], c[8:]))])
def test_a_code_is_read_as_people_and_scanners_give_it(typed) -> None:  # type: ignore[no-untyped-def]
    assert [read_label(typed(c)) for c in CODES] == CODES


def test_letters_that_are_not_used_are_read_as_the_digits_they_look_like() -> None:
    code = next(c for c in CODES if "0" in c[3:] and "1" in c[3:])
    assert read_label(code.replace("0", "O").replace("1", "I")) == code


def test_every_single_wrong_character_is_noticed() -> None:
    code = CODES[7]
    for i, wrong in itertools.product(range(3, 16), ALPHABET):
        if wrong != code[i]:
            assert read_label(code[:i] + wrong + code[i + 1 :]) is None, (i, wrong)


def test_neighbours_that_changed_places_are_noticed_but_for_one_pair_in_a_hundred() -> None:
    swapped = [c[:i] + c[i + 1] + c[i] + c[i + 2 :] for c in CODES for i in range(3, 15) if c[i] != c[i + 1]]
    assert sum(check_character(s[:-1]) == s[-1] for s in swapped) < len(swapped) / 100


@pytest.mark.parametrize(
    "text", ["", "ZTP", "ZTX000000000000", "440105202603020000011", "ZTP0000 0000 0000 ☃", "x" * 999]
)
def test_anything_else_is_no_label(text: str) -> None:
    assert read_label(text) is None
