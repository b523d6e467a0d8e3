"""Sign-ins on their way to a provider and back (OpenID Connect): what was sent along, until it returns.

Promises: each comes back once, within ten minutes. What is kept opens nothing: the state as a keyed hash, nonce and
verifier sealed.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from storage.oidc_tables import oidc_logins
from storage.unit import Unit

LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class SentAway:
    state: str
    nonce: str
    verifier: str
    """PKCE's (RFC 7636)."""
    back: str
    """The page that was asked for."""


def send_away(tx: Unit, back: str) -> SentAway:
    made = SentAway(secrets.token_urlsafe(32), secrets.token_urlsafe(24), secrets.token_urlsafe(48), back)
    key, now = _key(tx, made.state), tx.now()
    tx.execute(delete(oidc_logins).where(oidc_logins.c.ends_at <= now))
    values = {
        "state_hash": key,
        "nonce": tx.seal(oidc_logins, "nonce", key, made.nonce),
        "verifier": tx.seal(oidc_logins, "verifier", key, made.verifier),
        "back": back,
        "ends_at": now + LASTS,
    }
    tx.execute(oidc_logins.insert().values(**values))
    return made


def take_back(tx: Unit, state: str) -> SentAway | None:
    """None: never sent, too late, or back before."""
    key = _key(tx, state)
    row = tx.one(select(oidc_logins).where(oidc_logins.c.state_hash == key, oidc_logins.c.ends_at > tx.now()))
    if row is None or tx.count(delete(oidc_logins).where(oidc_logins.c.state_hash == key)) != 1:
        return None
    nonce, verifier = (tx.unseal(oidc_logins, name, key, getattr(row, name)) for name in ("nonce", "verifier"))
    return SentAway(state, nonce, verifier, row.back)


def _key(tx: Unit, state: str) -> str:
    return tx.vault.mac("oidc state", state)
