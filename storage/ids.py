"""Identities: 26 characters of Crockford's base 32, the first ten a millisecond clock so that new rows lie together
in an index. Nobody may read a meaning out of them."""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> str:
    """A fresh identity; 80 random bits after the clock."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
