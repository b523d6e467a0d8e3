"""Sessions of residents and of staff: opaque tokens, an idle and an absolute end, revocable at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.tables import sessions
from storage.tokens import SESSION_PREFIX, new_token, token_hash, well_formed
from storage.unit import Unit
from storage.words import ActorKind


@dataclass(frozen=True)
class Life:
    idle: timedelta
    absolute: timedelta


LIVES = {
    ActorKind.RESIDENT: Life(timedelta(days=7), timedelta(days=30)),
    ActorKind.STAFF: Life(timedelta(minutes=30), timedelta(hours=12)),
}
"""A mini-app signs in silently and may be left for a week; a desk stands in an open office (ASVS 5.0, 7.3)."""
TOUCH_EVERY = timedelta(minutes=1)
"""A session is not written at every request."""


@dataclass(frozen=True)
class Session:
    kind: ActorKind
    holder: str
    """Person id or staff id."""
    made_at: datetime
    ends_at: datetime


def open_session(tx: Unit, kind: ActorKind, holder: str) -> str:
    """The token, shown once."""
    token, now = new_token(SESSION_PREFIX), tx.now()
    values = {
        "token_hash": token_hash(tx.vault, token),
        "kind": kind,
        "holder": holder,
        "made_at": now,
        "seen_at": now,
        "ends_at": now + LIVES[kind].absolute,
    }
    tx.execute(sessions.insert().values(**values))
    return token


def find_session(tx: Unit, token: str) -> Session | None:
    """None: unknown, ended or revoked. Being seen keeps it alive, if this transaction may write."""
    if not well_formed(token, SESSION_PREFIX):
        return None
    row = tx.one(select(sessions).where(sessions.c.token_hash == token_hash(tx.vault, token)))
    if row is None or row.revoked_at is not None or row.ends_at <= tx.now():
        return None
    kind = ActorKind(row.kind)
    if row.seen_at + LIVES[kind].idle <= tx.now():
        return None
    if tx.writable and row.seen_at + TOUCH_EVERY <= tx.now():
        tx.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(seen_at=tx.now()))
    return Session(kind, row.holder, row.made_at, row.ends_at)


def revoke_session(tx: Unit, token: str) -> bool:
    mine = sessions.c.token_hash == token_hash(tx.vault, token)
    return tx.count(update(sessions).where(mine, sessions.c.revoked_at.is_(None)).values(revoked_at=tx.now())) == 1


def revoke_sessions_of(tx: Unit, holder: str) -> int:
    """Every session of one holder, at once."""
    open_ = update(sessions).where(sessions.c.holder == holder, sessions.c.revoked_at.is_(None))
    return tx.count(open_.values(revoked_at=tx.now()))


def forget_old_sessions(tx: Unit) -> int:
    return tx.count(delete(sessions).where(sessions.c.ends_at < tx.now()))
