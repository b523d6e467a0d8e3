"""What Kuaidi100 pushes: the state of an order, and the track of a waybill. Pure.

Both come as a form with `param` and `sign` = MD5(param + salt) in upper case, over the text of `param` exactly as it
came. Kuaidi100 signs only for who gave it a salt: we always do, so a push without a signature is not believed. What
stands beside `param` in the form (`taskId`) is unsigned and not read.

A track is the whole history, newest first, every time: a line's key is made of its time and its words, so a history
told again is nothing new. An order's state has no time of its own [?]: it gets the time at which it is read, and its
key is its content.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from courier.entries import SECRET_LENGTH_MIN
from courier.kuaidi100 import units
from courier.port import Push, PushRejected, PushUnreadable
from courier.reading import Unreadable, compact, digest, form_of, from_beijing, number, parsed, signed_by_another, text
from courier.signing import md5_upper, same
from courier.vocabulary import CourierEvent, EventKind

NAME = "kuaidi100"
# A year's history of a lost parcel is some 60 kB in a form.
PUSH_BYTES_MAX = 256 * 1024
_ABORTED = "abort"


def verify(raw: bytes, salt: str) -> Push | PushRejected:
    """Without a salt nothing is genuine."""
    if len(raw) > PUSH_BYTES_MAX:
        return PushRejected(NAME, "too_large")
    try:
        form = form_of(raw)
    except Unreadable:
        return PushRejected(NAME, "not_a_form")
    param, sign = form.get("param", ""), form.get("sign", "")
    if not param or not sign:
        return PushRejected(NAME, "unsigned")
    if len(salt) < SECRET_LENGTH_MIN or not same(md5_upper(param, salt), sign.upper()):
        return PushRejected(NAME, "signature")
    return Push(NAME, digest(param, 64), param.encode())


def read(push: Push, now: datetime) -> tuple[CourierEvent, ...]:
    """Raises `PushUnreadable`. A history is read whole or not at all."""
    try:
        told = parsed(push.body)
        if not isinstance(told, Mapping):
            raise Unreadable("not an object")
        if "lastResult" in told:
            return track(told, now, digest(push.body))
        return (order_state(told, now, digest(push.body)),)
    except Unreadable as e:
        raise PushUnreadable(NAME, str(e)) from None


def answer(kept: bool) -> bytes:
    """Anything but 200 asks for the push again: three times, half an hour apart, and then no more."""
    message = "提交成功" if kept else "服务器错误"
    return compact({"result": kept, "returnCode": "200" if kept else "500", "message": message}).encode()


def order_state(told: Any, now: datetime, key: str) -> CourierEvent:
    """The state of an order. Raises `Unreadable`."""
    data = told.get("data")
    waybill, code, order_id = number(told, "kuaidinum"), number(data, "status"), number(data, "thirdOrderId")
    if not (waybill or order_id) or not code:
        raise Unreadable("a state without kuaidinum or status")
    kind = units.order_state(code)
    calls = kind is EventKind.COURIER_ASSIGNED
    return CourierEvent(
        kind=kind,
        at=now,
        partner=NAME,
        waybill=waybill,
        order_id=order_id,
        code=code,
        detail=text(told, "message"),
        courier_name=text(data, "courierName") if calls else "",
        courier_phone=text(data, "courierMobile") if calls else "",
        unique_key=":".join((NAME, waybill or order_id, code, key)),
    )


def track(told: Any, now: datetime, key: str) -> tuple[CourierEvent, ...]:
    """The history in a push. One that Kuaidi100 gave up watching says so with an event: somebody subscribes again."""
    result = told["lastResult"]
    if not isinstance(result, Mapping):
        raise Unreadable("lastResult is no object")
    waybill = number(result, "nu")
    lines = history(result) if result.get("data") else ()
    if text(told, "status") != _ABORTED or not waybill:
        return lines
    said = CourierEvent(
        kind=EventKind.UNWATCHED,
        at=now,
        partner=NAME,
        waybill=waybill,
        code=_ABORTED,
        detail=text(told, "message"),
        unique_key=":".join((NAME, waybill, _ABORTED, key)),
    )
    return (*lines, said)


def history(result: Any) -> tuple[CourierEvent, ...]:
    """Every line, oldest first, the same from a push and from a query. Only the newest may take its state from the
    whole: a line that says none moves nothing. Raises `Unreadable`."""
    waybill, lines = number(result, "nu"), result.get("data")
    if not waybill or not isinstance(lines, list):
        raise Unreadable("a track without nu or data")
    events = [_line(line, waybill, text(result, "state") if n == 0 else "") for n, line in enumerate(lines)]
    return tuple(reversed(events))


def _line(line: Any, waybill: str, state: str) -> CourierEvent:
    said = text(line, "context", 500)
    at = from_beijing(text(line, "ftime") or text(line, "time"))
    code = number(line, "statusCode") or number(line, "status") or state
    kind, signed_by = units.track_state(code) if code else EventKind.INFO, None
    if kind is EventKind.DELIVERED and (signed_by := signed_by_another(said)):
        kind = EventKind.DELIVERED_UNCONFIRMED
    return CourierEvent(
        kind=kind,
        at=at,
        partner=NAME,
        waybill=waybill,
        code=code,
        detail=said[:200],
        place=text(line, "areaName"),
        recipient=signed_by,
        unique_key=":".join((NAME, waybill, at.isoformat(), digest(said, 16))),
    )
