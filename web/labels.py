"""Labels: the words for the codes of one vocabulary, in the language of the answer.

The Chinese stands beside the codes (in `cases`, in `web.words`), the English in `web/english/codes.yaml`; a test
compares the two.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from web.english import CODES
from web.speaking import english


class Labels(Mapping[str, str]):
    """Code → words. A code without English is said in Chinese."""

    def __init__(self, vocabulary: str, chinese: Mapping[Any, str]) -> None:
        self.vocabulary, self.chinese = vocabulary, chinese

    def __getitem__(self, code: str) -> str:
        words = self.chinese[code]
        return CODES.get(self.vocabulary, {}).get(code, words) if english() else words

    def __iter__(self) -> Iterator[str]:
        return iter(self.chinese)

    def __len__(self) -> int:
        return len(self.chinese)
