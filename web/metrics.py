"""Figures for Prometheus: this process's own counts, and what the ledger says at the moment of asking (`web.ledger`).

The ledger's figures are the same whichever process is asked: take them from one. Background processes have no door of
their own; what they count comes by the database (`storage.metering`).
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

from storage.session import Database
from web.ledger import Ledger
from web.told import BY_NAME


class Meters:
    """The counters of one process. A registry of its own, so that two applications in one process do not collide."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._counter("web_requests")
        told = BY_NAME["web_request_seconds"]
        self.seconds = Histogram(told.name, told.text, told.labels, registry=self.registry)
        self.pushes = self._counter("web_pushes")

    def _counter(self, name: str) -> Counter:
        told = BY_NAME[name]
        return Counter(told.name, told.text, told.labels, registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def watch(self, database: Database) -> None:
        """From now on the ledger is asked whenever the figures are."""
        self.registry.register(Ledger(database))
