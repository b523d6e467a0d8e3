"""What other systems push to us, kept raw under a unique key before anybody looks into it.

The push is answered after the commit and handled from here by a job: a push that comes twice is kept once. Couriers' pushes
come by the hundred and are handled together: one job does all that have come when it looks, and a push gets a job of its
own only when it wants one (`set_apart`). Everything else has its own from the start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update

from cases.effects import Enqueue, JobKind
from cases.errors import NotFound
from storage import moments, tracing
from storage.ids import new_id
from storage.jobs import add_job, add_jobs_of_new
from storage.tables import inbox
from storage.unit import AnyRow, Unit
from storage.vault import Context
from storage.words import InboxState


@dataclass(frozen=True)
class Push:
    """`alone`: it has a job of its own; the others are handled together. `request`: the call it came by."""

    id: str
    provider: str
    external_key: str
    raw: bytes
    headers: Mapping[str, str]
    verified: bool
    state: InboxState
    arrived_at: datetime
    alone: bool
    request: str | None


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
        identity, values = self._row(arrival, alone=True)
        new = self._insert([values])
        add_jobs_of_new(self._tx, JobKind.INBOX_HANDLE, dict.fromkeys(new, arrival.request))
        return identity if new else None

    def keep_all(self, arrivals: Sequence[Arrival], by: str) -> list[bool]:
        """Which of them were new, in their order: one statement for them and a job for all. Always in the order of their
        keys, so that two processes that are sent the same pushes do not wait for each other. `by`: the process, which
        shares its job with none, so that none waits for another's."""
        rows = [self._row(a, alone=False) for a in arrivals]
        ordered = sorted((values for _, values in rows), key=lambda v: (v["provider"], v["external_key"]))
        new = self._insert(ordered)
        if new:
            self._see_to(new, by)
        return [identity in new for identity, _ in rows]

    def _row(self, arrival: Arrival, *, alone: bool) -> tuple[str, dict[str, Any]]:
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
            "alone": alone,
            "request": arrival.request,
        }

    def _insert(self, rows: Sequence[Mapping[str, Any]]) -> set[str]:
        """The ids of those that were new."""
        return set(self._tx.insert_all_new(inbox, inbox.c.id, rows))

    def _see_to(self, new: Iterable[str], by: str) -> None:
        """A job that has not looked yet will see these too, and one that is at work looks again when it ends. But after a
        second there is another one: a worker that died holds nobody up until its lease runs out."""
        kept = list(new)
        slot = f"{by}:{int(self._tx.now().timestamp())}"
        job = add_job(self._tx, Enqueue(JobKind.INBOX_HANDLE, kept[0], slot))
        self._tx.new_jobs[JobKind.INBOX_HANDLE] += len(kept) - (job is not None)  # so much is to be done

    def load(self, inbox_id: str) -> Push:
        """Raises `NotFound`."""
        row = self._tx.one(select(inbox).where(inbox.c.id == inbox_id))
        if row is None:
            raise NotFound("没有这条推送。", id=inbox_id)
        return self._push(row, self._tx.unseal(inbox, "headers", row.id, row.headers))

    def _push(self, row: AnyRow, headers: Mapping[str, str]) -> Push:
        return Push(
            row.id,
            row.provider,
            row.external_key,
            self._tx.vault.unseal(_raw(row.id), row.raw),
            headers,
            row.verified,
            InboxState(row.state),
            row.arrived_at,
            row.alone,
            row.request,
        )

    # ── together ──

    def take_together(self, most: int) -> list[Push]:
        """Those that wait without a job of their own, oldest first, held to the end of the transaction; what another holds is
        passed by. Without their headers: who reads many reads what was verified."""
        tx, now = self._tx, moments.clock(self._tx.postgresql).label("now")
        oldest = select(inbox, now).where(_TOGETHER).order_by(inbox.c.seq).limit(most)
        asked = oldest.with_for_update(of=inbox, skip_locked=True)
        rows = tx.connection.execute(asked, moments.values(tx)).all()
        if rows:
            tx.learned(rows[-1].now)
        return [self._push(row, {}) for row in rows]

    def waiting_together(self, most: int) -> int:
        """How many those are; counted up to `most`."""
        some = select(inbox.c.seq).where(_TOGETHER).limit(most).subquery()
        return int(self._tx.execute(select(func.count()).select_from(some)).scalar_one())

    def set_apart(self, pushes: Mapping[str, str | None]) -> None:
        """Each gets a job of its own, with the call that it came by; as far as it is not handled."""
        if not pushes:
            return
        still = and_(inbox.c.id.in_(list(pushes)), _TOGETHER)
        apart = set(self._tx.execute(update(inbox).where(still).values(alone=True).returning(inbox.c.id)).scalars())
        jobs = {identity: request for identity, request in pushes.items() if identity in apart}
        add_jobs_of_new(self._tx, JobKind.INBOX_HANDLE, jobs)

    def counts(self) -> dict[InboxState, int]:
        """How many entries wait, and how many could not be understood. Those that were handled are most of the table, and
        counting them would cost more every day."""
        open_ = (InboxState.NEW, InboxState.FAILED)
        asked = select(inbox.c.state, func.count()).where(inbox.c.state.in_(open_)).group_by(inbox.c.state)
        return dict.fromkeys(open_, 0) | {InboxState(state): count for state, count in self._tx.all(asked)}

    def mark_handled(self, *inbox_ids: str) -> bool:
        """Whether all of them were open; what had been handled before stays as it is."""
        return not inbox_ids or self._mark(inbox_ids, InboxState.HANDLED, None)

    def mark_failed(self, inbox_id: str, error: str) -> bool:
        return self._mark([inbox_id], InboxState.FAILED, error)

    def _mark(self, inbox_ids: Sequence[str], state: InboxState, error: str | None) -> bool:
        open_ = and_(inbox.c.id.in_(inbox_ids), inbox.c.state != InboxState.HANDLED)
        ended = {"state": state, "error": error, "handled_at": self._tx.now()}
        return self._tx.count(update(inbox).where(open_).values(**ended)) == len(inbox_ids)


_TOGETHER = and_(inbox.c.state == InboxState.NEW, ~inbox.c.alone)


def _raw(identity: str) -> Context:
    return Context("inbox", "raw", identity)
