"""Bytes on their way in and out: how many files at once, PDFs as attachments, blobs that nobody needs any more."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import Response

from cases.errors import Conflict, NotFound
from cases.model import CaseFile
from storage.blobs import Blobs, BlobsUnavailable

log = structlog.get_logger("web")
AT_ONCE = 4
"""Files held in memory at the same time in one process: 4 × the cap is what uploads may take."""


PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


class NotReady(Conflict):
    code = "not_ready"


def pdf_of(blobs: Blobs, file: CaseFile, document_id: str) -> Response:
    """A notice or receipt. Raises `NotReady` while it is being made, `NotFound`."""
    found = next((d for d in file.documents if d.id == document_id), None)
    if found is None:
        raise NotFound("没有这份文书。")
    if found.blob is None:
        raise NotReady(f"{found.title}正在生成，请稍后再试。", retry_after=2)
    name = quote(f"{found.title}-{found.number}.pdf")
    disposition = f"attachment; filename=\"{found.number}.pdf\"; filename*=UTF-8''{name}"
    return Response(blobs.get(found.blob), media_type="application/pdf", headers={"Content-Disposition": disposition})


def discard(blobs: Blobs, keys: Iterable[str]) -> None:
    """Deletes what a committed change has made useless. A blob that cannot be deleted now is logged, not an error: the
    change stands."""
    for key in keys:
        try:
            blobs.delete(key)
        except BlobsUnavailable:
            log.error("blob_not_discarded", item=key)
