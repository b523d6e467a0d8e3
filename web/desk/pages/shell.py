"""What all of the desk's pages share: the templates and their words, who is signed in, and refusals as pages.

A page is made from the same answer that the JSON door gives, by calling that door's function. Nobody signed in: the page
to sign in, and back again. A refusal inside a page that is open comes as a sentence into it (`HX-Retarget`).
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cases.deadlines import BEIJING
from cases.errors import Refusal, Unauthenticated
from storage.finding import RegionNames
from storage.ids import new_id
from web.auth import Desk, csrf_of
from web.doors import Doors
from web.errors import status_of, when
from web.permissions import Permission

TEMPLATES = Path(__file__).parents[2] / "templates" / "desk"
LOGIN = "/desk/login"
_WEEKDAYS = "一二三四五六日"

environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def moment(at: datetime | None) -> str:
    """11月22日 周日 14:30, in Beijing."""
    if at is None:
        return "—"
    local = at.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 周{_WEEKDAYS[local.weekday()]} {local:%H:%M}"


def day(on: date | None) -> str:
    return "—" if on is None else f"{on.month}月{on.day}日 周{_WEEKDAYS[on.weekday()]}"


def left(until: datetime | None, now: datetime) -> str:
    """还剩 3天, 还剩 5小时, 已超 20分钟."""
    if until is None:
        return "不限时"
    seconds = (until - now).total_seconds()
    size = abs(seconds)
    days, hours, minutes = int(size // 86_400), int(size // 3600), int(size // 60)
    told = f"{days}天" if days else f"{hours}小时" if hours else f"{minutes}分钟"
    return ("还剩" if seconds >= 0 else "已超") + told


def device(agent: str | None) -> str:
    """What somebody would call it, of what a browser says of itself: Edge 120，Windows."""
    said = agent or ""
    browsers = (("Edg/", "Edge"), ("MicroMessenger/", "微信"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
    found = next((f"{name} {_version(said, mark)}" for mark, name in browsers if mark in said), "")
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    return "，".join(part for part in (found or ("Safari" if "Safari/" in said else ""), system) if part) or "未知设备"


def _version(said: str, mark: str) -> str:
    return said.partition(mark)[2].partition(".")[0]


_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"), ("Mac OS", "苹果电脑"), ("Linux", "Linux"),
)  # fmt: skip


def department_names(d: Doors) -> Callable[[str], str]:
    """As the regions name them; a code that nobody named stays as it is."""
    with d.database.reading() as tx:
        named = departments_of(tx.region_names().values())
    return lambda code: named.get(code, code)


def departments_of(regions: Iterable[RegionNames]) -> dict[str, str]:
    """Names by code; where two regions name the same, as the first of them does."""
    return {code: name for region in reversed(list(regions)) for code, name in region.departments.items()}


def go_to(path: str) -> Response:
    """What htmx takes for: leave this page for that one."""
    return Response(status_code=204, headers={"HX-Redirect": path})


environment.filters |= {"moment": moment, "day": day, "device": device}
environment.globals |= {"left": left, "P": Permission, "fresh": new_id}


def is_fragment(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


class PageRoute(APIRoute):
    """A refusal of a page is a page; of a part of a page, a sentence in it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await answer(request)
            except Unauthenticated:
                return _to_sign_in(request)
            except Refusal as refusal:
                return _refused(request, refusal.message, status_of(refusal), when(refusal))
            except RequestValidationError:
                return _refused(request, "提交的内容不完整或有误，请核对后重试。", 422)

        return shown


def _to_sign_in(request: Request) -> Response:
    back = request.headers.get("HX-Current-URL", "") if is_fragment(request) else str(request.url)
    path = "/" + back.split("://", 1)[-1].partition("/")[2] if back else "/desk"
    target = f"{LOGIN}?next={quote(path, safe='')}"
    if is_fragment(request):
        return go_to(target)
    return RedirectResponse(target, status_code=303)


def _refused(request: Request, sentence: str, status: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    if is_fragment(request):
        made = environment.get_template("notice.html").render(sentence=sentence)
        # htmx puts no error into the page of itself
        return HTMLResponse(made, headers={"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
    return HTMLResponse(environment.get_template("refused.html").render(sentence=sentence), status, headers)


def page(name: str, me: Desk, values: Mapping[str, Any]) -> HTMLResponse:
    """A whole page, or a part of one, for whoever is signed in."""
    csrf = csrf_of(me.token) if me.token else ""
    made = environment.get_template(name).render(me=me, csrf=csrf, may=me.permissions.__contains__, **values)
    return HTMLResponse(made, headers={"Cache-Control": "private, no-store"})
