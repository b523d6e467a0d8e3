"""document.make: a notice or receipt becomes a PDF."""

from cases.deadlines import beijing_day
from cases.effects import JobKind, Put
from cases.model import CaseFile, Document
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context
from workers.jobs import Finish, Handler, Hopeless
from workers.paper import Paper, draw, office_name


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
        office=office_name(file.case.department),
        day=beijing_day(document.made_at),
        paragraphs=tuple(map(str, document.content.get("paragraphs", ()))),
        case_number=file.case.number,
    )


DOCUMENT_MAKE = Handler(JobKind.DOCUMENT_MAKE, make)
