"""Genuine pushes of every partner, sealed and signed as each does it, and what somebody might make of them."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from courier.settings import CourierSettings, from_mapping
from courier.signing import SM4_PREFIX, kdniao_sign, md5_upper, seal_sm4

SECRETS = {name: f"the-hook-secret-of-{name}" for name in ("ems", "sf", "kuaidi100", "kdniao")}
SIGN_KEY, SALT, APP_KEY = "MTIzNDU2Nzg5MDEyMzQ1Ng==", "a-salt-of-our-own-choosing", "an-app-key-of-kdniao"
OTHER_KEY = "QUFBQUFBQUFBQUFBQUFBQQ=="
ENV: Mapping[str, str] = {
    "ZEROTRIP_COURIERS": "ems,sf,kuaidi100,kdniao,jdl",
    "ZEROTRIP_EMS_SENDER_NO": "1100",
    "ZEROTRIP_EMS_AUTHORIZATION": "authorization",
    "ZEROTRIP_EMS_SIGN_KEY": SIGN_KEY,
    "ZEROTRIP_SF_PARTNER_ID": "ZEROTRIP",
    "ZEROTRIP_SF_CHECK_WORD": "a-check-word-of-sf",
    "ZEROTRIP_KUAIDI100_POLL_URL": "http://127.0.0.1:9/poll",
    "ZEROTRIP_KUAIDI100_QUERY_URL": "http://127.0.0.1:9/query",
    "ZEROTRIP_KUAIDI100_KEY": "key",
    "ZEROTRIP_KUAIDI100_SECRET": "secret",
    "ZEROTRIP_KUAIDI100_CUSTOMER": "customer",
    "ZEROTRIP_KUAIDI100_SALT": SALT,
    "ZEROTRIP_KUAIDI100_PUBLIC_URL": "https://zerotrip.example",
    "ZEROTRIP_KDNIAO_TRACE_URL": "http://127.0.0.1:9/trace",
    "ZEROTRIP_KDNIAO_BUSINESS_ID": "test",
    "ZEROTRIP_KDNIAO_APP_KEY": APP_KEY,
    "ZEROTRIP_KDNIAO_CARRIER": "SF",
    "ZEROTRIP_JDL_APP_KEY": "key",
    "ZEROTRIP_JDL_APP_SECRET": "secret",
    "ZEROTRIP_JDL_ACCESS_TOKEN": "token",
    "ZEROTRIP_JDL_CUSTOMER_CODE": "customer",
    **{f"ZEROTRIP_{n.upper()}_BASE_URL": "http://127.0.0.1:9/x" for n in ("ems", "sf", "kuaidi100", "kdniao", "jdl")},
    **{f"ZEROTRIP_{n.upper()}_HOOK_SECRET": secret for n, secret in SECRETS.items()},
}
"""Port 9: nobody is there, so no partner confirms anything."""
FORM = "application/x-www-form-urlencoded;charset=UTF-8"


def settings() -> CourierSettings:
    return from_mapping(ENV)


@dataclass(frozen=True)
class Parcel:
    """`at`: Beijing time as partners print it."""

    waybill: str
    order: str
    at: str


@dataclass(frozen=True)
class Sent:
    raw: bytes
    content_type: str


Make = Callable[[Parcel, str], Sent]
"""`picked_up` or `delivered`."""


def ems(p: Parcel, what: str, key: str = SIGN_KEY, serial: str = "S1") -> Sent:
    code = {"picked_up": {"opCode": "203"}, "delivered": {"opCode": "704", "deliverCode": "10"}}[what]
    scan = {"waybillNo": p.waybill, "orderNo": p.order, "opTime": p.at, "opOrgCode": "51", "opName": "收寄", **code}
    return ems_envelope(seal_sm4(json.dumps(scan, ensure_ascii=False), key), serial)


def ems_envelope(sealed: str, serial: str = "S1") -> Sent:
    told = {"logitcsInterface": sealed, "method": "040002", "msgType": "0", "senderNo": "1100", "serialNo": serial}
    return Sent(json.dumps(told).encode(), "application/json;charset=UTF-8")


def _sf_node(p: Parcel, what: str) -> dict[str, str]:
    code = {"picked_up": "50", "delivered": "80"}[what]
    return {"mailno": p.waybill, "orderid": p.order, "acceptTime": p.at, "opCode": code, "remark": "已收件", "id": "1"}


def sf_routes(p: Parcel, what: str) -> Sent:
    told = {"Body": {"WaybillRoute": [_sf_node(p, what)]}}
    return Sent(json.dumps(told, ensure_ascii=False).encode(), "application/json")


def sf_routes_xml(p: Parcel, what: str) -> Sent:
    attributes = " ".join(f'{k}="{v}"' for k, v in _sf_node(p, what).items())
    xml = f'<Request service="RoutePushService" lang="zh-CN"><Body><WaybillRoute {attributes}/></Body></Request>'
    return Sent(f"content={quote(xml)}".encode(), FORM)


def _sf_state(p: Parcel) -> dict[str, str]:
    return {"orderNo": p.order, "waybillNo": p.waybill, "orderStateCode": "05-40003", "createTm": p.at}


def sf_states(p: Parcel, what: str) -> Sent:
    if what == "delivered":
        return sf_routes(p, what)
    told = {"requestId": "1", "timestamp": 1700000000000, "orderState": [_sf_state(p) | {"orderStateDesc": "收件"}]}
    return Sent(json.dumps(told, ensure_ascii=False).encode(), "application/json")


def sf_states_xml(p: Parcel, what: str) -> Sent:
    if what == "delivered":
        return sf_routes_xml(p, what)
    inside = "".join(f"<{k}>{v}</{k}>" for k, v in _sf_state(p).items())
    return Sent(f"<Request><orderState>{inside}</orderState></Request>".encode(), "text/xml;charset=UTF-8")


def _signed(param: dict[str, object], salt: str = SALT) -> Sent:
    text = json.dumps(param, ensure_ascii=False)
    return Sent(urlencode({"sign": md5_upper(text, salt), "param": text}).encode(), FORM)


def kuaidi100_order(p: Parcel, what: str, salt: str = SALT) -> Sent:
    status = {"picked_up": "10", "delivered": "13"}[what]
    data = {"orderId": "1", "status": status, "thirdOrderId": p.order}
    return _signed({"kuaidicom": "ems", "kuaidinum": p.waybill, "status": "200", "message": "成功", "data": data}, salt)


def kuaidi100_track(p: Parcel, what: str, salt: str = SALT) -> Sent:
    status, state = {"picked_up": ("揽收", "1"), "delivered": ("签收", "3")}[what]
    line = {"context": f"已{status}", "time": p.at, "ftime": p.at, "status": status}
    result = {"state": state, "ischeck": "0", "com": "ems", "nu": p.waybill, "data": [line]}
    return _signed({"status": "polling", "message": "", "lastResult": result}, salt)


def _kdniao(item: dict[str, object], at: str, key: str) -> Sent:
    text = json.dumps({"EBusinessID": "test", "PushTime": at, "Count": "1", "Data": [item]}, ensure_ascii=False)
    form = {"RequestType": "101", "RequestData": text, "DataSign": kdniao_sign(text, key)}
    return Sent(urlencode(form).encode(), FORM)


def kdniao_order(p: Parcel, what: str, key: str = APP_KEY) -> Sent:
    state = {"picked_up": "301", "delivered": "3"}[what]
    item = {"OrderCode": p.order, "ShipperCode": "SF", "LogisticCode": p.waybill, "State": state, "CreateTime": p.at}
    return _kdniao(item | {"Reason": "揽件"}, p.at, key)


def kdniao_track(p: Parcel, what: str, key: str = APP_KEY) -> Sent:
    action = {"picked_up": "1", "delivered": "301"}[what]
    line = {"AcceptTime": p.at, "AcceptStation": "本人已处理", "Action": action}
    item = {"OrderCode": p.order, "LogisticCode": p.waybill, "State": action, "Traces": [line]}
    return _kdniao(item, p.at, key)


GENUINE: Mapping[str, tuple[str, Make]] = {
    "ems": ("ems", ems),
    "sf routes": ("sf", sf_routes),
    "sf routes, xml": ("sf", sf_routes_xml),
    "sf states": ("sf", sf_states),
    "sf states, xml": ("sf", sf_states_xml),
    "kuaidi100 order": ("kuaidi100", kuaidi100_order),
    "kuaidi100 track": ("kuaidi100", kuaidi100_track),
    "kdniao order": ("kdniao", kdniao_order),
    "kdniao track": ("kdniao", kdniao_track),
}


# ── what is made of them without the secret ──


def forged(kind: str, p: Parcel) -> Iterator[tuple[str, Sent]]:
    """Pushes that say "delivered", by somebody who has seen a genuine one and has no key."""
    _, make = GENUINE[kind]
    seen, wanted = make(p, "picked_up"), make(p, "delivered")
    yield "nothing", Sent(b"", seen.content_type)
    yield "an empty object", Sent(b"{}", seen.content_type)
    if kind == "ems":
        yield "another key", ems(p, "delivered", OTHER_KEY)
        yield "unsealed", ems_envelope(base64.b64encode(b'{"opCode":"704"}').decode())
        plain = json.dumps({"waybillNo": p.waybill, "opCode": "704", "deliverCode": "10", "opTime": p.at})
        yield "in the clear", ems_envelope(plain)
        yield from (("blocks rearranged", s) for s in _rearranged(seen))
    elif kind.startswith("kuaidi100"):
        by_salt = {"kuaidi100 order": kuaidi100_order, "kuaidi100 track": kuaidi100_track}[kind]
        yield from (("another salt", by_salt(p, "delivered", salt)) for salt in ("", "guess"))
        yield from _other_text(seen, wanted, "sign", "param")
    elif kind.startswith("kdniao"):
        by_key = {"kdniao order": kdniao_order, "kdniao track": kdniao_track}[kind]
        yield from (("another key", by_key(p, "delivered", key)) for key in ("", "guess"))
        yield from _other_text(seen, wanted, "DataSign", "RequestData")
    else:
        yield "delivered, which SF's own record does not show", wanted


def _other_text(seen: Sent, wanted: Sent, sign: str, text: str) -> Iterator[tuple[str, Sent]]:
    """The signature of a genuine push over another text; none; the text twice."""

    def field(sent: Sent, name: str) -> str:
        return next(part for part in sent.raw.decode().split("&") if part.startswith(f"{name}="))

    good, bad, evil = field(seen, sign), field(seen, text), field(wanted, text)
    yield "the signature of another", Sent(f"{good}&{evil}".encode(), FORM)
    yield "no signature", Sent(evil.encode(), FORM)
    yield "an empty signature", Sent(f"{sign}=&{evil}".encode(), FORM)
    yield "the text twice", Sent(f"{good}&{bad}&{evil}".encode(), FORM)
    yield "the text twice, the genuine one last", Sent(f"{good}&{evil}&{bad}".encode(), FORM)


def _rearranged(seen: Sent) -> Iterator[Sent]:
    """ECB: whoever sees sealed blocks can leave some out or swap them."""
    sealed = base64.b64decode(json.loads(seen.raw)["logitcsInterface"][len(SM4_PREFIX) :])
    blocks = [sealed[i : i + 16] for i in range(0, len(sealed), 16)]
    for i in range(len(blocks) - 1):
        without = blocks[:i] + blocks[i + 1 :]
        swapped = [*blocks[:i], blocks[i + 1], blocks[i], *blocks[i + 2 :]]
        for some in (without, swapped):
            yield ems_envelope(SM4_PREFIX + base64.b64encode(b"".join(some)).decode(), f"R{i}")


def mangled(sent: Sent) -> Iterator[tuple[str, Sent]]:
    """The same push cut off, or written otherwise on its way."""
    raw, ctype = sent.raw, sent.content_type
    for part in (0.25, 0.5, 0.75):
        yield f"cut at {part}", Sent(raw[: int(len(raw) * part)], ctype)
    yield "its last byte missing", Sent(raw[:-1], ctype)
    text = raw.decode()
    for encoding in ("utf-16", "utf-16-le", "gb18030", "utf-7"):
        yield encoding, Sent(text.encode(encoding), ctype)
    yield "a byte order mark", Sent(b"\xef\xbb\xbf" + raw, ctype)
    yield "twice over", Sent(raw + raw, ctype)
    yield "zipped", Sent(gzip.compress(raw), ctype)
    yield "in base64", Sent(base64.b64encode(raw), ctype)
    yield "percent-encoded again", Sent(quote(text, safe="").encode(), ctype)
    yield "values percent-encoded again", Sent(text.replace("%", "%25").encode(), ctype)
    yield "white space around it", Sent(b" \r\n" + raw + b"\r\n ", ctype)
    yield "a NUL behind it", Sent(raw + b"\0", ctype)
    yield "as another content type", Sent(raw, "text/plain")
    yield "upper case", Sent(text.upper().encode(), ctype)
    yield "a document type", Sent(b'<!DOCTYPE x [<!ENTITY e "x">]>' + raw, "text/xml")
