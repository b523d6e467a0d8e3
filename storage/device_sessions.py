"""Whose turn it is at a terminal: one session per device, lived as long as the terminal is heard of, ended at once.

The resident is a guest: a person of the platform `kiosk` made for this session alone, so that everything that is scoped
by a person is scoped by the session. A token counts only together with the token of the device it was made for.
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from cases.model import CaseNumber, PersonId
from storage import audit
from storage.actors import Actor
from storage.device_tables import HowEnded, devices, kiosk_sessions
from storage.devices import DEVICE_PREFIX, Device, chain_of, itself
from storage.ids import new_id
from storage.people import People
from storage.tokens import new_token, token_hash, well_formed
from storage.unit import AnyRow, Unit

__all__ = ["GuestSession", "GuestSessions", "HowEnded", "Pace"]

PLATFORM = "kiosk"
GUEST_PREFIX = "zg_"
LEASE = timedelta(seconds=120)
"""Without a sign of life of the terminal. The page itself ends a session that nobody touches after 80 seconds."""
LONGEST = timedelta(minutes=30)
_NEWEST = 1000
"""Of the sessions: older ones say nothing about today."""


@dataclass(frozen=True)
class GuestSession:
    """`case`: the one application of this session. `keep`: it is to be kept for the resident's phone if not handed in."""

    id: str
    device: str
    person: PersonId
    started_at: datetime
    ends_at: datetime
    case: CaseNumber | None
    keep: bool
    receipt_at: datetime | None
    ended_at: datetime | None
    how: HowEnded | None

    @property
    def seconds(self) -> float | None:
        """From the first touch to the receipt."""
        return (self.receipt_at - self.started_at).total_seconds() if self.receipt_at else None


@dataclass(frozen=True)
class Pace:
    """Of the sessions that came to a receipt."""

    receipts: int
    median_s: float


class GuestSessions:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def start(self, device: Device) -> tuple[GuestSession, str]:
        """A guest and the token of the session. The caller has ended the one before."""
        identity, token, now = new_id(), new_token(GUEST_PREFIX), self._tx.now()
        values = {
            "id": identity,
            "device_id": device.id,
            "person": People(self._tx).guest(PLATFORM, identity).id,
            "token_hash": token_hash(self._tx.vault, token),
            "started_at": now,
            "ends_at": now + LEASE,
            "keep": False,
        }
        self._tx.execute(kiosk_sessions.insert().values(**values))
        audit.record(self._tx, chain_of(device.id), itself(device.id), "session_started", {"session": identity})
        return self.session(identity), token

    def session(self, session_id: str) -> GuestSession:
        return _session(self._tx.execute(select(kiosk_sessions).where(kiosk_sessions.c.id == session_id)).one())

    def of_device(self, device_id: str, session_id: str) -> GuestSession | None:
        """None: not a session of this device."""
        c = kiosk_sessions.c
        row = self._tx.one(select(kiosk_sessions).where(c.id == session_id, c.device_id == device_id))
        return None if row is None else _session(row)

    def open_at(self, device_id: str) -> GuestSession | None:
        c = kiosk_sessions.c
        mine = select(kiosk_sessions).where(c.device_id == device_id, c.ended_at.is_(None))
        row = self._tx.one(mine.with_for_update())
        return None if row is None else _session(row)

    def by_tokens(self, token: str, device_token: str) -> GuestSession | None:
        """None: no such session, ended, or not of the device that shows it."""
        if not (well_formed(token, GUEST_PREFIX) and well_formed(device_token, DEVICE_PREFIX)):
            return None
        c, vault = kiosk_sessions.c, self._tx.vault
        joined = select(kiosk_sessions).join(devices, devices.c.id == c.device_id)
        mine = joined.where(
            c.token_hash == token_hash(vault, token),
            devices.c.token_hash == token_hash(vault, device_token),
            devices.c.revoked_at.is_(None),
            c.ended_at.is_(None),
            c.ends_at > self._tx.now(),
        )
        row = self._tx.one(mine)
        return None if row is None else _session(row)

    def stays(self, session: GuestSession) -> None:
        """The terminal says that it is still there."""
        ends = min(self._tx.now() + LEASE, session.started_at + LONGEST)
        self._change(session.id, ends_at=ends)

    def has_case(self, session: GuestSession, number: str | None) -> None:
        self._change(session.id, case_number=number, keep=False)

    def keeps(self, session: GuestSession, *, keep: bool) -> None:
        self._change(session.id, keep=keep)

    def has_receipt(self, session: GuestSession) -> GuestSession:
        """The first one counts."""
        if session.receipt_at is None:
            self._change(session.id, receipt_at=self._tx.now())
        return self.session(session.id)

    def end(self, session: GuestSession, how: HowEnded, *, actor: Actor | None = None) -> bool:
        """The token is worth nothing from now on. False if it had ended before."""
        c = kiosk_sessions.c
        ended = update(kiosk_sessions).where(c.id == session.id, c.ended_at.is_(None))
        if self._tx.count(ended.values(ended_at=self._tx.now(), how=how)) == 0:
            return False
        detail = {"session": session.id, "how": str(how), "case": session.case, "seconds": _whole(session.seconds)}
        audit.record(self._tx, chain_of(session.device), actor or itself(session.device), "session_ended", detail)
        return True

    def lapsed(self, limit: int = 100) -> Sequence[GuestSession]:
        """Open, and past their time."""
        c = kiosk_sessions.c
        late = select(kiosk_sessions).where(c.ended_at.is_(None), c.ends_at <= self._tx.now())
        return [_session(row) for row in self._tx.all(late.order_by(c.ends_at).limit(limit))]

    def paces(self) -> Mapping[str, Pace]:
        """By device: how long it took from the first touch to the receipt."""
        taken: dict[str, list[float]] = {}
        for device, seconds in self._taken():
            taken.setdefault(device, []).append(seconds)
        return {device: _pace(each) for device, each in taken.items()}

    def pace(self) -> Pace | None:
        """Of all terminals; None where none gave a receipt yet."""
        seconds = [each for _, each in self._taken()]
        return _pace(seconds) if seconds else None

    def _taken(self) -> Iterator[tuple[str, float]]:
        c = kiosk_sessions.c
        had = select(c.device_id, c.started_at, c.receipt_at).where(c.receipt_at.is_not(None))
        for row in self._tx.all(had.order_by(c.receipt_at.desc()).limit(_NEWEST)):
            yield row.device_id, (row.receipt_at - row.started_at).total_seconds()

    def _change(self, session_id: str, **values: object) -> None:
        self._tx.execute(update(kiosk_sessions).where(kiosk_sessions.c.id == session_id).values(**values))


def _pace(seconds: Sequence[float]) -> Pace:
    return Pace(len(seconds), round(statistics.median(seconds), 1))


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _session(row: AnyRow) -> GuestSession:
    return GuestSession(
        row.id,
        row.device_id,
        PersonId(row.person),
        row.started_at,
        row.ends_at,
        CaseNumber(row.case_number) if row.case_number else None,
        row.keep,
        row.receipt_at,
        row.ended_at,
        HowEnded(row.how) if row.how else None,
    )
