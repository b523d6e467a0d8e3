"""The ledger of work. A row here is the promise that something will be done; the broker only rings.

Promises: a job is had by one worker at a time (compare-and-set, lease in the database's time); every try is counted
before it begins; finishing works only for the try that claimed it (fencing); the same dedupe key adds nothing while a
twin is unfinished, but a twin that is already running goes once more when it ends, because it may have looked before
the news came. A job whose lease ran out twice runs alone next; there it is condemned.
"""

import builtins
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, and_, func, select, update

from cases.effects import Enqueue, JobKind
from cases.errors import Conflict
from storage import direct, job_statements, metering, moments, tracing
from storage.ids import new_id
from storage.jobs_over import OVER
from storage.tables import jobs, jobs_over
from storage.turns import chosen, next_turn, share_of, turn_of
from storage.unit import AnyRow, Unit
from storage.words import JobState, Queue

MAX_ATTEMPTS = 5
LEASES_BEFORE_SOLITARY = 2
RING_AGAIN = timedelta(seconds=30)
"""A bell that nobody answered for this long is rung again: the broker may have lost it."""
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Job:
    """A job as seen at one moment; `attempts` fences: only this try may finish it."""

    id: str
    kind: JobKind
    subject: str
    state: JobState
    queue: Queue
    attempts: int
    max_attempts: int
    due_at: datetime
    made_at: datetime
    lease_until: datetime | None = None
    expired_leases: int = 0
    error: str | None = None
    case: str | None = None
    """The case it is for, where that is known."""
    request: str | None = None
    """The call, or the turn of a sweep, that it came of."""
    dedupe: str | None = None

    @property
    def last_try(self) -> bool:
        return self.attempts >= self.max_attempts


@dataclass(frozen=True)
class QueueLoad:
    """`waiting` are due and not had; `oldest_s` is how long the first of them has waited."""

    queue: Queue
    waiting: int
    running: int
    quarantined: int
    oldest_s: float


class Bell(NamedTuple):
    """The job to ring, and where. `tried`: somebody had it before, and it did not end."""

    job: str
    kind: JobKind
    queue: Queue
    tried: bool


@dataclass(frozen=True)
class Bells:
    """`more`: others are due, and wait for a place."""

    taken: Sequence[Bell]
    more: bool


@dataclass(frozen=True)
class Swept:
    expired: int
    rung_again: int


def home_queue(kind: JobKind) -> Queue:
    return Queue.READER if kind is JobKind.PAGE_READ else Queue.WORKER


def add_job(tx: Unit, asked: Enqueue, case: str | None = None) -> str | None:
    """The new job's id; None if an unfinished twin has it already. `case`: that it is for; else the one at hand."""
    queue = home_queue(asked.kind)
    values = _given(asked, queue, case) | {"due_at": asked.due, **turn_of(asked, queue), **moments.values(tx)}
    tx.jobs_added |= not tx.postgresql  # there the statement itself tells the relay
    for _ in range(3):  # a twin may be added between our statements
        twin = asked.dedupe and _has_twin(tx, asked)
        if twin and _nudge_twin(tx, asked, asked.due or tx.now()):
            return None
        key = None if twin and _has_twin(tx, asked) else values["dedupe"]
        new = job_statements.added(tx.postgresql, has_twins=key is not None)
        if direct.one(tx, new, values | {"dedupe": key}) is not None:
            tx.new_jobs[asked.kind] += 1
            return str(values["id"])
    raise Conflict("系统繁忙，请稍后重试。", job=str(asked.kind))


def add_jobs_of_new(tx: Unit, kind: JobKind, subjects: Mapping[str, str | None]) -> None:
    """Jobs for rows that this transaction has just made: nobody else knows these subjects, so none has a twin. With the
    call that each came by."""
    if not subjects:
        return
    now, first = tx.now(), next_turn(tx, Enqueue(kind, ""), home_queue(kind))
    tx.jobs_added = True
    rows = [
        _values(Enqueue(kind, s, s), now, first + i) | {"request": by} for i, (s, by) in enumerate(subjects.items())
    ]
    tx.execute(jobs.insert(), rows)
    tx.new_jobs[kind] += len(rows)


def _values(asked: Enqueue, now: datetime, turn: int) -> dict[str, Any]:
    """The whole row of a job that is due now."""
    new = {"state": JobState.QUEUED, "due_at": now, "made_at": now, "attempts": 0, "expired_leases": 0, "turn": turn}
    return _given(asked, home_queue(asked.kind)) | new


def _given(asked: Enqueue, queue: Queue, case: str | None = None) -> dict[str, Any]:
    cause = tracing.cause()
    return {
        "id": new_id(),
        "kind": asked.kind,
        "subject": asked.subject,
        "dedupe": asked.dedupe or None,
        "queue": queue,
        "max_attempts": MAX_ATTEMPTS,
        "background": asked.background,
        "share": share_of(asked),
        "urgent": asked.urgent,
        "case_number": case or cause.case,
        "request": cause.request,
    }


def _unfinished_twin(asked: Enqueue) -> ColumnElement[bool]:
    return and_(jobs.c.kind == asked.kind, jobs.c.dedupe == asked.dedupe, jobs.c.state.in_(UNFINISHED))


def _nudge_twin(tx: Unit, asked: Enqueue, due: datetime) -> bool:
    """The unfinished twin is told that there is news; whether there was one to be told."""
    twin = tx.one(select(jobs).where(_unfinished_twin(asked)).with_for_update(skip_locked=True))
    if twin is None:
        return False
    if twin.state == JobState.RUNNING and (twin.again_at is None or twin.again_at > due):
        tx.execute(update(jobs).where(jobs.c.id == twin.id).values(again_at=due))
    elif twin.state == JobState.QUEUED and twin.attempts == 0 and twin.due_at > due:
        tx.execute(update(jobs).where(jobs.c.id == twin.id).values(due_at=due, rung_at=None))
    return True


def _has_twin(tx: Unit, asked: Enqueue) -> bool:
    """One that is there and could not be told is just being claimed or finished by another transaction. Waiting for it
    could be a deadlock, because it may want the case that we hold; so the news gets a job of its own, at the price of
    one run too many."""
    return tx.one(select(jobs.c.id).where(_unfinished_twin(asked))) is not None


class Jobs:
    """The ledger within one transaction. Nothing here commits."""

    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def add(self, asked: Enqueue) -> str | None:
        return add_job(self._tx, asked)

    # ── the relay ──

    def take_bells(self, limit: int = 100) -> Bells:
        """A batch to ring, which is this relay's alone: others find these stamped, or locked. Whoever takes them and
        dies before it rang is as one whose bells nobody heard: the clock has them rung again after `RING_AGAIN`."""
        found = chosen(self._tx, limit)
        mine = frozenset(self.stamp_rung([row.id for row in found.rows]))
        return Bells([_bell(row) for row in found.rows if row.id in mine], found.more)

    def stamp_rung(self, ids: Sequence[str]) -> "builtins.list[str]":
        """Of these, the ones that were not stamped yet and are now; what somebody else is just stamping is passed by."""
        if not ids:
            return []
        values = {"ids": list(ids), **moments.values(self._tx)}
        return [row.id for row in direct.rows(self._tx, job_statements.rung(self._tx.postgresql), values)]

    def take_back(self, ids: Sequence[str]) -> None:
        """The broker did not take these: whoever looks next rings them."""
        queued = and_(jobs.c.id.in_(ids), jobs.c.state == JobState.QUEUED)
        self._tx.execute(update(jobs).where(queued).values(rung_at=None))

    def seconds_until_due(self) -> float | None:
        """Until the next job that is not rung falls due; 0: one is due already. None: nothing waits."""
        row = direct.one(self._tx, job_statements.until_due(self._tx.postgresql), moments.values(self._tx))
        return None if row is None or row.due is None else max(0.0, (row.due - row.now).total_seconds())

    # ── the actor ──

    def claim(self, job_id: str, lease: timedelta, queue: Queue | None = None) -> Job | None:
        """Takes a due job, or one whose lease ran out; None: somebody has it, or it is not to be run here and now.
        `queue`: where the bell rang; a suspect that has moved to the solitary queue is not taken elsewhere."""
        return self.take(job_id, lease, queue) or self._take_over(job_id, lease, queue)

    def take(self, job_id: str, lease: timedelta, queue: Queue | None) -> Job | None:
        """A due job, in one statement: most have nothing to be asked before."""
        due = job_statements.taken(self._tx.postgresql, anywhere=queue is None)
        values = {"job": job_id, "rung_in": queue, **moments.values(self._tx, lease=lease)}
        row = direct.one(self._tx, due, values)
        return None if row is None else _job(row)

    def take_together(self, ids: Sequence[str], lease: timedelta, queue: Queue | None) -> "builtins.list[Job]":
        """Of these, the ones that are due and that nobody else is just changing, by one statement."""
        due = job_statements.taken_together(self._tx.postgresql, anywhere=queue is None)
        values = {"ids": list(ids), "rung_in": queue, **moments.values(self._tx, lease=lease)}
        return [_job(row) for row in direct.rows(self._tx, due, values)]

    def _take_over(self, job_id: str, lease: timedelta, queue: Queue | None) -> Job | None:
        """From whoever let its lease run out."""
        row = self._locked(job_id)
        if row is None or row.state != JobState.RUNNING or row.lease_until > self._tx.now():
            return None
        self._expire(row)
        return self.take(job_id, lease, queue)

    def extend(self, job: Job, lease: timedelta) -> bool:
        """Long work asks for more time. False: the job is no longer ours; stop."""
        return self._mine(job, lease_until=self._tx.now() + lease)

    def finish(self, job: Job) -> bool:
        """Done, in the same transaction as what it did. False: another try has the job; throw the result away, that
        is, leave the transaction by an exception."""
        return self._end(job, JobState.DONE, None)

    def fail(self, job: Job, error: str) -> bool:
        """Ended for a known, permanent reason, which the domain's state tells; nobody needs to look at the job."""
        return self._end(job, JobState.FAILED, error)

    def quarantine(self, job: Job, error: str) -> bool:
        """Set aside until a person releases it."""
        return self._mine(job, state=JobState.QUARANTINED, error=error, lease_until=None, ended_at=self._tx.now())

    def retry(self, job: Job, delay: timedelta, error: str) -> bool:
        """Queued again after `delay`; quarantined if this was the last try."""
        if job.last_try:
            return self.quarantine(job, error)
        due = self._tx.now() + delay
        return self._queue_again(job, due_at=due, error=error)

    def wait(self, job: Job, delay: timedelta, reason: str) -> bool:
        """Queued again after `delay` for a reason that is none of the job's: the try does not count."""
        return self._queue_again(job, due_at=self._tx.now() + delay, attempts=job.attempts - 1, error=reason)

    def put_back(self, job: Job) -> bool:
        """The worker is going down: the try does not count."""
        return self._queue_again(job, due_at=self._tx.now(), attempts=job.attempts - 1)

    def _queue_again(self, job: Job, **values: Any) -> bool:
        self._tx.jobs_added = True
        return self._mine(job, state=JobState.QUEUED, lease_until=None, rung_at=None, **values)

    def end(self, job: Job, state: JobState, error: str | None = None) -> bool:
        """In one statement, unless it is to go once more: then, and if it is not ours, False."""
        values = {"job": job.id, "try": job.attempts, "as": state, "because": error, **moments.values(self._tx)}
        return direct.changed(self._tx, job_statements.ended(self._tx.postgresql), values) == 1

    def end_together(self, ids: Sequence[str], attempts: int, state: JobState) -> frozenset[str]:
        """Of these, all at the same try, the ones that ended, by one statement. The others are for `finish` to look at, one by
        one: they go once more, are not ours, or somebody else is just changing them."""
        values = {"ids": list(ids), "try": attempts, "as": state, "because": None, **moments.values(self._tx)}
        rows = direct.rows(self._tx, job_statements.ended_together(self._tx.postgresql), values)
        return frozenset(row.id for row in rows)

    def _end(self, job: Job, state: JobState, error: str | None) -> bool:
        if self.end(job, state, error):
            return True
        row = self._locked(job.id)
        if row is None or row.state != JobState.RUNNING or row.attempts != job.attempts:
            return False
        if row.again_at is not None:
            fresh = {"attempts": 0, "expired_leases": 0, "again_at": None, "queue": home_queue(job.kind)}
            return self._queue_again(job, due_at=row.again_at, error=error, **fresh)
        return False

    def _mine(self, job: Job, **values: Any) -> bool:
        mine = and_(jobs.c.id == job.id, jobs.c.state == JobState.RUNNING, jobs.c.attempts == job.attempts)
        return self._tx.count(update(jobs).where(mine).values(**values)) == 1

    # ── the clock and the operator ──

    def sweep(self, now: datetime | None = None) -> Swept:
        """Dead leases are queued again (or set aside), unanswered bells are rung again."""
        at = now or self._tx.now()
        dead = select(jobs).where(jobs.c.state == JobState.RUNNING, jobs.c.lease_until <= at)
        expired = self._tx.all(dead.order_by(jobs.c.lease_until).limit(500).with_for_update(skip_locked=True))
        for row in expired:
            self._expire(row)
        unanswered = and_(jobs.c.state == JobState.QUEUED, jobs.c.rung_at <= at - RING_AGAIN, jobs.c.due_at <= at)
        again = self._tx.count(update(jobs).where(unanswered).values(rung_at=None))
        self._tx.jobs_added |= bool(expired or again)
        return Swept(len(expired), again)

    def _expire(self, row: AnyRow) -> None:
        """A lease ran out: the worker died or hangs. Twice: a suspect, which runs alone. Alone: condemned."""
        metering.count(self._tx, {metering.sample(metering.Meter.LEASES_EXPIRED, kind=row.kind): 1})
        count, queue = row.expired_leases + 1, Queue(row.queue)
        suspect = count >= LEASES_BEFORE_SOLITARY
        error = f"lease ran out {count} time(s), at try {row.attempts}"
        if queue is Queue.SOLITARY or (row.attempts >= row.max_attempts and not suspect):
            state, ended = JobState.QUARANTINED, self._tx.now()
        else:
            state, ended, queue = JobState.QUEUED, None, Queue.SOLITARY if suspect else queue
        self._tx.jobs_added = True
        self._set(
            row.id, state=state, queue=queue, expired_leases=count, error=error, ended_at=ended,
            lease_until=None, rung_at=None, due_at=self._tx.now(),
        )  # fmt: skip

    def release(self, job_id: str) -> bool:
        """A person lets a job out of quarantine: a fresh start. False: it was not there, or a twin is queued."""
        row = self._locked(job_id)
        if row is None or row.state != JobState.QUARANTINED or self._twin(row):
            return False
        fresh = {"attempts": 0, "expired_leases": 0, "lease_until": None, "rung_at": None, "ended_at": None}
        self._tx.jobs_added = True
        self._set(
            job_id, state=JobState.QUEUED, queue=home_queue(JobKind(row.kind)), due_at=self._tx.now(), again_at=None,
            **fresh,
        )  # fmt: skip
        return True

    def condemn(self, job_id: str, error: str) -> bool:
        """A person sets a job aside, whatever it is doing."""
        unfinished = and_(jobs.c.id == job_id, jobs.c.state.in_(UNFINISHED))
        ended = {"state": JobState.QUARANTINED, "error": error, "lease_until": None, "ended_at": self._tx.now()}
        return self._tx.count(update(jobs).where(unfinished).values(**ended)) == 1

    def _twin(self, row: AnyRow) -> bool:
        twin = and_(jobs.c.kind == row.kind, jobs.c.dedupe == row.dedupe, jobs.c.state.in_(UNFINISHED))
        return row.dedupe is not None and self._tx.one(select(jobs.c.id).where(twin)) is not None

    # ── looking ──

    def job(self, job_id: str) -> Job | None:
        found = (self._tx.one(select(table).where(table.c.id == job_id)) for table in _TABLES)
        return next((_job(row) for row in found if row is not None), None)

    def of_subject(self, subject: str) -> "builtins.list[Job]":
        """In the order in which they were added."""
        found = (self._tx.all(select(table).where(table.c.subject == subject)) for table in _TABLES)
        return [_job(row) for row in sorted(itertools.chain(*found), key=lambda row: row.seq)]

    def loads(self) -> "builtins.list[QueueLoad]":
        """Every queue, also the empty ones."""
        return [self._load(queue) for queue in Queue]

    def _load(self, queue: Queue) -> QueueLoad:
        now = self._tx.now()
        due = select(func.count(), func.min(jobs.c.due_at)).where(
            job_statements.ALL_QUEUED, jobs.c.queue == queue, jobs.c.due_at <= now
        )
        row = self._tx.execute(due).one()
        waiting, oldest = row[0], row[1]
        running, quarantined = (self._count(queue, s) for s in (JobState.RUNNING, JobState.QUARANTINED))
        age = (now - oldest).total_seconds() if oldest else 0.0
        return QueueLoad(queue, waiting, running, quarantined, max(0.0, age))

    def waiting_for(self, reason: str) -> int:
        """How many jobs are queued because of this."""
        wanted = and_(job_statements.ALL_QUEUED, jobs.c.error == reason)
        found: int = self._tx.execute(select(func.count()).where(wanted)).scalar_one()
        return found

    def _count(self, queue: Queue, state: JobState) -> int:
        counted = select(func.count()).where(jobs.c.queue == queue, jobs.c.state == state)
        found: int = self._tx.execute(counted).scalar_one()
        return found

    def _locked(self, job_id: str) -> AnyRow | None:
        return self._tx.one(select(jobs).where(jobs.c.id == job_id).with_for_update())

    def _set(self, job_id: str, **values: Any) -> None:
        self._tx.execute(update(jobs).where(jobs.c.id == job_id).values(**values))

    def list(
        self, state: JobState | None = None, kind: JobKind | None = None, limit: int = 100
    ) -> "builtins.list[Job]":
        """Newest first."""
        tables = _TABLES if state is None or state in OVER else _TABLES[:1]
        found = (self._tx.all(_newest(table, state, kind, limit)) for table in tables)
        ranked = sorted(itertools.chain(*found), key=lambda row: row.seq, reverse=True)
        return [_job(row) for row in ranked[:limit]]


def _newest(table: Table, state: JobState | None, kind: JobKind | None, limit: int) -> Select[Any]:
    wanted: Select[Any] = select(table).order_by(table.c.seq.desc()).limit(limit)
    wanted = wanted if state is None else wanted.where(table.c.state == state)
    return wanted if kind is None else wanted.where(table.c.kind == kind)


_TABLES = (jobs, jobs_over)


def _job(row: AnyRow) -> Job:
    return Job(
        row.id,
        JobKind(row.kind),
        row.subject,
        JobState(row.state),
        Queue(row.queue),
        row.attempts,
        row.max_attempts,
        row.due_at,
        row.made_at,
        row.lease_until,
        row.expired_leases,
        row.error,
        row.case_number,
        row.request,
        row.dedupe,
    )


def _bell(row: AnyRow) -> Bell:
    return Bell(row.id, JobKind(row.kind), Queue(row.queue), row.attempts > 0)
