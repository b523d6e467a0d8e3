"""Numbers of our own envelopes: the same for the same order, and a slip of the finger is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from courier.in_house.codes import ALPHABET, LENGTH, is_number, number_for, printed, typed

ORDERS = st.text(min_size=1, max_size=40)
NUMBERS = st.builds(number_for, st.sampled_from("GDC"), ORDERS)


@given(ORDERS)
def test_an_order_has_one_number_for_ever(order: str) -> None:
    number = number_for("G", order)
    assert number == number_for("G", order)
    assert is_number(number)
    assert (len(number), number[0]) == (LENGTH, "G")


def test_the_number_of_a_known_order_stays_what_it_was() -> None:
    """Labels are printed: a change of the arithmetic would make them worthless."""
    assert number_for("D", "ZT01J00000000000000000000000" + "01") == "DHMJRWCT73FHKE"


@given(NUMBERS, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number: str, at: int, other: str) -> None:
    wrong = number[:at] + other + number[at + 1 :]
    assert is_number(wrong) == (wrong == number)


@given(NUMBERS, st.integers(0, LENGTH - 2))
def test_two_neighbours_swapped_are_noticed(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert is_number(swapped) == (swapped == number)


@given(NUMBERS)
def test_what_is_read_off_a_label_is_understood(number: str) -> None:
    read = printed(number).lower().replace("0", "o").replace("1", "i").replace("5", "s")
    assert typed(f" {read} ") == number


@given(st.text(max_size=20))
def test_anything_else_is_no_number(text: str) -> None:
    assert not is_number(text) or (len(text) == LENGTH and set(text) <= set(ALPHABET))
