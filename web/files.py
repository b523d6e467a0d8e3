"""Bytes on their way in and out: how many files at once, PDFs as attachments, blobs that nobody needs any more."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import Response

from cases.errors import Conflict, NotFound
from cases.lifecycle import PageState
from cases.model import CaseFile, DecisionFile, Direction
from cases.sentences import say
from storage.blobs import Blobs, BlobsUnavailable
from storage.session import Transaction

log = structlog.get_logger("web")
AT_ONCE = 4
"""Files held in memory at the same time in one process: 4 × the cap is what uploads may take."""


PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}


ATTACHED_KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What a department's file may be, told by how it begins."""
ATTACHED: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in ATTACHED_KINDS.values()}}}


class NotReady(Conflict):
    code = "not_ready"


def pdf_of(blobs: Blobs, file: CaseFile, document_id: str) -> Response:
    """A notice or receipt. Raises `NotReady` while it is being made, `NotFound`."""
    found = next((d for d in file.documents if d.id == document_id), None)
    if found is None:
        raise NotFound("没有这份文书。")
    if found.blob is None:
        raise NotReady(say("{document}正在生成，请稍后再试。", document=found.title), retry_after=2)
    name = quote(f"{found.title}-{found.number}.pdf")
    disposition = f"attachment; filename=\"{found.number}.pdf\"; filename*=UTF-8''{name}"
    return Response(blobs.get(found.blob), media_type="application/pdf", headers={"Content-Disposition": disposition})


def handed_out(blobs: Blobs, found: DecisionFile) -> Response:
    """Never shown inside a page: a browser saves it under its name. Raises `NotReady`, `NotFound`."""
    if found.problem is not None or not found.blob:
        raise NotFound("这个附件无法打开。", id=found.id)
    if found.checked_at is None:
        raise NotReady("附件正在检查，请稍后再试。", retry_after=2)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Cache-Control": "private, no-store",
        "Digest": f"sha-256={found.sha256}",
    }
    return Response(blobs.get(found.blob), media_type=found.media_type, headers=headers)


def picture_of(blobs: Blobs, file: CaseFile, direction: Direction) -> Response:
    """The photograph of a packed envelope, as the copy that may be shown. Raises `NotReady`, `NotFound`."""
    leg = file.leg(direction)
    parcel = file.parcel(leg.id) if leg is not None else None
    if parcel is None or parcel.photo is None or parcel.photo_problem is not None:
        raise NotFound("没有装袋照片。" if parcel is None or parcel.photo is None else "装袋照片无法打开，请重新拍摄。")
    if parcel.picture is None:
        raise NotReady("装袋照片正在处理，请稍后再试。", retry_after=2)
    headers = {"Cache-Control": "private, no-store"}
    return Response(blobs.get(parcel.picture), media_type="image/jpeg", headers=headers)


def page_copy(tx: Transaction, blobs: Blobs, file: CaseFile, page: str) -> bytes:
    """The small copy by which a page is shown. Raises `NotReady` until it has been read, `NotFound`."""
    found = file.page(page)
    if found is None or found.state is PageState.REMOVED:
        raise NotFound("没有这一页。")
    if found.state is PageState.UPLOADED:
        raise NotReady("这一页正在识读，请稍后再试。", retry_after=2)
    kept = tx.picture_of(page)
    if kept is None:
        raise NotFound("这一页没有可以显示的图片。")
    return blobs.get(kept)


def discard(blobs: Blobs, keys: Iterable[str]) -> None:
    """Deletes what a committed change has made useless. A blob that cannot be deleted now is logged, not an error: the
    change stands."""
    for key in keys:
        try:
            blobs.delete(key)
        except BlobsUnavailable:
            log.error("blob_not_discarded", item=key)
