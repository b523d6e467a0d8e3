"""A value in the form and length that a subscribe message takes, by the type that opens its key (`thing1`, `date2`).

Source: WeChat, subscribeMessage.send: a value too long, empty or of the wrong form fails the whole message (47003), so
it is cut before it is sent. Pure.
"""

import re
from collections.abc import Callable, Mapping

EMPTY = "无"
_CUT = "…"
_NAME_HAN, _NAME_LETTERS = 10, 20
_KEY = re.compile(r"([a-z_]+?)\d+")
_NOT_DIGITS = re.compile(r"[^0-9.\-]")
_NOT_ASCII = re.compile(r"[^\x21-\x7e]")
_NOT_LETTERS = re.compile(r"[^A-Za-z]")
_NOT_PHONE = re.compile(r"[^0-9+\-]")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")


class KeyUnknown(ValueError):
    """A key that opens with no type of the platform's. The message is the key."""


def fitted(key: str, value: str) -> str:
    """Never empty. Raises `KeyUnknown`."""
    return _RULES[kind_of(key)](" ".join(value.split()))


def kind_of(key: str) -> str:
    """Raises `KeyUnknown`."""
    found = _KEY.fullmatch(key)
    if found is None or found[1] not in _RULES:
        raise KeyUnknown(key)
    return found[1]


def _cut(most: int) -> Callable[[str], str]:
    return lambda text: (text if len(text) <= most else text[: most - 1] + _CUT) or EMPTY


def _only(others: re.Pattern[str], most: int, empty: str) -> Callable[[str], str]:
    return lambda text: others.sub("", text)[:most] or empty


def _name(text: str) -> str:
    """Ten Han characters, or twenty letters."""
    most = _NAME_LETTERS if text.isascii() else _NAME_HAN
    return text[:most] or EMPTY


_RULES: Mapping[str, Callable[[str], str]] = {
    "thing": _cut(20),
    "number": _only(_NOT_DIGITS, 32, "0"),
    "letter": _only(_NOT_LETTERS, 32, "N"),
    "symbol": lambda text: text[:5] or "-",
    "character_string": _only(_NOT_ASCII, 32, "-"),
    "time": _cut(32),
    "date": _cut(32),
    "amount": _cut(15),
    "phone_number": _only(_NOT_PHONE, 17, "0"),
    "car_number": lambda text: text[:8] or EMPTY,
    "name": _name,
    "phrase": _only(_NOT_HAN, 5, EMPTY),
}
