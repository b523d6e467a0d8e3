"""What the messages of all partners have in common: JSON, forms, texts and times, read with care. Pure.

Partners print naive Beijing time (`yyyy-MM-dd HH:mm:ss`); here it becomes aware UTC. Whatever is not in form is
`Unreadable`. A form that names a field twice is none: two readers would take different ones for true.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from courier.vocabulary import Recipient
from courier.windows import BEIJING

# Waybills have some 15 characters, order ids 30, codes up to 13: what is longer is none.
NUMBER_MAX = 40
_FIELDS_MAX = 50


class Unreadable(Exception):
    """A message is not in the partner's form."""


def parsed(raw: bytes | str) -> Any:
    """JSON as Python values. Raises `Unreadable`."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None


def unwrapped(value: Any) -> Any:
    """JSON that stands in a string, as many gateways put it; anything else as it is."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def form_of(raw: bytes) -> dict[str, str]:
    """The fields of a form in UTF-8. Raises `Unreadable`."""
    try:
        pairs = parse_qsl(
            raw.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_FIELDS_MAX
        )
    except ValueError:
        raise Unreadable("not a form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unreadable("a field stands twice")
    return fields


def text(value: Any, key: str, most: int = 200) -> str:
    """A text or number as text that every database and every answer can carry: no NUL, no half characters."""
    found = value.get(key) if isinstance(value, Mapping) else None
    whole = str(found).replace("\0", "").encode("utf-8", "replace").decode() if isinstance(found, str | int) else ""
    return whole.strip()[:most]


def number(value: Any, key: str) -> str:
    """A waybill, an order id or a code: as `text`, but what is too long is refused and not cut. Raises `Unreadable`."""
    found = text(value, key, NUMBER_MAX + 1)
    if len(found) > NUMBER_MAX:
        raise Unreadable(f"{key} is too long")
    return found


def window(value: Any, start: str, end: str) -> tuple[datetime | None, datetime | None]:
    """When the courier comes, if both ends are printed and in order; otherwise nothing is said about it."""
    try:
        first, last = from_beijing(text(value, start)), from_beijing(text(value, end))
    except Unreadable:
        return None, None
    return (first, last) if first < last else (None, None)


def compact(value: object) -> str:
    """JSON as it goes out: the bytes signed are the bytes sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def digest(content: str | bytes, length: int = 32) -> str:
    """A name for content: the same for the same bytes. JSON may hold half characters (`\\ud800`): they are named too."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()[:length]


def beijing(at: datetime) -> str:
    """As partners print and read times."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def from_beijing(printed: str) -> datetime:
    """`2026-01-05 14:03:00` in Beijing as aware UTC; a time that brings its own offset keeps it. Raises `Unreadable`."""
    if len(printed) < len("2026-01-05 14:03:00"):
        raise Unreadable("a time has no time of day")
    try:
        at = datetime.fromisoformat(printed)
        return (at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("a time is not a time") from None


def from_millis(value: Any) -> datetime:
    """Milliseconds since 1970 as aware UTC. Raises `Unreadable`."""
    try:
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise Unreadable("a time is not a number of milliseconds") from None


_SIGNED_BY: Mapping[Recipient, tuple[str, ...]] = {
    Recipient.LOCKER: ("快递柜", "丰巢", "智能柜", "自提柜", "快件箱", "包裹柜"),
    Recipient.PICKUP_POINT: ("驿站", "代收点", "便利店", "自提点", "超市"),
    Recipient.PROPERTY_OFFICE: ("物业", "门卫", "保安"),
    Recipient.MAIL_ROOM: ("收发室", "传达室", "前台"),
    Recipient.DOORSTEP: ("门口",),
    Recipient.OTHER_PERSON: ("代收", "代签", "他人签收", "家人", "同事", "邻居", "非本人", "不是本人"),
}


def signed_by_another(said: str) -> Recipient | None:
    """Who signed instead of the addressee, where the partner has no code for it and only its sentence says so. The
    sentence can make a delivery less certain, never more."""
    if "本人" in said.replace("非本人", "").replace("不是本人", ""):
        return None
    return next((who for who, words in _SIGNED_BY.items() if any(w in said for w in words)), None)
