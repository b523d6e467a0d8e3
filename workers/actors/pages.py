"""page.read: a photograph becomes a reading, and the resident learns what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from cases.actions.judging import give_up_page, record_reading
from cases.actions.unfolding import FurtherPage, unfold
from cases.effects import JobKind
from cases.findings import Finding, FindingCode, Severity, found
from cases.items import MaterialSpec
from cases.lifecycle import PageState
from cases.model import CaseFile, Page
from cases.readings import Reading
from preaudit.documents import hint
from preaudit.judge import page_findings
from storage import metering
from storage.blobs import BlobDamaged, BlobMissing
from storage.jobs import Job
from storage.metering import Meter
from storage.session import Transaction
from workers import scanning
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Handler, Hopeless
from workers.logs import fault

log = structlog.get_logger()
UNREAD = (PageState.UPLOADED, PageState.UNREADABLE)


def read_page(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        number, page = tx.page(job.subject)
        spec = tx.case_file(number).spec(page.material)
    if page.state not in UNREAD or spec is None:
        raise Hopeless("page_gone")
    if context.reader is None:
        raise RuntimeError("page.read was rung in a process without a reader")
    try:
        data = scanning.upload(context, page.blob)
    except scanning.Infected as error:
        log.critical("upload_infected", page=page.id, case=number, reason=error.name[:100])
        kept = [Shown(unreadable(page, error.finding), None)]
        virus = error.name
        return lambda tx: _record_infected(tx, number, page, spec, kept, virus)
    except (BlobMissing, BlobDamaged) as error:
        log.error("page_lost", page=page.id, case=number, **fault(error))
        return lambda tx: give_up(tx, page.id)
    readings = context.reader.read(
        data, name=page.id, document=hint(spec.document), form_labels=spec.form_labels
    )  # fmt: skip
    for one in readings:
        context.tallies.observe(Meter.READING_SECONDS, one.seconds, engine=one.engine)
    # one page too many is enough to say so
    kept = [
        Shown(_as_signed(page, r), context.blobs.put(r.picture) if r.picture else None)
        for r in readings[: spec.max_pages + 1]
    ]
    return lambda tx: _record(tx, number, page, spec, kept)


def _as_signed(page: Page, reading: Reading) -> Reading:
    """A form that was signed on the phone: the record knows of the signature, and it need not be found."""
    return replace(reading, marks={**reading.marks, "signature": True}) if page.signed_at else reading


@dataclass(frozen=True)
class Shown:
    """A reading, and the blob of the small copy its page may be shown by."""

    reading: Reading
    picture: str | None


def _record(tx: Transaction, number: str, page: Page, spec: MaterialSpec, kept: Sequence[Shown]) -> None:
    file, now = tx.case_file(number, for_change=True), moment(tx)
    place = _place(file, page)
    told = [page_findings(spec, x.reading, now.today, page=place + i) for i, x in enumerate(kept)]
    further = [FurtherPage(now.new_id(), x.reading.kind, f) for x, f in zip(kept[1:], told[1:], strict=True)]
    unfolded = unfold(file, page.id, further, now)
    recorded = record_reading(file, page.id, kept[0].reading.kind, told[0], now)
    tx.apply(number, (*unfolded, *recorded), actor=SYSTEM)
    tx.save_reading(page.id, kept[0].reading, kept[0].picture)
    if unfolded:
        for one, x in zip(further, kept[1:], strict=True):
            tx.save_reading(one.id, x.reading, x.picture)


def _record_infected(  # noqa: PLR0917  # what `_record` takes, and the name
    tx: Transaction, number: str, page: Page, spec: MaterialSpec, kept: Sequence[Shown], virus: str
) -> None:
    _record(tx, number, page, spec, kept)
    scanning.count_infected(tx, number, page.id, virus)


def _place(file: CaseFile, page: Page) -> int:
    """Which page of its material it is, counted from 1."""
    return 1 + next((i for i, p in enumerate(file.pages_of(page.material)) if p.id == page.id), 0)


def give_up(tx: Transaction, page_id: str) -> None:
    """Its reader died or failed every time: a person must look, and the case goes on."""
    number, page = tx.page(page_id)
    file = tx.case_file(number, for_change=True)
    tx.save_reading(page_id, unreadable(page))
    tx.apply(number, give_up_page(file, page_id, moment(tx)), actor=SYSTEM)
    metering.count(tx, {metering.sample(Meter.PAGES_GIVEN_UP): 1})


def unreadable(page: Page, why: Finding | None = None) -> Reading:
    failure = why or found(FindingCode.UNREADABLE, material=page.material, severity=Severity.DOUBTFUL)
    return Reading(page.id, 1, 0.0, "none", 0, 0, 0, (), "unknown", 0.0, {}, (), sha256=page.sha256, failure=failure)


PAGE_READ = Handler(JobKind.PAGE_READ, read_page, give_up)
