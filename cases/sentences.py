"""Sentences 句子 for people: a pattern and the values in it, so that a door can say the same in another language.

A `Sentence` is a `str`, its Chinese: whoever knows nothing of languages takes it for the text it is. The pattern is what
a translation is found by; values (names of papers, numbers, days, other sentences) are put into whichever pattern is
said. Kept rows hold both, beside the Chinese text.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Value = Any
"""A text, a number, a day, another sentence, or several of these."""
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Sentence(str):
    """`pattern` with its `values` put in."""

    pattern: str
    values: Mapping[str, Value]

    def __new__(cls, pattern: str, values: Mapping[str, Value]) -> "Sentence":
        made = super().__new__(cls, pattern.format_map({name: _shown(value) for name, value in values.items()}))
        made.pattern, made.values = pattern, values
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, Value]]:  # type: ignore[override]
        """Copied and pickled as what it is made of."""
        return self.pattern, self.values


def say(pattern: str, /, **values: Value) -> Sentence:
    """`say("“{paper}”最多{most}页。", paper=…, most=2)`"""
    return Sentence(pattern, values)


def named(chinese: str, english: str) -> Sentence:
    """A name that has its English with it."""
    return say("{name}", name=chinese, english=english)


def english_day(day: date) -> str:
    """5 May 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(value: Value) -> date | None:
    """A day, also as JSON has it."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None


def _shown(value: Value) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(map(_shown, value))
    day = day_of(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else str(value)


def sentence_to_json(text: str) -> dict[str, Any] | None:
    """What is kept beside the text; nothing of a text without values, which is its own pattern."""
    if not isinstance(text, Sentence):
        return None
    return {"say": text.pattern, "with": {name: _plain(value) for name, value in text.values.items()}}


def _plain(value: Value) -> Any:
    if isinstance(value, Sentence):
        return sentence_to_json(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def sentence_from_json(text: str, raw: Mapping[str, Any] | None) -> str:
    """`text`: the Chinese that was kept, all there is of an older row."""
    return text if raw is None else Sentence(raw["say"], {name: _valued(v) for name, v in raw["with"].items()})


def _valued(raw: Any) -> Value:
    if isinstance(raw, Mapping):
        return sentence_from_json("", raw)
    return [_valued(each) for each in raw] if isinstance(raw, list) else raw
