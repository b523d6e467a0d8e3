"""document.make: a notice or receipt becomes a PDF."""

from cases.deadlines import beijing_day
from cases.effects import JobKind, Put
from cases.model import CaseFile, Document
from preaudit.region import region_of
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context
from workers.jobs import Finish, Handler, Hopeless
from workers.paper import Paper, draw

SERVICE_CENTRE = "政务服务中心"


def make(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        number, document = tx.document(job.subject)
        file = tx.case_file(number)
    if document.blob is not None:
        raise Hopeless("made_before")
    blob = context.blobs.put(draw(paper_of(file, document)))
    return lambda tx: _record(tx, number, document.id, blob)


def _record(tx: Transaction, number: str, document_id: str, blob: str) -> None:
    tx.case_file(number, for_change=True)
    tx.apply(number, (Put("document", document_id, {"blob": blob}),), actor=SYSTEM)


def paper_of(file: CaseFile, document: Document) -> Paper:
    return Paper(
        title=document.title,
        number=document.number,
        office=office_name(file.case.region, file.case.department),
        day=beijing_day(document.made_at),
        paragraphs=tuple(map(str, document.content.get("paragraphs", ()))),
        case_number=file.case.number,
    )


def office_name(region_code: str, department: str) -> str:
    """As the head of a document names the department; where nobody wrote its name down, the service centre."""
    region = region_of(region_code)
    return region.departments.get(department, SERVICE_CENTRE) if region else SERVICE_CENTRE


DOCUMENT_MAKE = Handler(JobKind.DOCUMENT_MAKE, make)
