"""Whether what somebody looked at before is still as it was: many askers in one question.

A phone that lies open on a table asks for its case again and again, and nearly always nothing has changed. What is
needed to say so is small: whether the session stands, whose it is, and the case's version, which every change counts
up. So hundreds who ask at the same moment are answered by two statements, and a session that was revoked is worth
nothing at the very next question, as everywhere.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.sessions import TOUCH_EVERY
from storage.tables import cases, sessions
from storage.tokens import SESSION_PREFIX, token_hash, well_formed
from storage.unit import AnyRow, Unit
from storage.vault import Vault
from storage.words import ActorKind

_SESSIONS = select(
    sessions.c.token_hash, sessions.c.holder, sessions.c.revoked_at, sessions.c.ends_at, sessions.c.seen_at
).where(sessions.c.token_hash.in_(bindparam("hashes", expanding=True)), sessions.c.kind == ActorKind.RESIDENT)
_VERSIONS = select(cases.c.number, cases.c.owner, cases.c.version).where(
    cases.c.number.in_(bindparam("numbers", expanding=True))
)


@dataclass(frozen=True)
class Poll:
    """`session`: the keyed hash of a resident's token."""

    session: str
    number: str


@dataclass(frozen=True)
class Standing:
    """A case as far as its owner, who asks, needs to know whether to look again."""

    person: str
    version: int


def session_key(vault: Vault, token: str) -> str | None:
    """None: it can be no resident's token."""
    return token_hash(vault, token) if well_formed(token, SESSION_PREFIX) else None


def standings(tx: Unit, polls: Collection[Poll]) -> Mapping[Poll, Standing]:
    """Of whoever asks in a session that stands, for a case of theirs. Whoever is missing here asks the long way: there
    they are refused, or their session is kept alive."""
    now = tx.now()
    rows = tx.connection.execute(_SESSIONS, {"hashes": list({p.session for p in polls})})
    holders = {r.token_hash: r.holder for r in rows if _stands(r, now)}
    found = tx.connection.execute(_VERSIONS, {"numbers": list({p.number for p in polls})})
    versions = {(r.owner, r.number): r.version for r in found}
    known = {p: (holders.get(p.session), p.number) for p in polls}
    return {p: Standing(k[0], versions[k]) for p, k in known.items() if k[0] is not None and k in versions}


def _stands(row: AnyRow, now: datetime) -> bool:
    """And need not be kept alive just now, which is long before it ends by itself."""
    return bool(row.revoked_at is None and row.ends_at > now and row.seen_at + TOUCH_EVERY[ActorKind.RESIDENT] > now)
