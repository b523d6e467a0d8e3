"""Looking for personal values where none may be, in every spelling a program gives them without meaning to."""

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

LEAST = 6
"""Bytes: a shorter piece of Base64 says nothing."""


def spellings(value: str) -> set[bytes]:
    """Plain, as JSON escapes it, as a URL does, in hexadecimal, in Base64 from any place on, in GB18030 as well."""
    found: set[bytes] = set()
    for encoded in (value.encode(), value.encode("gb18030")):
        found |= {encoded, encoded.hex().encode(), encoded.hex().upper().encode(), *_base64(encoded)}
    found |= {quote(value, safe="").encode(), quote(value, safe="").lower().encode()}
    found.add(json.dumps(value)[1:-1].encode())
    found.add(value.encode("unicode_escape"))
    found.add(repr(value.encode())[2:-1].encode())
    return found


def _base64(raw: bytes) -> Iterable[bytes]:
    """What of it does not depend on its neighbours."""
    for before in range(3):
        for name in (base64.b64encode, base64.urlsafe_b64encode):
            coded = name(bytes(before) + raw)
            whole = coded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            if len(whole) >= LEAST:
                yield whole


def leaks(places: Mapping[str, bytes], values: Iterable[str]) -> list[str]:
    """`place: value` of everything that was found."""
    spelt = {value: spellings(value) for value in values}
    return [
        f"{place}: {value}"
        for place, said in places.items()
        for value, ways in spelt.items()
        if any(way in said for way in ways)
    ]
