"""The work queues as pages: what waits, most urgent first, one key to take it and one for the next; what one lost; and
the field to find a case in.

Which queue somebody works in is remembered in a cookie, so that after a case comes the next of the same queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import StringConstraints

from cases.deadlines import BEIJING
from cases.errors import Conflict
from cases.flags import MarkedFor
from storage.applying import CLAIM_LEASE
from web.auth import Desk, requires
from web.desk import claims, queues, searching
from web.desk.claims import MarkAsk, NextAsk, SeenAsk, TakeAwayAsk
from web.desk.pages.review import everything
from web.desk.pages.shell import PageRoute, environment, go_to, left, page
from web.desk.queues import NAMES, QueuesView
from web.desk.searching import SearchAsk
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Holder = Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))]
COOKIE = "zerotrip_queue"
FIRST = "unclaimed"
ROWS = 50
WHY_TEST = {
    MarkedFor.TRAINING: "培训演练",
    MarkedFor.TRIAL: "上线前试办",
    MarkedFor.FAULT: "排查故障",
    MarkedFor.MISTAKE: "原标记有误",
}
_GROUPS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("领取", ("mine", "unclaimed")),
    ("先看", ("again", "doubtful", "duplicates", "soon", "late")),
    ("全部", ("review", "returned", "originals", "accepted", "conclude")),
    ("另列", ("test",)),
)
_KEYED = 9
"""Digits on a keyboard that are not nought."""


def age(since: datetime | None, now: datetime) -> str:
    """刚刚, 20分钟前, 5小时前, 3天前."""
    if since is None:
        return "—"
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 1:
        return "刚刚"
    return (
        f"{minutes}分钟前" if minutes < 60 else f"{minutes // 60}小时前" if minutes < 1440 else f"{minutes // 1440}天前"
    )


def clock(at: datetime) -> str:
    """14:30, in Beijing."""
    return f"{at.astimezone(BEIJING):%H:%M}"


environment.globals |= {"WHY_TEST": WHY_TEST}
environment.filters |= {"clock": clock, "age": age, "left": left}


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: str
    any: bool
    key: int | None


def working_in(request: Request) -> str:
    """The queue whose page was opened last."""
    name = request.cookies.get(COOKIE, FIRST)
    return name if name in NAMES else FIRST


Working = Annotated[str, Depends(working_in)]


@router.get("/queues/{name}", response_class=HTMLResponse)
def queue_page(
    name: str,
    me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> HTMLResponse:
    with d.database.reading() as tx:
        seen, counts = queues.queue_view(tx, name, me, cursor, ROWS), queues.queues_view(tx, me)
    values = {"queue": seen, "groups": _groups(counts), "title": NAMES[name], "now": datetime.now(UTC)}
    answer = page("queue.html", me, values)
    secure = d.settings.cookie_secure
    answer.set_cookie(COOKIE, name, path="/desk", httponly=True, samesite="lax", secure=secure)
    return answer


def _groups(counts: QueuesView) -> list[tuple[str, list[Tab]]]:
    keys = iter(range(1, _KEYED + 1))
    return [(label, [_tab(name, counts, next(keys, None)) for name in names]) for label, names in _GROUPS]


def _tab(name: str, counts: QueuesView, key: int | None) -> Tab:
    count = counts.queues[name]
    return Tab(name, NAMES[name], f"{count}+" if name in counts.over else str(count), count > 0, key)


# ── taking, giving back, going on ───────────────────────────────────────────────────────────────────────────────


@router.post("/cases/{no}/claim", response_model=None)
def claim(no: str, me: Holder, d: D, working: Working) -> Response:
    """Taken: on to the case. Somebody was faster: who it was, and the next one."""
    try:
        queues.claim(no, me, d)
    except Conflict as taken:
        following = claims.see_next(me, d, working, no).case
        answer = page("taken.html", me, {"sentence": taken.message, "no": no, "following": following})
        answer.headers.update({"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
        return answer
    return go_to(f"/desk/cases/{no}")


@router.post("/cases/{no}/release", response_model=None)
def release(no: str, me: Holder, d: D, working: Working) -> Response:
    queues.release(no, me, d)
    return go_to(f"/desk/queues/{working}")


class TakeAwayForm(TakeAwayAsk):
    stay: bool = False
    """On the case, to go on with it."""


@router.post("/cases/{no}/take-away", response_model=None)
def take_away(
    no: str,
    form: Annotated[TakeAwayForm, Form()],
    me: Annotated[Desk, Depends(requires(Permission.CLAIM_TAKE_AWAY))],
    d: D,
    working: Working,
) -> Response:
    claims.take_away(no, form, me, d)
    return go_to(f"/desk/cases/{no}" if form.stay else f"/desk/queues/{working}")


@router.get("/next", response_model=None)
def next_case(me: Holder, d: D, working: Working) -> Response:
    """What one has taken before, else the most urgent case of the queue that nobody has."""
    return RedirectResponse(_next(working, None, me, d), status_code=303)


@router.post("/next", response_model=None)
def go_on(me: Holder, d: D, working: Working, after: Annotated[str, Form(max_length=64)]) -> Response:
    """The same, once the case one comes from is given back as it is; of the queue, the one behind it."""
    queues.release(after, me, d)
    return go_to(_next(working, after, me, d))


def _next(working: str, after: str | None, me: Desk, d: Doors) -> str:
    held = queues.show_queue("mine", me, d, None, 1).cases
    if held:
        return f"/desk/cases/{held[0].case}"
    taken = claims.take_next(NextAsk(queue=working, after=after), me, d).claim
    return f"/desk/cases/{taken.case}" if taken else f"/desk/queues/{working}"


@router.get("/ahead", response_class=HTMLResponse)
def ahead(me: Holder, d: D, working: Working, after: Annotated[str, Query(max_length=64)]) -> Response:
    """The case that would be next, drawn as it will be for who takes it, and its picture: it is there before it is asked
    for. Nobody takes it; a moment later it may be somebody else's, and the page then goes on without this."""
    found = claims.see_next(me, d, working, after).case
    if found is None:
        return Response("", media_type="text/html")
    shown = everything(found, "", me, d)
    taken = shown["case"].model_copy(update={"claimed_by": me.actor.id, "claimed_until": shown["now"] + CLAIM_LEASE})
    return page("ahead.html", me, shown | {"case": taken, "mine": True})


# ── what one lost ───────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/lost", response_class=HTMLResponse)
def lost(me: Holder, d: D) -> HTMLResponse:
    return page("lost.html", me, {"lost": claims.lost_claims(me, d).lost})


@router.post("/lost/seen", response_class=HTMLResponse)
def seen(me: Holder, d: D) -> HTMLResponse:
    claims.seen_losses(SeenAsk(), me, d)
    return lost(me, d)


# ── finding a case ──────────────────────────────────────────────────────────────────────────────────────────────


@router.post("/search", response_model=None)
def search(
    me: Annotated[Desk, Depends(requires(Permission.CASE_READ))],
    d: D,
    text: Annotated[str, Form(max_length=100), StringConstraints(strip_whitespace=True)] = "",
) -> Response:
    """What was found, below the field; the only one there is, at once."""
    found = searching.search(SearchAsk(text=text), me, d) if text else None
    if found and len(found.cases) == 1:
        return go_to(f"/desk/cases/{found.cases[0].case}")
    return page("found.html", me, {"found": found, "asks": searching.WHAT_CAN_BE_ASKED})


# ── tests set apart ─────────────────────────────────────────────────────────────────────────────────────────────


@router.post("/cases/{no}/test", response_model=None)
def mark_test(
    no: str,
    form: Annotated[MarkAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.TEST_MARK))],
    d: D,
    working: Working,
) -> Response:
    claims.mark_test(no, form, me, d)
    return go_to(f"/desk/queues/{working}")
