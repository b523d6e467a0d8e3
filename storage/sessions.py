"""Sessions of residents and of staff: opaque tokens, an idle and an absolute end, revocable at once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, select, update

from storage import direct, moments
from storage.tables import sessions
from storage.tokens import SESSION_PREFIX, new_token, token_hash, well_formed
from storage.unit import AnyRow, Unit
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
TOUCH_EVERY = {ActorKind.RESIDENT: timedelta(hours=1), ActorKind.STAFF: timedelta(minutes=1)}
"""A session is not written at every request, and the longer it may be idle, the more seldom."""


@dataclass(frozen=True)
class Session:
    kind: ActorKind
    holder: str
    """Person id or staff id."""
    made_at: datetime
    ends_at: datetime
    to_be_touched: bool = False
    """Whether it was seen so long ago that a transaction which may write should look it up."""


@dataclass(frozen=True)
class OpenedFrom:
    """How and where somebody signed in, so that they know their own sessions from a stranger's."""

    way: str
    """password | provider | grid"""
    device: str = ""
    """What the browser says of itself."""
    address: str = ""


@dataclass(frozen=True)
class OpenSession:
    id: str
    """Names it to its holder; opens nothing."""
    opened: OpenedFrom | None
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


ID_LENGTH = 24


def open_session(tx: Unit, kind: ActorKind, holder: str, opened: OpenedFrom | None = None) -> str:
    """The token, shown once."""
    token, now = new_token(SESSION_PREFIX), tx.now()
    kept = token_hash(tx.vault, token)
    values = {
        "token_hash": kept,
        "way": opened.way if opened else None,
        "opened_from": tx.seal(sessions, "opened_from", kept, [opened.device, opened.address]) if opened else None,
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
    values = {"hash": token_hash(tx.vault, token), **moments.values(tx)}
    row = direct.one(tx, _found(tx.postgresql), values)
    if row is None or row.revoked_at is not None or row.ends_at <= tx.learned(row.now):
        return None
    kind = ActorKind(row.kind)
    if row.seen_at + LIVES[kind].idle <= tx.now():
        return None
    quiet = row.seen_at + TOUCH_EVERY[kind] <= tx.now()
    if tx.writable and quiet:
        tx.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(seen_at=tx.now()))
    return Session(kind, row.holder, row.made_at, row.ends_at, to_be_touched=quiet and not tx.writable)


@cache
def _found(postgresql: bool) -> Select[*tuple[Any, ...]]:
    """Built once: every call at the doors asks this."""
    return select(sessions, moments.clock(postgresql).label("now")).where(sessions.c.token_hash == bindparam("hash"))


def revoke_session(tx: Unit, token: str) -> bool:
    mine = sessions.c.token_hash == token_hash(tx.vault, token)
    return tx.count(update(sessions).where(mine, sessions.c.revoked_at.is_(None)).values(revoked_at=tx.now())) == 1


def revoke_sessions_of(tx: Unit, holder: str, but: str | None = None) -> int:
    """Every session of one holder, at once. `but`: the token of one that goes on."""
    open_ = update(sessions).where(sessions.c.holder == holder, sessions.c.revoked_at.is_(None))
    if but is not None:
        open_ = open_.where(sessions.c.token_hash != token_hash(tx.vault, but))
    return tx.count(open_.values(revoked_at=tx.now()))


def open_sessions(tx: Unit, kind: ActorKind, holder: str) -> list[OpenSession]:
    """Those that would still let their holder in, the last used first."""
    rows = tx.all(select(sessions).where(_alive(tx, kind, holder)).order_by(sessions.c.seen_at.desc()))
    return [_open_session(tx, row) for row in rows]


def revoke_listed(tx: Unit, kind: ActorKind, holder: str, session_id: str) -> bool:
    """One of those that `open_sessions` tells; False: it had ended, or is somebody else's."""
    for row in tx.all(select(sessions.c.token_hash).where(_alive(tx, kind, holder))):
        if session_name(row.token_hash) == session_id:
            ended = update(sessions).where(sessions.c.token_hash == row.token_hash)
            return tx.count(ended.values(revoked_at=tx.now())) == 1
    return False


def session_name(kept: str) -> str:
    """Of what is kept of a token; from neither can a token be told."""
    return hashlib.sha256(kept.encode()).hexdigest()[:ID_LENGTH]


def _alive(tx: Unit, kind: ActorKind, holder: str) -> ColumnElement[bool]:
    c, now = sessions.c, tx.now()
    return and_(
        c.holder == holder, c.kind == kind, c.revoked_at.is_(None), c.ends_at > now, c.seen_at > now - LIVES[kind].idle
    )


def _open_session(tx: Unit, row: AnyRow) -> OpenSession:
    opened = None
    if row.way is not None:
        opened = OpenedFrom(row.way, *tx.unseal(sessions, "opened_from", row.token_hash, row.opened_from))
    return OpenSession(session_name(row.token_hash), opened, row.made_at, row.seen_at, row.ends_at)


def forget_old_sessions(tx: Unit) -> int:
    return tx.count(delete(sessions).where(sessions.c.ends_at < tx.now()))
