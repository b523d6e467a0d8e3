"""Every figure of `/metrics`: its name, kind, labels and what it says. docs/metrics.md is this table.

Promises: labels hold words of closed vocabularies, names of partners and of our own routes; never a person's, a case's or
a paper's. Names that operators' rules use are not changed: new ones are added.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from storage.metering import Meter


@dataclass(frozen=True)
class Told:
    """`kind`: gauge | counter | histogram; a counter is exported with `_total`. `of`: `process` is counted by the web
    process that is asked; `service` is the same whichever is asked."""

    name: str
    kind: str
    text: str
    labels: tuple[str, ...] = ()
    of: str = "service"

    @property
    def exported(self) -> str:
        return f"{self.name}_total" if self.kind == "counter" else self.name


def _web(name: str, kind: str, text: str, *labels: str) -> Told:
    return Told(name, kind, text, labels, "process")


def _is(name: str, text: str, *labels: str) -> Told:
    return Told(name, "gauge", text, labels)


def _counted(meter: Meter, text: str, *labels: str) -> Told:
    return Told(str(meter), "counter", text, labels)


def _spread(meter: Meter, text: str, *labels: str) -> Told:
    return Told(str(meter), "histogram", text, labels)


TOLD: tuple[Told, ...] = (
    _web("web_requests", "counter", "Answered calls; status 429 are those that came too fast.", "method", "route", "status"),
    _web("web_request_seconds", "histogram", "Time to answer.", "method", "route"),
    _web("web_pushes", "counter", "Pushes by how they ended.", "provider", "end"),
    _is("zerotrip_database_up", "1 if the database answered this very question; 0: nothing else of the service is told."),
    _is("zerotrip_redis_up", "1 if Redis answered the relay's last question (every 10 s)."),
    _is("zerotrip_processes", "Background processes that gave a sign of life in the last minute.", "role"),
    _is("zerotrip_process_memory_bytes", "The most memory that the largest of them ever held.", "role"),
    _is("zerotrip_clock_leads", "1 if a clock holds the lease: sweeps run."),
    _is("zerotrip_jobs", "Jobs by queue and state.", "queue", "state"),
    _is("zerotrip_job_oldest_seconds", "How long the oldest due job waits.", "queue"),
    _is("zerotrip_stage_jobs", "The same by kind of work.", "stage", "state"),
    _is("zerotrip_stage_oldest_seconds", "How long the oldest due job of a kind waits.", "stage"),
    _counted(Meter.JOBS_ENDED, "Tries of jobs by how they ended.", "kind", "outcome"),
    _spread(Meter.JOB_SECONDS, "How long a try took.", "kind"),
    _spread(Meter.READING_SECONDS, "How long reading a page took.", "engine"),
    _counted(Meter.VERDICTS, "Judgements of the machine: passed, returned, review.", "verdict"),
    _counted(Meter.LEASES_EXPIRED, "Leases that ran out: whoever had the job died or hangs.", "kind"),
    _counted(Meter.PAGES_GIVEN_UP, "Pages that no reader could read: a person looks."),
    _counted(Meter.SWEEPS_FAILED, "Sweeps of the clock that ended by a fault.", "sweep"),
    _counted(Meter.INVARIANTS_BROKEN, "What must hold of a case and did not, each time it was seen.", "invariant"),
    _counted(Meter.WEBHOOKS_REFUSED, "Attempts to tell a department's system that it did not take.", "reason"),
    _is("zerotrip_cases", "Cases by state; test cases left out, here and below.", "state"),
    _is("zerotrip_cases_passed", "Cases that passed pre-audit, by rounds of correction (3: or more).", "rounds"),
    _is("zerotrip_cases_ended", "Cases by what became of them: submitted, accepted, concluded, late, delivered.", "what"),
    _is("zerotrip_late", "What is near its time limit (yellow) or past it (red), by kind of waiting; counted to 3,000 of a "
        "kind, at most once a minute.", "kind", "light"),
    _counted(Meter.UPLOADS_INFECTED, "Files in which the scanner found something: kept closed, a person is told."),
    _is(str(Meter.SCANNER_UP), "1 if the virus scanner answered its last question; 0: files wait (stage `page.read`); not there: none is used."),
    _is("zerotrip_scanner_waiting", "Files that wait because the scanner did not answer; no try is counted for it."),
    _is("zerotrip_inbox", "Pushes kept that wait to be handled (new) or could not be understood (failed).", "state"),
    Told("courier_unknown_codes", "counter", "Events of unknown meaning.", ("partner", "code")),
    _is("zerotrip_courier_circuit", "1 for the circuit's state.", "partner", "state"),
    _is("zerotrip_courier_failures", "Calls in a row without an answer.", "partner"),
    _is("zerotrip_bookings_unsettled", "Orders of which it is not known whether the partner has them.", "state"),
    _is("zerotrip_webhooks", "Messages to departments' systems that wait, are held or were given up (to 10,000).", "state"),
    _is("zerotrip_notices_failed", "Messages of the last day that reached no resident (to 10,000)."),
    _is("zerotrip_late_rounds", "Drop boxes not emptied in time.", "light"),
    _is("zerotrip_strays", "Envelopes that wait for a person."),
    _is(str(Meter.BLOBS_UNNAMED), "Orphans: pictures that no row names, by the last look at each shard (a day in all)."),
    _is(str(Meter.BLOBS_MISSING), "Pictures that a row names and that are not there, by the same look."),
    _is("zerotrip_vault_key_age_seconds", "Since the key that seals now was made."),
    _is(str(Meter.BACKUP_MADE), "When the last backup was complete (Unix time); not there: none was ever told."),
    _is("zerotrip_audit_anchor_age_seconds", "Since the heads of the record were written down last."),
    _is("zerotrip_audit_unanchored", "Chains of the record that grew since (to 10,000)."),
)  # fmt: skip
BY_NAME: Mapping[str, Told] = {told.name: told for told in TOLD}
_FAMILY: Mapping[str, Callable[..., Metric]] = {
    "gauge": GaugeMetricFamily,
    "counter": CounterMetricFamily,
    "histogram": HistogramMetricFamily,
}


def family(name: str) -> Metric:
    told = BY_NAME[name]
    return _FAMILY[told.kind](told.name, told.text, labels=told.labels)


def filled(name: str, samples: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    """A gauge or counter with its samples."""
    made = family(name)
    assert isinstance(made, GaugeMetricFamily | CounterMetricFamily)
    for labels, value in samples:
        made.add_metric(labels, value)
    return made


def page() -> str:
    """The table of docs/metrics.md."""
    lines = ["| name | kind | labels | what it says |", "| --- | --- | --- | --- |"]
    for t in sorted(TOLD, key=lambda t: (t.of, t.exported)):
        labels = " ".join(f"`{label}`" for label in t.labels)
        lines.append(f"| `{t.exported}` | {t.kind}, {t.of} | {labels} | {t.text} |")
    return "\n".join(lines) + "\n"
