"""Notices and receipts as PDF. The PDF is made in the background; until then the answer says so."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from web.auth import resident
from web.doors import Doors, doors
from web.files import PDF, pdf_of
from web.writing import Caller

router = APIRouter(prefix="/api/v1/cases", tags=["documents"])


@router.get("/{no}/documents/{document}", response_class=Response, responses=PDF)
def show_document(
    no: str, document: str, me: Annotated[Caller, Depends(resident)], d: Annotated[Doors, Depends(doors)]
) -> Response:
    """A notice or receipt. 409 `not_ready` while it is being made."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    return pdf_of(d.blobs, file, document)
