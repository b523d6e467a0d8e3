"""Rectifications, complaints and follow-ups as pages: lists by when they are due, one of them, its steps as forms."""

from datetime import date
from typing import Annotated, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from cases.care import COMPLAINT, COMPLAINT_KINDS, RECTIFICATION
from cases.deadlines import beijing_day
from storage.ids import new_id
from web.auth import Desk, requires
from web.desk import complaints, follow_ups, rectifications
from web.desk.care import AssignAsk
from web.desk.complaints import AnswerAsk
from web.desk.follow_ups import NoteAsk
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.desk.rectifications import CallBackAsk, ExtendAsk, VerifyAsk
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.CARE_READ))]
Worker = Annotated[Desk, Depends(requires(Permission.CARE_WORK))]
Cursor = Annotated[str | None, Query(max_length=400)]
Which = Literal["open", "mine", "all"]
"""What is owed, what of it I have, and everything there was."""


# ── rectifications ──


@router.get("/rectifications", response_class=HTMLResponse)
def rectifications_page(me: Reader, d: D, which: Which = "open", cursor: Cursor = None) -> HTMLResponse:
    state: Literal["", "open"] = "" if which == "all" else "open"
    seen = rectifications.list_rectifications(me, d, state, which == "mine", cursor)
    values = {"seen": seen, "which": which, "first": cursor is None, "departments": department_names(d)}
    return page("care_rectifications.html", me, values)


@router.get("/rectifications/{rectification}", response_class=HTMLResponse)
def rectification_page(rectification: str, me: Reader, d: D) -> HTMLResponse:
    seen = rectifications.show_rectification(rectification, me, d)
    return page("care_rectification.html", me, {**_of_one(d), "one": seen, "path": RECTIFICATION.labels})


def _of_one(d: Doors) -> dict[str, object]:
    with d.database.reading() as tx:
        today: date = beijing_day(tx.now())
    return {"departments": department_names(d), "again": new_id(), "today": today}


@router.get("/rectifications/{rectification}/contact", response_class=HTMLResponse)
def rectification_contact(rectification: str, me: Worker, d: D) -> HTMLResponse:
    return page("care_contact.html", me, {"contact": rectifications.show_contact(rectification, me, d)})


@router.get("/rectifications/{rectification}/proof", response_class=Response)
def proof(rectification: str, me: Reader, d: D) -> Response:
    return rectifications.show_proof(rectification, me, d)


@router.post("/rectifications/{rectification}/assign", response_model=None)
def assign(rectification: str, form: Annotated[AssignAsk, Form()], me: Worker, d: D) -> Response:
    rectifications.assign(rectification, form, me, d)
    return go_to(f"/desk/rectifications/{rectification}")


@router.post("/rectifications/{rectification}/verify", response_model=None)
def verify(rectification: str, form: Annotated[VerifyAsk, Form()], me: Worker, d: D) -> Response:
    rectifications.verify(rectification, form, me, d)
    return go_to(f"/desk/rectifications/{rectification}")


@router.post("/rectifications/{rectification}/rectify", response_model=None)
async def rectify(rectification: str, request: Request, me: Worker, d: D) -> Response:
    async with request.form(max_files=1, max_fields=8, max_part_size=16_384) as form:
        await run_sync(rectifications.rectify_form, d, me, rectification, form, limiter=d.files_at_once)
    return go_to(f"/desk/rectifications/{rectification}")


@router.post("/rectifications/{rectification}/call-back", response_model=None)
def call_back(rectification: str, form: Annotated[CallBackAsk, Form()], me: Worker, d: D) -> Response:
    rectifications.call_back(rectification, form, me, d)
    return go_to(f"/desk/rectifications/{rectification}")


@router.post("/rectifications/{rectification}/extend", response_model=None)
def extend(rectification: str, form: Annotated[ExtendAsk, Form()], me: Worker, d: D) -> Response:
    rectifications.extend(rectification, form, me, d)
    return go_to(f"/desk/rectifications/{rectification}")


# ── complaints ──


@router.get("/complaints", response_class=HTMLResponse)
def complaints_page(me: Reader, d: D, which: Which = "open", cursor: Cursor = None) -> HTMLResponse:
    state: Literal["", "open"] = "" if which == "all" else "open"
    seen = complaints.list_complaints(me, d, state, which == "mine", cursor)
    values = {"seen": seen, "which": which, "first": cursor is None, "departments": department_names(d)}
    return page("care_complaints.html", me, values)


@router.get("/complaints/{complaint}", response_class=HTMLResponse)
def complaint_page(complaint: str, me: Reader, d: D) -> HTMLResponse:
    seen = complaints.show_complaint(complaint, me, d)
    return page(
        "care_complaint.html", me, {**_of_one(d), "one": seen, "path": COMPLAINT.labels, "kinds": COMPLAINT_KINDS}
    )


@router.get("/complaints/{complaint}/contact", response_class=HTMLResponse)
def complaint_contact(complaint: str, me: Worker, d: D) -> HTMLResponse:
    return page("care_contact.html", me, {"contact": complaints.show_contact(complaint, me, d)})


@router.get("/complaints/{complaint}/picture", response_class=Response)
def complaint_picture(complaint: str, me: Reader, d: D) -> Response:
    return complaints.show_picture(complaint, me, d)


@router.post("/complaints/{complaint}/take", response_model=None)
def take(complaint: str, form: Annotated[AssignAsk, Form()], me: Worker, d: D) -> Response:
    complaints.take(complaint, form, me, d)
    return go_to(f"/desk/complaints/{complaint}")


@router.post("/complaints/{complaint}/answer", response_model=None)
def answer(complaint: str, form: Annotated[AnswerAsk, Form()], me: Worker, d: D) -> Response:
    complaints.answer(complaint, form, me, d)
    return go_to(f"/desk/complaints/{complaint}")


# ── follow-ups ──


@router.get("/follow-ups", response_class=HTMLResponse)
def follow_ups_page(me: Reader, d: D, which: Literal["open", "all"] = "open", cursor: Cursor = None) -> HTMLResponse:
    state: Literal["", "open"] = "" if which == "all" else "open"
    seen = follow_ups.list_follow_ups(me, d, state, cursor)
    values = {"seen": seen, "which": which, "first": cursor is None, "departments": department_names(d)}
    return page("care_follow_ups.html", me, values)


@router.get("/follow-ups/{follow}/contact", response_class=HTMLResponse)
def follow_up_contact(follow: str, me: Worker, d: D) -> HTMLResponse:
    """The number to call, and the words for what came of it."""
    return page("care_call.html", me, {"contact": follow_ups.show_contact(follow, me, d), "follow": follow})


@router.post("/follow-ups/{follow}", response_model=None)
def note(follow: str, form: Annotated[NoteAsk, Form()], me: Worker, d: D) -> Response:
    follow_ups.note(follow, form, me, d)
    return go_to("/desk/follow-ups")
