"""Numbers of envelopes that we carry ourselves: a letter for the carrier, twelve characters made from the order id, and
a check character.

The same order id always has the same number, so whoever lost the answer to a booking finds it again. The alphabet and
the check are those of the unified social credit code (GB 32100-2015): 31 characters without I O S V Z, weights that
are powers of 3, modulus 31, which is prime: every single wrong character and every swap of neighbours is caught. A
number is no secret: knowing one moves nothing without a staff session.
"""

import hashlib

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODY = 12
"""59 bits: that two of a million envelopes have the same number has a chance below one in a million."""
LENGTH = 1 + BODY + 1
_LOOKS_LIKE = str.maketrans({"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2", " ": None, "-": None})
"""As people type what they read off a label."""


def number_for(prefix: str, order_id: str) -> str:
    """The number of an order's envelope. `prefix`: one letter of the alphabet."""
    value = int.from_bytes(hashlib.sha256(f"{prefix}:{order_id}".encode()).digest(), "big")
    body = prefix
    for _ in range(BODY):
        value, digit = divmod(value, len(ALPHABET))
        body += ALPHABET[digit]
    return body + check_character(body)


def check_character(body: str) -> str:
    weight, total = 1, 0
    for character in body:
        total += ALPHABET.index(character) * weight
        weight = weight * 3 % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def is_number(text: str) -> bool:
    """Whether it can be one of ours at all, so that a mistyped one needs no question to the database."""
    whole = len(text) == LENGTH and all(c in ALPHABET for c in text)
    return whole and check_character(text[:-1]) == text[-1]


def typed(text: str) -> str:
    """What somebody typed or scanned, as the number it must mean: capitals, no blanks, letters that are no characters
    of ours read as what they look like."""
    return text.strip().upper().translate(_LOOKS_LIKE)


def printed(number: str) -> str:
    """In groups, as people read it aloud: `GAB1 2345 6789 0X`."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
