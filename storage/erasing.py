"""Erasing what a person may have erased: a draft that was never handed in. What was handed in is an archive record and
stays for its statutory time.

The audit chain stays: it holds no personal value. Blobs are deleted by the caller after the commit; their keys are
answered here, unless another page still needs the same bytes.
"""

from sqlalchemy import delete, select, update

from storage.duplicates import unpair
from storage.proofs import erase_proofs
from storage.tables import answers, cases, checked_fields, pages, readings
from storage.truths import erase as erase_truths
from storage.unit import Unit


def erase_pages(tx: Unit, number: str) -> list[str]:
    """Readings and findings of a case are gone; the keys of the blobs that nobody needs any more."""
    mine = select(pages.c.id).where(pages.c.case_number == number)
    shown = {row.picture for row in tx.all(select(readings.c.picture).where(readings.c.page_id.in_(mine)))} - {None}
    unpair(tx, number)
    tx.execute(delete(readings).where(readings.c.page_id.in_(mine)))
    tx.execute(delete(checked_fields).where(checked_fields.c.page_id.in_(mine)))
    tx.execute(update(pages).where(pages.c.case_number == number).values(findings=None))
    tx.execute(update(cases).where(cases.c.number == number).values(findings=None, extra=None, version=cases.c.version + 1))
    erase_proofs(tx, number)
    erase_truths(tx, number)
    own = {row.blob for row in tx.all(select(pages.c.blob).where(pages.c.case_number == number))}
    shared = select(pages.c.blob).where(pages.c.blob.in_(own), pages.c.case_number != number)
    also = select(readings.c.picture).where(readings.c.picture.in_(shown))
    kept = {row.blob for row in tx.all(shared)} | {row.picture for row in tx.all(also)}
    return sorted((own | shown) - kept)


def forget_answers_of(tx: Unit, person_key: str) -> int:
    """Remembered answers show cases as they were."""
    return tx.count(delete(answers).where(answers.c.person_key == person_key))
