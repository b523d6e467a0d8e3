"""Signing in to the desk's pages, and where each role begins its day."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import StringConstraints

from cases.errors import Refusal
from web.asks import StaffLoginAsk
from web.auth import Desk, requires
from web.desk.pages.shell import PageRoute, environment, go_to
from web.desk.sessions import sign_in, sign_out
from web.doors import Doors, doors
from web.errors import status_of, when
from web.permissions import Permission

router = APIRouter(include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
BEGINNINGS = (
    (Permission.MATERIAL_DECIDE, "/desk/queues/unclaimed"),
    (Permission.ASSIGNMENT_DECIDE, "/desk/assignments"),
    (Permission.QUEUE_READ, "/desk/queues/originals"),
    (Permission.SUPERVISION_READ, "/desk/board"),
    (Permission.ITEM_EDIT, "/desk/catalogue"),
    (Permission.STATS_READ, "/desk/statistics"),
)
"""The first that somebody may do is where they begin."""


@router.get("/desk/login", response_class=HTMLResponse)
def login_page(d: D, next: str = "/desk") -> HTMLResponse:
    return login_again(d, inside(next), "", 200)


class EnterForm(StaffLoginAsk):
    next: Annotated[str, StringConstraints(max_length=500)] = "/desk"


@router.post("/desk/enter", response_model=None)
def enter(request: Request, d: D, form: Annotated[EnterForm, Form()]) -> Response:
    """On with what was asked for; else the page again, with the reason."""
    answer = RedirectResponse(inside(form.next), status_code=303)
    try:
        sign_in(d, form, request, answer, "/desk")
    except Refusal as refusal:
        again = login_again(d, inside(form.next), refusal.message, status_of(refusal))
        again.headers.update(when(refusal))
        return again
    return answer


def inside(path: str) -> str:
    """A place of the desk: never somebody else's page."""
    return path if path == "/desk" or path.startswith("/desk/") else "/desk"


def login_again(d: Doors, back: str, sentence: str, status: int) -> HTMLResponse:
    """The page to sign in, with the reason why somebody is not."""
    provider = d.provider.name if d.provider else ""
    made = environment.get_template("login.html").render(back=back, sentence=sentence, provider=provider)
    return HTMLResponse(made, status_code=status, headers={"Cache-Control": "no-store"})


@router.get("/desk", response_model=None)
def home(me: Annotated[Desk, Depends(requires(Permission.SIGNED_IN))]) -> Response:
    begin = next((path for permission, path in BEGINNINGS if permission in me.permissions), "/desk/account")
    return RedirectResponse(begin, status_code=303)


@router.post("/desk/leave", response_model=None)
def leave(me: Annotated[Desk, Depends(requires(Permission.SIGNED_IN))], d: D) -> Response:
    answer = go_to("/desk/login")
    sign_out(d, me, answer, "/desk")
    return answer
