"""Figures for Prometheus: this process's own counts, and what the ledger says at the moment of asking.

The ledger's figures are the same whichever process is asked: take them from one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cases.circuit import CircuitState
from storage import partner_health
from storage.boxes import lights
from storage.partner_health import Health
from storage.session import Database
from storage.words import InboxState

UNKNOWN_CODES_MAX = 20
"""Per partner. New codes come by ones and twos; more of them are noise or an attack."""


class Meters:
    """The counters of one process. A registry of its own, so that two applications in one process do not collide."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route")
        self.requests = Counter("web_requests", "Answered calls.", (*labels, "status"), registry=self.registry)
        self.seconds = Histogram("web_request_seconds", "Time to answer.", labels, registry=self.registry)
        self.pushes = Counter("web_pushes", "Pushes by how they ended.", ("provider", "end"), registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def watch(self, database: Database) -> None:
        """From now on the ledger is asked whenever the figures are."""
        self.registry.register(Ledger(database))


class Ledger(Collector):
    """Queues, cases by state and the inbox, read when asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        return ()  # said without asking the database, which may be down at the start

    def collect(self) -> Iterable[Metric]:
        with self._database.reading() as tx:
            now, healths = tx.now(), partner_health.healths(tx)
            loads, states, inbox = tx.jobs.loads(), tx.counts_by_state(), tx.inbox.counts()
            late, strays = lights(tx.boxes.late(tx.now())), tx.boxes.open_strays()
            unknown = tx.unknown_codes()
        jobs = GaugeMetricFamily("zerotrip_jobs", "Jobs by queue and state.", labels=("queue", "state"))
        ages = GaugeMetricFamily("zerotrip_job_oldest_seconds", "How long the oldest due job waits.", labels=("queue",))
        for load in loads:
            ages.add_metric((load.queue,), load.oldest_s)
            for state in ("waiting", "running", "quarantined"):
                jobs.add_metric((load.queue, state), getattr(load, state))
        yield jobs
        yield ages
        yield _by_state("zerotrip_cases", "Cases by state.", states)
        yield from _circuits(healths, now)
        yield _by_state("zerotrip_inbox", "Pushes kept, by state.", inbox)
        yield _unknown_codes(unknown)
        rounds = GaugeMetricFamily("zerotrip_late_rounds", "Drop boxes not emptied in time.", labels=("light",))
        for light, count in late.items():
            rounds.add_metric((str(light),), count)
        yield rounds
        yield GaugeMetricFamily("zerotrip_strays", "Envelopes that wait for a person.", value=strays)


def _unknown_codes(found: Iterable[tuple[str, str, int]]) -> Metric:
    """A code is the partner's own text: only so many get a label of their own, the rest are counted together."""
    counted = CounterMetricFamily("courier_unknown_codes", "Events of unknown meaning.", labels=("partner", "code"))
    sums: dict[tuple[str, str], int] = {}
    for partner, code, count in sorted(found, key=lambda f: -f[2]):
        mine = sum(name == partner for name, _ in sums)
        label = (partner, code if mine < UNKNOWN_CODES_MAX else "(other)")
        sums[label] = sums.get(label, 0) + count
    for label, count in sums.items():
        counted.add_metric(label, count)
    return counted


def _circuits(healths: Mapping[str, Health], now: datetime) -> Iterable[Metric]:
    """Of every partner that was ever called."""
    states = GaugeMetricFamily("zerotrip_courier_circuit", "1 for the circuit's state.", labels=("partner", "state"))
    failures = GaugeMetricFamily("zerotrip_courier_failures", "Calls in a row without an answer.", labels=("partner",))
    for name, health in healths.items():
        failures.add_metric((name,), health.circuit.failures)
        for state in CircuitState:
            states.add_metric((name, state), health.circuit.state(now) is state)
    yield states
    yield failures


def _by_state(name: str, text: str, counts: Mapping[str, int] | Mapping[InboxState, int]) -> Metric:
    gauge = GaugeMetricFamily(name, text, labels=("state",))
    for state, count in counts.items():
        gauge.add_metric((str(state),), count)
    return gauge
