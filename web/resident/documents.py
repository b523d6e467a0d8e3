"""Notices and receipts as PDF, made in the background: until then the answer says so. And what a department's decision came
with, as it came, where the result is electronic or the case was refused."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from cases.actions.attaching import given_out
from cases.errors import NotFound
from web.auth import resident
from web.doors import Doors, doors
from web.files import ATTACHED, PDF, handed_out, pdf_of
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


@router.get("/{no}/attachments/{attachment}", response_class=Response, responses=ATTACHED)
def show_attachment(
    no: str, attachment: str, me: Annotated[Caller, Depends(resident)], d: Annotated[Doors, Depends(doors)]
) -> Response:
    """A file that a department's decision came with, to be saved."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    found = next((f for f in given_out(file) if f.id == attachment), None)
    if found is None:
        raise NotFound("没有这个附件。", id=attachment)
    return handed_out(d.blobs, found)
