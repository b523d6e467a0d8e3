"""Requests to WeChat and its answers, as values. Pure.

An answer is good unless `errcode` says otherwise: on success the field may be absent. Everything that is not a JSON
object (a gateway's HTML, half a body) is an answer nobody can use: `PlatformDown`.
"""

import json
from collections.abc import Mapping
from typing import Any

from cases.errors import Unauthenticated
from messaging.port import Cause, Message, NotSent, Outcome, PlatformDown, Sent
from messaging.values import fitted
from messaging.wechat import codes
from messaging.wechat.settings import Template, WechatSettings

SESSION = "/sns/jscode2session"
TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/subscribe/send"
PHONE = "/wxa/business/getuserphonenumber"
_SAID_LENGTH = 120


class TokenWorn(Exception):
    """The platform does not take this access token any more."""


def session_query(settings: WechatSettings, code: str) -> dict[str, str]:
    return {
        "appid": settings.appid,
        "secret": settings.secret,
        "js_code": code,
        "grant_type": "authorization_code",
    }


def token_body(settings: WechatSettings, *, force: bool) -> dict[str, Any]:
    return {
        "grant_type": "client_credential",
        "appid": settings.appid,
        "secret": settings.secret,
        "force_refresh": force,
    }


def send_body(settings: WechatSettings, template: Template, user: str, message: Message) -> dict[str, Any]:
    known = {**message.values, "title": message.title, "text": message.text}
    return {
        "touser": user,
        "template_id": template.template_id,
        "page": message.page,
        "miniprogram_state": settings.state,
        "lang": "zh_CN",
        "data": {key: {"value": fitted(key, known.get(name, ""))} for key, name in template.fields.items()},
    }


def answer(status: int, body: bytes) -> Mapping[str, Any]:
    """Raises `PlatformDown`, `TokenWorn`."""
    if status != 200:
        raise PlatformDown(f"http_{status}")
    try:
        said = json.loads(body)
    except ValueError:
        raise PlatformDown("not_json") from None
    if not isinstance(said, dict):
        raise PlatformDown("not_an_object")
    code = code_of(said)
    if code in codes.BUSY:
        raise PlatformDown(codes.BUSY[code], codes.WAIT)
    if code in codes.MISCONFIGURED:
        raise PlatformDown(f"misconfigured_{codes.MISCONFIGURED[code]}")
    if code in codes.TOKEN_WORN:
        raise TokenWorn
    return said


def code_of(said: Mapping[str, Any]) -> int:
    code = said.get("errcode", codes.OK)
    return code if isinstance(code, int) else codes.OK


def openid(said: Mapping[str, Any]) -> str:
    """Raises `Unauthenticated`, `PlatformDown`. The session key that comes along is dropped: we give our own token."""
    return _given(said, said.get("openid"))


def phone(said: Mapping[str, Any]) -> str:
    """Raises `Unauthenticated`, `PlatformDown`."""
    info = said.get("phone_info")
    return _given(said, info.get("purePhoneNumber") if isinstance(info, dict) else None)


def _given(said: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    if code_of(said) in codes.CODE_WRONG:
        raise Unauthenticated("登录码无效或已使用，请重新登录。")
    raise PlatformDown(f"errcode_{code_of(said)}")


def access_token(said: Mapping[str, Any]) -> tuple[str, int]:
    """The token, and its seconds to live. Raises `PlatformDown`."""
    token, seconds = said.get("access_token"), said.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise PlatformDown(f"no_token_{code_of(said)}")
    return token, seconds


def outcome(said: Mapping[str, Any]) -> Outcome:
    code = code_of(said)
    if code == codes.OK:
        return Sent()
    detail = f"{code} {str(said.get('errmsg', ''))[:_SAID_LENGTH]}".strip()
    return NotSent(codes.NOT_SENT.get(code, Cause.REFUSED), detail)
