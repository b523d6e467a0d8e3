"""How Chinese characters are said, without tones: enough to see that 社保咔 is meant to be 社保卡.

One reading a character, the usual one: a wrong one is wrong on both sides of a comparison. `plain_sound` takes away what
the south and the south-west do not tell apart (zh/z, n/l, f/h, final g), so that 居住正 and 居组正 meet.
"""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("pinyin.txt")
HAN = range(0x4E00, 0xA000)


@cache
def _table() -> dict[str, str]:
    """Read at the first question, some milliseconds: not every process searches."""
    rows = (line.split() for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {character: said for said, characters in rows for character in characters}


def sound(character: str) -> str:
    """`卡` → `ka`; whatever is no Chinese character is itself."""
    return _table().get(character, character)


@cache
def plain_sound(said: str) -> str:
    if said.isdigit():
        return said
    for strict, loose in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "n"), ("f", "h")):
        if said.startswith(strict):
            said = loose + said[len(strict) :]
            break
    return said[:-1] if said.endswith("ng") else said
