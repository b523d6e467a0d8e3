"""What a deployment says about its identity provider. Without `OIDC_ISSUER` there is none, and staff sign in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from egress.door import Rules, home

SCOPE = "openid profile"


class OidcSettingWrong(Exception):
    """A variable is missing or unusable. The message opens with its name."""


@dataclass(frozen=True)
class OidcSettings:
    issuer: str
    """As the provider spells it, without a slash at the end."""
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "统一身份认证"
    """On the button."""
    login_claim: str = "preferred_username"
    """Which claim is the login here, when somebody comes for the first time."""
    acr: str = ""
    """The provider must say that it signed them in this way (`acr`); empty: its own rules are enough."""
    hosts: frozenset[str] = frozenset()
    """Besides the issuer's, where its keys and tokens may lie."""
    timeout_s: float = 8.0

    @classmethod
    def from_mapping(cls, env: Mapping[str, str]) -> "OidcSettings | None":
        """From `OIDC_` + a field's name in capitals; None without OIDC_ISSUER. Raises `OidcSettingWrong`."""
        given = {name: env.get(f"OIDC_{name.upper()}", "").strip() for name in cls.__dataclass_fields__}
        if not given["issuer"]:
            return None
        for name in ("client_id", "client_secret"):
            if not given[name]:
                raise OidcSettingWrong(f"OIDC_{name.upper()} is not set: what the provider registered us with")
        plain = {name: given[name] for name in ("client_id", "client_secret")}
        optional = {name: given[name] for name in ("name", "login_claim", "acr") if given[name]}
        hosts = frozenset(host.strip().lower() for host in given["hosts"].split(",") if host.strip())
        return cls(_issuer(given["issuer"]), **plain, **optional, hosts=hosts, timeout_s=_seconds(given["timeout_s"]))

    @property
    def ways(self) -> Rules:
        """Where its requests may go at all."""
        return Rules((*home(self.issuer).hosts, *self.hosts))

    def reaches(self, url: str) -> bool:
        """Whether we may go there: over TLS, to the issuer or to a host that was named."""
        there, home = urlsplit(url), urlsplit(self.issuer)
        if there.netloc == home.netloc:
            return there.scheme == home.scheme
        return there.scheme == "https" and (there.hostname or "") in self.hosts


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment:
        raise OidcSettingWrong("OIDC_ISSUER must be an address: https://… without ? and #")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
        raise OidcSettingWrong("OIDC_ISSUER must begin with https://; http:// is for a provider on this machine only")
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(raw: str) -> float:
    try:
        value = float(raw or OidcSettings.timeout_s)
    except ValueError:
        value = 0.0
    if not 0 < value <= 60:
        raise OidcSettingWrong(f"OIDC_TIMEOUT_S must be a number from 0 to 60, not {raw!r}")
    return value
