"""Agent points 代办点: signing in from the app as staff do, and the point's list of cases: what waits, until when, for
whom. What a point no longer looks after is number and state, for its records.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from cases.errors import Forbidden
from cases.helping import WHOSE
from storage import agent_lists
from storage.agent_lists import Asked, Helped
from storage.agents import Entrustment
from web.asks import StaffLoginAsk, Whole
from web.auth import AgentCaller, agent_of, resident
from web.doors import Doors, doors
from web.shapes import Shape, Time
from web.signing_in import signed_in
from web.words import CASES
from web.writing import Caller

router = APIRouter(prefix="/api/v1/agent", tags=["agents"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
PAST_AT_ONCE = 50


class PointView(Shape):
    code: str
    name: str
    village: str
    region: str
    address: dict[str, str] | None
    """Where a courier finds the point."""


class AgentView(Shape):
    name: str
    point: PointView


class AgentSessionView(AgentView):
    token: str
    """As a resident's: `Authorization: Bearer`."""
    ends_at: Time


class AuthorityView(Shape):
    """By whose word the point acts: how it was proven, when, and who put it on record."""

    point: str
    came: str
    since: Time
    proven: str | None
    proven_at: Time | None
    proven_by: str | None
    until: Time | None
    ended: str | None


class HelpedView(Shape):
    """One case of the point. `step`: what it waits for; `whose`: for whom. `mine`: whether I opened it."""

    case: str
    item_name: str
    applicant: str
    state: str
    state_label: str
    step: str
    whose: str
    until: Time | None
    missing: int
    unread: int
    packed: bool
    batch: str | None
    mine: bool
    region: str
    authority: AuthorityView


class VillageView(Shape):
    """`waiting`: how many wait for the agent. `next`: for `before`, of what has ended."""

    cases: list[HelpedView]
    waiting: int
    next: int | None = None


def the_agent(me: Caller) -> AgentCaller:
    """Raises `Forbidden` for a resident's own account."""
    if not isinstance(me, AgentCaller):
        raise Forbidden("请用代办点账号登录。")
    return me


def agent_view(me: AgentCaller) -> AgentView:
    p = me.point
    address = {k: str(v) for k, v in vars(p.address).items()} if p.address else None
    shown = PointView(code=p.code, name=p.name, village=p.village, region=p.region, address=address)
    return AgentView(name=me.name, point=shown)


def authority_view(held: Entrustment, names: dict[str, str]) -> AuthorityView:
    return AuthorityView(
        point=held.point,
        came=held.came,
        since=held.since,
        proven=held.proven,
        proven_at=held.proven_at,
        proven_by=names.get(held.proven_by or ""),
        until=held.until,
        ended=held.ended,
    )


@router.post("/session")
def log_in(ask: StaffLoginAsk, request: Request, d: D) -> AgentSessionView:
    """Name, password and one-time code, as at the desk; a token for the app. Staff who are no agents get none."""
    staff, token = signed_in(d, ask, request)
    return session_view(d, staff.id, token)


def session_view(d: Doors, staff: str, token: str) -> AgentSessionView:
    with d.database.reading() as tx:
        seen = agent_view(agent_of(tx, staff))
        opened = tx.people.session(token)
        assert opened is not None
    return AgentSessionView(name=seen.name, point=seen.point, token=token, ends_at=opened.ends_at)


@router.get("/me")
def show_me(me: Me) -> AgentView:
    """Who one is, and at which point."""
    return agent_view(the_agent(me))


@router.get("/cases")
def list_cases(
    me: Me,
    d: D,
    waiting: bool = False,
    q: Annotated[str, Query(max_length=50)] = "",
    batch: Annotated[str | None, Query(max_length=40)] = None,
) -> VillageView:
    """What the point looks after, most urgent first. `waiting`: what waits for the agent alone; `q`: a part of the
    applicant's name, among the point's own cases."""
    agent = the_agent(me)
    with d.database.reading() as tx:
        found = agent_lists.under_way(tx, agent.point.code, Asked(name=q.strip(), batch=batch))
        names = {s.id: s.name for s in tx.agents.colleagues(agent.point.code)}
    shown = [helped_view(h, agent, names) for h in found if h.waits_for_agent or not waiting]
    return VillageView(cases=shown, waiting=sum(h.waits_for_agent for h in found))


@router.get("/past")
def list_past(me: Me, d: D, before: Whole | None = None) -> VillageView:
    """What the point looked after: number and state, newest first."""
    agent = the_agent(me)
    with d.database.reading() as tx:
        found = agent_lists.past(tx, agent.point.code, before, PAST_AT_ONCE)
        names = {s.id: s.name for s in tx.agents.colleagues(agent.point.code)}
    more = found[-1].seq if len(found) == PAST_AT_ONCE else None
    return VillageView(cases=[helped_view(h, agent, names) for h in found], waiting=0, next=more)


def helped_view(h: Helped, me: AgentCaller, names: dict[str, str]) -> HelpedView:
    return HelpedView(
        case=h.entrustment.number,
        item_name=h.item_name,
        applicant=h.applicant,
        state=h.state,
        state_label=CASES[h.state],
        step=h.step,
        whose=WHOSE[h.step],
        until=h.deadline_at,
        missing=h.standing.missing,
        unread=h.standing.unread,
        packed=h.standing.packed,
        batch=h.batch,
        mine=h.entrustment.by == me.actor.id,
        region=h.region,
        authority=authority_view(h.entrustment, names),
    )
