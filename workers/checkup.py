"""One answer of `zerotrip doctor`, and what can be said of settings that are read without complaint and wrong all the same."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from courier.kinds import kinds
from workers.settings import VARIABLES

OURS = ("STORAGE_", "WORKERS_", "ZEROTRIP_", "PREAUDIT_", "SHARING_", "WECHAT_", "SMS_", "OIDC_", "OUTGOING_", "WEB_")
SHARED = ("WEB_",)
"""Other programs have names of this kind, too: only what looks misspelt is spoken of."""
LOOKS_LIKE = 0.85
LEAST_LETTERS = 6
"""Different characters in a secret of sixteen or more: of those that a machine made as hexadecimal digits, one in thirty
thousand has fewer."""
WORDS = ("secret", "password", "changeme", "example", "123456", "test", "zerotrip")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Check:
    """`good`, or `said` with what `mend`s it. Not `grave`: the service runs; somebody should look."""

    name: str
    good: bool
    said: str
    mend: str = ""
    grave: bool = True


def sense(env: Mapping[str, str]) -> list[Check]:
    """Of every setting. Values of secrets are never said."""
    return [*names(env), *secrets(env), *doors(env), *addresses(env)]


# ── names ──


def known_names() -> frozenset[str]:
    listed = {v.name for some in VARIABLES.values() for v in some}
    of_partners = {
        f"ZEROTRIP_{partner.upper()}_{field.name.upper()}"
        for partner, kind in kinds().items()
        for field in fields(kind.settings)
    }
    hours = {f"ZEROTRIP_{partner.upper()}_HOURS{rest}" for partner in kinds() for rest in ("", "_REST")}
    return frozenset(listed | of_partners | hours)


def names(env: Mapping[str, str]) -> Iterator[Check]:
    """A variable that nothing reads is a wish that nobody hears."""
    known = known_names()
    found = False
    for name in sorted(n for n in env if n.startswith(OURS) and n not in known):
        near = difflib.get_close_matches(name, known, 1, LOOKS_LIKE)
        if near or not name.startswith(SHARED):
            found = True
            mend = f"did you mean {near[0]}?" if near else "take it out; .env.example lists every variable"
            yield Check("names", False, f"{name}: nothing reads a variable of this name", mend)
    if not found:
        yield Check("names", True, "every variable is known")


# ── secrets ──


def secrets(env: Mapping[str, str]) -> Iterator[Check]:
    """Not whether they are right: whether somebody could guess them."""
    weak = [(name, why) for name, value in sorted(env.items()) if _is_secret(name) and (why := _weak(value))]
    for name, why in weak:
        yield Check("secrets", False, f"{name}: {why}", "have one made by a machine: openssl rand -hex 24", grave=True)
    doubled = _doubled(env)
    if doubled:
        said = f"{' and '.join(doubled)} are the same"
        yield Check("secrets", False, said, "give each its own: who learns one of them knows all")
    if not weak and not doubled:
        yield Check("secrets", True, "none that can be guessed")


def _is_secret(name: str) -> bool:
    """Ours to choose. What a partner or platform hands out is theirs."""
    return name.startswith(OURS) and name.endswith(
        ("HOOK_SECRET", "SHARING_SECRET", "SMS_SECRET", "PUSH_TOKEN", "_SALT")
    )


def _weak(value: str) -> str:
    low = value.strip().lower()
    if not low:
        return ""
    if any(word in low for word in WORDS) and len(low) < 24:
        return "holds a word that is tried first"
    return "has too few different characters" if len(set(low)) < LEAST_LETTERS and len(low) >= 16 else ""


def _doubled(env: Mapping[str, str]) -> list[str]:
    by_value: dict[str, list[str]] = {}
    for name in sorted(env):
        if _is_secret(name) and env[name].strip():
            by_value.setdefault(env[name].strip(), []).append(name)
    return next((found for found in by_value.values() if len(found) > 1), [])


# ── doors ──


def doors(env: Mapping[str, str]) -> Iterator[Check]:
    """What residents' browsers and couriers come to. Nothing is said where no door is set up here."""
    url = env.get("WEB_PUBLIC_URL", "").strip()
    if not url:
        return
    parts = urlsplit(url)
    home = (parts.hostname or "") in _THIS_MACHINE
    if parts.scheme != "https" and not home:
        mend = "set WEB_PUBLIC_URL to https://… and put a proxy with TLS before the service"
        yield Check("public url", False, "without TLS everybody on the way reads identity numbers", mend)
    elif home:
        yield Check("public url", True, "this machine only")
    else:
        yield Check("public url", True, "https")
    if not home and env.get("WEB_EMBEDDED_PLATFORM", "").strip() == "1":
        yield Check("sign-in", False, "WEB_EMBEDDED_PLATFORM=1 lets anybody sign in as anybody", "set it to 0")
    if not home and env.get("WEB_COOKIE_SECURE", "").strip() == "0":
        yield Check("cookies", False, "WEB_COOKIE_SECURE=0: staff's cookies travel in clear", "take it out")
    if env.get("OIDC_ISSUER", "").strip():
        for name in (n for n in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not env.get(n, "").strip()):
            mend = "as the provider registered this service; or take OIDC_ISSUER out"
            yield Check("provider", False, f"{name} is not set: web does not start", mend)


# ── addresses of others ──


def addresses(env: Mapping[str, str]) -> Iterator[Check]:
    """Personal data goes there: not in clear, and not to a sandbox without saying so."""
    for name in sorted(n for n in env if n.startswith(OURS) and n.endswith(("_URL",)) and n != "WEB_PUBLIC_URL"):
        parts = urlsplit(env[name].strip())
        if parts.scheme == "http" and (parts.hostname or "") not in _THIS_MACHINE:
            yield Check(
                "addresses", False, f"{name} is http://: what goes there can be read on the way", "use https://"
            )
    for name in sorted(
        n for n in env if n.startswith("ZEROTRIP_") and n.endswith("_SANDBOX") and env[n].strip() == "1"
    ):
        yield Check(
            "addresses",
            False,
            f"{name}=1: parcels are played, nobody comes",
            "set it to 0 on a real service",
            grave=False,
        )
