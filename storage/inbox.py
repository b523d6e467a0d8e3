"""What other systems push to us, kept raw under a unique key before anybody looks into it.

The push is answered after the commit and handled from here by a job: a push that comes twice is kept once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update

from cases.effects import JobKind
from cases.errors import NotFound
from storage import tracing
from storage.ids import new_id
from storage.jobs import add_jobs_of_new
from storage.tables import inbox
from storage.unit import Unit
from storage.vault import Context
from storage.words import InboxState


@dataclass(frozen=True)
class Push:
    id: str
    provider: str
    external_key: str
    raw: bytes
    headers: Mapping[str, str]
    verified: bool
    state: InboxState
    arrived_at: datetime


@dataclass(frozen=True)
class Arrival:
    """What came, before it is kept. `external_key`: the same for the same push, however often it comes. `request`: the
    call it came by; its batch is written by a thread of nobody's."""

    provider: str
    external_key: str
    raw: bytes
    headers: Mapping[str, str]
    verified: bool
    request: str | None = field(default_factory=lambda: tracing.cause().request)


class Inbox:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def keep(
        self, provider: str, external_key: str, raw: bytes, headers: Mapping[str, str], verified: bool
    ) -> str | None:
        """The new entry's id, with its job in the same transaction; None if it was seen before."""
        arrival = Arrival(provider, external_key, raw, headers, verified)
        identity, values = self._row(arrival)
        return identity if self._insert([values], {identity: arrival.request}) else None

    def keep_all(self, arrivals: Sequence[Arrival]) -> list[bool]:
        """Which of them were new, in their order: two statements, however many there are. Always in the order of their
        keys, so that two processes that are sent the same pushes do not wait for each other."""
        rows = [self._row(a) for a in arrivals]
        by = {identity: arrival.request for (identity, _), arrival in zip(rows, arrivals, strict=True)}
        new = self._insert(sorted((values for _, values in rows), key=lambda v: (v["provider"], v["external_key"])), by)
        return [identity in new for identity, _ in rows]

    def _row(self, arrival: Arrival) -> tuple[str, dict[str, Any]]:
        identity = new_id()
        return identity, {
            "id": identity,
            "provider": arrival.provider,
            "external_key": arrival.external_key,
            "raw": self._tx.vault.seal(_raw(identity), arrival.raw),
            "headers": self._tx.seal(inbox, "headers", identity, dict(arrival.headers)),
            "verified": arrival.verified,
            "state": InboxState.NEW,
            "arrived_at": self._tx.now(),
        }

    def _insert(self, rows: Sequence[Mapping[str, Any]], by: Mapping[str, str | None]) -> set[str]:
        """The ids of those that were new, each with its job. `by`: the call that brought each."""
        new = self._tx.insert_all_new(inbox, inbox.c.id, rows)
        add_jobs_of_new(self._tx, JobKind.INBOX_HANDLE, {identity: by[identity] for identity in new})
        return set(new)

    def load(self, inbox_id: str) -> Push:
        """Raises `NotFound`."""
        row = self._tx.one(select(inbox).where(inbox.c.id == inbox_id))
        if row is None:
            raise NotFound("没有这条推送。", id=inbox_id)
        return Push(
            row.id,
            row.provider,
            row.external_key,
            self._tx.vault.unseal(_raw(row.id), row.raw),
            self._tx.unseal(inbox, "headers", row.id, row.headers),
            row.verified,
            InboxState(row.state),
            row.arrived_at,
        )

    def counts(self) -> dict[InboxState, int]:
        """How many entries wait, and how many could not be understood. Those that were handled are most of the table, and
        counting them would cost more every day."""
        open_ = (InboxState.NEW, InboxState.FAILED)
        asked = select(inbox.c.state, func.count()).where(inbox.c.state.in_(open_)).group_by(inbox.c.state)
        return dict.fromkeys(open_, 0) | {InboxState(state): count for state, count in self._tx.all(asked)}

    def mark_handled(self, inbox_id: str) -> bool:
        """False if it had been handled before."""
        return self._mark(inbox_id, InboxState.HANDLED, None)

    def mark_failed(self, inbox_id: str, error: str) -> bool:
        return self._mark(inbox_id, InboxState.FAILED, error)

    def _mark(self, inbox_id: str, state: InboxState, error: str | None) -> bool:
        open_ = and_(inbox.c.id == inbox_id, inbox.c.state != InboxState.HANDLED)
        ended = {"state": state, "error": error, "handled_at": self._tx.now()}
        return self._tx.count(update(inbox).where(open_).values(**ended)) == 1


def _raw(identity: str) -> Context:
    return Context("inbox", "raw", identity)
