"""What a deployment says about its partners. Frozen values; the environment is read by the composition roots alone.

`from_mapping(os.environ)` there, or build the values by hand. No secret has a default; what is missing or cannot be
right is `SettingsWrong`, which names the variable. Times are seconds. Addresses are https unless the host is this
machine (the sandbox).

A variable is the prefix, the partner's name and the field's: ZEROTRIP_EMS_SIGN_KEY is `EmsSettings.sign_key`. Fields
without a default must be set. All partners share CONNECT_TIMEOUT_S, READ_TIMEOUT_S, SANDBOX (1), HOURS and HOURS_REST
(08:00-12:00,14:00-20:00). CIRCUIT_FAILURES and CIRCUIT_PAUSE_S, without a partner's name, are for all of them.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from cases.circuit import CircuitRules
from courier.areas import Area, AreasWrong, areas_from
from courier.signing import sm4_key
from courier.windows import USUAL_HOURS, PartnerHours, Shift

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SECRET_LENGTH_MIN = 16
_PAUSE_MAX_S = 3600
_USUAL_CIRCUIT = CircuitRules()


class SettingsWrong(Exception):
    """A variable is missing or cannot be right. `variable` names it, the message says what is expected."""

    def __init__(self, variable: str, expected: str) -> None:
        super().__init__(f"{variable}: {expected}")
        self.variable = variable
        self.expected = expected


@dataclass(frozen=True, kw_only=True)
class PartnerSettings:
    """What every partner has. `sandbox` allows the extensions of our sandbox over a partner's own protocol.
    `hook_secret` is the last part of the address that pushes come to; empty for a partner that does not push, whose
    hook then opens to nobody."""

    base_url: str
    hook_secret: str = field(repr=False)
    connect_timeout_s: float = 3.05  # just above a TCP retransmission
    read_timeout_s: float = 15.0  # partners answer in one or two; a person waits behind this
    sandbox: bool = False
    polls_per_minute: float = 20.0  # of what pushes lost; gateways allow some thirty a second (SF: per interface)
    hours: PartnerHours = USUAL_HOURS

    def __post_init__(self) -> None:
        _check_address("BASE_URL", self.base_url)
        if len(self.hook_secret) < SECRET_LENGTH_MIN:
            raise SettingsWrong("HOOK_SECRET", "at least 16 random characters")
        if min(self.connect_timeout_s, self.read_timeout_s) <= 0:
            raise SettingsWrong("READ_TIMEOUT_S", "more than 0 seconds")
        if self.polls_per_minute < 1:
            raise SettingsWrong("POLLS_PER_MINUTE", "at least 1")


@dataclass(frozen=True, kw_only=True)
class EmsSettings(PartnerSettings):
    """China Post EMS, one agreement. In the sandbox: asking by order id, the codes for an assigned courier and a
    failed pick-up, which China Post itself does not publish."""

    sender_no: str
    authorization: str = field(repr=False)
    sign_key: str = field(repr=False)
    product: str = "1"  # 特快专递
    project_id: str = ""  # given by China Post for government projects

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            sm4_key(self.sign_key)
        except ValueError:
            raise SettingsWrong("SIGN_KEY", "16 bytes in Base64, as China Post hands it out") from None


class SfProof(StrEnum):
    """How requests to SF prove whose they are: as chosen in SF's console for this credential. A wrong choice is A1006."""

    STANDARD_MD5 = "standard_md5"
    SIMPLE_MD5 = "simple_md5"
    SM3 = "sm3"
    OAUTH2 = "oauth2"


@dataclass(frozen=True, kw_only=True)
class SfSettings(PartnerSettings):
    """SF Express 丰桥, one credential. `token_url` is needed with OAuth2 only."""

    partner_id: str
    check_word: str = field(repr=False)
    proof: SfProof = SfProof.STANDARD_MD5
    token_url: str = ""
    monthly_card: str = ""
    product: str = "1"  # expressTypeId: 顺丰特快

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.proof is SfProof.OAUTH2 or self.token_url:
            _check_address("TOKEN_URL", self.token_url)
        if not self.product.isdigit():
            raise SettingsWrong("PRODUCT", "SF's expressTypeId, a number")


@dataclass(frozen=True, kw_only=True)
class Kuaidi100Settings(PartnerSettings):
    """Kuaidi100, one account and one carrier behind it. `salt` is ours: without it pushes would come unsigned, so it
    has no default. `public_url` is where our hooks are seen from outside."""

    poll_url: str
    query_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    customer: str
    salt: str = field(repr=False)
    public_url: str
    carrier: str = "ems"  # kuaidicom: ems, shunfeng, jd, …
    service_type: str = ""
    hours: PartnerHours = field(default_factory=lambda: replace(USUAL_HOURS, days_ahead=3))  # 今天 | 明天 | 后天

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, url in (("POLL_URL", self.poll_url), ("QUERY_URL", self.query_url), ("PUBLIC_URL", self.public_url)):
            _check_address(name, url)
        if len(self.salt) < SECRET_LENGTH_MIN:
            raise SettingsWrong("SALT", "at least 16 random characters of our own")

    @property
    def callback_url(self) -> str:
        """Where Kuaidi100 shall push to; told with each order."""
        return f"{self.public_url.rstrip('/')}/hooks/couriers/kuaidi100/{self.hook_secret}"


@dataclass(frozen=True, kw_only=True)
class KdniaoSettings(PartnerSettings):
    """KDNiao, one account and one carrier behind it."""

    trace_url: str
    business_id: str
    app_key: str = field(repr=False)
    carrier: str  # ShipperCode: EMS, SF, JD, …
    order_type: str = "1801"  # 上门取件; 1001 is the older 预约取件
    cancel_type: str = "1004"
    trace_type: str = "1002"  # 8001 is the paid one, which tells a code for every line
    month_code: str = ""
    post_code: str = ""  # of the region; the post's own carriers want one
    product: str = "1"  # ExpType

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_address("TRACE_URL", self.trace_url)
        if self.order_type not in {"1801", "1001"}:
            raise SettingsWrong("ORDER_TYPE", "1801 or 1001")
        if self.carrier in {"EMS", "YZPY"} and not (self.post_code.isdecimal() and len(self.post_code) == 6):
            raise SettingsWrong("POST_CODE", f"the region's six digits, which {self.carrier} wants")
        if self.trace_type not in {"1002", "8001"}:
            raise SettingsWrong("TRACE_TYPE", "1002 or 8001")


@dataclass(frozen=True, kw_only=True)
class JdlSettings(PartnerSettings):
    """JD Logistics. It is asked and never pushes, so there is no hook. `origin` 2 is c2b, 1 b2c: as the contract has
    it; both legs are ordered under the one."""

    app_key: str
    app_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    customer_code: str
    product: str = "ed-m-0001"
    origin: str = "2"
    hook_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.hook_secret:
            raise SettingsWrong("HOOK_SECRET", "nothing: JD Logistics is polled, its pushes have no public form")
        _check_address("BASE_URL", self.base_url)
        if self.origin not in {"1", "2"}:
            raise SettingsWrong("ORIGIN", "1 (b2c) or 2 (c2b)")
        if min(self.connect_timeout_s, self.read_timeout_s) <= 0:
            raise SettingsWrong("READ_TIMEOUT_S", "more than 0 seconds")


# Our own carriers' hours, where a deployment does not say otherwise.
GRID_HOURS = PartnerHours(
    workdays=(Shift(time(8, 30), time(12, 30)), Shift(time(14, 30), time(20, 30))),
    rest_days=(Shift(time(9, 0), time(12, 0)), Shift(time(15, 0), time(19, 0))),
    days_ahead=7,
)
DROP_BOX_HOURS = PartnerHours(
    workdays=(Shift(time(6, 0), time(22, 0)),),
    rest_days=(Shift(time(6, 0), time(22, 0)),),
    lead=timedelta(hours=-14),  # today's box is open until two hours before the day's end
    cancel_before=timedelta(hours=-16),
    same_day_until=time(20, 0),
    length=timedelta(hours=16),
    grace=timedelta(hours=14),
    days_ahead=7,
)
COUNTER_HOURS = PartnerHours(
    workdays=(Shift(time(9, 0), time(12, 0)), Shift(time(13, 0), time(17, 0))),
    rest_days=(),
    length=timedelta(hours=1),
    lead=timedelta(minutes=15),
    cancel_before=timedelta(0),
    days_ahead=10,
)


@dataclass(frozen=True, kw_only=True)
class InHouseSettings(PartnerSettings):
    """A carrier of our own: no address, no hook, no secret. `areas`: where it works, see `courier.areas`;
    empty: everywhere."""

    name: ClassVar[str]
    base_url: str = ""
    hook_secret: str = field(default="", repr=False)
    areas: str = ""

    def __post_init__(self) -> None:
        if self.base_url or self.hook_secret:
            raise SettingsWrong("HOOK_SECRET", "nothing: scans come through our own doors")
        try:
            areas_from(self.areas)
        except AreasWrong as wrong:
            raise SettingsWrong("AREAS", str(wrong)) from None

    @property
    def area_list(self) -> tuple[Area, ...]:
        return areas_from(self.areas)


@dataclass(frozen=True, kw_only=True)
class GridSettings(InHouseSettings):
    """Grid workers 网格员, who live where they work: evenings and weekends included."""

    name: ClassVar[str] = "grid"
    hours: PartnerHours = GRID_HOURS

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.area_list:
            raise SettingsWrong("AREAS", "code:district:words; … for at least one area")


@dataclass(frozen=True, kw_only=True)
class DropBoxSettings(InHouseSettings):
    """Drop boxes 小蜜蜂箱. A window is the whole day: the resident puts the envelope in when it suits, and the grace
    leaves time for the round that finds it."""

    name: ClassVar[str] = "drop_box"
    hours: PartnerHours = DROP_BOX_HOURS


@dataclass(frozen=True, kw_only=True)
class CounterSettings(InHouseSettings):
    """The counter, in its opening hours: the resident brings or fetches it."""

    name: ClassVar[str] = "counter"
    hours: PartnerHours = COUNTER_HOURS


KINDS: Mapping[str, type[PartnerSettings]] = {
    "ems": EmsSettings,
    "sf": SfSettings,
    "kuaidi100": Kuaidi100Settings,
    "kdniao": KdniaoSettings,
    "jdl": JdlSettings,
    "grid": GridSettings,
    "drop_box": DropBoxSettings,
    "counter": CounterSettings,
}


@dataclass(frozen=True)
class CourierSettings:
    """All partners of a deployment by name. `default` carries what nobody chose a partner for."""

    default: str
    partners: Mapping[str, PartnerSettings]
    circuit: CircuitRules = _USUAL_CIRCUIT
    """When a partner that does not answer is left alone, and for how long."""

    def __post_init__(self) -> None:
        if self.default not in self.partners:
            raise SettingsWrong("COURIERS", f"a list of partners that begins with the default, got {self.default!r}")

    def hurried(self, seconds: float) -> "CourierSettings":
        """The same for whoever has a person waiting: a call ends within that time, answered or not."""
        partners = {name: _hurried(s, seconds) for name, s in self.partners.items()}
        return replace(self, partners=partners)


def _hurried(settings: PartnerSettings, seconds: float) -> PartnerSettings:
    """A third to connect, the rest for the answer."""
    connect = min(settings.connect_timeout_s, seconds / 3)
    return replace(settings, connect_timeout_s=connect, read_timeout_s=min(settings.read_timeout_s, seconds - connect))


def from_mapping(mapping: Mapping[str, str], prefix: str = "ZEROTRIP_") -> CourierSettings:
    """Settings from strings: COURIERS (names, the default first) and each partner's own variables. Raises
    `SettingsWrong`."""
    names = [n.strip() for n in _need(mapping, prefix + "COURIERS").split(",") if n.strip()]
    strange = [n for n in names if n not in KINDS]
    if strange or not names:
        known = ", ".join(KINDS)
        got = ",".join(strange) or "nothing"
        raise SettingsWrong(prefix + "COURIERS", f"a list of known partners ({known}), got {got}")
    made = {n: _partner(KINDS[n], mapping, f"{prefix}{n.upper()}_") for n in names}
    return CourierSettings(names[0], made, _circuit(mapping, prefix + "CIRCUIT_"))


def _circuit(mapping: Mapping[str, str], prefix: str) -> CircuitRules:
    usual = _USUAL_CIRCUIT
    failures = mapping.get(prefix + "FAILURES", "").strip() or str(usual.failures)
    if not (failures.isascii() and failures.isdigit() and int(failures) > 0):
        raise SettingsWrong(prefix + "FAILURES", "how many in a row, at least 1")
    pause = _seconds(
        mapping.get(prefix + "PAUSE_S", "").strip() or str(usual.pause.total_seconds()), prefix + "PAUSE_S"
    )
    if not 0 < pause <= _PAUSE_MAX_S:
        raise SettingsWrong(prefix + "PAUSE_S", f"more than 0 and at most {_PAUSE_MAX_S} seconds")
    return CircuitRules(int(failures), timedelta(seconds=pause))


_Kind = TypeVar("_Kind", bound=PartnerSettings)


def _partner(kind: type[_Kind], mapping: Mapping[str, str], prefix: str) -> _Kind:
    """The partner's settings, each field from the variable of its name."""
    values: dict[str, Any] = {}
    for f in fields(kind):
        variable = prefix + f.name.upper()
        if f.type is PartnerHours:
            continue
        if f.default is MISSING or mapping.get(variable, "").strip():
            values[f.name] = _value(f.type, mapping, variable)
    try:
        made = kind(**values)
    except SettingsWrong as wrong:
        raise SettingsWrong(prefix + wrong.variable, wrong.expected) from None
    return replace(made, hours=_hours(mapping, prefix, made.hours))


def _value(kind: Any, mapping: Mapping[str, str], variable: str) -> Any:
    given = _need(mapping, variable)
    if kind is bool:
        return given == "1"
    if kind is float:
        return _seconds(given, variable)
    if kind is SfProof:
        return _proof(given, variable)
    return given


def _need(mapping: Mapping[str, str], variable: str) -> str:
    value = mapping.get(variable, "").strip()
    if not value:
        raise SettingsWrong(variable, "is not set")
    return value


def _seconds(given: str, variable: str) -> float:
    try:
        return float(given)
    except ValueError:
        raise SettingsWrong(variable, "a number of seconds") from None


def _proof(given: str, variable: str) -> SfProof:
    try:
        return SfProof(given)
    except ValueError:
        raise SettingsWrong(variable, f"one of {', '.join(SfProof)}") from None


def _hours(mapping: Mapping[str, str], prefix: str, usual: PartnerHours) -> PartnerHours:
    return replace(
        usual,
        workdays=_shifts(mapping, prefix + "HOURS", usual.workdays),
        rest_days=_shifts(mapping, prefix + "HOURS_REST", usual.rest_days),
    )


def _shifts(mapping: Mapping[str, str], variable: str, usual: tuple[Shift, ...]) -> tuple[Shift, ...]:
    text = mapping.get(variable)
    if text is None:
        return usual
    try:
        pairs = [part.split("-") for part in text.split(",") if part.strip()]
        return tuple(Shift(time.fromisoformat(a.strip()), time.fromisoformat(b.strip())) for a, b in pairs)
    except ValueError:
        raise SettingsWrong(variable, "hours as 08:00-12:00,14:00-20:00, empty for none") from None


def _check_address(variable: str, address: str) -> None:
    """`variable` without the partner's prefix, which `from_mapping` puts before it."""
    url = urlsplit(address)
    if not url.hostname or (url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK)):
        raise SettingsWrong(variable, "an https address")
