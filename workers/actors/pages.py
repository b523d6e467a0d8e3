"""page.read: a photograph becomes a reading, and the resident learns what is wrong with it."""

from collections.abc import Sequence

import structlog

from cases.actions.judging import give_up_page, record_reading
from cases.actions.unfolding import FurtherPage, unfold
from cases.effects import JobKind
from cases.findings import FindingCode, Severity, found
from cases.items import MaterialSpec
from cases.lifecycle import PageState
from cases.model import CaseFile, Page
from cases.readings import Reading
from preaudit.documents import hint
from preaudit.judge import page_findings
from storage.blobs import BlobDamaged, BlobMissing
from storage.jobs import Job
from storage.session import Transaction
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
        data = context.blobs.get(page.blob)
    except (BlobMissing, BlobDamaged) as error:
        log.error("page_lost", page=page.id, case=number, **fault(error))
        return lambda tx: give_up(tx, page.id)
    readings = context.reader.read(
        data, name=page.id, document=hint(spec.document), form_labels=spec.form_labels
    )  # fmt: skip
    return lambda tx: _record(tx, number, page, spec, readings)


def _record(tx: Transaction, number: str, page: Page, spec: MaterialSpec, readings: Sequence[Reading]) -> None:
    file, now = tx.case_file(number, for_change=True), moment(tx)
    place = _place(file, page)
    # one page too many is enough to say so
    kept = readings[: spec.max_pages + 1]
    told = [page_findings(spec, r, now.today, page=place + i) for i, r in enumerate(kept)]
    further = [FurtherPage(now.new_id(), r.kind, f) for r, f in zip(kept[1:], told[1:], strict=True)]
    unfolded = unfold(file, page.id, further, now)
    tx.apply(number, (*unfolded, *record_reading(file, page.id, kept[0].kind, told[0], now)), actor=SYSTEM)
    tx.save_reading(page.id, kept[0])
    if unfolded:
        for one, reading in zip(further, kept[1:], strict=True):
            tx.save_reading(one.id, reading)


def _place(file: CaseFile, page: Page) -> int:
    """Which page of its material it is, counted from 1."""
    return 1 + next((i for i, p in enumerate(file.pages_of(page.material)) if p.id == page.id), 0)


def give_up(tx: Transaction, page_id: str) -> None:
    """Its reader died or failed every time: a person must look, and the case goes on."""
    number, page = tx.page(page_id)
    file = tx.case_file(number, for_change=True)
    tx.save_reading(page_id, unreadable(page))
    tx.apply(number, give_up_page(file, page_id, moment(tx)), actor=SYSTEM)


def unreadable(page: Page) -> Reading:
    failure = found(FindingCode.UNREADABLE, material=page.material, severity=Severity.DOUBTFUL)
    return Reading(page.id, 1, 0.0, "none", 0, 0, 0, (), "unknown", 0.0, {}, (), sha256=page.sha256, failure=failure)


PAGE_READ = Handler(JobKind.PAGE_READ, read_page, give_up)
