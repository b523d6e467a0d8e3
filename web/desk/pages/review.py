"""One screen for a case: what is to be decided, the picture with the findings on it, what was read off it, and what stands
elsewhere.

Every change is made by the JSON door's own function; then the part of the screen that shows the case is drawn anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from cases.duplicates import ANSWER_LABELS
from cases.field_names import FIELD_NAMES
from cases.readings import CERTAIN
from cases.rulings import Because
from web.asks import MaterialDecisionAsk, ReviewAsk
from web.auth import Desk, requires
from web.desk import duplicates, queues, review, screen, seconding, waivers
from web.desk.duplicates import DuplicateAsk
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.desk.pages.verifying import verifying_in
from web.desk.screen import SheetView
from web.desk.seconding import SecondAsk
from web.desk.showing import shown
from web.doors import Doors, doors
from web.files import JPEG, page_copy
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.CASE_READ))]
Decider = Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))]
Closer = Annotated[Desk, Depends(requires(Permission.REVIEW_CLOSE))]
At = Annotated[str, StringConstraints(max_length=64)]
CONFIRMED: Mapping[str, str] = {
    "one_reader": "一次识别",
    "disagreement": "两次识别不一致",
    "two_readers": "两次识别一致",
    "checksum": "校验位正确",
    "text_layer": "电子文本",
    "person": "人工确认",
    "data_source": "数据比对",
}


@dataclass(frozen=True)
class FieldRow:
    """`box`: corners in pixels of the upright picture, as the reader gave them."""

    name: str
    label: str
    value: str
    confirmed: str
    certain: bool
    other: str | None
    by_resident: str | None
    box: list[list[float]] | None


@router.get("/cases/{no}", response_class=HTMLResponse)
def case_page(no: str, me: Reader, d: D, at: Annotated[str, Query(max_length=64)] = "") -> HTMLResponse:
    """`at`: the page to begin with; else the first that something is wrong with."""
    return page("case.html", me, everything(no, at, me, d))


@router.get("/cases/{no}/pages/{sheet}", response_class=HTMLResponse)
def sheet_part(no: str, sheet: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D) -> HTMLResponse:
    """The picture and its fields, put in place of those that were shown."""
    with screen.looking(me, d) as tx:
        file = screen.load(tx, no, me)
        seen = screen.sheet_in(tx, file, sheet, me)
        part = _sheet(seen) | {"verifying": verifying_in(tx, file, seen.seen, me)}
    return page("sheet.html", me, part)


@router.get("/cases/{no}/pages/{sheet}/picture", response_class=Response, responses=JPEG)
def picture(no: str, sheet: str, me: Annotated[Desk, Depends(requires(Permission.PERSONAL_READ))], d: D) -> Response:
    """The small copy of a page, drawn anew from its pixels; the file itself is shown to nobody. It shows every number."""
    with d.database.reading() as tx:
        return shown(tx, me, no, page_copy(tx, d.blobs, tx.case_file(no, readable_by=me.scope), sheet))


@router.get("/cases/{no}/waivers/{material}", response_class=HTMLResponse)
def waiver_part(
    no: str, material: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D
) -> HTMLResponse:
    """What stands in for photographs, in the picture's place."""
    return page(
        "waiver.html",
        me,
        {"seen": waivers.show_waiver(no, material, me, d), "confirmed": CONFIRMED, "labels": FIELD_NAMES},
    )


class MaterialForm(MaterialDecisionAsk):
    at: At = ""


@router.post("/cases/{no}/materials/{key}/decision", response_class=HTMLResponse)
def decide_material(no: str, key: str, form: Annotated[MaterialForm, Form()], me: Decider, d: D) -> HTMLResponse:
    ask = MaterialDecisionAsk(**form.model_dump(exclude={"at"}))
    review.decide_one(no, key, ask, me, d)
    return page("work.html", me, everything(no, form.at, me, d))


@router.get("/cases/{no}/notice", response_class=HTMLResponse)
def letter(no: str, me: Closer, d: D) -> HTMLResponse:
    """The correction notice as it will be sent."""
    return page("letter.html", me, {"notice": review.show_notice(no, me, d)})


class CloseForm(ReviewAsk):
    because: Because | None = None


@router.post("/cases/{no}/preaudit", response_class=HTMLResponse)
def close(no: str, form: Annotated[CloseForm, Form()], me: Closer, d: D) -> Response:
    """Done with it: free for whoever comes next, and on to the next that waits."""
    review.close(no, form, me, d)
    queues.release(no, me, d)
    return go_to("/desk/next")


class DuplicateForm(DuplicateAsk):
    at: At = ""


@router.post("/cases/{no}/duplicates/{question}", response_class=HTMLResponse)
def answer_duplicate(
    no: str,
    question: str,
    form: Annotated[DuplicateForm, Form()],
    me: Annotated[Desk, Depends(requires(Permission.DUPLICATE_ANSWER))],
    d: D,
) -> HTMLResponse:
    duplicates.answer(no, question, DuplicateAsk(**form.model_dump(exclude={"at"})), me, d)
    return page("work.html", me, everything(no, form.at, me, d))


class SecondForm(SecondAsk):
    at: At = ""


@router.post("/cases/{no}/proposals/{proposal}", response_class=HTMLResponse)
def answer_proposal(
    no: str,
    proposal: str,
    form: Annotated[SecondForm, Form()],
    me: Annotated[Desk, Depends(requires(Permission.REFUSAL_SECOND))],
    d: D,
) -> HTMLResponse:
    seconding.answer(no, proposal, SecondAsk(**form.model_dump(exclude={"at"})), me, d)
    return page("work.html", me, everything(no, form.at, me, d))


def everything(no: str, at: str, me: Desk, d: Doors) -> dict[str, Any]:
    """What the screen of a case shows."""
    with screen.looking(me, d) as tx:
        file = screen.load(tx, no, me)
        seen = screen.screen_of(tx, file, me, at)
        sheet = seen.sheet
        part = _sheet(sheet) | {"verifying": verifying_in(tx, file, sheet.seen, me)} if sheet else None
    return {
        "seen": seen,
        "case": seen.case,
        "part": part,
        "mine": seen.mine,
        "now": seen.now,
        "answers": ANSWER_LABELS,
        "departments": department_names(d) if seen.case.assignments else str,
    }


def _sheet(sheet: SheetView) -> dict[str, Any]:
    seen = sheet.seen
    reading = seen.reading or {}
    wide, high = reading.get("size") or (0, 0)
    said = {one.field: one for one in seen.by_resident}
    read = reading.get("fields", {})
    return {
        "case_no": seen.case,
        "sheet": seen.page,
        "findings": sheet.findings,
        "fields": [_field(name, field, sheet.labels[name]) for name, field in read.items()],
        "unread": [one for one in seen.by_resident if one.field not in read],
        "said": said,
        "wide": wide,
        "high": high,
    }


def _field(name: str, field: Mapping[str, Any], label: str) -> FieldRow:
    return FieldRow(
        name,
        label,
        field["value"],
        CONFIRMED[field["confirmed"]],
        field["confirmed"] in CERTAIN,
        field.get("alternative"),
        field.get("by_resident"),
        field.get("box"),
    )
