"""There and back: signing in to the desk through the city's identity provider.

The sign-in that was sent away comes back once, to the browser that began it (a cookie that other sites' forms do not
send). Whoever is not known here stays outside: accounts, roles and departments are an administrator's to give.
"""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from storage.staff import SignInRefused
from web.desk.pages.entry import inside, login_again
from web.desk.pages.shell import environment
from web.desk.sessions import set_cookie
from web.doors import Doors, doors
from web.limits import counted_as
from web.provider.client import Provider, ProviderFailed, told
from web.signing_in import opened_from

router = APIRouter(prefix="/desk/provider", include_in_schema=False)
D = Annotated[Doors, Depends(doors)]
BEGUN = "zerotrip_begun"
PATH = "/desk/provider"
CALLBACK = f"{PATH}/back"
FAILED = "统一身份认证未完成，请重试，或用登录名和密码登录。"
UNKNOWN = "您在本系统还没有账号，或账号已停用，请联系管理员。"
Word = Annotated[str, Query(max_length=4000)]


@router.get("", response_model=None)
def begin(request: Request, d: D, next: Annotated[str, Query(max_length=500)] = "/desk") -> Response:
    """Off to the provider."""
    d.rates.login.take(counted_as(request.scope))
    provider = d.provider
    if provider is None:
        return login_again(d, inside(next), FAILED, 404)
    with d.database.transaction() as tx:
        sent = tx.send_away(inside(next))
    try:
        answer = RedirectResponse(provider.address_for(sent), status_code=303)
    except ProviderFailed as failure:
        told(failure)
        return login_again(d, sent.back, FAILED, 502)
    # lax: the provider's site sends the browser back to us
    answer.set_cookie(
        BEGUN, sent.state, max_age=600, path=PATH, httponly=True, samesite="lax", secure=d.settings.cookie_secure
    )
    return answer


@router.get("/back", response_model=None)
def back(request: Request, d: D, state: Word = "", code: Word = "") -> Response:
    """Here again: signed in, and on with what was asked for."""
    d.rates.login.take(counted_as(request.scope))
    answer = _entered(request, d, d.provider, state, code) if d.provider else login_again(d, "/desk", FAILED, 404)
    answer.delete_cookie(BEGUN, path=PATH, httponly=True, samesite="lax", secure=d.settings.cookie_secure)
    return answer


def _entered(request: Request, d: Doors, provider: Provider, state: str, code: str) -> Response:
    with d.database.transaction() as tx:
        sent = tx.take_back(state)
    begun = request.cookies.get(BEGUN, "")
    if sent is None or not code or not hmac.compare_digest(begun.encode(), state.encode()):
        return login_again(d, "/desk", FAILED, 401)
    try:
        who = provider.vouched(sent, code)
    except ProviderFailed as failure:
        told(failure)
        return login_again(d, sent.back, FAILED, 502)
    with d.database.transaction() as tx:
        signed = tx.staff.enter_from_provider(who.login, who.identity, opened_from(request, "provider"))
    if isinstance(signed, SignInRefused):
        return login_again(d, sent.back, UNKNOWN, 403)
    # a page of our own in between: the strict cookie is not sent where another site's redirect leads
    made = environment.get_template("entered.html").render(back=sent.back)
    answer = HTMLResponse(made, headers={"Cache-Control": "no-store"})
    set_cookie(answer, signed[1], "/desk", secure=d.settings.cookie_secure)
    return answer
