"""For whoever starts the sandbox beside the service: the settings that point at it, and the process to start.

The secret is invented for the occasion and stands on a command line: it is worth nothing outside this sandbox.
"""

import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

CLIENT = "zerotrip"


def environment(port: int, secret: str) -> dict[str, str]:
    """The variables of `sharing.settings`."""
    return {"SHARING_URL": f"http://127.0.0.1:{port}", "SHARING_CLIENT": CLIENT, "SHARING_SECRET": secret}


def command(env: Mapping[str, str]) -> list[str]:
    """The process that answers under these variables."""
    port, secret = urlsplit(env["SHARING_URL"]).port, env["SHARING_SECRET"]
    named = ["--client", env["SHARING_CLIENT"], "--secret", secret]
    return [sys.executable, "-m", "sharing.sandbox", "--port", str(port), *named]
