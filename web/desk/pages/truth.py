"""Saying what stands in a field, on the case's screen; how often the machine reads right, thresholds, and what is drawn for a
person. Everything by the JSON doors' own functions."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import Field, StringConstraints

from cases.errors import NotFound
from web.asks import LARGEST, Write
from web.auth import Desk, requires
from web.desk import accuracy, sampling, truth
from web.desk.catalogue.checks import DOCUMENTS
from web.desk.pages.review import CONFIRMED, sheet_part
from web.desk.pages.shell import PageRoute, go_to, page
from web.desk.pages.verifying import is_judged_again
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Auditor = Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))]
CLASSES = ("one_reader", "disagreement", "two_readers", "checksum", "text_layer")
"""Of what the machine alone has read, the least certain first."""
HOW = {"corrected": "更正", "confirmed": "逐栏核对", "whole_page": "整页核对"}
WHY = {"agreed": "一致", "disagreed": "不一致", "set": "设置下限"}
DECISIONS = {"pass": "通过", "return": "退回补正", "not_accept": "不予受理"}


# ── on the case's screen ──


class SayingForm(truth.SayingAsk):
    pass


@router.post("/cases/{no}/pages/{sheet}/truths", response_class=HTMLResponse)
def say_truth(no: str, sheet: str, form: Annotated[SayingForm, Form()], me: Auditor, d: D) -> HTMLResponse:
    said = truth.SayingAsk(field=form.field, value=form.value, shown=form.shown)
    truth.say_truths(no, sheet, truth.TruthsAsk(fields=[said]), me, d)
    return sheet_part(no, sheet, me, d)


class SealForm(truth.WholePageAsk):
    pass


@router.post("/cases/{no}/pages/{sheet}/truths/whole", response_class=HTMLResponse)
def say_whole_page(no: str, sheet: str, form: Annotated[SealForm, Form()], me: Auditor, d: D) -> HTMLResponse:
    truth.say_whole_page(no, sheet, form, me, d)
    return sheet_part(no, sheet, me, d)


@router.get("/cases/{no}/judging", response_class=HTMLResponse)
def judging_part(
    no: str,
    me: Annotated[Desk, Depends(requires(Permission.CASE_READ))],
    d: D,
    at: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Asked until the case has been judged again."""
    with d.database.reading() as tx:
        if not tx.case_exists(no, me.scope):
            raise NotFound("没有找到该办件，请核对办件编号。", number=no)
        judging = is_judged_again(tx, no)
    return page("judging.html", me, {"case_no": no, "at": at, "judging": judging})


# ── how often the machine reads right ──


@router.get("/accuracy", response_class=HTMLResponse)
def accuracy_page(me: accuracy.Reader, d: D) -> HTMLResponse:
    seen = accuracy.show_accuracy(me, d)
    read = sum(f.read.n for f in seen.fields)
    correct = sum(f.read.correct for f in seen.fields)
    shown = {"seen": seen, "read": read, "share": correct / read if read else None}
    return page("accuracy.html", me, _words(d) | shown)


@router.get("/accuracy/{kind}/{field}", response_class=HTMLResponse)
def mistakes_page(
    kind: accuracy.Named,
    field: accuracy.Named,
    me: accuracy.Reader,
    d: D,
    cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
) -> HTMLResponse:
    """Where it was wrong, with the place on the picture for roles that may see it."""
    seen = accuracy.show_mistakes(kind, field, me, d, cursor)
    crops = (
        {m.seq: _crop(d, m.page, field) for m in seen.mistakes} if Permission.PERSONAL_READ in me.permissions else {}
    )
    return page("mistakes.html", me, _words(d) | {"seen": seen, "crops": crops, "first": cursor is None})


def _crop(d: Doors, page_id: str, field: str) -> dict[str, Any] | None:
    """The part of the picture around the field: a view of the same small copy that the case's screen shows."""
    with d.database.reading() as tx:
        reading = tx.reading(page_id)
        number, found = tx.page(page_id)
        spec = tx.case_file(number).spec(found.material)
        pictured = tx.picture_of(page_id) is not None
    names = spec.form_fields if spec else {}
    read = next((f for name, f in reading.fields.items() if names.get(name, name) == field), None) if reading else None
    if reading is None or read is None or read.box is None or not pictured:
        return None
    xs, ys = [x for x, _ in read.box], [y for _, y in read.box]
    pad = (max(ys) - min(ys)) * 0.4
    left, top = max(0, min(xs) - pad), max(0, min(ys) - pad)
    view = f"{left:.0f} {top:.0f} {max(xs) + pad - left:.0f} {max(ys) + pad - top:.0f}"
    return {"view": view, "wide": reading.width, "high": reading.height}


class ThresholdForm(accuracy.ThresholdAsk):
    pass


@router.post("/thresholds")
def switch_on(form: Annotated[ThresholdForm, Form()], me: accuracy.Setter, d: D) -> Response:
    accuracy.switch_on(form, me, d)
    return go_to("/desk/accuracy")


@router.post("/thresholds/{threshold}/off")
def switch_off(threshold: str, me: accuracy.Setter, d: D) -> Response:
    accuracy.switch_off(threshold, me, d)
    return go_to("/desk/accuracy")


class PercentForm(Write):
    """As people write it."""

    percent: Annotated[float, Field(ge=0, le=100)]


@router.post("/accuracy/target")
def set_target(form: Annotated[PercentForm, Form()], me: accuracy.Setter, d: D) -> Response:
    accuracy.set_target(accuracy.TargetAsk.model_construct(target=round(form.percent / 100, 6)), me, d)
    return go_to("/desk/accuracy")


# ── instant items that a person looks at all the same ──


@router.get("/sampling", response_class=HTMLResponse)
def sampling_page(me: sampling.Reader, d: D) -> HTMLResponse:
    return page("sampling.html", me, _words(d) | {"seen": sampling.show_sampling(me, d), "one": None})


@router.get("/sampling/{code}", response_class=HTMLResponse)
def sampled_item_page(
    code: Annotated[str, StringConstraints(max_length=64)], me: sampling.Reader, d: D
) -> HTMLResponse:  # fmt: skip
    one = sampling.show_item(code, me, d)
    return page("sampling.html", me, _words(d) | {"seen": sampling.ItemsView(items=[one.now]), "one": one})


@router.post("/sampling/{code}")
def set_floor(code: str, form: Annotated[PercentForm, Form()], me: sampling.Setter, d: D) -> Response:
    sampling.set_floor(code, sampling.FloorAsk(floor=round(form.percent / 100, 6)), me, d)
    return go_to("/desk/sampling")


def _words(d: Doors) -> dict[str, Any]:
    return {
        "kinds": DOCUMENTS,
        "confirmed": {**CONFIRMED, "missed": "没有读出"},
        "classes": CLASSES,
        "how": HOW,
        "why": WHY,
        "decisions": DECISIONS,
        "percent": percent,
        "who": _who(d),
    }


def percent(share: float | None) -> str:
    """99.5%, with a second figure near the top: never rounded up to 100."""
    if share is None:
        return "—"
    step = 100 if 0.99 <= share < 1 else 10
    return f"{int(share * 100 * step + 1e-6) / step:g}%"


def _who(d: Doors) -> Callable[[str | None], str]:
    with d.database.reading() as tx:
        names = {one.id: one.name for one in tx.staff.list()}
    return lambda by: "系统" if by in {None, "system"} else names.get(by or "", "工作人员")
