"""Key strings: whether what must be read off a page stands in the text that was read.

White space, full width and look-alike punctuation do not count; the order of lines counts forwards or backwards.
"""

import unicodedata
from collections.abc import Iterable, Sequence

LOOK_ALIKE = str.maketrans(
    {"—": "-", "–": "-", "―": "-", "─": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]"}
    | {"〔": "[", "〕": "]", "。": ".", "、": ",", "·": ".", "：": ":", "￥": "¥", "×": "x"}
)


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(LOOK_ALIKE)


def keys_found(keys: Iterable[str], lines: Sequence[str]) -> tuple[int, int]:
    """How many of the keys (of two characters or more) stand in the text, and how many there are."""
    forwards, backwards = folded("".join(lines)), folded("".join(reversed(lines)))
    wanted = [key for key in map(folded, keys) if len(key) > 1]
    return sum(key in forwards or key in backwards for key in wanted), len(wanted)
