"""What processes count of their own work, added up in the database; and who of them is alive.

Only the front doors are asked for figures (`/metrics`), and a reader, a worker, the relay and the clock have no door: so
each keeps its counts in memory, brings them here every few seconds (`workers.tallies`) and says that it lives. Counters
outlive restarts and go on from where they stood. Not promised: the last seconds of a process that was killed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.meter_tables import meters, processes
from storage.unit import Unit

BUCKETS: Sequence[float] = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 60, 120, 600)
"""Seconds: a page takes about one, a job at most ten minutes."""
FORGET_PROCESS = timedelta(hours=1)


class Meter(StrEnum):
    """Without Prometheus' endings. Labels stand in `web.metrics`, beside the text."""

    JOBS_ENDED = "zerotrip_jobs_ended"
    JOB_SECONDS = "zerotrip_job_seconds"
    READING_SECONDS = "zerotrip_reading_seconds"
    VERDICTS = "zerotrip_verdicts"
    LEASES_EXPIRED = "zerotrip_leases_expired"
    SWEEPS_FAILED = "zerotrip_sweeps_failed"
    INVARIANTS_BROKEN = "zerotrip_invariants_broken"
    PAGES_GIVEN_UP = "zerotrip_pages_given_up"
    UPLOADS_INFECTED = "zerotrip_uploads_infected"
    SCANNER_UP = "zerotrip_scanner_up"
    WEBHOOKS_REFUSED = "zerotrip_webhooks_refused"
    REDIS_UP = "zerotrip_redis_up"
    BACKUP_MADE = "zerotrip_backup_timestamp_seconds"
    BLOBS_UNNAMED = "zerotrip_blobs_unnamed"
    BLOBS_MISSING = "zerotrip_blobs_missing"


Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted by name."""
Sample = tuple[Meter, Labels]


@dataclass(frozen=True)
class Reading:
    """What a meter says; `at`: when it was last written."""

    labels: Mapping[str, str]
    value: float
    at: datetime


@dataclass(frozen=True)
class Beat:
    """A process, alive when it said so."""

    id: str
    role: str
    started_at: datetime
    seen_at: datetime
    memory_bytes: int


@cache
def sample(meter: Meter, **labels: str) -> Sample:
    """Labels are words of closed vocabularies, so there are few."""
    return meter, tuple(sorted(labels.items()))


def count(tx: Unit, added: Mapping[Sample, float]) -> None:
    """Adds. In one order, so that two who add at once wait for each other and not in a ring."""
    _write(tx, added, adding=True)


def put(tx: Unit, values: Mapping[Sample, float]) -> None:
    """Says how it is now."""
    _write(tx, values, adding=False)


def _write(tx: Unit, values: Mapping[Sample, float], *, adding: bool) -> None:
    if not values:
        return
    now = tx.now()
    rows = [
        {"name": meter, "labels": json.dumps(dict(labels), ensure_ascii=False), "value": float(value), "at": now}
        for (meter, labels), value in sorted(values.items())
    ]
    new = (postgresql.insert if tx.postgresql else sqlite.insert)(meters)
    value = meters.c.value + new.excluded.value if adding else new.excluded.value
    put_ = new.on_conflict_do_update(index_elements=["name", "labels"], set_={"value": value, "at": new.excluded.at})
    tx.execute(put_, rows)


def readings(tx: Unit) -> dict[Meter, list[Reading]]:
    """Every meter that was ever written; some hundred rows."""
    known = set(map(str, Meter))
    found: dict[Meter, list[Reading]] = {}
    for row in tx.all(select(meters).order_by(meters.c.name, meters.c.labels)):
        if row.name in known:  # a newer version beside us may know more
            found.setdefault(Meter(row.name), []).append(Reading(json.loads(row.labels), row.value, row.at))
    return found


def beat(tx: Unit, process: str, role: str, memory_bytes: int) -> None:
    """The process lives; those of which nothing was heard for long are forgotten."""
    now = tx.now()
    new = (postgresql.insert if tx.postgresql else sqlite.insert)(processes).values(
        id=process, role=role, started_at=now, seen_at=now, memory_bytes=memory_bytes
    )
    said = {"seen_at": new.excluded.seen_at, "memory_bytes": new.excluded.memory_bytes}
    tx.execute(new.on_conflict_do_update(index_elements=["id"], set_=said))
    tx.execute(delete(processes).where(processes.c.seen_at < now - FORGET_PROCESS))


def gone(tx: Unit, process: str) -> None:
    """It ended in order."""
    tx.execute(delete(processes).where(processes.c.id == process))


def beats(tx: Unit) -> list[Beat]:
    return [
        Beat(r.id, r.role, r.started_at, r.seen_at, r.memory_bytes)
        for r in tx.all(select(processes).order_by(processes.c.role, processes.c.started_at))
    ]
