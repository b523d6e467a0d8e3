"""Letters by the code that stands on them: found by anybody who holds one, in whatever department."""

from sqlalchemy import select

from cases.model import CaseNumber, Document
from storage.rows import entity
from storage.tables import documents
from storage.unit import Unit


def document_by_code(tx: Unit, code: str) -> tuple[CaseNumber, Document] | None:
    row = tx.one(select(documents).where(documents.c.code == code))
    return None if row is None else (CaseNumber(row.case_number), entity(tx, Document, row))
