"""通办 as a page: the window of one office counts the papers of a case that another decides, and accepts it.

The case is found by its number; what is to be counted stands beside what was found.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import Field, StringConstraints

from web.asks import AcceptAsk, OriginalsAsk, ReceivedAsk, Word
from web.auth import Desk, requires
from web.desk import office
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Counter = Annotated[Desk, Depends(requires(Permission.ORIGINALS_CONFIRM))]
MOST_PAPERS = 50
Copies = Annotated[int, Field(ge=0, le=1000)]


@router.get("/window", response_class=HTMLResponse)
def window(
    me: Counter,
    d: D,
    at: Annotated[str, Query(max_length=64)] = "",
    no: Annotated[str, Query(max_length=32)] = "",
) -> HTMLResponse:
    """`at`: whose window this is; `no`: the case whose papers lie on the table."""
    offices = office.my_offices(me, d).offices
    chosen = at or (offices[0].code if offices else "")
    number = no.strip()
    case = office.case_at_window(number, me, d, chosen) if number and chosen else None
    values = {"offices": offices, "chosen": chosen, "no": number, "case": case, "departments": department_names(d)}
    return page("office.html", me, values)


class CountForm(AcceptAsk):
    """`key` and `copies`: line by line, as the manifest has them."""

    seal: Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)] = ""
    key: list[Word] = Field(default_factory=list, max_length=MOST_PAPERS)
    copies: list[Copies] = Field(default_factory=list, max_length=MOST_PAPERS)


@router.post("/window/{no}/originals", response_model=None)
def count(no: str, form: Annotated[CountForm, Form()], me: Counter, d: D) -> Response:
    """How many there are of each."""
    found = [ReceivedAsk(key=key, copies=copies) for key, copies in zip(form.key, form.copies, strict=False)]
    ask = OriginalsAsk(
        transaction_id=form.transaction_id, office=form.office, seal=form.seal or None, received=found
    )  # fmt: skip
    office.confirm_originals(no, ask, me, d)
    return _back(no, form)


@router.post("/window/{no}/accept", response_model=None)
def accept(
    no: str,
    form: Annotated[AcceptAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))],
    d: D,
) -> Response:
    office.accept(no, me, d, form)
    return _back(no, form)


def _back(no: str, form: AcceptAsk) -> Response:
    return go_to(f"/desk/window?at={form.office or ''}&no={no}")
