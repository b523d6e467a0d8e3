"""A form that is filled in and signed on the phone: what stands in it already, and the signature as it was drawn.

The signature comes as the points of the finger, never as a picture: nothing has to be opened. Making the page is the
worker's; it appears among the pages of its material.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field as Limited
from pydantic import StringConstraints

from cases.actions import signing
from cases.actions.checking import TYPED
from cases.errors import NotFound
from cases.items import MaterialSpec
from cases.model import CaseFile
from web.asks import MAX_ENTRIES, Word, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import CaseView, Shape
from web.views import CASE_SHOWN
from web.writing import Caller, asked, change_case, moment

router = APIRouter(prefix="/api/v1/cases", tags=["signing"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
Share = Annotated[float, Limited(ge=0, le=1)]
Value = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class SignAsk(Write):
    """`strokes`: of the finger, in shares of the frame, which is twice as wide as high."""

    values: dict[Word, Value] = Limited(default_factory=dict, max_length=MAX_ENTRIES)
    strokes: Annotated[
        list[Annotated[list[tuple[Share, Share]], Limited(min_length=1, max_length=600)]],
        Limited(max_length=60),
    ]


class BlankView(Shape):
    field: str
    label: str
    value: str
    choices: list[str]
    fixed: bool
    """Typed when the case was opened; corrected where that is looked over."""


class FormView(Shape):
    case: str
    material: str
    title: str
    blanks: list[BlankView]


@router.get("/{no}/materials/{key}/form")
def show_form(no: str, key: str, me: Me, d: D) -> FormView:
    """The form with what is known already; 404 where the material is none that is filled in on the phone."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        today = moment(tx, me).today
    spec = file.spec(key)
    if spec is None or not spec.fill_online or file.material(key) is None:
        raise NotFound("这份材料不能在手机上填写。")
    return FormView(
        case=no,
        material=key,
        title=spec.name,
        blanks=[_blank(file, spec, label, field, today.isoformat()) for label, field in spec.form_fields.items()],
    )


def _blank(file: CaseFile, spec: MaterialSpec, label: str, field: str, today: str) -> BlankView:
    address = file.case.address
    known = {name: str(getattr(file.case.applicant, where)) for name, where in TYPED.items()}
    known |= {"applied_on": today}
    known |= {"address": f"{address.city}{address.county}{address.detail}"} if address else {}
    return BlankView(
        field=field,
        label=label,
        value=known.get(field, ""),
        choices=list(spec.choices.get(field, ())),
        fixed=field in TYPED,
    )


@router.post("/{no}/materials/{key}/form")
def sign_form(no: str, key: str, ask: SignAsk, me: Me, d: D) -> CaseView:
    """Fill in and sign; the page is made in the background."""
    filled = signing.Filled(ask.values, tuple(tuple(stroke) for stroke in ask.strokes))
    request = asked(me, ask, "sign", no, key)
    return change_case(d.database, request, no, lambda file, now: signing.sign_form(file, key, filled, now), CASE_SHOWN)
