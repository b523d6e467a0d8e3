"""A grid worker signs in on the phone as everybody does at the desk; the cookie goes to `/grid` only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from storage.sessions import open_session
from storage.words import ActorKind
from web.asks import StaffLoginAsk
from web.auth import Desk, requires
from web.desk.sessions import LoggedOut, StaffView, me_view, sign_in, sign_out
from web.doors import Doors, doors
from web.permissions import Permission
from web.resident.agents import AgentSessionView, session_view

router = APIRouter(prefix="/grid", tags=["grid"])
D = Annotated[Doors, Depends(doors)]
PATH = "/grid"


@router.post("/login")
def log_in(ask: StaffLoginAsk, request: Request, response: Response, d: D) -> StaffView:
    """Sets the session cookie for the phone page."""
    return sign_in(d, ask, request, response, PATH)


@router.post("/logout")
def log_out(me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))], response: Response, d: D) -> LoggedOut:
    """The session is worth nothing from now on; what the phone has not sent yet stays on it."""
    return sign_out(d, me, response, PATH)


@router.get("/api/me")
def show_me(me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))]) -> StaffView:
    """Who one is here, and the CSRF word."""
    return me_view(me)


@router.post("/api/agent")
def go_on_as_agent(me: Annotated[Desk, Depends(requires(Permission.AGENT_WORK))], d: D) -> AgentSessionView:
    """For whoever also works at an agent point: a session of its own for the residents' app, without a second code."""
    with d.database.transaction() as tx:
        token = open_session(tx, ActorKind.STAFF, me.actor.id)
    return session_view(d, me.actor.id, token)
