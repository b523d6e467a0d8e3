"""For whoever starts the sandbox beside the service: one set of credentials, the command line, the matching settings.

The credentials are invented for the occasion and stand on a command line, where anybody on the machine can read them:
they are worth nothing outside this sandbox.
"""

import base64
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from courier.settings import CourierSettings, EmsSettings


@dataclass(frozen=True)
class Credentials:
    sign_key: str = field(repr=False)
    authorization: str = field(repr=False)
    hook_secret: str = field(repr=False)
    sender_no: str = "1100000000001"


def new_credentials(random_bytes: Callable[[int], bytes]) -> Credentials:
    """`random_bytes`: `secrets.token_bytes`, or something repeatable in a test."""
    return Credentials(base64.b64encode(random_bytes(16)).decode(), random_bytes(16).hex(), random_bytes(16).hex())


def command(
    credentials: Credentials, port: int, push_url: str, *options: str, journal: Path | None = None
) -> list[str]:
    """The process to start. `push_url` is the hook's whole address with its secret; `options` as in `--help`."""
    argv = [sys.executable, "-m", "courier.sandbox", "--port", str(port), "--push-url", push_url]
    argv += ["--key", credentials.sign_key, "--authorization", credentials.authorization]
    argv += ["--sender-no", credentials.sender_no, *options]
    return argv if journal is None else [*argv, "--journal", str(journal)]


def settings(credentials: Credentials, port: int, read_timeout_s: float = 15.0) -> CourierSettings:
    """The partner `ems`, as default, pointed at the sandbox."""
    ems = EmsSettings(
        base_url=f"http://127.0.0.1:{port}/amp-prod-api/f/amp/api/test",
        sender_no=credentials.sender_no,
        authorization=credentials.authorization,
        sign_key=credentials.sign_key,
        hook_secret=credentials.hook_secret,
        read_timeout_s=read_timeout_s,
        sandbox=True,
    )
    return CourierSettings("ems", {"ems": ems})
