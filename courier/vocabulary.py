"""What a partner may say about a parcel, in our words.

Every partner's codes are mapped onto `EventKind` in that partner's own module; a code that is not in its table becomes
`UNKNOWN`, is kept raw in `code`, moves nothing and can be counted. A `CourierEvent` is a fact with the partner's time
on it: it is kept for ever and never corrected; a partner takes one back by a `REVERSAL`, which is an event too.

Names, phone numbers and free text of the partner are personal data: they stay out of `repr`, so a log line that prints
an event prints none of them. `to_json` carries them, because it is what is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    BOOKED = "booked"
    COURIER_ASSIGNED = "courier_assigned"
    PICKUP_FAILED = "pickup_failed"
    PICKUP_RESCHEDULED = "pickup_rescheduled"
    PICKUP_DELAYED = "pickup_delayed"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AWAITING_COLLECTION = "awaiting_collection"
    DELIVERED = "delivered"
    DELIVERED_UNCONFIRMED = "delivered_unconfirmed"
    EXCEPTION = "exception"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"
    INFO = "info"
    REVERSAL = "reversal"
    ALIAS = "alias"
    UNWATCHED = "unwatched"
    UNKNOWN = "unknown"


class Recipient(StrEnum):
    """Who took the parcel, where the partner says so. Only `SELF` is a hand-over to the addressee."""

    SELF = "self"
    OTHER_PERSON = "other_person"
    PICKUP_POINT = "pickup_point"
    LOCKER = "locker"
    MAIL_ROOM = "mail_room"
    PROPERTY_OFFICE = "property_office"
    DOORSTEP = "doorstep"
    CLAIM = "claim"
    OTHER = "other"


@dataclass(frozen=True)
class CourierEvent:
    """One thing a partner said happened to one waybill.

    `code` and `detail` are the partner's own. `reverses` is set on a REVERSAL and names the kind it takes back;
    `reverses_code`, where the partner is that exact, narrows it to one raw code. `new_waybill` is set on an ALIAS.
    `window_start` and `window_end` are set where the partner says when its courier comes.
    `unique_key` is the same for the same fact however often and by whatever road it comes (push or trace).
    """

    kind: EventKind
    at: datetime
    partner: str
    waybill: str
    order_id: str = ""
    code: str = ""
    detail: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    reverses: EventKind | None = None
    reverses_code: str = ""
    new_waybill: str = ""
    courier_name: str = field(default="", repr=False)
    courier_phone: str = field(default="", repr=False)
    recipient: Recipient | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    by: str = ""
    """Who recorded it, by our own id: known of our own carriers only."""
    seal: str = ""
    """The seal's number as it was seen at the hand-over, and `found` what envelope and seal looked like: the same."""
    found: str = ""
    unique_key: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("CourierEvent.at must carry a time zone: partners print Beijing time, convert it first")
        if (self.kind is EventKind.REVERSAL) != (self.reverses is not None):
            raise ValueError("a reversal, and only a reversal, says which kind it reverses")
        object.__setattr__(self, "at", self.at.astimezone(UTC))
        if not self.unique_key:
            object.__setattr__(self, "unique_key", self._default_key())

    def _default_key(self) -> str:
        """Waybill alone is not enough: the same waybill passes the same place twice. Code and time belong to it."""
        subject = self.waybill or self.order_id
        return ":".join((self.partner, subject, self.code or self.kind, self.at.isoformat(), self.place))

    def to_json(self) -> dict[str, Any]:
        """Every field, empty ones left out; `at` as ISO 8601 with offset. `from_json` gives the same event back."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["at"] = self.at.isoformat()
        return {k: str(v) for k, v in values.items() if v}


def from_json(data: Mapping[str, Any]) -> CourierEvent:
    """The event that `to_json` wrote. Raises `ValueError` or `KeyError` on anything else."""
    if not isinstance(data, Mapping):
        raise ValueError("an event is a JSON object")
    known = {f.name for f in fields(CourierEvent)}
    values = {k: v for k, v in data.items() if k in known}
    values["kind"] = EventKind(data["kind"])
    for name in ("at", "window_start", "window_end"):
        if name == "at" or data.get(name):
            values[name] = datetime.fromisoformat(data[name])
    if data.get("reverses"):
        values["reverses"] = EventKind(data["reverses"])
    if data.get("recipient"):
        values["recipient"] = Recipient(data["recipient"])
    return CourierEvent(**values)
