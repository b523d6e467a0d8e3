"""What a deployment says about its partners. Frozen values; the environment is read by the composition roots alone.

`from_mapping(os.environ)` there, or build the values by hand. No secret has a default; what is missing or cannot be
right is `SettingsWrong`, which names the variable. Times are seconds. Addresses are https unless the host is this
machine (the sandbox).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from urllib.parse import urlsplit

from courier.signing import sm4_key
from courier.windows import USUAL_HOURS, PartnerHours, Shift

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsWrong(Exception):
    """A variable is missing or cannot be right. `variable` names it, the message says what is expected."""

    def __init__(self, variable: str, expected: str) -> None:
        super().__init__(f"{variable}: {expected}")
        self.variable = variable


@dataclass(frozen=True)
class EmsSettings:
    """China Post EMS, one agreement. `sandbox` allows the extensions of our sandbox (asking by order id, the codes
    for an assigned courier and a failed pick-up), which China Post itself does not publish."""

    base_url: str
    sender_no: str
    authorization: str = field(repr=False)
    sign_key: str = field(repr=False)
    hook_secret: str = field(repr=False)
    connect_timeout_s: float = 3.05  # just above a TCP retransmission
    read_timeout_s: float = 15.0  # the platform answers in one or two; a person waits behind this
    product: str = "1"  # 特快专递
    project_id: str = ""  # given by China Post for government projects
    sandbox: bool = False
    hours: PartnerHours = USUAL_HOURS

    def __post_init__(self) -> None:
        url = urlsplit(self.base_url)
        if not url.hostname or (url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK)):
            raise SettingsWrong("EMS_BASE_URL", "an https address")
        try:
            sm4_key(self.sign_key)
        except ValueError:
            raise SettingsWrong("EMS_SIGN_KEY", "16 bytes in Base64, as China Post hands it out") from None
        if len(self.hook_secret) < 16:
            raise SettingsWrong("EMS_HOOK_SECRET", "at least 16 random characters")
        if min(self.connect_timeout_s, self.read_timeout_s) <= 0:
            raise SettingsWrong("EMS_READ_TIMEOUT_S", "more than 0 seconds")


@dataclass(frozen=True)
class CourierSettings:
    """All partners of a deployment by name. `default` carries what nobody chose a partner for."""

    default: str
    partners: Mapping[str, EmsSettings]

    def __post_init__(self) -> None:
        if self.default not in self.partners:
            raise SettingsWrong("COURIERS", f"a list of partners that begins with the default, got {self.default!r}")


def from_mapping(mapping: Mapping[str, str], prefix: str = "ZEROTRIP_") -> CourierSettings:
    """Settings from strings: COURIERS (names, the default first) and for `ems` EMS_BASE_URL, EMS_SENDER_NO,
    EMS_AUTHORIZATION, EMS_SIGN_KEY, EMS_HOOK_SECRET; optional EMS_CONNECT_TIMEOUT_S, EMS_READ_TIMEOUT_S, EMS_PRODUCT,
    EMS_PROJECT_ID, EMS_SANDBOX (1), EMS_HOURS and EMS_HOURS_REST (08:00-12:00,14:00-20:00). Raises `SettingsWrong`."""
    names = [n.strip() for n in _need(mapping, prefix + "COURIERS").split(",") if n.strip()]
    strange = [n for n in names if n != "ems"]
    if strange or not names:
        raise SettingsWrong(
            prefix + "COURIERS", f"a list of known partners (ems), got {','.join(strange) or 'nothing'}"
        )
    try:
        return CourierSettings(names[0], {"ems": _ems(mapping, prefix + "EMS_")})
    except SettingsWrong as wrong:
        known = wrong.variable.startswith(prefix)
        raise wrong if known else SettingsWrong(prefix + wrong.variable, str(wrong).split(": ", 1)[1]) from None


def _ems(mapping: Mapping[str, str], prefix: str) -> EmsSettings:
    return EmsSettings(
        base_url=_need(mapping, prefix + "BASE_URL"),
        sender_no=_need(mapping, prefix + "SENDER_NO"),
        authorization=_need(mapping, prefix + "AUTHORIZATION"),
        sign_key=_need(mapping, prefix + "SIGN_KEY"),
        hook_secret=_need(mapping, prefix + "HOOK_SECRET"),
        connect_timeout_s=_seconds(mapping, prefix + "CONNECT_TIMEOUT_S", 3.05),
        read_timeout_s=_seconds(mapping, prefix + "READ_TIMEOUT_S", 15.0),
        product=mapping.get(prefix + "PRODUCT", "1"),
        project_id=mapping.get(prefix + "PROJECT_ID", ""),
        sandbox=mapping.get(prefix + "SANDBOX", "") == "1",
        hours=replace(
            USUAL_HOURS,
            workdays=_shifts(mapping, prefix + "HOURS", USUAL_HOURS.workdays),
            rest_days=_shifts(mapping, prefix + "HOURS_REST", USUAL_HOURS.rest_days),
        ),
    )


def _need(mapping: Mapping[str, str], variable: str) -> str:
    value = mapping.get(variable, "").strip()
    if not value:
        raise SettingsWrong(variable, "is not set")
    return value


def _seconds(mapping: Mapping[str, str], variable: str, usual: float) -> float:
    try:
        return float(mapping.get(variable) or usual)
    except ValueError:
        raise SettingsWrong(variable, "a number of seconds") from None


def _shifts(mapping: Mapping[str, str], variable: str, usual: tuple[Shift, ...]) -> tuple[Shift, ...]:
    text = mapping.get(variable)
    if text is None:
        return usual
    try:
        pairs = [part.split("-") for part in text.split(",") if part.strip()]
        return tuple(Shift(time.fromisoformat(a.strip()), time.fromisoformat(b.strip())) for a, b in pairs)
    except ValueError:
        raise SettingsWrong(variable, "hours as 08:00-12:00,14:00-20:00, empty for none") from None
