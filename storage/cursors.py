"""Where a list by time goes on: the moment and the key of the last line, as one word for an address.

Refuses what was never ours with a sentence for whoever turned the page.
"""

import base64
import json
from datetime import UTC, datetime

from cases.errors import InvalidRequest


def written(at: datetime | None, key: str | int) -> str:
    """`at` None: the line has no moment, and stands behind all that have."""
    plain = json.dumps([None if at is None else at.isoformat(), key])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(cursor: str) -> tuple[datetime | None, str]:
    """Raises `InvalidRequest`."""
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return None if at is None else datetime.fromisoformat(at).astimezone(UTC), str(key)
    except (ValueError, TypeError, OverflowError):
        raise refused(cursor) from None


def read_dated(cursor: str) -> tuple[datetime, str]:
    """Of a list whose lines all have a moment. Raises `InvalidRequest`."""
    at, key = read(cursor)
    if at is None:
        raise refused(cursor)
    return at, key


def refused(cursor: str) -> InvalidRequest:
    return InvalidRequest("翻页参数无效，请从第一页重新查看。", cursor=cursor)
