"""For whoever starts the sandbox beside the service: one set of credentials, the command line, the matching settings.

The credentials are invented for the occasion and stand on a command line, where anybody on the machine can read them:
they are worth nothing outside this sandbox.
"""

import base64
import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from courier.settings import CourierSettings, from_mapping

PARTNERS = ("ems", "sf", "kuaidi100")
_PREFIX = "ZEROTRIP_"


@dataclass(frozen=True)
class Credentials:
    sign_key: str = field(repr=False)
    authorization: str = field(repr=False)
    hook_secret: str = field(repr=False)
    sender_no: str = "1100000000001"

    @property
    def salt(self) -> str:
        """For Kuaidi100, ours to choose: derived, so that credentials kept before there was one still do."""
        return hashlib.sha256(f"salt of {self.sign_key}".encode()).hexdigest()[:32]


def new_credentials(random_bytes: Callable[[int], bytes]) -> Credentials:
    """`random_bytes`: `secrets.token_bytes`, or something repeatable in a test."""
    return Credentials(base64.b64encode(random_bytes(16)).decode(), random_bytes(16).hex(), random_bytes(16).hex())


def command(
    credentials: Credentials,
    port: int,
    push_url: str,
    *options: str,
    journal: Path | None = None,
    partner: str = "ems",
) -> list[str]:
    """The process to start. `push_url` is the hook's whole address with its secret; `options` as in `--help`."""
    argv = [sys.executable, "-m", "courier.sandbox", "--port", str(port), "--push-url", push_url]
    argv += ["--partner", partner, "--key", credentials.sign_key, "--authorization", credentials.authorization]
    argv += ["--sender-no", credentials.sender_no, *options]
    return argv if journal is None else [*argv, "--journal", str(journal)]


def environment(
    credentials: Credentials, port: int, partner: str = "ems", public_url: str = "http://127.0.0.1:8000"
) -> dict[str, str]:
    """The variables of `courier.settings.from_mapping` that point a partner, as default, at the sandbox. `public_url`:
    the service's own address, which Kuaidi100 is told with each order. SF's way to sign is the sandbox's default."""
    c, host = credentials, f"http://127.0.0.1:{port}"
    own = {
        "ems": {
            "BASE_URL": f"{host}/amp-prod-api/f/amp/api/test",
            "SENDER_NO": c.sender_no,
            "AUTHORIZATION": c.authorization,
            "SIGN_KEY": c.sign_key,
        },
        "sf": {
            "BASE_URL": f"{host}/std/service",
            "TOKEN_URL": f"{host}/oauth2/accessToken",
            "PARTNER_ID": c.sender_no,
            "CHECK_WORD": c.sign_key,
            "MONTHLY_CARD": "7551234567",  # SF's own for its sandbox
        },
        "kuaidi100": {
            "BASE_URL": f"{host}/order/borderapi.do",
            "POLL_URL": f"{host}/poll",
            "QUERY_URL": f"{host}/poll/query.do",
            "CUSTOMER": c.sender_no,
            "KEY": c.authorization,
            "SECRET": c.sign_key,
            "SALT": c.salt,
            "PUBLIC_URL": public_url,
        },
    }[partner]
    shared = {"HOOK_SECRET": c.hook_secret, "SANDBOX": "1"}
    return {f"{_PREFIX}COURIERS": partner} | {
        f"{_PREFIX}{partner.upper()}_{name}": value for name, value in (own | shared).items()
    }


def settings(
    credentials: Credentials, port: int, read_timeout_s: float = 15.0, partner: str = "ems", **more: str
) -> CourierSettings:
    """The partner, as default, pointed at the sandbox. `more`: its other variables, as `PROOF="sm3"`."""
    variables = environment(credentials, port, partner)
    more = {"READ_TIMEOUT_S": str(read_timeout_s)} | more
    return from_mapping(variables | {f"{_PREFIX}{partner.upper()}_{k}": v for k, v in more.items()}, _PREFIX)
