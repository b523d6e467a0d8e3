"""One partner's entry in the settings: what every partner has, and how its own fields are read from variables.

A variable is the prefix, the partner's name and the field's: ZEROTRIP_EMS_SIGN_KEY is `EmsSettings.sign_key`. Fields
without a default must be set; no secret has a default. All partners share CONNECT_TIMEOUT_S, READ_TIMEOUT_S,
POLLS_PER_MINUTE, SANDBOX (1), HOURS and HOURS_REST (08:00-12:00,14:00-20:00). A field is a string, a number, a bool (1)
or one of the words of a StrEnum. What is missing or cannot be right is `SettingsWrong`, which names the variable. Times
are seconds. Addresses are https unless the host is this machine (the sandbox).
"""

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from courier.windows import USUAL_HOURS, PartnerHours, Shift

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SECRET_LENGTH_MIN = 16


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
        check_address("BASE_URL", self.base_url)
        if len(self.hook_secret) < SECRET_LENGTH_MIN:
            raise SettingsWrong("HOOK_SECRET", "at least 16 random characters")
        if min(self.connect_timeout_s, self.read_timeout_s) <= 0:
            raise SettingsWrong("READ_TIMEOUT_S", "more than 0 seconds")
        if self.polls_per_minute < 1:
            raise SettingsWrong("POLLS_PER_MINUTE", "at least 1")


_Kind = TypeVar("_Kind", bound=PartnerSettings)


def entry(kind: type[_Kind], mapping: Mapping[str, str], prefix: str) -> _Kind:
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
    given = need(mapping, variable)
    if kind is bool:
        return given == "1"
    if kind is float:
        return number(given, variable)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _chosen(kind, given, variable)
    return given


def need(mapping: Mapping[str, str], variable: str) -> str:
    value = mapping.get(variable, "").strip()
    if not value:
        raise SettingsWrong(variable, "is not set")
    return value


def number(given: str, variable: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsWrong(variable, "a number")
    return value


def _chosen(words: type[StrEnum], given: str, variable: str) -> StrEnum:
    try:
        return words(given)
    except ValueError:
        raise SettingsWrong(variable, f"one of {', '.join(words)}") from None


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


def check_address(variable: str, address: str) -> None:
    """`variable` without the partner's prefix, which `from_mapping` puts before it."""
    url = urlsplit(address)
    if not url.hostname or (url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK)):
        raise SettingsWrong(variable, "an https address")
