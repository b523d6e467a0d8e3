"""What SF pushes: nodes of a waybill's route (RoutePushService) and states of an order, each as JSON or as XML. Pure.

SF signs nothing and sends no token: what proves a push is the secret in the address it comes to, which
`courier.registry.hook_opens` checks before. Here only the form is checked; whatever is odd is refused. An event's key
is made of what the route query tells as well (waybill, code, time), because a delivery is believed only when the query
shows it; SF's own `id` of a node is not in the query.

The XML form of the order state is not public [?]: elements `orderState` with the documented names inside, as elements
or attributes, are read. A document type declaration is refused: an entity could be a bomb or a door.
"""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from courier.port import Push, PushRejected, PushUnreadable
from courier.reading import (
    Unreadable,
    compact,
    digest,
    form_of,
    from_beijing,
    from_millis,
    number,
    parsed,
    signed_by_another,
    text,
    window,
)
from courier.sf import units
from courier.vocabulary import CourierEvent, EventKind

NAME = "sf"
# Ten nodes of a few hundred bytes are the documents' most; a whole day's states of a large customer stay below this.
PUSH_BYTES_MAX = 256 * 1024
_ITEMS_MAX = 500
_COURIER_CALLS = frozenset({EventKind.COURIER_ASSIGNED, EventKind.PICKUP_FAILED, EventKind.PICKUP_RESCHEDULED})
_APPOINTS = frozenset({EventKind.COURIER_ASSIGNED, EventKind.PICKUP_RESCHEDULED})
_FORBIDDEN = ("<!doctype", "<!entity")

ROUTES_JSON, ROUTES_XML, STATES_JSON, STATES_XML = "routes_json", "routes_xml", "states_json", "states_xml"


def verify(raw: bytes) -> Push | PushRejected:
    """The delivery's identity is that of its content: SF sends a failed batch again whole."""
    if len(raw) > PUSH_BYTES_MAX:
        return PushRejected(NAME, "too_large")
    try:
        body = _body(raw)
        kind, _, _ = _items(body)
    except Unreadable as e:
        return PushRejected(NAME, str(e).replace(" ", "_"))
    return Push(NAME, digest(body, 64), body.encode(), reply_to=kind)


def read(push: Push) -> tuple[CourierEvent, ...]:
    """Raises `PushUnreadable`. A batch is read whole or not at all."""
    try:
        kind, items, sent_at = _items(push.body.decode())
        if kind in {ROUTES_JSON, ROUTES_XML}:
            return tuple(route_node(item) for item in items)
        return tuple(order_state(item, sent_at) for item in items)
    except (Unreadable, UnicodeDecodeError) as e:
        raise PushUnreadable(NAME, str(e)) from None


def answer(kind: str, kept: bool) -> tuple[str, bytes]:
    """SF's receipt in the form of what it sent: content type and body."""
    if kind == ROUTES_XML:
        error = '<Head>ERR</Head><ERROR code="4001">系统发生数据错误或运行时异常</ERROR>'
        said = "<Head>OK</Head>" if kept else error
        return "text/xml;charset=UTF-8", f'<Response service="RoutePushService">{said}</Response>'.encode()
    if kind == STATES_XML:
        return "text/xml;charset=UTF-8", f"<Response><success>{str(kept).lower()}</success></Response>".encode()
    if kind == STATES_JSON:
        told = {"success": str(kept).lower(), "code": "0" if kept else "1", "msg": "" if kept else "系统异常"}
        return "application/json", compact(told).encode()
    told = {"return_code": "0000" if kept else "1000", "return_msg": "成功" if kept else "系统异常"}
    return "application/json", compact(told).encode()


def _body(raw: bytes) -> str:
    """JSON or XML as text, taken out of its form if it came in one."""
    try:
        whole = raw.decode().strip().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable("not utf8") from None
    return whole if whole[:1] in ("{", "<") else form_of(whole.encode()).get("content", "").strip()


def _items(body: str) -> tuple[str, list[Mapping[str, Any]], Any]:
    """What kind of push, its items, and when it was sent (states in JSON only)."""
    kind, items, sent_at = _xml_items(body) if body.startswith("<") else _json_items(parsed(body))
    if not items or len(items) > _ITEMS_MAX or not all(isinstance(i, Mapping) for i in items):
        raise Unreadable("no items")
    return kind, items, sent_at


def _json_items(told: Any) -> tuple[str, list[Mapping[str, Any]], Any]:
    if not isinstance(told, Mapping):
        raise Unreadable("not an object")
    if "Body" in told:
        return ROUTES_JSON, _listed(told["Body"], "WaybillRoute"), None
    return STATES_JSON, _listed(told, "orderState"), told.get("timestamp")


def _listed(value: Any, key: str) -> list[Mapping[str, Any]]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else [found] if isinstance(found, Mapping) else []


def _xml_items(body: str) -> tuple[str, list[Mapping[str, Any]], Any]:
    if any(word in body.lower() for word in _FORBIDDEN):
        raise Unreadable("document type")
    try:
        # Without its declaration: the text is decoded already, and is not decoded again as something else.
        root = ElementTree.fromstring(body[body.index("?>") + 2 :] if body.startswith("<?") else body)
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise Unreadable("not xml") from None
    routes = [dict(node.attrib) for node in root.iter("WaybillRoute")]
    if routes:
        return ROUTES_XML, list(routes), None
    states = [{c.tag: c.text or "" for c in node} | dict(node.attrib) for node in root.iter("orderState")]
    return STATES_XML, list(states), None


def route_node(item: Any) -> CourierEvent:
    """One node of a route, the same from a push and from a query. Raises `Unreadable`."""
    waybill, code, printed = number(item, "mailno"), number(item, "opCode"), text(item, "acceptTime")
    if not waybill or not code:
        raise Unreadable("a node without mailno or opCode")
    at, said = from_beijing(printed), text(item, "remark")
    kind, signed_by = units.route_node(code), None
    if kind is EventKind.DELIVERED and (signed_by := signed_by_another(said)):
        kind = EventKind.DELIVERED_UNCONFIRMED
    return CourierEvent(
        kind=kind,
        at=at,
        partner=NAME,
        waybill=waybill,
        order_id=number(item, "orderid"),
        code=code,
        detail=said or text(item, "reasonName"),
        place=text(item, "acceptAddress"),
        recipient=signed_by,
        unique_key=":".join((NAME, waybill, code, at.isoformat())),
    )


def order_state(item: Any, sent_at: Any) -> CourierEvent:
    """One state of an order. Raises `Unreadable`."""
    order_id, waybill, code = number(item, "orderNo"), number(item, "waybillNo"), number(item, "orderStateCode")
    if not (order_id or waybill) or not code:
        raise Unreadable("a state without orderNo or orderStateCode")
    printed = text(item, "createTm")
    at = from_beijing(printed) if printed else from_millis(sent_at)
    kind = units.order_state(code)
    calls = kind in _COURIER_CALLS
    # `lastTime` is the latest at which the courier comes; that `bookTime` is the earliest is read off samples [?]
    start, end = window(item, "bookTime", "lastTime") if kind in _APPOINTS else (None, None)
    return CourierEvent(
        kind=kind,
        at=at,
        partner=NAME,
        waybill=waybill,
        order_id=order_id,
        code=code,
        detail=text(item, "orderStateDesc"),
        courier_name=text(item, "empName") if calls else "",
        courier_phone=text(item, "empPhone") if calls else "",
        window_start=start,
        window_end=end,
        unique_key=":".join((NAME, order_id or waybill, code, at.isoformat())),
    )
