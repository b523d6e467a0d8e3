"""The clock: calls the sweeps, each in its own rhythm. One at a time, by a lease in the database; two are harmless.

A tick only calls a sweep, so one that is missed or doubled changes nothing. A sweep that fails is logged and comes
again; the others go on.
"""

import secrets
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from types import FrameType

import structlog

from storage import tracing
from storage.ids import new_id
from storage.leases import drop_lease, take_lease
from storage.metering import Meter
from storage.session import Database
from workers import care, census, comers, invariants, polls, record, retention, rounds, starting, sweeps, terminals
from workers.logs import fault
from workers.tallies import Tallies

LEASE_NAME = "clock"
LEASE = timedelta(seconds=30)

log = structlog.get_logger()


@dataclass
class Tick:
    """One sweep and when it is next."""

    name: str
    every_seconds: float
    sweep: Callable[[Database], int]
    next_at: float = field(default=0.0)


def schedule(sweep_seconds: float) -> list[Tick]:
    """`sweep_seconds`: the rhythm of what has to be quick."""
    return [
        Tick("leases", sweep_seconds, sweeps.leases),
        Tick("deadlines", 30, sweeps.deadlines),
        Tick("late_papers", 60, sweeps.late_papers),
        Tick("late_assignments", 60, sweeps.late_assignments),
        Tick("polls", 60, polls.polls),
        Tick("no_shows", 60, sweeps.no_shows),
        Tick("unanswered", 60, sweeps.unanswered),
        Tick("unheard", 60, sweeps.unheard),
        Tick("promises", 600, sweeps.promises),
        Tick("demands", 600, sweeps.demands),
        Tick("forgotten", 60, sweeps.forgotten),
        Tick("appointments", 60, comers.appointments),
        Tick("terminals", 60, terminals.lapsed),
        Tick("late_rounds", 60, rounds.late_rounds),
        Tick("escalations", 60, care.escalations),
        Tick("complaints", 300, care.complaints),
        Tick("follow_ups", 60, care.follow_ups),
        Tick("figures", 30, sweeps.figures),
        Tick("invariants", 15 * 60, invariants.check),
        Tick("anchor", 60 * 60, record.anchor),
        Tick("record", 10, record.check),
        Tick("retention", 600, retention.sweep),
        Tick("accounts", 600, retention.accounts),
        Tick("old_answers", 60 * 60, sweeps.old_answers),
        Tick("jobs_over", 60, sweeps.jobs_that_are_over),
        Tick("abandoned_uploads", 60 * 60, sweeps.abandoned_uploads),
        Tick("census", 5 * 60, census.next_shard),
    ]


class Clock:
    def __init__(
        self,
        database: Database,
        ticks: list[Tick],
        now: Callable[[], float] = monotonic,
        tallies: Tallies | None = None,
    ) -> None:
        self._database, self._ticks, self._now, self._tallies = database, ticks, now, tallies or Tallies()
        self._holder = secrets.token_hex(8)
        self._stopping = threading.Event()
        self.leading = False

    def stop(self, _signum: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping.set()

    def run(self, look_seconds: float) -> None:
        """Until `stop`."""
        while not self._stopping.is_set():
            self.turn()
            self._stopping.wait(look_seconds)
        self._resign()

    def turn(self) -> Mapping[str, int]:
        """Everything that is due, if this clock leads; what each sweep moved."""
        if not self._lead():
            return {}
        due = [t for t in self._ticks if t.next_at <= self._now()]
        return {tick.name: self._call(tick) for tick in due}

    def _lead(self) -> bool:
        try:
            with self._database.transaction() as tx:
                leads = take_lease(tx, LEASE_NAME, self._holder, LEASE)
        except Exception as error:  # the process edge: a database that is away comes back
            log.error("clock_without_database", **fault(error))
            return False
        if leads != self.leading:
            log.info("clock_leads" if leads else "clock_stands_by")
        self.leading = leads
        return leads

    def _call(self, tick: Tick) -> int:
        tick.next_at = self._now() + tick.every_seconds
        turn = new_id()
        with tracing.because(turn), structlog.contextvars.bound_contextvars(request=turn):
            try:
                moved = tick.sweep(self._database)
            except Exception as error:  # the process edge: one sweep's fault must not stop the others
                log.error("sweep_fault", sweep=tick.name, **fault(error))
                self._tallies.count(Meter.SWEEPS_FAILED, sweep=tick.name)
                return 0
            if moved:
                log.info("swept", sweep=tick.name, count=moved)
            return moved

    def _resign(self) -> None:
        """The next clock need not wait for the lease to run out."""
        try:
            with self._database.transaction() as tx:
                drop_lease(tx, LEASE_NAME, self._holder)
        except Exception as error:  # the process edge: it runs out by itself
            log.warning("clock_lease_kept", **fault(error))


def run(database: Database, sweep_seconds: float) -> None:
    """The process."""
    tallies = Tallies()
    clock = Clock(database, schedule(sweep_seconds), tallies=tallies)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, clock.stop)
    log.info("clock_started")
    tallies.begin(database, "clock")
    clock.run(min(1.0, sweep_seconds))
    tallies.end()
    database.dispose()
    log.info("clock_stopped")


def main() -> None:
    settings = starting.start("clock")
    run(starting.or_exit(lambda: starting.opened(settings.storage)), settings.workers.sweep_seconds)


if __name__ == "__main__":
    main()
