"""What a scan says, between our doors and the inbox: built there, kept raw like everybody's push, read by the worker.

Promises: the same scan (`key`) is the same event however often it comes; what is not in the carrier's vocabulary is
kept and moves nothing. Who may scan what is the doors' business and was decided before anything is built here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from courier.in_house import codes, units
from courier.in_house.units import Scan
from courier.reading import Unreadable, compact, from_beijing, parsed, text
from courier.vocabulary import CourierEvent, EventKind, Recipient

KEY_MAX = 64
"""Fits the inbox's key and the event's, with the carrier's name before it."""


@dataclass(frozen=True)
class Scanned:
    """One scan. `key`: unique for who scans and their own id of the scan. `by`: their id, for the custody chain;
    `name`: what the resident may be told. `at`: aware."""

    key: str
    partner: str
    event: Scan
    waybill: str
    order_id: str
    at: datetime
    by: str
    name: str = field(default="", repr=False)
    place: str = ""
    note: str = field(default="", repr=False)
    recipient: Recipient | None = None
    seal: str = ""
    found: str = ""
    """The seal's number that was seen, and what envelope and seal looked like."""

    def __post_init__(self) -> None:
        if not self.key or len(self.key) > KEY_MAX:
            raise ValueError("a scan's key has 1 to 64 characters")
        if self.at.tzinfo is None:
            raise ValueError("a scan's time carries a zone")


def raw_of(scan: Scanned) -> bytes:
    """As it is kept in the inbox: the same bytes for the same scan."""
    said = {
        "scan": scan.key,
        "partner": scan.partner,
        "event": str(scan.event),
        "waybill": scan.waybill,
        "order": scan.order_id,
        "at": scan.at.isoformat(timespec="milliseconds"),
        "by": scan.by,
        "name": scan.name,
        "place": scan.place,
        "note": scan.note,
        "recipient": str(scan.recipient or ""),
        "seal": scan.seal,
        "found": scan.found,
    }
    return compact({k: v for k, v in said.items() if v}).encode()


def event_of(raw: bytes, partner: str) -> CourierEvent:
    """The event in a kept scan. Raises `Unreadable`."""
    said = parsed(raw)
    key, waybill = text(said, "scan", KEY_MAX + 1), text(said, "waybill")
    if not key or len(key) > KEY_MAX or not codes.is_number(waybill) or text(said, "partner") != partner:
        raise Unreadable("not a scan of this carrier")
    scan, at = _scan(partner, text(said, "event")), from_beijing(text(said, "at"))
    recipient = _recipient(text(said, "recipient"))
    reverses = units.REVERSES.get(scan) if scan else None
    return CourierEvent(
        kind=_kind(partner, scan, recipient),
        at=at,
        partner=partner,
        waybill=waybill,
        order_id=text(said, "order"),
        code=text(said, "event"),
        detail=text(said, "note", 500),
        place=text(said, "place"),
        reverses=reverses[0] if reverses else None,
        reverses_code=reverses[1] if reverses else "",
        courier_name=text(said, "name"),
        recipient=recipient,
        by=text(said, "by", 64),
        seal=text(said, "seal", 64),
        found=text(said, "found"),
        unique_key=f"{partner}:{key}",
    )


def _scan(partner: str, word: str) -> Scan | None:
    known = word in set(Scan) and Scan(word) in units.WORDS[partner]
    return Scan(word) if known else None


def _kind(partner: str, scan: Scan | None, recipient: Recipient | None) -> EventKind:
    """Into hands other than the addressee's is delivered and not confirmed."""
    if scan is None:
        return EventKind.UNKNOWN
    kind = units.WORDS[partner][scan]
    elsewhere = kind is EventKind.DELIVERED and recipient not in (None, Recipient.SELF)
    return EventKind.DELIVERED_UNCONFIRMED if elsewhere else kind


def _recipient(word: str) -> Recipient | None:
    return Recipient(word) if word in set(Recipient) else None


def same_scan(one: bytes, other: bytes) -> bool:
    """Whether two raw scans say the same, whatever their fields' order."""
    try:
        left: Mapping[str, Any] = json.loads(one)
        return bool(left == json.loads(other))
    except ValueError:
        return False
