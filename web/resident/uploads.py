"""The same upload in resumable pieces, for a phone on a bad line: start, send pieces from the offset that was reached,
complete. A piece that was received is safe; after a break the client asks how far it came.
"""

import hashlib
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Request

from cases.errors import Conflict, InvalidRequest, TooMany
from storage.session import Transaction
from storage.uploads import Upload, framed, unframed
from web.asks import LARGEST, CompleteAsk, UploadAsk
from web.auth import resident
from web.doors import Doors, doors
from web.errors import too_large
from web.files import discard
from web.resident.pages import Incoming, Place, check_room, check_size, keep_page, refusal_of
from web.shapes import PageView, Shape, Time
from web.writing import Asked, Caller, answered_before, asked, write

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
_OCTETS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class UploadView(Shape):
    id: str
    case: str
    material: str
    size: int
    received: int
    """Send the next piece from here."""
    chunk_max_bytes: int
    ends_at: Time


def upload_view(d: Doors, upload: Upload) -> UploadView:
    return UploadView(
        id=upload.id,
        case=upload.case_number,
        material=upload.material,
        size=upload.size,
        received=upload.received,
        chunk_max_bytes=d.settings.chunk_max_bytes,
        ends_at=upload.ends_at,
    )


@router.post("", status_code=201)
def start(ask: UploadAsk, me: Me, d: D) -> UploadView:
    """Announce a file: how large, for which material of which case."""
    check_size(ask.size, d.settings.upload_max_bytes)
    d.rates.pages.take(me.key)
    check_room(d, me, ask.case)
    request = asked(me, ask, "upload")
    return write(d.database, request, UploadView, lambda tx: upload_view(d, _started(d, tx, ask, _person(me))))


def _person(me: Caller) -> str:
    assert me.scope.person is not None
    return me.scope.person


def _started(d: Doors, tx: Transaction, ask: UploadAsk, person: str) -> Upload:
    if tx.uploads.under_way(person) >= d.settings.uploads_per_person:
        raise TooMany("同时进行的上传太多，请先完成已开始的上传。", retry_after=60)
    return tx.uploads.start(person, ask.case, ask.material, media_type=ask.media_type, size=ask.size, sha256=ask.sha256)


@router.get("/{upload}")
def show(upload: str, me: Me, d: D) -> UploadView:
    """How far it came."""
    return upload_view(d, _find(d, me, upload))


def _find(d: Doors, me: Caller, upload: str) -> Upload:
    with d.database.reading() as tx:
        return tx.uploads.find(upload, _person(me))


@router.put("/{upload}", openapi_extra=_OCTETS, operation_id="send_piece_put")  # a mini-program cannot PATCH
@router.patch("/{upload}", openapi_extra=_OCTETS)
async def send_piece(
    upload: str, request: Request, me: Me, d: D, upload_offset: Annotated[int, Header(ge=0, le=LARGEST)]
) -> UploadView:
    """The bytes from `Upload-Offset` on. 409 says in `details.received` where to go on."""
    found = await run_sync(_find, d, me, upload)
    _check_offset(found, upload_offset)
    data = await request.body()
    return await run_sync(_keep_piece, d, found, data, limiter=d.files_at_once)


def _check_offset(upload: Upload, offset: int) -> None:
    if offset != upload.received:
        raise Conflict("请从已收到的位置继续上传。", received=upload.received)


def _keep_piece(d: Doors, upload: Upload, data: bytes) -> UploadView:
    check_size(len(data), d.settings.chunk_max_bytes)
    if upload.received + len(data) > upload.size:
        raise too_large(upload.size)
    key = d.blobs.put(framed(upload.id, upload.received, data))
    with d.database.transaction() as tx:
        return upload_view(d, tx.uploads.add_chunk(upload, key, len(data)))


@router.post("/{upload}/complete", status_code=201)
async def complete(upload: str, ask: CompleteAsk, me: Me, d: D) -> PageView:
    """All pieces are there: the file becomes a page and is read at once. What was begun is taken also while new ones
    are told to come later."""
    return await run_sync(_complete, d, upload, asked(me, ask, "complete", upload), limiter=d.files_at_once)


def _complete(d: Doors, upload: str, request: Asked) -> PageView:
    return answered_before(d.database, request, PageView) or _completed(d, _find(d, request.caller, upload), request)


def _completed(d: Doors, upload: Upload, request: Asked) -> PageView:
    place = Place(upload.case_number, upload.material)
    if (refusal := refusal_of(d, request.caller, place)) is not None:
        raise refusal
    file = Incoming(_whole(d, upload), upload.media_type)
    page = keep_page(d, request, place, file, lambda tx: tx.uploads.forget(upload.id))
    discard(d.blobs, upload.chunks)
    return page


def _whole(d: Doors, upload: Upload) -> bytes:
    """The file put together. Raises `Conflict` while a piece is missing, `InvalidRequest` if it is not what was said."""
    if upload.received != upload.size:
        raise Conflict("文件还没有传完，请继续上传。", received=upload.received, size=upload.size)
    whole = bytearray()
    for key in upload.chunks:
        whole += unframed(upload.id, len(whole), d.blobs.get(key))
    if upload.sha256 and hashlib.sha256(whole).hexdigest() != upload.sha256:
        raise InvalidRequest("文件在传输中损坏，请重新上传。", code_hint="sha256")
    return bytes(whole)
