"""The paper originals: packing them, photographing the packed papers, printing label and manifest, saying what is wrong.

A photograph goes in as a page does (streamed with a cap, kept sealed before anything points at it); nobody opens it
but the worker, which makes the copy that is shown.
"""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from starlette.datastructures import FormData

from cases.actions import incidents, packing
from cases.actions.incidents import Report
from cases.actions.packing import Printed
from cases.effects import Outcome
from cases.incidents import IncidentKind, Settlement
from cases.model import CaseFile, Direction
from cases.moment import Moment
from storage.blobs import blob_key
from web.asks import MAX_ENTRIES, Lines, Word, Write
from web.auth import resident
from web.doors import Doors, doors
from web.files import JPEG, PDF, pdf_of, picture_of
from web.forms import MULTIPART, transaction_of
from web.papers import PackAsk, printed_paper
from web.resident.pages import check_mine, incoming
from web.shapes import CaseView
from web.views import CASE_SHOWN
from web.writing import Asked, Caller, answered_before, asked, change_case

router = APIRouter(prefix="/api/v1/cases", tags=["originals"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


class ReportAsk(Write):
    kind: IncidentKind
    keys: list[Word] = Field(default_factory=list, max_length=MAX_ENTRIES)
    text: Lines = ""


class AnswerAsk(Write):
    wish: Settlement | None = None
    text: Lines = ""


@router.post("/{no}/packing")
def pack(no: str, ask: PackAsk, me: Me, d: D) -> CaseView:
    """What is in the envelope, in which condition, under which seal. May be said again until the courier has it."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return packing.pack(file, ask.leg, ask.packing(), now)

    return change_case(d.database, asked(me, ask, "pack", no), no, decision, CASE_SHOWN)


@router.post("/{no}/packing/photo", status_code=201, openapi_extra=MULTIPART)
async def photograph(no: str, request: Request, me: Me, d: D) -> CaseView:
    """A photograph of the papers as they were packed."""
    await run_sync(check_mine, d, me, no)
    async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
        return await run_sync(_keep_photo, d, me, no, form, limiter=d.files_at_once)


def _keep_photo(d: Doors, me: Caller, no: str, form: FormData) -> CaseView:
    file = incoming(form, d.settings.upload_max_bytes)
    request = asked(me, transaction_of(form), "photograph", no, file.sha256)
    return answered_before(d.database, request, CaseView) or _photographed(d, request, no, file.data)


def _photographed(d: Doors, request: Asked, no: str, data: bytes) -> CaseView:
    """What would be refused is refused before anything is stored."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=request.caller.scope)
        packing.leg_to_pack(file, Direction.COLLECTION)
    blob = d.blobs.put(data)

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return packing.photograph(file, Direction.COLLECTION, blob, blob_key(data), now)

    return change_case(d.database, request, no, decision, CASE_SHOWN)


@router.get("/{no}/packing/photo", response_class=Response, responses=JPEG)
def show_photo(no: str, me: Me, d: D) -> Response:
    """The copy of the photograph that may be shown. 409 `not_ready` while it is being made."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    return picture_of(d.blobs, file, Direction.COLLECTION)


@router.get("/{no}/{paper}.pdf", response_class=Response, responses=PDF)
def show_paper(
    no: str,
    paper: Printed,
    me: Me,
    d: D,
    leg: Annotated[Direction, Query()] = Direction.COLLECTION,
) -> Response:
    """`label`: for the envelope and for each paper. `manifest`: what goes into the envelope, to be signed."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    return pdf_of(d.blobs, file, printed_paper(file, paper, leg).id)


@router.post("/{no}/incidents", status_code=201)
def report(no: str, ask: ReportAsk, me: Me, d: D) -> CaseView:
    """Say that a paper is lost or damaged, or that one will not take the parcel that is on its way."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return incidents.report(file, Report(ask.kind, tuple(ask.keys), ask.text), "resident", now)

    return change_case(d.database, asked(me, ask, "report", no), no, decision, CASE_SHOWN)


@router.post("/{no}/incidents/{incident}/answer")
def answer(no: str, incident: str, ask: AnswerAsk, me: Me, d: D) -> CaseView:
    """What one wishes, where the office asks."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return incidents.answer(file, incident, ask.wish, ask.text, now)

    return change_case(d.database, asked(me, ask, "answer", no, incident), no, decision, CASE_SHOWN)
