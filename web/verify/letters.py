"""Verifying a letter 文书核验: whoever holds it types or scans its code, without signing in.

Says what stands at the head of the paper and whether it still counts, and whose it is with the name masked; nothing of the
case that is not on the paper. A code that is none, and one that nobody has, get one and the same answer. Counted per
address, so that nobody tries many; there are eighty random bits to try.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from cases.deadlines import beijing_day
from cases.documents import STANDING_LABELS, Standing, code_of, in_fours, standing, title_of
from cases.errors import NotFound
from cases.model import CaseFile, Document
from storage.queues import masked_name
from storage.session import Transaction
from storage.verifying import document_by_code
from web import words
from web.doors import Doors, doors
from web.labels import Labels
from web.limits import counted_as
from web.shapes import Shape

router = APIRouter(prefix="/api/v1/verify", tags=["verification"])
D = Annotated[Doors, Depends(doors)]
NOT_FOUND = "没有查到这份文书。请核对查验码，或者向出具单位核实。"
STANDINGS = Labels("standing", {str(key): label for key, label in STANDING_LABELS.items()})
SERVICE_CENTRE = "政务服务中心"
_NO_CODE = "0" * 15 + "U"
"""Asked for where what was typed is no code: no letter has one with this letter in it."""


class LetterView(Shape):
    """`standing`: valid | superseded | revoked. `sha256`: of the PDF, None while it is being made."""

    code: str
    title: str
    reference: str
    office: str
    made_on: date
    item_name: str
    applicant: str
    standing: str
    standing_label: str
    sha256: str | None


@router.get("/{code}")
def verify(code: str, request: Request, d: D) -> LetterView:
    """What the paper with this code says, and whether it still counts. Public."""
    d.rates.lookups.take(counted_as(request.scope))
    with d.database.reading() as tx:
        found = document_by_code(tx, code_of(code) or _NO_CODE)
        if found is None:
            raise NotFound(NOT_FOUND)
        number, letter = found
        return _view(tx, tx.case_file(number), letter)


def _view(tx: Transaction, file: CaseFile, letter: Document) -> LetterView:
    stands = standing(file, letter)
    return LetterView(
        code=in_fours(letter.code or ""),
        title=words.said(title_of(letter)),
        reference=str(letter.content.get("reference", letter.number)),
        office=_office(tx, file),
        made_on=beijing_day(letter.made_at),
        item_name=words.shown_item(file.item).name,
        applicant=masked_name(file.case.applicant.name),
        standing=stands,
        standing_label=STANDINGS[stands],
        sha256=letter.sha256,
    )


def _office(tx: Transaction, file: CaseFile) -> str:
    names = tx.region_names().get(file.case.region)
    return names.departments.get(file.case.department, SERVICE_CENTRE) if names else SERVICE_CENTRE


def is_valid(letter: LetterView) -> bool:
    return letter.standing == Standing.VALID
