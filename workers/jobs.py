"""How every job is done: claim, work, finish. The one place that knows about tries, leases and failures.

    claim (its own transaction) → work (no transaction) → finish (one transaction: ledger and domain together)

Jobs that were rung together are claimed by one statement and worked one after the other; those of them with nothing to
write but their end are ended by one statement, too.

Promises: a try is counted before it begins; work is done by whoever holds the lease, and a result that comes after the
lease was lost is thrown away; a failure becomes a later try, a state of the domain, or quarantine, never silence;
`perform_all` always returns normally, so the broker has nothing to retry.
"""

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from time import monotonic

import structlog

from cases.effects import JobKind
from cases.errors import Conflict, Refusal
from preaudit.lost import ChildFailed
from storage import tracing
from storage.blobs import BlobsUnavailable
from storage.crashpoints import CrashPoint, crashpoint
from storage.jobs import Job
from storage.metering import Meter
from storage.session import TRANSIENT, Database, Transaction
from storage.vault import KeyMissing
from storage.words import JobState, Queue
from workers.context import Context
from workers.logs import fault, fault_text

LEASE = timedelta(seconds=20)
"""Short, and extended while the work goes on: a killed worker's job is another's after so long."""
LIMIT = timedelta(minutes=2)
"""After so long the lease is no longer extended; the work is taken to hang."""
OUTLASTED = timedelta(days=1)
BACKOFF_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0)
WAIT_SECONDS = (2.0, 60.0)
"""The shortest and the longest pause of a job that waits for something else."""

log = structlog.get_logger()
Finish = Callable[[Transaction], None]
"""Applies a result, inside the finishing transaction."""


def nothing(_tx: Transaction) -> None:
    """The result of work that leaves nothing to write but its end."""


class Transient(Exception):
    """It may work a little later. `reason` is a stable word."""

    def __init__(self, reason: str, delay: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason, self.delay = reason, delay


class Hopeless(Exception):
    """It can never work, and the domain's state says so or does not care. `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Waiting(Exception):
    """Something that the job needs is away, through no fault of its own: the try does not count. `reason` is a stable
    word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Handler:
    """`give_up`: what to write into the domain, given the subject, when the job is set aside."""

    kind: JobKind
    work: Callable[[Context, Job], Finish]
    give_up: Callable[[Transaction, str], None] | None = None
    lease: timedelta = LEASE
    limit: timedelta = LIMIT


Handlers = Mapping[JobKind, Handler]


class Ended(StrEnum):
    """What became of one try."""

    DONE = "done"
    NOT_OURS = "not_ours"
    LOST = "lost"
    RETRIED = "retried"
    WAITING = "waiting"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    UNRECORDED = "unrecorded"


@dataclass
class _Try:
    """`ended`: None until it is known, and while nothing is left to do but to write down the end."""

    job: Job
    lease: "_Beat"
    ended: Ended | None = None
    seconds: float = 0.0
    about: str | None = None
    """The case it is for; where it is for none, those it touched."""


def perform(context: Context, handler: Handler, job_id: str, queue: Queue | None = None) -> Ended:
    """One try of one job. Never raises."""
    return perform_all(context, handler, (job_id,), queue)[job_id]


def perform_all(
    context: Context, handler: Handler, ids: Sequence[str], queue: Queue | None = None
) -> Mapping[str, Ended]:
    """One try of each, one after the other, and what became of it; all are had from the first moment on. What leaves nothing to
    write but its end waits for that until all have worked. Never raises."""
    try:
        had = _claimed(context, handler, ids, queue)
    except Exception as error:  # the process edge: the ledger itself could not be written; the lease runs out
        context.tallies.count(Meter.JOBS_ENDED, len(ids), kind=str(handler.kind), outcome=str(Ended.UNRECORDED))
        return {job_id: _unrecorded(handler, job_id, error) for job_id in ids}
    with ExitStack() as leases:
        tries = [_Try(job, leases.enter_context(HEARTBEATS.of(context.database, job, handler))) for job in had]
        for each in tries:
            _work(context, handler, each)
        _write_ends(context, handler, [each for each in tries if each.ended is None])
    return {**dict.fromkeys(ids, Ended.NOT_OURS), **{each.job.id: each.ended or Ended.UNRECORDED for each in tries}}


def _claimed(context: Context, handler: Handler, ids: Sequence[str], queue: Queue | None) -> Sequence[Job]:
    """What somebody is just changing is passed by at first, and then waited for, each by itself."""
    with context.database.stating() as tx:
        if len(ids) == 1:
            taken = [job for job_id in ids if (job := tx.jobs.take(job_id, handler.lease, queue))]
        else:
            taken = list(tx.jobs.take_together(ids, handler.lease, queue))
    for job_id in set(ids).difference(job.id for job in taken):
        with context.database.transaction() as tx:
            if (job := tx.jobs.claim(job_id, handler.lease, queue)) is not None:
                taken.append(job)
    return sorted(taken, key=lambda job: ids.index(job.id))


def _work(context: Context, handler: Handler, each: _Try) -> None:
    started, job = monotonic(), each.job
    with _under(handler, job) as cause:
        each.ended = _or_said(context, handler, job, lambda: _done(context, handler, each))
    each.seconds, each.about = monotonic() - started, job.case or cause.about
    if each.ended is not None:
        _tell(context, handler, each)


@contextmanager
def _under(handler: Handler, job: Job) -> Iterator[tracing.Cause]:
    """The call that the job came of; whatever is logged says the job."""
    known = {name: value for name, value in (("request", job.request), ("case", job.case)) if value}
    with (
        tracing.because(job.request, job.case) as cause,
        structlog.contextvars.bound_contextvars(job=job.id, kind=str(handler.kind), **known),
    ):
        yield cause


def _done(context: Context, handler: Handler, each: _Try) -> Ended | None:
    """None: nothing is left but the end."""
    if not each.lease.held:
        return Ended.LOST
    crashpoint(CrashPoint.AFTER_CLAIM)
    finish = handler.work(context, each.job)
    crashpoint(CrashPoint.AFTER_WORK)
    return None if finish is nothing else _finish(context, each.job, finish)


def _write_ends(context: Context, handler: Handler, worked: Sequence[_Try]) -> None:
    """By one statement; of whom it does not end, each by itself."""
    ended = _ended_together(context, [each.job for each in worked])
    for each in worked:
        each.ended = Ended.DONE if each.job.id in ended else _ended_alone(context, handler, each.job)
        _tell(context, handler, each)


def _ended_alone(context: Context, handler: Handler, job: Job) -> Ended | None:
    with _under(handler, job):
        return _or_said(context, handler, job, lambda: _finish(context, job, nothing))


def _ended_together(context: Context, worked: Sequence[Job]) -> frozenset[str]:
    """Those at their first try, which most are."""
    first = [job.id for job in worked if job.attempts == 1]
    try:
        with context.database.stating() as tx:
            return tx.jobs.end_together(first, 1, JobState.DONE) if first else frozenset()
    except TRANSIENT as error:
        log.warning("not_ended_together", count=len(first), **fault(error))
        return frozenset()


def _tell(context: Context, handler: Handler, each: _Try) -> None:
    job, kind, outcome = each.job, str(handler.kind), str(each.ended)
    known = {name: value for name, value in (("request", job.request), ("case", each.about)) if value}
    log.info("job_ended", job=job.id, kind=kind, outcome=outcome, seconds=round(each.seconds, 3), **known)
    context.tallies.count(Meter.JOBS_ENDED, kind=kind, outcome=outcome)
    context.tallies.observe(Meter.JOB_SECONDS, each.seconds, kind=kind)


def _or_said(context: Context, handler: Handler, job: Job, do: Callable[[], Ended | None]) -> Ended | None:
    """What `do` says; where it fails, the ledger is told, and what it says is that. Never raises."""
    try:
        return _or_written(context, handler, job, do)
    except Exception as error:  # the process edge: the ledger itself could not be written; the lease runs out
        return _unrecorded(handler, job.id, error)


def _unrecorded(handler: Handler, job_id: str, error: Exception) -> Ended:
    log.error("job_unrecorded", job=job_id, kind=str(handler.kind), **fault(error))
    return Ended.UNRECORDED


def _or_written(context: Context, handler: Handler, job: Job, do: Callable[[], Ended | None]) -> Ended | None:
    try:
        return do()
    except Hopeless as error:
        return _fail(context, job, error.reason)
    except Waiting as error:
        return _wait(context, job, error.reason)
    except (BlobsUnavailable, ChildFailed, KeyMissing) as error:
        return _outlast(context, handler, job, error)
    except (Transient, Conflict, *TRANSIENT) as error:
        return _retry(context, handler, job, error)
    except Refusal as error:
        # the case has moved on since the job was made: what was asked is not wanted any more
        return _fail(context, job, error.code)
    except Exception as error:  # the process edge: whatever it is, the ledger must say so
        log.error("job_fault", attempts=job.attempts, **fault(error))
        return _retry(context, handler, job, error)


def _finish(context: Context, job: Job, finish: Finish) -> Ended:
    with context.database.transaction() as tx:
        if not tx.jobs.finish(job):
            return Ended.LOST
        finish(tx)
        crashpoint(CrashPoint.BEFORE_COMMIT)
    crashpoint(CrashPoint.AFTER_COMMIT)
    return Ended.DONE


def _fail(context: Context, job: Job, reason: str) -> Ended:
    log.warning("job_failed", reason=reason)
    with context.database.stating() as tx:  # most have nothing to be asked before
        if tx.jobs.end(job, JobState.FAILED, reason):
            return Ended.FAILED
    with context.database.transaction() as tx:
        return Ended.FAILED if tx.jobs.fail(job, reason) else Ended.LOST


def _wait(context: Context, job: Job, reason: str) -> Ended:
    """Longer, the longer it has waited; a minute at most, so that nobody waits long once the reason is gone."""
    with context.database.transaction() as tx:
        waited = (tx.now() - job.made_at).total_seconds()
        delay = timedelta(seconds=min(max(WAIT_SECONDS[0], waited / 2), WAIT_SECONDS[1]) * random.uniform(0.75, 1.25))
        if not tx.jobs.wait(job, delay, reason):
            return Ended.LOST
    log.warning("job_waits", delay_s=round(delay.total_seconds(), 1), reason=reason)
    return Ended.WAITING


def _outlast(context: Context, handler: Handler, job: Job, error: Exception) -> Ended:
    """The store of pictures is away, or a key, or this machine has no room: it is so for every job, and no fault of any.
    After a day it is told as if it were this one's."""
    if context.database.now() - job.made_at < OUTLASTED:
        return _wait(context, job, fault_text(error))
    return _retry(context, handler, job, error)


def _retry(context: Context, handler: Handler, job: Job, error: Exception) -> Ended:
    reason = error.reason if isinstance(error, Transient) else fault_text(error)
    asked = error.delay if isinstance(error, Transient) else None
    delay = asked or backoff(job.attempts)
    with context.database.transaction() as tx:
        if not tx.jobs.retry(job, delay, reason):
            return Ended.LOST
        if job.last_try and handler.give_up is not None:
            handler.give_up(tx, job.subject)
    if job.last_try:
        log.critical("job_quarantined", subject=job.subject, attempts=job.attempts, reason=reason)
        return Ended.QUARANTINED
    log.warning("job_retried", attempts=job.attempts, delay_s=round(delay.total_seconds(), 1), reason=reason)
    return Ended.RETRIED


def backoff(attempts: int) -> timedelta:
    """Longer each time, and spread by a quarter so that what failed together does not come back together."""
    seconds = BACKOFF_SECONDS[min(attempts, len(BACKOFF_SECONDS)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))


@dataclass
class _Beat:
    database: Database
    job: Job
    handler: Handler
    next_at: float
    until: float
    held: bool = True
    """False: somebody else may have the job by now."""


class Heartbeats:
    """Extend the leases of what this process works at, each up to its handler's limit. One thread for all of them, which is
    there only while something takes longer than a third of its lease: short work costs an entry in a dictionary."""

    def __init__(self) -> None:
        self._beats: dict[int, _Beat] = {}
        self._changed = threading.Condition()
        self._alive = False
        self._wakes_at = 0.0

    @contextmanager
    def of(self, database: Database, job: Job, handler: Handler) -> Iterator[_Beat]:
        now = monotonic()
        beat = _Beat(database, job, handler, now + _third(handler), now + handler.limit.total_seconds())
        with self._changed:
            self._beats[id(beat)] = beat
            self._attend(beat)
        try:
            yield beat
        finally:
            with self._changed:
                self._beats.pop(id(beat), None)

    def _attend(self, beat: _Beat) -> None:
        if not self._alive:
            self._alive = True
            threading.Thread(target=self._go_on, name="heartbeat", daemon=True).start()
        elif beat.next_at < self._wakes_at:
            self._changed.notify()

    def _go_on(self) -> None:
        try:
            while due := self._next():
                for beat in due:
                    self._extend(beat)
        finally:
            with self._changed:
                self._alive = False  # whoever begins next starts another

    def _next(self) -> "list[_Beat]":
        """Those whose time has come, waited for; none when nobody is at work any more."""
        with self._changed:
            while self._beats:
                now = monotonic()
                if due := [beat for beat in self._beats.values() if beat.next_at <= now]:
                    return due
                self._wakes_at = min(beat.next_at for beat in self._beats.values())
                self._changed.wait(self._wakes_at - now)
            self._alive = False
            return []

    def _extend(self, beat: _Beat) -> None:
        held = True
        try:
            with beat.database.transaction() as tx:
                held = tx.jobs.extend(beat.job, beat.handler.lease)
        except TRANSIENT as error:
            log.warning("lease_not_extended", **fault(error))
        with self._changed:
            beat.next_at = monotonic() + _third(beat.handler)
            if not held or beat.next_at > beat.until:
                beat.held = False
                self._beats.pop(id(beat), None)


def _third(handler: Handler) -> float:
    return handler.lease.total_seconds() / 3


HEARTBEATS = Heartbeats()
"""Of this process."""
