"""One screen for a case: what is to be decided, the picture with the findings on it, and what was read off it.

Every change is made by the JSON door's own function; then the part of the screen that shows the case is drawn anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import StringConstraints

from cases.errors import Conflict
from cases.field_names import field_name
from cases.items import Item, MaterialSpec
from cases.readings import CERTAIN
from web.asks import MaterialDecisionAsk, ReviewAsk
from web.auth import Desk, requires
from web.desk import queues, review
from web.desk.pages.shell import PageRoute, department_names, page
from web.desk.shapes import DeskCaseView, DeskPageView
from web.doors import Doors, doors
from web.files import JPEG, page_copy
from web.permissions import Permission
from web.shapes import PageView
from web.views import case_line

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.CASE_READ))]
CONFIRMED: Mapping[str, str] = {
    "one_reader": "一次识别",
    "disagreement": "两次识别不一致",
    "two_readers": "两次识别一致",
    "checksum": "校验位正确",
    "text_layer": "电子文本",
    "person": "人工确认",
    "data_source": "数据比对",
}
OTHERS = 5
"""Of the person's other cases, the newest."""


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
    return page("case.html", me, _everything(no, at, me, d))


@router.get("/cases/{no}/pages/{sheet}", response_class=HTMLResponse)
def sheet_part(no: str, sheet: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D) -> HTMLResponse:
    """The picture and its fields, put in place of those that were shown."""
    with d.database.reading() as tx:
        item = tx.case_file(no, readable_by=me.scope).item
    return page("sheet.html", me, _sheet(queues.show_page(no, sheet, me, d), item))


@router.get("/cases/{no}/pages/{sheet}/picture", response_class=Response, responses=JPEG)
def picture(no: str, sheet: str, me: Annotated[Desk, Depends(requires(Permission.PERSONAL_READ))], d: D) -> Response:
    """The small copy of a page, drawn anew from its pixels; the file itself is shown to nobody. It shows every number."""
    with d.database.reading() as tx:
        copied = page_copy(tx, d.blobs, tx.case_file(no, readable_by=me.scope), sheet)
    return Response(copied, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"})


class MaterialForm(MaterialDecisionAsk):
    at: Annotated[str, StringConstraints(max_length=64)] = ""


@router.post("/cases/{no}/materials/{key}/decision", response_class=HTMLResponse)
def decide_material(
    no: str,
    key: str,
    form: Annotated[MaterialForm, Form()],
    me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))],
    d: D,
) -> HTMLResponse:
    ask = MaterialDecisionAsk(**form.model_dump(exclude={"at"}))
    review.decide_one(no, key, ask, me, d)
    return page("work.html", me, _everything(no, form.at, me, d))


@router.post("/cases/{no}/preaudit", response_class=HTMLResponse)
def close(
    no: str, form: Annotated[ReviewAsk, Form()], me: Annotated[Desk, Depends(requires(Permission.REVIEW_CLOSE))], d: D
) -> Response:
    """Done with it: free for whoever comes next, and on to the next that waits."""
    review.close(no, form, me, d)
    queues.release(no, me, d)
    return Response(status_code=204, headers={"HX-Redirect": "/desk/next"})


@router.get("/next", response_model=None)
def next_case(me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D) -> Response:
    """Takes the most urgent case that nobody has."""
    for row in queues.show_queue("mine", me, d, None, 1).cases + queues.show_queue("unclaimed", me, d, None, 10).cases:
        try:
            queues.claim(row.case, me, d)
        except Conflict:
            continue
        return RedirectResponse(f"/desk/cases/{row.case}", status_code=303)
    return RedirectResponse("/desk/queues/unclaimed", status_code=303)


def _everything(no: str, at: str, me: Desk, d: Doors) -> dict[str, Any]:
    case = queues.show_case(no, me, d)
    sheets = [sheet for material in case.materials for sheet in material.pages]
    shown = _chosen(sheets, case, at)
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        theirs = tx.cases_by_id_number(file.case.applicant.id_number, me.scope)
        others = [other for other in theirs if other.number != no][:OTHERS]
        beside = [case_line(other, tx.item(other.item_code, other.item_version).name) for other in others]
    part = (
        _sheet(queues.show_page(no, shown.id, me, d), file.item)
        if shown and Permission.PAGE_READ in me.permissions
        else None
    )
    return {
        "case": case,
        "part": part,
        "others": beside,
        "timeline": queues.show_timeline(no, me, d).timeline,
        "mine": case.claimed_by == me.actor.id
        and case.claimed_until is not None
        and case.claimed_until > d.database.now(),
        "now": datetime.now(UTC),
        "departments": department_names(d),
    }


def _chosen(sheets: list[PageView], case: DeskCaseView, at: str) -> PageView | None:
    asked = next((sheet for sheet in sheets if sheet.id == at), None)
    doubtful = next((sheet for sheet in sheets if case.page_findings.get(sheet.id)), None)
    return asked or doubtful or (sheets[0] if sheets else None)


def _sheet(seen: DeskPageView, item: Item) -> dict[str, Any]:
    reading = seen.reading or {}
    spec = next((m for m in item.materials if m.key == seen.page.material), None)
    wide, high = reading.get("size") or (0, 0)
    return {
        "case_no": seen.case,
        "sheet": seen.page,
        "findings": seen.findings,
        "fields": [_field(name, field, spec) for name, field in reading.get("fields", {}).items()],
        "wide": wide,
        "high": high,
    }


def _field(name: str, field: Mapping[str, Any], spec: MaterialSpec | None) -> FieldRow:
    return FieldRow(
        name,
        field_name(name, spec),
        field["value"],
        CONFIRMED[field["confirmed"]],
        field["confirmed"] in CERTAIN,
        field.get("alternative"),
        field.get("by_resident"),
        field.get("box"),
    )
