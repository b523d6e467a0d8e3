"""Changes of bytes and of JSON, from a seed."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

ODD: Sequence[Any] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**400, 1.5, -0.0, 1e308, "", "0", "-1", "1e9", "９", "\0", "\ud800", "a" * 300,
    "2026-01-05 14:03:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59+23:59", "2026-13-45 99:99:99", "null", "{}", "[1",
    [], {}, [[]], {"": ""}, [None, 1, "x"], {"data": None},
)  # fmt: skip
DEEP = 1500


def of_bytes(rnd: random.Random, samples: Sequence[bytes]) -> bytes:
    """A sample with up to eight changes: a byte other, some gone, some doubled, the rest of another sample."""
    data = bytearray(rnd.choice(samples))
    changes: list[Callable[[bytearray, int], None]] = [
        lambda d, i: d.__setitem__(slice(i, i + 1), bytes([rnd.randrange(256)])),
        lambda d, i: d.__delitem__(slice(i, i + rnd.randrange(1, 40))),
        lambda d, i: d.__setitem__(slice(i, i), d[i : i + rnd.randrange(1, 40)]),
        lambda d, i: d.__setitem__(slice(i, None), rnd.choice(samples)[i:]),
        lambda d, i: d.__setitem__(slice(i, i), rnd.choice((b"\0", b"[" * 50, b"9" * 30, b"\xed\xa0\x80", b"%00"))),
    ]
    for _ in range(rnd.randrange(1, 9)):
        rnd.choice(changes)(data, rnd.randrange(len(data) + 1))
    return bytes(data)


def of_json(rnd: random.Random, data: bytes) -> bytes | None:
    """One to three values changed; None: it is not JSON."""
    try:
        value = json.loads(data)
        for _ in range(rnd.randrange(1, 4)):
            value = _changed(rnd, value)
        return json.dumps(value, ensure_ascii=rnd.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return None


def _changed(rnd: random.Random, value: Any) -> Any:
    """Somewhere within: an odd value, a member gone, doubled or renamed, JSON in a string, or a deep well."""
    if isinstance(value, dict) and value and rnd.random() < 0.85:
        key = rnd.choice(list(value))
        return {k: _changed(rnd, v) if k == key else v for k, v in value.items()}
    if isinstance(value, list) and value and rnd.random() < 0.85:
        place = rnd.randrange(len(value))
        return [_changed(rnd, v) if i == place else v for i, v in enumerate(value)]
    if isinstance(value, str) and value[:1] in "{[" and rnd.random() < 0.8:
        inner = of_json(rnd, value.encode("utf-8", "replace"))
        return value if inner is None else inner.decode("utf-8", "replace")
    return _otherwise(rnd, value)


def _otherwise(rnd: random.Random, value: Any) -> Any:
    choice = rnd.randrange(8)
    if choice == 0:
        return [value, value]
    if choice == 1:
        return {"data": value}
    if choice == 2:
        return json.dumps(value)
    if choice == 3 and isinstance(value, str):
        place = rnd.randrange(len(value) + 1)
        return value[:place] + str(rnd.choice(ODD[11:17])) + value[place:]
    if choice == 4 and isinstance(value, dict) and value:
        return {k: v for k, v in value.items() if k != rnd.choice(list(value))}
    return rnd.choice(ODD)
