"""Notices and receipts as PDF. The PDF is made in the background; until then the answer says so."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response

from cases.errors import Conflict, NotFound
from cases.model import Document
from web.auth import resident
from web.doors import Doors, doors
from web.writing import Caller

router = APIRouter(prefix="/api/v1/cases", tags=["documents"])
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


class NotReady(Conflict):
    code = "not_ready"


@router.get("/{no}/documents/{document}", response_class=Response, responses=_PDF)
def show_document(
    no: str, document: str, me: Annotated[Caller, Depends(resident)], d: Annotated[Doors, Depends(doors)]
) -> Response:
    """A notice or receipt. 409 `not_ready` while it is being made."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    found = next((x for x in file.documents if x.id == document), None)
    if found is None:
        raise NotFound("没有这份文书。")
    return pdf_of(d, found)


def pdf_of(d: Doors, document: Document) -> Response:
    if document.blob is None:
        raise NotReady(f"{document.title}正在生成，请稍后再试。", retry_after=2)
    name = f"{document.title}-{document.number}.pdf"
    disposition = f"attachment; filename=\"{document.number}.pdf\"; filename*=UTF-8''{quote(name)}"
    return Response(
        d.blobs.get(document.blob), media_type="application/pdf", headers={"Content-Disposition": disposition}
    )
