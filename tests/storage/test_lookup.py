"""What somebody types is taken for what it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.lookup import By, looks_like


@pytest.mark.parametrize(
    ("said", "value", "meanings"),
    [
        ("440105 20261122 000001 6", "440105202611220000016", (By.NUMBER,)),
        ("44010519900307001x", "44010519900307001X", (By.ID_NUMBER, By.WAYBILL)),
        ("91440105MA59ABCD1X", "91440105MA59ABCD1X", (By.ID_NUMBER, By.WAYBILL)),
        ("１３８-0000-0000", "13800000000", (By.PHONE, By.WAYBILL)),
        ("sf1234567890123", "SF1234567890123", (By.WAYBILL,)),
        ("王小明", "王小明", ()),
        ("123", "123", ()),
    ],
)
def test_words_mean_what_they_look_like(said: str, value: str, meanings: tuple[By, ...]) -> None:
    assert looks_like(said) == (value, meanings)


@given(st.text(max_size=100))
def test_no_words_are_an_error(said: str) -> None:
    looks_like(said)
