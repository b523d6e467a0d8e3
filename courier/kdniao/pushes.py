"""What KDNiao pushes: the state of an order, and the track of a waybill. Pure.

Both come as a form with `RequestData` and `DataSign` over it with our AppKey; whether DataSign arrives URL-encoded
once more is told differently [?], so both spellings of the same signature are taken. `RequestType` is unsigned and not
read: which push it is shows in the items themselves (a track has `Traces`).

A track is the whole history every time: a line's key is made of its time and its words. An order's state has the time
of the push if it brings none of its own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from courier.kdniao import units
from courier.port import Push, PushRejected, PushUnreadable
from courier.reading import (
    Unreadable,
    compact,
    digest,
    form_of,
    from_beijing,
    number,
    parsed,
    signed_by_another,
    text,
    window,
)
from courier.signing import kdniao_sign, same
from courier.vocabulary import CourierEvent, EventKind

NAME = "kdniao"
# Fifty histories of a few kB each are a large push.
PUSH_BYTES_MAX = 256 * 1024
_ITEMS_MAX = 500
_COURIER_CALLS = frozenset({EventKind.COURIER_ASSIGNED, EventKind.PICKUP_FAILED, EventKind.PICKUP_RESCHEDULED})


def verify(raw: bytes, app_key: str) -> Push | PushRejected:
    """Two public receivers have this check commented out; ours refuses whatever it cannot check."""
    if len(raw) > PUSH_BYTES_MAX:
        return PushRejected(NAME, "too_large")
    try:
        form = form_of(raw)
    except Unreadable:
        return PushRejected(NAME, "not_a_form")
    data, sign = form.get("RequestData", ""), form.get("DataSign", "")
    if not data or not sign or not app_key:
        return PushRejected(NAME, "unsigned")
    if not same(kdniao_sign(data, app_key), unquote(sign)):
        return PushRejected(NAME, "signature")
    return Push(NAME, digest(data, 64), data.encode())


def read(push: Push) -> tuple[CourierEvent, ...]:
    """Raises `PushUnreadable`. A push is read whole or not at all."""
    try:
        told = parsed(push.body)
        items = told.get("Data") if isinstance(told, Mapping) else None
        items = [items] if isinstance(items, Mapping) else items
        if not isinstance(items, list) or not items or len(items) > _ITEMS_MAX:
            raise Unreadable("no items")
        pushed_at = text(told, "PushTime")
        return tuple(e for item in items for e in _events(item, pushed_at))
    except Unreadable as e:
        raise PushUnreadable(NAME, str(e)) from None


def answer(business_id: str, kept: bool, printed_now: str) -> bytes:
    told = {
        "EBusinessID": business_id,
        "UpdateTime": printed_now,
        "Success": kept,
        "Reason": "" if kept else "系统异常",
    }
    return compact(told).encode()


def _events(item: Any, pushed_at: str) -> tuple[CourierEvent, ...]:
    if isinstance(item, Mapping) and "Traces" in item:
        return track(item)
    return (order_state(item, pushed_at),)


def order_state(item: Any, pushed_at: str) -> CourierEvent:
    """The state of an order. Raises `Unreadable`."""
    order_id, code = number(item, "OrderCode"), number(item, "State")
    waybill = number(item, "LogisticCode")
    if not (order_id or waybill) or not code:
        raise Unreadable("an item without OrderCode or State")
    means = units.order_state(code)
    kind = EventKind.INFO if means.kind is EventKind.ALIAS and not waybill else means.kind
    calls = kind in _COURIER_CALLS
    # 110 改预约: under the names that an order has for its window; which ones the push has is not public [?]
    start, end = window(item, "StartDate", "EndDate") if kind is EventKind.PICKUP_RESCHEDULED else (None, None)
    return CourierEvent(
        kind=kind,
        at=from_beijing(text(item, "CreateTime") or pushed_at),
        partner=NAME,
        waybill=waybill or number(item, "KDNOrderCode"),
        order_id=order_id,
        code=code,
        detail=text(item, "Reason"),
        reverses=means.reverses,
        new_waybill=waybill if kind is EventKind.ALIAS else "",
        courier_name=text(item, "PersonName") if calls else "",
        courier_phone=text(item, "PersonTel") if calls else "",
        window_start=start,
        window_end=end,
        unique_key=":".join((NAME, order_id or waybill, code, digest(compact(item), 16))),
    )


def track(item: Mapping[str, Any]) -> tuple[CourierEvent, ...]:
    """Every line, oldest first, the same from a push and from a query. A line without an `Action` moves nothing, but
    the newest takes the state of the whole. Raises `Unreadable`."""
    waybill, lines = number(item, "LogisticCode"), item.get("Traces") or []
    if not waybill or not isinstance(lines, list):
        raise Unreadable("a track without LogisticCode or Traces")
    timed = [(from_beijing(text(line, "AcceptTime")), line) for line in lines]
    newest = max((at for at, _ in timed), default=None)
    whole = number(item, "StateEx") or number(item, "State")
    order_id = number(item, "OrderCode")
    events = [_line(line, at, waybill, order_id, whole if at == newest else "") for at, line in timed]
    return tuple(sorted(events, key=lambda e: e.at))


def _line(line: Any, at: datetime, waybill: str, order_id: str, whole: str) -> CourierEvent:
    said = text(line, "AcceptStation", 500)
    code = number(line, "Action") or whole
    means = units.track_state(code) if code else units.Meaning(EventKind.INFO)
    kind, signed_by = means.kind, means.recipient
    if kind is EventKind.DELIVERED and (signed_by := signed_by_another(said)):
        kind = EventKind.DELIVERED_UNCONFIRMED
    return CourierEvent(
        kind=kind,
        at=at,
        partner=NAME,
        waybill=waybill,
        order_id=order_id,
        code=code,
        detail=said[:200],
        place=text(line, "Location"),
        recipient=signed_by,
        unique_key=":".join((NAME, waybill, at.isoformat(), digest(said, 16))),
    )
