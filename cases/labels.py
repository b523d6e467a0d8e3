"""The code on a QR label: opaque, short, and a misread character is noticed before anything is looked up.

`ZT`, one letter for what it is stuck on, twelve characters that mean nothing, one check character; Crockford's base 32,
so that nobody mistakes an O for a 0. The check is ISO 7064's hybrid system with modulus 33,32 in place of 37,36: every
single wrong character is caught, and of neighbours that changed places all but one pair in a hundred. Whoever reads a code learns nothing from it but where to ask.
"""

import hashlib
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_PREFIX = "ZT"
_BODY = 12
_READ_AS = str.maketrans("OIL", "011", " -")


class Labelled(StrEnum):
    """What a label is stuck on."""

    PARCEL = "P"
    ORIGINAL = "D"


def label_code(what: Labelled, identity: str) -> str:
    """The code made from a fresh identity; nobody can tell the one from the other."""
    digest = int.from_bytes(hashlib.sha256(f"label:{identity}".encode()).digest(), "big")
    body = "".join(ALPHABET[digest >> (5 * i) & 31] for i in range(_BODY))
    return (code := f"{_PREFIX}{what}{body}") + check_character(code)


def check_character(code: str) -> str:
    product = 32
    for character in code:
        total = (ALPHABET.index(character) + product) % 32 or 32
        product = total * 2 % 33
    return ALPHABET[(33 - product) % 32]


def read_label(text: str) -> str | None:
    """The code as it was printed, from what was scanned or typed; None if it cannot be one."""
    code = text.strip().upper().translate(_READ_AS)
    known = len(code) == LENGTH and code.startswith(_PREFIX) and set(code) <= set(ALPHABET)
    if not known or code[2] not in set(Labelled) or check_character(code[:-1]) != code[-1]:
        return None
    return code


def grouped(code: str) -> str:
    """As a person reads it aloud: four by four."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
