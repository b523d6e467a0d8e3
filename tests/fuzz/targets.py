"""What is fuzzed: functions that take any bytes, and samples of what they take kindly.

A target returns for whatever it should withstand and raises for what it should not: an exception that its callers do not
expect, an answer that breaks a promise. Where a secret stands before the parser, the bytes are what is sealed or signed:
whoever has broken the seal, or the partner itself, is whom the parser meets.
"""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from courier.ems.partner import EmsPartner
from courier.jdl.partner import JdlPartner
from courier.kdniao.partner import KdniaoPartner
from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import Partner, Push, PushRejected, PushUnreadable
from courier.sf.partner import SfPartner
from courier.signing import kdniao_sign, md5_upper, open_sm4, seal_sm4
from messaging.wechat import crypto
from preaudit.guard import child_refusal, refusal, sniff
from preaudit.lost import ChildFailed
from preaudit.memory_files import fill, memory_file
from preaudit.opening import job_for
from preaudit.replies import Decoded, page_of, parsed
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits, FileLimits, PreauditSettings
from tests.courier.ems.test_mapper import SETTINGS as EMS
from tests.courier.jdl.test_jdl import settings as jdl_settings
from tests.courier.kdniao.test_kdniao import APP_KEY
from tests.courier.kdniao.test_kdniao import settings as kdniao_settings
from tests.courier.kuaidi100.test_mapper import settings as kuaidi100_settings
from tests.courier.sf.test_mapper import settings as sf_settings
from tests.preaudit import badfiles
from tests.specimens import hostile

PAYLOADS = Path(__file__).parents[1] / "courier/payloads"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
FORM, JSON, XML = "application/x-www-form-urlencoded;charset=UTF-8", "application/json", "text/xml"
TOKEN, AES_KEY, APPID = "a-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef"
DEEP = b'{"Encrypt": ' + b"[" * 3000
"""Deeper than the parser goes down."""
HASTY = ChildLimits(cpu_seconds=5, wall_seconds=10)


@dataclass(frozen=True)
class Target:
    """`runs`: how many `make chaos` does, about a quarter of a minute of one core."""

    run: Callable[[bytes], None]
    samples: Callable[[], Iterable[bytes]]
    runs: int
    longest: int = 4096
    json: bool = False
    """Half of the changes are to values, so that what is made is JSON again."""


# -- couriers ---------------------------------------------------------------------------------------------------------


def payloads(*patterns: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [path.read_bytes().strip() for pattern in patterns for path in sorted(PAYLOADS.glob(pattern))]


def pushed(partner: Partner, raw: bytes, content_type: str) -> None:
    """As the door and then the worker do it."""
    said = partner.verify_push(raw, {"content-type": content_type}, content_type)
    assert partner.answer_push(said, kept=True).status < 500
    if isinstance(said, PushRejected):
        return
    assert 0 < len(said.delivery_id) <= 128
    try:
        events = partner.parse_push(Push(partner.name, said.delivery_id, said.body))
    except PushUnreadable:
        return
    for event in events:
        assert event.at.tzinfo is not None
        assert 0 < len(event.unique_key) <= 128
        json.dumps([event.waybill, event.order_id, event.code]).encode()
        repr(event).encode()  # every text can be kept: no half characters


@functools.cache
def _ems() -> Partner:
    return EmsPartner(EMS, lambda: NOW)


@functools.cache
def _sf() -> Partner:
    return SfPartner(sf_settings(), lambda: NOW)


@functools.cache
def _kuaidi100() -> Partner:
    return Kuaidi100Partner(kuaidi100_settings(), lambda: NOW)


@functools.cache
def _kdniao() -> Partner:
    return KdniaoPartner(kdniao_settings(), lambda: NOW)


@functools.cache
def _jdl() -> Partner:
    return JdlPartner(jdl_settings(), lambda: NOW)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _ems_scans() -> Iterable[bytes]:
    return [open_sm4(json.loads(raw)["logitcsInterface"], EMS.sign_key) for raw in payloads("ems_push*")()]


def ems_sealed(data: bytes) -> None:
    told = {"logitcsInterface": seal_sm4(_text(data), EMS.sign_key), "method": "040002", "serialNo": "S1"}
    pushed(_ems(), json.dumps(told).encode(), JSON)


def kuaidi100_signed(data: bytes) -> None:
    text = _text(data)
    pushed(_kuaidi100(), urlencode({"sign": md5_upper(text, kuaidi100_settings().salt), "param": text}).encode(), FORM)


def kdniao_signed(data: bytes) -> None:
    text = _text(data)
    form = {"RequestType": "102", "RequestData": text, "DataSign": kdniao_sign(text, APP_KEY)}
    pushed(_kdniao(), urlencode(form).encode(), FORM)


def any_push(data: bytes) -> None:
    """The first byte says to whom it comes and as what."""
    if data:
        partner = (_ems, _sf, _kuaidi100, _kdniao, _jdl)[data[0] % 5]()
        pushed(partner, data[1:], (JSON, FORM, XML, "")[data[0] // 5 % 4])


def sf_pushed(data: bytes) -> None:
    for content_type in (JSON, FORM, XML):
        pushed(_sf(), data, content_type)


# -- the messaging platform -------------------------------------------------------------------------------------------


def wechat_body(data: bytes) -> None:
    """Whatever stands in an envelope: refused in one word, or opened."""
    _opened(data, "wrong")
    found = crypto._IN_XML.search(data)
    if found is not None:
        _opened(data, crypto.signature(TOKEN, "1767575000", "n", found[1].decode()))


def wechat_sealed(data: bytes) -> None:
    """The message itself comes out as it went in; in XML and in JSON."""
    sealed = crypto.sealed(AES_KEY, APPID, data, b"0" * 16)
    signed = crypto.signature(TOKEN, "1767575000", "n", sealed)
    for body in (f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>", json.dumps({"Encrypt": sealed})):
        push = crypto.Push("", "1767575000", "n", signed)
        assert crypto.opened(TOKEN, AES_KEY, APPID, push, body.encode()) == data


def wechat_cipher(data: bytes) -> None:
    """Cipher text that nobody sealed, signed by somebody who has the token and not the key."""
    cipher = crypto.base64.b64encode(data).decode()
    body = f"<xml><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode()
    _opened(body, crypto.signature(TOKEN, "1767575000", "n", cipher))


def _opened(body: bytes, signature: str) -> None:
    try:
        crypto.opened(TOKEN, AES_KEY, APPID, crypto.Push("", "1767575000", "n", signature), body)
    except crypto.PushUnreadable:
        return


def _envelopes() -> Iterable[bytes]:
    sealed = crypto.sealed(AES_KEY, APPID, b"<xml><Event>x</Event></xml>", b"0" * 16)
    return [
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode(),
        json.dumps({"Encrypt": sealed}).encode(),
        DEEP,
    ]


# -- files ------------------------------------------------------------------------------------------------------------


@functools.cache
def _sandbox() -> Sandbox:
    return Sandbox(HASTY)


def guard(data: bytes) -> None:
    limits = FileLimits(max_bytes=2000)
    refused = refusal(data, limits)
    assert (refused is None) == (0 < len(data) <= limits.max_bytes and sniff(data) is not None)
    assert refused is None or (refused.message and refused.advice)


def opened(data: bytes) -> None:
    """The whole path of a file, child and all: a page, a refusal in words, or a lost child; never anything else."""
    settings = PreauditSettings()
    if refusal(data, settings.files) is not None:
        return
    try:
        found = _sandbox().run(job_for(str(sniff(data)), 1, settings), data)
    except ChildFailed as lost:
        found = Decoded(lost.word, 0, 1, 0, 0, None, (), 0)
    _is_whole(found)


def _is_whole(found: Decoded) -> None:
    if found.error:
        assert child_refusal(found.error, found.measure, FileLimits()).message
        return
    assert found.picture is not None
    assert min(found.picture.shape) > 0
    assert 1 <= found.pages <= FileLimits().max_pages
    kept = json.dumps([found.words, found.pictures, found.facts], ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in kept
    kept.encode()


def child_reply(data: bytes) -> None:
    """What a child that was taken over might answer instead of a page."""
    with memory_file("pixels") as pixels:
        fill(pixels, bytes(12))
        try:
            _is_whole(page_of(parsed(data), pixels, job_for("pdf", 1, PreauditSettings())))
        except ChildFailed:
            return


def _replies() -> Iterable[bytes]:
    whole = {
        "pages": 1, "width": 2, "height": 2, "picture": [2, 2], "words": [{"text": "a", "box": [0, 0, 1, 1]}],
        "pictures": [[0, 0, 1, 1]], "peak": 1, "facts": {"signatures": 0, "blanks": [
            {"name": "n", "value": "v", "ticked": None, "box": [0, 0, 1, 1]}]},
    }  # fmt: skip
    return [json.dumps(whole).encode(), b'{"error": "pixels", "measure": 5}', b'{"error": "damaged", "peak": 9}']


def _pdfs() -> Iterable[bytes]:
    return [
        hostile.harmless_pdf(), hostile.with_javascript(), hostile.with_embedded_file(), hostile.with_broken_table(),
        hostile.with_outside_references(), hostile.of_pages_in_a_ring(), badfiles.pdf_of("one", "two"),
    ]  # fmt: skip


def _pictures() -> Iterable[bytes]:
    return [
        badfiles.jpeg(48, 32, 6), badfiles.jpeg_with_garbage_exif(), badfiles.png(40, 30), hostile.png_with_words(),
        hostile.sixteen_bits(), hostile.four_inks(), hostile.several_in_one(), hostile.animated_png(3),
    ]  # fmt: skip


TARGETS: Mapping[str, Target] = {
    "guard": Target(guard, lambda: [*_pdfs(), *_pictures(), b"\x1b%-12345X@PJL SET\r\n%PDF-1.4"], 100_000),
    "any_push": Target(any_push, lambda: [bytes([i]) + raw for i in range(5) for raw in payloads("*push*")()], 40_000),
    "ems_sealed": Target(ems_sealed, _ems_scans, 10_000, json=True),
    "sf_pushed": Target(sf_pushed, payloads("sf_push*"), 20_000, json=True),
    "kuaidi100_signed": Target(
        kuaidi100_signed, payloads("kuaidi100_callback*", "kuaidi100_track*"), 20_000, json=True
    ),
    "kdniao_signed": Target(kdniao_signed, payloads("kdniao_push*"), 20_000, json=True),
    "wechat_body": Target(wechat_body, _envelopes, 60_000, json=True),
    "wechat_sealed": Target(wechat_sealed, lambda: [b"<xml/>", b""], 20_000),
    "wechat_cipher": Target(wechat_cipher, lambda: [bytes(32), bytes(range(64))], 40_000),
    "child_reply": Target(child_reply, _replies, 30_000, json=True),
    "pdf": Target(opened, _pdfs, 400),
    "picture": Target(opened, _pictures, 800),
}
