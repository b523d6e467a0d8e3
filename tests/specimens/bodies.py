"""Numbers of invented papers, each with the check digit its standard asks for, and names of bodies that do not exist.

Nobody is meant: social credit codes are of an organisation code that begins with `MA00`, bank cards of an issuer number
not given to any bank, vehicles of the maker `LZZ…` with a running number of ours.
"""

from datetime import date
from random import Random

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))  # fmt: skip
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
BANKS = ("明岭银行", "江岭商业银行", "禾川银行", "远安农村商业银行", "东湾银行")
TRADES = (
    "食品销售",
    "日用百货销售",
    "软件开发",
    "家用电器销售",
    "文具用品零售",
    "餐饮服务",
    "水果零售",
    "五金产品批发",
)
NAMES = ("禾川", "明岭", "远安", "东湾", "江岭", "青禾", "云舟")


def digits(rng: Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def credit_code(rng: Random, region: str, sole_trader: bool) -> str:
    """GB 32100-2015: 91 for companies, 92 for sole traders."""
    body = "MA00" + "".join(rng.choice(CREDIT_ALPHABET) for _ in range(4))
    first = ("92" if sole_trader else "91") + region + body + _organisation_check(body)
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first, CREDIT_WEIGHTS, strict=True))
    return first + CREDIT_ALPHABET[(31 - total % 31) % 31]


def _organisation_check(body: str) -> str:
    """GB 11714, letters counting from 10."""
    rest = 11 - sum(int(c, 36) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    return "0" if rest == 11 else "X" if rest == 10 else str(rest)


def vin(rng: Random) -> str:
    """GB 16735, check digit in position 9."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    before = "LZZ" + "".join(rng.choice(letters + "0123456789") for _ in range(5))
    after = rng.choice("GHJKLMNPR") + rng.choice(letters) + digits(rng, 6)
    values = [int(c) if c.isdecimal() else VIN_VALUES[c] for c in before + "0" + after]
    return before + "0123456789X"[sum(v * w for v, w in zip(values, VIN_WEIGHTS, strict=True)) % 11] + after


def plate(rng: Random) -> str:
    """GA 36: ordinary, or new energy."""
    start = rng.choice("粤京沪川湘") + rng.choice("ABCDEF")
    if rng.random() < 0.3:
        return start + rng.choice("DF") + digits(rng, 5)
    return start + rng.choice(PLATE_LETTERS) + digits(rng, 4)


def engine_number(rng: Random) -> str:
    return rng.choice(PLATE_LETTERS) + digits(rng, rng.choice((6, 7)))


def bank_card(rng: Random) -> str:
    """19 digits that satisfy Luhn."""
    first = "629999" + digits(rng, 12)
    doubled = (int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(first)))
    return first + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def marriage_number(rng: Random, region: str, registered_on: date) -> str:
    return f"J{region}-{registered_on.year}-{digits(rng, 6)}"


def birth_number(rng: Random) -> str:
    return rng.choice("PQRSTUVW") + digits(rng, 9)


def property_number(rng: Random, year: int, place: str) -> str:
    """Full-width brackets, as printed."""
    return f"粤（{year}）{place}不动产权第{digits(rng, rng.choice((7, 8)))}号"


def unit_number(rng: Random, region: str) -> str:
    """28 characters in four groups, as printed."""
    return f"{region} {digits(rng, 6)} GB{digits(rng, 5)} F{digits(rng, 8)}"


def company(rng: Random, place: str, sole_trader: bool) -> str:
    trade = rng.choice(("商贸", "科技", "餐饮", "文化"))
    return f"{place}{rng.choice(NAMES)}{trade}{'店' if sole_trader else '有限公司'}"
