"""How the registry of this deployment is reached. One frozen value; no default for a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MIN_SECRET = 16
SHORTEST_S, LONGEST_S = 0.1, 60.0


class SharingSettingWrong(Exception):
    """A variable is missing or unusable. The message opens with its name."""


@dataclass(frozen=True)
class SharingSettings:
    """`client`: the name under which the registry knows this service. `timeout_s`: for the whole answer."""

    url: str
    client: str
    secret: str = field(repr=False)
    timeout_s: float = 5.0

    @classmethod
    def from_mapping(cls, env: Mapping[str, str]) -> "SharingSettings | None":
        """From SHARING_URL, SHARING_CLIENT, SHARING_SECRET, SHARING_TIMEOUT_S; None without SHARING_URL, and then nothing
        is offered from a registry. Raises `SharingSettingWrong`."""
        given = {name: env.get(f"SHARING_{name}", "").strip() for name in ("URL", "CLIENT", "SECRET", "TIMEOUT_S")}
        if not given["URL"]:
            return None
        if not given["URL"].startswith(("https://", "http://127.0.0.1", "http://localhost")):
            # identity numbers go there
            raise SharingSettingWrong("SHARING_URL must be an https address (http only on this machine)")
        if not given["CLIENT"]:
            raise SharingSettingWrong("SHARING_CLIENT is not set: the name the registry knows this service by")
        if len(given["SECRET"]) < MIN_SECRET:
            raise SharingSettingWrong(f"SHARING_SECRET must have at least {MIN_SECRET} characters: it signs both ways")
        return cls(given["URL"].rstrip("/"), given["CLIENT"], given["SECRET"], _seconds(given["TIMEOUT_S"]))


def _seconds(raw: str) -> float:
    try:
        value = float(raw) if raw else SharingSettings.timeout_s
    except ValueError:
        value = 0.0
    if not SHORTEST_S <= value <= LONGEST_S:
        raise SharingSettingWrong(f"SHARING_TIMEOUT_S must be {SHORTEST_S} to {LONGEST_S:.0f} seconds, not {raw!r}")
    return value
