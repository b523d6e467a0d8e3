"""What a resident is told, from a notice's template and data: `texts.yaml`, filled in. Pure.

Promises: every template of `cases` has a text and every word in braces a value (a test compares them); a value that is
missing at run time shows as a dash, never as a fault. Numbers and dates stand as one reads them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from cases.deadlines import BEIJING
from cases.incidents import SETTLEMENT_LABELS
from cases.model import Direction
from cases.sentences import english_day
from messaging.port import Message

MISSING = "—"
USUAL_PAGE = "progress"
_UNKNOWN_TITLE = "办件有新进展"
_UNKNOWN_TEXT = "您申请的“{item}”有新进展，请在小程序里查看。"
_WORDS: Mapping[str, str] = {
    Direction.COLLECTION: "上门取原件",
    Direction.DELIVERY: "送结果上门",
    **{str(how): label for how, label in SETTLEMENT_LABELS.items()},
}
_WORDS_IN_ENGLISH: Mapping[str, str] = {
    Direction.COLLECTION: "fetching the originals",
    Direction.DELIVERY: "bringing the result",
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: fifteen times faster, and every process reads these pages when it starts."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class Text:
    """One template. `page`: a page of the mini-app."""

    title: str
    text: str
    page: str = USUAL_PAGE
    urgent: bool = False
    secret: bool = False
    """For the holder of the phone alone: as a text message, shown nowhere else."""


def _texts(page: str) -> Mapping[str, Text]:
    raw = yaml.load(Path(__file__).with_name(page).read_text("utf-8"), _LOADER)
    return {name: Text(**entry) for name, entry in raw.items()}


TEXTS = _texts("texts.yaml")
ENGLISH = _texts("texts_en.yaml")
"""Title and text of the same templates; everything else of them stands in `TEXTS`."""
UNKNOWN = Text(_UNKNOWN_TITLE, _UNKNOWN_TEXT)
_IN_ENGLISH = Text("News of your application", "There is news of “{item}”. Please look in the app.")


def text_of(template: str) -> Text:
    """A template that has no text yet says that there is news."""
    return TEXTS.get(template, UNKNOWN)


def message(template: str, item: str, number: str, data: Mapping[str, Any], partners: Mapping[str, str]) -> Message:
    """`data`: the notice's. `partners`: what who carries is called."""
    text, words = text_of(template), {**_WORDS, **partners}
    values = _Values({"item": item, "no": number, **{key: said(value, words) for key, value in data.items()}})
    return Message(template, text.title, text.text.format_map(values), _page(text, number, data), dict(values))


def in_english(template: str, item: str, data: Mapping[str, Any], words: Mapping[str, str]) -> tuple[str, str]:
    """Title and text, as they are shown in the app. `words`: what `item`, partners, papers and settlements are called."""
    text = ENGLISH.get(template, _IN_ENGLISH)
    known = {**_WORDS_IN_ENGLISH, **words}
    values = _Values({"item": item, **{key: _said_in_english(value, known) for key, value in data.items()}})
    return text.title, text.text.format_map(values)


def _said_in_english(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_said_in_english(each, words) for each in value) or MISSING
    raw = str(value)
    if _TIME.match(raw):
        at = _local(datetime.fromisoformat(raw))
        return f"{english_day(at.date())}, {at:%H:%M}"
    return english_day(date.fromisoformat(raw)) if _DAY.fullmatch(raw) else words.get(raw, raw) or MISSING


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return MISSING


def _page(text: Text, number: str, data: Mapping[str, Any]) -> str:
    leg = f"&leg={data['direction']}" if text.page == "courier" and "direction" in data else ""
    about = f"?no={number}{leg}" if number else ""
    return f"pages/{text.page}/index{about}"


def said(value: Any, words: Mapping[str, str]) -> str:
    """A value as a resident reads it. A moment is told by the day before it where it ends a day."""
    if isinstance(value, list | tuple):
        return "、".join(said(each, words) for each in value) or MISSING
    raw = str(value)
    if _TIME.match(raw):
        return _moment(datetime.fromisoformat(raw))
    if _DAY.fullmatch(raw):
        return _day(date.fromisoformat(raw))
    return words.get(raw, raw) or MISSING


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(at: datetime) -> str:
    local = _local(at)
    return f"{_day(local.date())} {local:%H:%M}"


def _local(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(BEIJING)


@dataclass(frozen=True)
class QuietHours:
    """From `start` to `end`, minutes after midnight; over midnight where `end` comes first. Equal: none."""

    start: int
    end: int

    def until(self, at: datetime) -> datetime | None:
        """When they end, if `at` is within them."""
        local = at.astimezone(BEIJING)
        minute = local.hour * 60 + local.minute
        if not self._holds(minute):
            return None
        wait = (self.end - minute) % (24 * 60)
        return (local.replace(second=0, microsecond=0) + timedelta(minutes=wait)).astimezone(UTC)

    def _holds(self, minute: int) -> bool:
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


NO_QUIET_HOURS = QuietHours(0, 0)
