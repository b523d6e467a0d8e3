"""Adding a page: the file as a stream with a cap, kept as a blob, then one transaction with the page and its job.

Who calls and whether the case is theirs is settled before the first byte of the file is read. Content is not looked
into here: that is the reader's, in a child process. Refuses an empty file and one past the cap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData, UploadFile

from cases.actions import opening
from cases.effects import Add, Outcome
from cases.errors import InvalidRequest, NotFound, Refusal
from cases.model import CaseFile, Page
from cases.moment import Moment
from storage.blobs import blob_key
from storage.crashpoints import CrashPoint, crashpoint
from storage.ids import new_id
from storage.session import Transaction
from storage.turns import Stage
from web.asks import TransactionId, Write
from web.auth import resident
from web.doors import Doors, doors
from web.errors import too_large
from web.forms import MULTIPART, transaction_of
from web.pressure import check_own_pages
from web.shapes import CaseView, PageView
from web.views import CASE_SHOWN, page_view
from web.words import names_of
from web.writing import Asked, Caller, answered_before, asked, carry_out, change_case, moment, write

router = APIRouter(prefix="/api/v1/cases", tags=["pages"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
Also = Callable[[Transaction], object]


@dataclass(frozen=True)
class Incoming:
    """A whole file as it came in, its size within the cap."""

    data: bytes
    media_type: str

    @cached_property
    def sha256(self) -> str:
        return blob_key(self.data)


@dataclass(frozen=True)
class Place:
    """Which material of which case."""

    case: str
    material: str


@dataclass(frozen=True)
class Seen:
    """A case before the file came: its version, and why a page would have been refused then."""

    version: int
    refusal: Refusal | None


@router.post("/{no}/materials/{key}/pages", status_code=201, openapi_extra=MULTIPART)
async def add_page(no: str, key: str, request: Request, me: Me, d: D) -> PageView:
    """Add a photograph or a PDF to a material; it is read at once."""
    place = Place(no, key)
    seen = await run_sync(_expect, d, me, place)
    async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
        return await run_sync(_keep_form, d, me, place, form, seen, limiter=d.files_at_once)


def _expect(d: Doors, me: Caller, place: Place) -> Seen:
    """Before anything is sent: whether the case is theirs, and whether more pages can be taken. Raises `NotFound`,
    `TooMany`."""
    with d.database.reading() as tx:
        seen = _seen(tx, me, place)
        check_own_pages(tx, me, d.settings)
    _check_stage(d, me)
    return seen


def _seen(tx: Transaction, me: Caller, place: Place) -> Seen:
    file = tx.case_file(place.case, readable_by=me.scope)
    try:
        opening.attach_page(file, place.material, opening.Upload("", "", "", 0), new_id(), moment(tx, me))
    except Refusal as refusal:
        return Seen(file.extra["version"], refusal)
    return Seen(file.extra["version"], None)


def check_room(d: Doors, me: Caller, no: str) -> None:
    """Before anything is sent: whether the case is theirs, and whether more pages can be taken. Raises `TooMany`."""
    with d.database.reading() as tx:
        _own(tx, me, no)
        check_own_pages(tx, me, d.settings)
    _check_stage(d, me)


def _check_stage(d: Doors, me: Caller) -> None:
    d.pressure.admit(d.database, d.settings, Stage.READING, of_list=me.scope.point is not None)


def check_mine(d: Doors, me: Caller, no: str) -> None:
    with d.database.reading() as tx:
        _own(tx, me, no)


def _own(tx: Transaction, me: Caller, no: str) -> None:
    if not tx.case_exists(no, me.scope):
        raise NotFound("没有找到该办件，请核对办件编号。", number=no)


def _keep_form(d: Doors, me: Caller, place: Place, form: FormData, seen: Seen) -> PageView:
    file = incoming(form, d.settings.upload_max_bytes)
    request = asked(me, transaction_of(form), "page", place.case, place.material, file.sha256)
    if (refusal := _still(d, me, place, seen)) is not None:
        if (known := answered_before(d.database, request, PageView)) is not None:
            return known
        raise refusal
    return keep_page(d, request, place, file)


def _still(d: Doors, me: Caller, place: Place, seen: Seen) -> Refusal | None:
    """Why a page is refused now, so that nothing of it is stored. A file may be minutes on its way: the case is looked at
    once more if it has changed meanwhile."""
    with d.database.glancing() as tx:
        if tx.case_version(place.case) == seen.version:
            return seen.refusal
    return refusal_of(d, me, place)


def refusal_of(d: Doors, me: Caller, place: Place) -> Refusal | None:
    """Why a page would be refused now. Raises `NotFound`."""
    with d.database.reading() as tx:
        return _seen(tx, me, place).refusal


def incoming(form: FormData, cap: int) -> Incoming:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidRequest("请选择要上传的照片或PDF文件。", field="file")
    data = file.file.read(cap + 1)
    check_size(len(data), cap)
    return Incoming(data, (file.content_type or "application/octet-stream")[:64])


def check_size(size: int, cap: int) -> None:
    if size == 0:
        raise InvalidRequest("文件是空的，请重新拍摄或选择文件后上传。", field="file", code_hint="empty_file")
    if size > cap:
        raise too_large(cap)


def keep_page(d: Doors, request: Asked, place: Place, file: Incoming, also: Also | None = None) -> PageView:
    """Blob first, then page and job in one transaction: a page never points at bytes that are not safe. What would be
    refused is refused before (`refusal_of`): it would leave a blob that nothing names."""
    crashpoint(CrashPoint.BEFORE_BLOB)
    upload = opening.Upload(d.blobs.put(file.data), file.sha256, file.media_type, len(file.data))
    crashpoint(CrashPoint.AFTER_BLOB)

    def attach(tx: Transaction) -> PageView:
        if also is not None:
            also(tx)
        return _attached(tx, request.caller, place, upload)

    return write(d.database, request, PageView, attach)


def _attached(tx: Transaction, me: Caller, place: Place, upload: opening.Upload) -> PageView:
    def decision(file: CaseFile, now: Moment) -> Outcome:
        return opening.attach_page(file, place.material, upload, new_id(), now)

    file, outcome = carry_out(tx, me, place.case, decision)
    page = next(each.entity for each in outcome if isinstance(each, Add) and isinstance(each.entity, Page))
    return page_view(page, names=names_of(file.item))


@router.delete("/{no}/pages/{page}")
def remove_page(
    no: str, page: str, me: Me, d: D, transaction_id: Annotated[TransactionId | None, Query()] = None
) -> CaseView:
    """Take a page out of a draft or a returned case."""

    def decision(file: CaseFile, _: Moment) -> Outcome:
        return opening.remove_page(file, page)

    request = asked(me, Write(transaction_id=transaction_id), "remove", no, page)
    return change_case(d.database, request, no, decision, CASE_SHOWN)
