"""Refusals and faults as answers, always in one envelope: `{"error": {"code", "message", "details"}}`.

Messages are sentences in the language of the call that say what is wrong and what to do. Refuses: to let anything of a fault out, be it a
value that was sent or the text of an exception.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from cases.errors import (
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotZeroTrip,
    Refusal,
    TooLarge,
    TooMany,
    TransitionRefused,
    Unauthenticated,
    Unsupported,
)
from cases.items import ItemInvalid
from cases.sentences import Sentence, say
from messaging.port import PlatformDown
from storage.blobs import BlobsUnavailable
from storage.session import TRANSIENT
from storage.vault import KeyMissing
from web import words
from web.english import CODES, NONE, Names
from web.naming import only_ours
from web.speaking import english

log = structlog.get_logger("web")

STATUS: Mapping[type[Refusal], int] = {
    NotFound: 404,
    TransitionRefused: 409,
    Conflict: 409,
    NotZeroTrip: 409,
    InvalidRequest: 422,
    ItemInvalid: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    TooLarge: 413,
    Unsupported: 415,
    TooMany: 429,
    Refusal: 400,
}
_HTTP = {
    400: ("bad_request", "没有办成，请检查后再试一次。"),
    401: ("unauthenticated", "请先登录。"),
    403: ("forbidden", "您没有权限进行该操作。"),
    404: ("not_found", "没有找到您要的内容。"),
    405: ("method_not_allowed", "这里不能这样操作。"),
    408: ("stalled", "上传中断了，请检查网络后再试一次。"),
    413: ("too_large", "发送的内容太大，请缩小后重试。"),
    415: ("unsupported_media_type", "这种格式不能用。"),
    429: ("too_many_requests", "操作太频繁，请稍后再试。"),
    503: ("unavailable", "系统暂时繁忙，请稍后再试。"),
}
_PROBLEMS = {
    "missing": "缺少此项",
    "json_invalid": "不是有效的JSON",
    "string_too_short": "内容太短",
    "string_too_long": "内容太长",
    "extra_forbidden": "不认识的字段",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
}


def status_of(refusal: Refusal) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def too_large(cap: int) -> TooLarge:
    shown = f"{cap // 1_000_000}MB" if cap >= 1_000_000 else f"{cap // 1000}KB"
    return TooLarge(say("发送的内容超过{most}，请缩小后重试。", most=shown), max_bytes=cap)


def envelope(code: str, message: str, details: Mapping[str, Any] | None = None, names: Names = NONE) -> dict[str, Any]:
    """`message`: a sentence in Chinese; it is answered in the language of the call."""
    return {"error": {"code": code, "message": words.said(message, names), "details": dict(details or {})}}


def answer(
    status: int, code: str, message: str, details: Mapping[str, Any] | None = None, names: Names = NONE
) -> JSONResponse:
    return JSONResponse(envelope(code, message, details, names), status, headers=_headers(status, details))


def _headers(status: int, details: Mapping[str, Any] | None) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if details and "retry_after" in details:
        headers["Retry-After"] = str(details["retry_after"])
    return headers


def when(refusal: Refusal) -> dict[str, str]:
    """Of a page that is refused: when to come again, where that is known."""
    return {"Retry-After": str(refusal.details["retry_after"])} if "retry_after" in refusal.details else {}


def refused(refusal: Refusal) -> JSONResponse:
    said = only_ours(refusal.details) if isinstance(refusal, NotFound) else refusal.details
    return answer(status_of(refusal), refusal.code, refusal.message, said, _names_in(refusal))


def _names_in(refusal: Refusal) -> Names:
    """The state that stood in the way, whose label is of its own vocabulary."""
    if not isinstance(refusal, TransitionRefused):
        return NONE
    said = refusal.message
    assert isinstance(said, Sentence)
    machine, state, label = str(refusal.details["machine"]), str(refusal.details["state"]), said.values["label"]
    return {label: CODES.get(machine, {}).get(state, label)}


def fault() -> JSONResponse:
    return answer(500, "internal", "系统出现故障，我们已经记录，请稍后再试。")


class AnsweredBefore(Exception):
    """The same request was answered by a process of another version, in the form of that version: `body` is the answer."""

    def __init__(self, body: Any) -> None:
        super().__init__("answered before, by another version")
        self.body = body


def install(app: FastAPI) -> None:
    """Every refusal, unknown path and malformed request of `app` answers in the envelope."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(AnsweredBefore, _on_answered_before)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for kind in (*TRANSIENT, PoolTimeout, BlobsUnavailable, KeyMissing, PlatformDown):
        app.add_exception_handler(kind, _on_unavailable)


def _on_refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return refused(error)


def _on_answered_before(request: Request, error: Exception) -> Response:
    """As it was said the first time. A page that is open is shown anew."""
    assert isinstance(error, AnsweredBefore)
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return JSONResponse(error.body, getattr(request.scope.get("route"), "status_code", None) or 200)


def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [{"field": _place(e["loc"]), "problem": words.said(_problem(e))} for e in error.errors()]
    colon, comma = (": ", "; ") if english() else ("：", "；")
    named = comma.join(f"{f['field']}{colon}{f['problem']}" for f in fields[:5])
    message = say("填写的内容有问题（{fields}）。", fields=named)
    return answer(422, "invalid_request", message, {"fields": fields})


def _place(loc: Any) -> str:
    """Where in the request, without the word `body` in front. Never the value that was sent."""
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])


def _problem(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error.get("ctx", {}).get("error", "内容不正确"))
    return _PROBLEMS.get(error["type"], "内容不正确")


def _on_unavailable(_: Request, error: Exception) -> JSONResponse:
    """The database, the blobs or the platform do not answer now; nothing was half done, the same call may be made again."""
    log.error("unavailable", error=type(error).__name__)
    code, message = _HTTP[503]
    return answer(503, code, message, {"retry_after": 5})


def _on_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if (cap := getattr(error, "cap", None)) is not None:
        return refused(too_large(cap))
    code, message = _HTTP.get(error.status_code, ("refused", "没有办成，请再试一次。"))
    made = answer(error.status_code, code, message)
    made.headers.update(error.headers or {})
    return made
