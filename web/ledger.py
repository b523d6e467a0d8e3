"""The figures of the whole service, read from the database whenever they are asked for.

Promises: a database that does not answer is itself a figure (`zerotrip_database_up 0`), never an error page; no question
grows with the cases that are over; what costs more than a few milliseconds is asked once a minute.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from cases.circuit import CircuitState
from cases.effects import JobKind
from cases.lifecycle import CaseState
from cases.supervision import WaitKind
from storage import metering, operating, partner_health
from storage.actors import Scope
from storage.boxes import lights
from storage.lit import Seen
from storage.metering import BUCKETS, Meter
from storage.metering import Reading as Meant
from storage.session import Database, Transaction
from storage.statistics.asking import totals
from storage.vault import key_made_at
from web.told import BY_NAME, family, filled

UNKNOWN_CODES_MAX = 20
"""Per partner. New codes come by ones and twos; more of them are noise or an attack."""
ALIVE = timedelta(minutes=1)
ROLES = ("relay", "clock", "reader", "worker")
LATE_EVERY_S = 60.0
_FROM_NOTHING: Mapping[Meter, Sequence[tuple[str, ...]]] = {
    Meter.PAGES_GIVEN_UP: [()],
    Meter.UPLOADS_INFECTED: [()],
    Meter.LEASES_EXPIRED: [(str(kind),) for kind in JobKind],
}
"""Told from the beginning: of a counter that appears with its first count no rule sees that it grew."""
_ENDS = ("submitted", "accepted", "concluded", "late", "delivered")


class Ledger(Collector):
    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._late: tuple[float, Metric] | None = None

    def describe(self) -> Iterable[Metric]:
        return ()  # said without asking the database, which may be down at the start

    def collect(self) -> Iterable[Metric]:
        try:
            with self._database.reading() as tx:
                found = [
                    *_work(tx),
                    *_processes(tx),
                    *_counted(tx),
                    *_cases(tx),
                    *_outside(tx),
                    *_safety(tx),
                    self._lateness(tx),
                ]
        except SQLAlchemyError:
            found, up = [], 0
        else:
            up = 1
        yield filled("zerotrip_database_up", [((), up)])
        yield from found
        yield from self._key()

    def _lateness(self, tx: Transaction) -> Metric:
        now = self._clock()
        if self._late is None or now - self._late[0] >= LATE_EVERY_S:
            counts = tx.supervision.counts(Scope.everything(), Seen()).by_kind
            lit = {kind: counts.get(kind, (0, 0)) for kind in WaitKind}
            told = (
                ((str(k), light), n) for k, of in lit.items() for light, n in zip(("red", "yellow"), of, strict=True)
            )
            self._late = now, filled("zerotrip_late", told)
        return self._late[1]

    def _key(self) -> Iterator[Metric]:
        made = key_made_at(self._database.settings.key_file, self._database.vault.current)
        if made is not None:
            yield filled("zerotrip_vault_key_age_seconds", [((), max(0.0, time.time() - made.timestamp()))])


def _work(tx: Transaction) -> Iterator[Metric]:
    loads, stages = tx.jobs.loads(), operating.stages(tx)
    states = ("waiting", "running", "quarantined")
    yield filled("zerotrip_jobs", (((str(x.queue), s), getattr(x, s)) for x in loads for s in states))
    yield filled("zerotrip_job_oldest_seconds", (((str(x.queue),), x.oldest_s) for x in loads))
    yield filled("zerotrip_stage_jobs", (((str(x.kind), s), getattr(x, s)) for x in stages for s in states))
    waiting = tx.jobs.waiting_for(operating.SCANNER_AWAY)
    yield filled("zerotrip_scanner_waiting", [((), waiting)])
    yield filled("zerotrip_stage_oldest_seconds", (((str(x.kind),), x.oldest_s) for x in stages))


def _processes(tx: Transaction) -> Iterator[Metric]:
    alive = [b for b in metering.beats(tx) if tx.now() - b.seen_at <= ALIVE]
    roles = dict.fromkeys((*ROLES, *(b.role for b in alive)))
    yield filled("zerotrip_processes", (((r,), sum(b.role == r for b in alive)) for r in roles))
    largest = {b.role: max(x.memory_bytes for x in alive if x.role == b.role) for b in alive}
    yield filled("zerotrip_process_memory_bytes", (((r,), n) for r, n in largest.items()))
    yield filled("zerotrip_clock_leads", [((), operating.clock_leads(tx))])


def _counted(tx: Transaction) -> Iterator[Metric]:
    found = metering.readings(tx)
    for meter in (m for m in Meter if m in found or m in _FROM_NOTHING):
        told, readings = BY_NAME[meter], found.get(meter, [])
        if told.kind == "histogram":
            yield _spread(meter, readings)
            continue
        said = {tuple(r.labels.get(n, "") for n in told.labels): r.value for r in readings}
        yield filled(told.name, (dict.fromkeys(_FROM_NOTHING.get(meter, ()), 0.0) | said).items())


def _spread(meter: Meter, readings: Sequence[Meant]) -> Metric:
    """Prometheus' buckets hold everything below them; ours hold what fell into each."""
    made, names = family(meter), BY_NAME[meter].labels
    assert isinstance(made, HistogramMetricFamily)
    sets: dict[tuple[str, ...], dict[str, float]] = {}
    for r in readings:
        sets.setdefault(tuple(r.labels.get(n, "") for n in names), {})[r.labels["le"]] = r.value
    for labels, of in sets.items():
        below, buckets = 0.0, []
        for le in (*(str(float(b)) for b in BUCKETS), "+Inf"):
            below += of.get(le, 0.0)
            buckets.append((le, below))
        made.add_metric(labels, buckets, of.get("sum", 0.0))
    return made


def _cases(tx: Transaction) -> Iterator[Metric]:
    sums = totals(tx)
    yield filled("zerotrip_cases", (((str(s),), sums[f"is_{s}"]) for s in sorted(CaseState) if sums[f"is_{s}"]))
    yield filled("zerotrip_cases_passed", (((str(n),), sums[f"rounds_{n}"]) for n in range(4)))
    yield filled("zerotrip_cases_ended", (((what,), sums[what]) for what in _ENDS))


def _outside(tx: Transaction) -> Iterator[Metric]:
    healths, now = partner_health.healths(tx), tx.now()
    circuits = (((name, str(s)), float(h.circuit.state(now) is s)) for name, h in healths.items() for s in CircuitState)
    yield filled("zerotrip_courier_circuit", circuits)
    yield filled("zerotrip_courier_failures", (((name,), h.circuit.failures) for name, h in healths.items()))
    yield _unknown_codes(tx.unknown_codes())
    yield _by_word("zerotrip_inbox", tx.inbox.counts())
    yield _by_word("zerotrip_bookings_unsettled", operating.bookings_unsettled(tx))
    yield _by_word("zerotrip_webhooks", operating.unsent(tx))
    yield filled("zerotrip_notices_failed", [((), operating.notices_failed(tx))])
    yield _by_word("zerotrip_late_rounds", lights(tx.boxes.late(now)))
    yield filled("zerotrip_strays", [((), tx.boxes.open_strays())])


def _safety(tx: Transaction) -> Iterator[Metric]:
    anchored: datetime | None = operating.anchored_at(tx)
    if anchored is not None:
        yield filled("zerotrip_audit_anchor_age_seconds", [((), (tx.now() - anchored).total_seconds())])
    yield filled("zerotrip_audit_unanchored", [((), operating.unanchored(tx))])


def _by_word(name: str, counts: Mapping[Any, int]) -> Metric:
    return filled(name, (((str(word),), n) for word, n in counts.items()))


def _unknown_codes(found: Iterable[tuple[str, str, int]]) -> Metric:
    """A code is the partner's own text: only so many get a label of their own, the rest are counted together."""
    sums: dict[tuple[str, str], int] = {}
    for partner, code, count in sorted(found, key=lambda f: -f[2]):
        mine = sum(name == partner for name, _ in sums)
        label = (partner, code if mine < UNKNOWN_CODES_MAX else "(other)")
        sums[label] = sums.get(label, 0) + count
    return filled("courier_unknown_codes", sums.items())
