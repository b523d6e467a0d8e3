"""What holds for every partner: it is a `Partner`, its hook opens to its own secret, and a push that is forged, cut,
encoded anew or sent again is refused or harmless."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from courier.ems.partner import EmsPartner
from courier.fold import fold
from courier.jdl.partner import JdlPartner
from courier.kdniao.partner import KdniaoPartner
from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import Authenticity, Partner, Push, PushRejected, PushUnreadable
from courier.registry import hook_opens, partners
from courier.settings import CourierSettings
from courier.sf.partner import SfPartner
from courier.signing import kdniao_sign, md5_upper
from courier.vocabulary import CourierEvent
from tests.courier.ems.test_mapper import SETTINGS as EMS
from tests.courier.jdl.test_jdl import settings as jdl_settings
from tests.courier.kdniao.test_kdniao import APP_KEY
from tests.courier.kdniao.test_kdniao import settings as kdniao_settings
from tests.courier.kuaidi100.test_mapper import settings as kuaidi100_settings
from tests.courier.sf.test_mapper import settings as sf_settings

PAYLOADS = Path(__file__).parent / "payloads"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
FORM, JSON, XML = "application/x-www-form-urlencoded;charset=UTF-8", "application/json", "text/xml"


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes().strip()


def kuaidi100_form(name: str) -> bytes:
    param = payload(name).decode()
    return urlencode({"param": param, "sign": md5_upper(param, kuaidi100_settings().salt)}).encode()


def kdniao_form(name: str) -> bytes:
    data = payload(name).decode()
    return urlencode({"RequestType": "102", "RequestData": data, "DataSign": kdniao_sign(data, APP_KEY)}).encode()


@dataclass(frozen=True)
class Sample:
    """A genuine push, and how somebody without our secret would write its content anew."""

    partner: Callable[[], Partner]
    raw: bytes
    content_type: str
    anew: Callable[[bytes], bytes]


def json_anew(raw: bytes) -> bytes:
    return json.dumps(json.loads(raw), indent=2, sort_keys=True).encode()


def form_anew(raw: bytes) -> bytes:
    """The same fields, their JSON written otherwise."""
    pairs = [part.split("=", 1) for part in raw.decode().split("&")]
    return "&".join(f"{k}={v.replace('%3A', '%3A+')}" for k, v in pairs).encode()


def ems() -> Partner:
    return EmsPartner(EMS, lambda: NOW)


def sf() -> Partner:
    return SfPartner(sf_settings(), lambda: NOW)


def kuaidi100() -> Partner:
    return Kuaidi100Partner(kuaidi100_settings(), lambda: NOW)


def kdniao() -> Partner:
    return KdniaoPartner(kdniao_settings(), lambda: NOW)


def jdl() -> Partner:
    return JdlPartner(jdl_settings(), lambda: NOW)


SAMPLES = {
    "ems": Sample(ems, payload("ems_push_704_self.json"), JSON, json_anew),
    "sf-routes": Sample(sf, payload("sf_push_routes.json"), JSON, json_anew),
    "sf-routes-form": Sample(sf, payload("sf_push_routes.form"), FORM, lambda raw: raw.replace(b"%20", b"+")),
    "sf-state": Sample(sf, payload("sf_push_state.json"), JSON, json_anew),
    "sf-state-xml": Sample(sf, payload("sf_push_state.xml"), XML, lambda raw: raw.replace(b"><", b">\n<")),
    "kuaidi100-state": Sample(kuaidi100, kuaidi100_form("kuaidi100_callback_assigned.json"), FORM, form_anew),
    "kuaidi100-track": Sample(kuaidi100, kuaidi100_form("kuaidi100_track.json"), FORM, form_anew),
    "kdniao-state": Sample(kdniao, kdniao_form("kdniao_push_assigned.json"), FORM, form_anew),
    "kdniao-track": Sample(kdniao, kdniao_form("kdniao_push_track.json"), FORM, form_anew),
}
EVERY = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
PARTNERS = [ems, sf, kuaidi100, kdniao, jdl]


def opened(sample: Sample, raw: bytes) -> tuple[CourierEvent, ...]:
    """The events of a push, none if it is refused or says nothing readable."""
    partner = sample.partner()
    push = partner.verify_push(raw, {"Content-Type": sample.content_type}, sample.content_type)
    if isinstance(push, PushRejected):
        assert partner.answer_push(push, kept=False).status == 403
        return ()
    # A worker has only what the inbox keeps.
    try:
        return partner.parse_push(Push(partner.name, push.delivery_id, push.body))
    except PushUnreadable:
        return ()


@EVERY
def test_a_genuine_push_is_read_from_what_is_kept_and_answered(sample: Sample) -> None:
    partner = sample.partner()
    push = partner.verify_push(sample.raw, {}, sample.content_type)
    assert isinstance(push, Push)
    assert len(push.delivery_id) <= 128
    events = opened(sample, sample.raw)
    assert events
    assert all(e.partner == partner.name and 0 < len(e.unique_key) <= 128 for e in events)
    assert partner.answer_push(push, kept=True).body
    assert partner.answer_push(push, kept=True) != partner.answer_push(push, kept=False)


@EVERY
def test_a_replayed_push_is_one_delivery_and_the_same_facts(sample: Sample) -> None:
    partner = sample.partner()
    first, again = (partner.verify_push(sample.raw, {}, sample.content_type) for _ in range(2))
    assert first == again
    once, twice = opened(sample, sample.raw), opened(sample, sample.raw) * 2
    assert fold(once) == fold(twice)


@EVERY
def test_a_push_written_anew_is_refused_or_tells_nothing_new(sample: Sample) -> None:
    anew = sample.anew(sample.raw)
    assert anew != sample.raw
    known = {e.unique_key for e in opened(sample, sample.raw)}
    assert {e.unique_key for e in opened(sample, anew)} <= known


@EVERY
def test_a_push_cut_anywhere_is_refused_or_unreadable(sample: Sample) -> None:
    for cut in range(0, len(sample.raw) - 1, 37):
        assert opened(sample, sample.raw[:cut]) == ()


@EVERY
def test_a_push_to_another_partner_says_nothing(sample: Sample) -> None:
    for other in PARTNERS:
        if other is not sample.partner:
            assert isinstance(other().verify_push(sample.raw, {}, sample.content_type), PushRejected)


@pytest.mark.parametrize("make", [ems, kuaidi100, kdniao, jdl])
@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"{}",
        b"[]",
        b"\x00",
        b"param=%7B%7D&sign=",
        b"RequestData=%7B%7D&DataSign=",
        b'{"serialNo":"1","method":"040002","logitcsInterface":""}',
        ("param=" + quote('{"kuaidinum":"YT1","data":{"status":"13"}}')).encode(),
    ],
)
def test_without_a_signature_nothing_is_believed(make: Callable[[], Partner], forged: bytes) -> None:
    assert isinstance(make().verify_push(forged, {}, ""), PushRejected)


def everybody() -> CourierSettings:
    return CourierSettings(
        "ems",
        {
            "ems": EMS,
            "sf": sf_settings(),
            "kuaidi100": kuaidi100_settings(),
            "kdniao": kdniao_settings(),
            "jdl": jdl_settings(),
        },
    )


def test_every_configured_partner_is_built_under_its_own_name() -> None:
    built = partners(everybody())
    assert {name: p.name for name, p in built.items()} == {name: name for name in everybody().partners}


@pytest.mark.parametrize("name", ["ems", "sf", "kuaidi100", "kdniao"])
def test_a_hook_opens_to_its_own_secret_only(name: str) -> None:
    settings = everybody()
    assert hook_opens(settings, name, "0123456789abcdef")
    for wrong in ("", "0123456789abcdeF", "0123456789abcdef ", "0123456789abcde"):
        assert not hook_opens(settings, name, wrong)


@pytest.mark.parametrize("secret", ["", "0123456789abcdef", "None"])
def test_a_partner_without_pushes_has_a_hook_that_opens_to_nobody(secret: str) -> None:
    assert not hook_opens(everybody(), "jdl", secret)


def test_an_unsigned_partner_says_that_its_pushes_prove_nothing() -> None:
    assert {make().name: make().capabilities.pushes for make in PARTNERS} == {
        "ems": Authenticity.WEAK,
        "sf": Authenticity.NONE,
        "kuaidi100": Authenticity.STRONG,
        "kdniao": Authenticity.STRONG,
        "jdl": Authenticity.NONE,
    }
