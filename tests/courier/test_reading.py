"""Reading with care: whatever is not in form is said to be so, and a sentence never makes a delivery more certain."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courier.reading import (
    Unreadable,
    beijing,
    form_of,
    from_beijing,
    from_millis,
    number,
    parsed,
    signed_by_another,
    text,
    unwrapped,
)
from courier.vocabulary import Recipient


@pytest.mark.parametrize("raw", [b"x", b"a=1&a=2", b"\xff=1", b"a=%ff", b"=&=", b"&".join([b"a=1"] * 60)])
def test_what_is_no_form_or_says_a_thing_twice_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        form_of(raw)


def test_a_form_keeps_empty_fields_and_chinese() -> None:
    assert form_of(b"a=&b=%E4%B8%AD+x&c=1%2B1") == {"a": "", "b": "中 x", "c": "1+1"}
    assert form_of(b"") == {}


@pytest.mark.parametrize("raw", [b"", b"\xff", b"{", b"[" * 100_000, "nan="])
def test_what_is_no_json_is_unreadable(raw: bytes | str) -> None:
    with pytest.raises(Unreadable):
        parsed(raw)


def test_json_in_a_string_is_unwrapped_and_anything_else_left_alone() -> None:
    assert unwrapped('{"a": 1}') == {"a": 1}
    assert unwrapped("https://label") == "https://label"
    assert unwrapped({"a": 1}) == {"a": 1}
    assert unwrapped(None) is None


@pytest.mark.parametrize("value", [None, 5, [], "x", {"k": None}, {"k": []}, {"k": 1.5}])
def test_what_is_not_there_is_an_empty_text(value: Any) -> None:
    assert text(value, "k") == ""


def test_numbers_are_texts_and_too_long_ones_are_refused_not_cut() -> None:
    assert text({"k": 5}, "k") == number({"k": 5}, "k") == "5"
    assert len(text({"k": "1" * 500}, "k")) == 200
    with pytest.raises(Unreadable):
        number({"k": "1" * 41}, "k")


@pytest.mark.parametrize("printed", ["", "2026-01-05", "yesterday at noon!!!", "0001-01-01 00:00:00", "9" * 30])
def test_what_is_no_time_is_unreadable(printed: str) -> None:
    with pytest.raises(Unreadable):
        from_beijing(printed)


@pytest.mark.parametrize("value", [None, "", "x", [], 10**30, "9" * 40])
def test_what_is_no_number_of_milliseconds_is_unreadable(value: Any) -> None:
    with pytest.raises(Unreadable):
        from_millis(value)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_a_time_printed_for_a_partner_is_read_back(at: datetime) -> None:
    """But for 1991 and before, when China had summer time and an hour came twice."""
    at = at.replace(microsecond=0)
    if at.year > 1991:
        assert from_beijing(beijing(at)) == at


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("已签收，感谢使用", None),
        ("本人已从丰巢取出签收", None),
        ("放入菜鸟驿站", Recipient.PICKUP_POINT),
        ("已由物业签收", Recipient.PROPERTY_OFFICE),
        ("前台代收", Recipient.MAIL_ROOM),
        ("邻居代签", Recipient.OTHER_PERSON),
        ("快件已放家门口", Recipient.DOORSTEP),
        ("非本人签收", Recipient.OTHER_PERSON),
        ("", None),
    ],
)
def test_who_signed_instead_is_read_from_the_sentence(said: str, who: Recipient | None) -> None:
    assert signed_by_another(said) is who
