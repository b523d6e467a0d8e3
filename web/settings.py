"""What the front doors may be told. One frozen value, made from names and values that the composition root hands in.

Promises: a missing or malformed variable fails at the start and says which. Refuses: a default for a secret; the
embedded platform, which lets anybody in, unless it is allowed by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from typing import Any

KEPT_ALIVE_S = 75
"""Longer than a phone waits between two looks, and than a proxy keeps an idle connection to us, so that it is never we
who close one that is just being used."""
MIN_PUSH_TOKEN = 3
MAX_PUSH_TOKEN = 32
"""The messaging platform's rule for the token of its pushes."""


class WebSettingWrong(Exception):
    """A variable is missing or unusable. The message opens with its name."""


@dataclass(frozen=True)
class WebSettings:
    public_url: str
    """Where residents reach this service, without a slash at the end."""
    host: str = "127.0.0.1"
    port: int = 8000
    embedded_platform: bool = False
    """Lets anybody log in with `dev:NAME`. For one's own machine."""
    push_token: str = field(default="", repr=False)
    """Shared with the messaging platform, 3 to 32 letters and digits; empty: its pushes are not taken."""
    upload_max_bytes: int = 30_000_000
    """One file, however it arrives. The reader opens no more than this; a phone's photograph is under 10 MB."""
    chunk_max_bytes: int = 10_000_000
    """One piece of a resumable upload: what a mini-program may send in one call."""
    json_max_bytes: int = 262_144
    """Any other body; the largest of ours, an agent's authority, is some kilobytes."""
    push_max_bytes: int = 262_144
    """A courier's push; the largest seen are 20 kB."""
    cookie_secure: bool = True
    """Off only where there is no TLS: one's own machine."""
    person_per_minute: int = 240
    """Calls of one person. An application is some thirty calls; polling a page adds one a second."""
    address_per_minute: int = 6000
    """Calls of one address: a whole office, or a part of a mobile network, may stand behind one."""
    logins_per_minute: int = 20
    """Attempts of staff to log in, per address."""
    sign_ins_per_minute: int = 600
    """Residents who sign in, per address: a part of a mobile network stands behind one."""
    window_days: int = 5
    """How many days ahead courier windows are offered."""
    coverage_timeout_s: float = 2.0
    """How long a resident who asks for windows waits for a partner to say whether it comes to the address."""
    uploads_per_person: int = 20
    """Resumable uploads a person may have under way."""
    device_per_minute: int = 600
    """Calls of one terminal: a guest's, and its own signs of life."""
    pages_per_minute: int = 120
    """Pages and other files that one account sends, or whoever stands before one terminal. A whole application has about ten; an agent point photographs one every few seconds."""
    lookups_per_minute: int = 60
    """Of letters, by address; of people at the desk, by who looks. Who verifies a pile types a code in some seconds."""
    codes_per_minute: int = 20
    """One-time codes that one account asks for or tries; each code has its own few tries besides."""
    misses_per_person: int = 40
    """Things asked for by a number that are not there, within ten minutes, before one account has to wait; a person
    mistypes, a program tries. Counted in the database, so by all processes together."""
    misses_per_address: int = 400
    """The same by address: an office stands behind one."""
    failed_logins_per_address: int = 60
    """Within ten minutes. One login is locked after five; this stops who tries many logins."""
    trusted_proxies: str = ""
    """Addresses or networks, by commas, whose X-Forwarded-For is believed. Empty: nobody's."""
    files_under_way: int = 256
    """Files on their way in at once, in one process. Each takes up to a megabyte until it is whole."""
    files_of_one: int = 16
    """The same of one account."""
    stalled_after_s: float = 30.0
    """How long nothing of a body may come before it is given up."""
    reading_waits_most: int = 10_000
    """Pages that wait to be read before uploads are told to come later: more than an hour's reading on one machine."""
    judging_waits_most: int = 5_000
    """Applications handed in that wait to be judged."""
    booking_waits_most: int = 5_000
    """Bookings that wait for their partner."""
    telling_waits_most: int = 20_000
    """Messages that wait to be sent, before no more lists of people are taken."""
    papers_waits_most: int = 5_000
    """Papers that wait to be made: notices, labels, signed forms, safe copies of what was complained with."""
    arriving_waits_most: int = 50_000
    """Pushes that are kept and not handled yet. They are small and some partners give up after three tries, so much is
    taken before one is told to send it again."""
    office_waits_most: int = 2_000
    """What the office itself waits for: files beside decisions, trials of items on past cases."""
    lists_share: float = 0.5
    """How much of these bounds lists may fill, so that residents always find room."""
    person_waits_most: int = 200
    """Unread pages of one resident."""
    point_waits_most: int = 2_000
    """Unread pages of one agent point."""

    @classmethod
    def from_mapping(cls, env: Mapping[str, str]) -> "WebSettings":
        """From `WEB_PUBLIC_URL` and, optional, `WEB_` + the name of any other field in capitals."""
        given = {f.name: env.get(f"WEB_{f.name.upper()}", "").strip() for f in fields(cls)}
        values: dict[str, Any] = {f.name: _value(f.name, f.type, given[f.name]) for f in fields(cls) if given[f.name]}
        if "public_url" not in values:
            raise WebSettingWrong("WEB_PUBLIC_URL is not set: the address at which residents reach this service")
        return cls(**values)

    def __post_init__(self) -> None:
        if not self.public_url.startswith(("http://", "https://")) or self.public_url.endswith("/"):
            raise WebSettingWrong("WEB_PUBLIC_URL must begin with http:// or https:// and not end with a slash")
        token = self.push_token
        if token and not (MIN_PUSH_TOKEN <= len(token) <= MAX_PUSH_TOKEN and token.isascii() and token.isalnum()):
            raise WebSettingWrong("WEB_PUSH_TOKEN must be 3 to 32 letters and digits")
        for proxy in self.proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise WebSettingWrong(f"WEB_TRUSTED_PROXIES must be addresses or networks, not {proxy!r}") from None
        if self.lists_share > 1:
            raise WebSettingWrong("WEB_LISTS_SHARE must not be above 1")
        if self.chunk_max_bytes > self.upload_max_bytes:
            raise WebSettingWrong("WEB_CHUNK_MAX_BYTES must not be above WEB_UPLOAD_MAX_BYTES")

    @property
    def proxies(self) -> list[str]:
        return [each.strip() for each in self.trusted_proxies.split(",") if each.strip()]


def _value(name: str, kind: object, raw: str) -> str | int | float | bool:
    if kind is str:
        return raw
    if kind is bool:
        if raw not in ("0", "1"):
            raise WebSettingWrong(f"WEB_{name.upper()} must be 0 or 1, not {raw!r}")
        return raw == "1"
    try:
        value = float(raw) if kind is float else int(raw)
    except ValueError:
        raise WebSettingWrong(f"WEB_{name.upper()} must be a number, not {raw!r}") from None
    if value <= 0:
        raise WebSettingWrong(f"WEB_{name.upper()} must be greater than 0, not {raw!r}")
    return value
