"""The messaging platform's push: its handshake, and messages, which are kept for whoever will read them.

Both are proved by the shared token (`WEB_PUSH_TOKEN`); without one this address does not exist. Where the platform
encrypts (`WECHAT_AES_KEY`), a message that is not encrypted by that key is refused, and what is kept is the plain one.
"""

import hashlib
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse

from cases.errors import Forbidden, NotFound
from messaging.wechat.client import WECHAT
from messaging.wechat.crypto import Push, PushUnreadable, is_genuine, opened
from web.doors import Doors, doors

router = APIRouter(prefix="/hooks/platform", tags=["hooks"])
Part = Annotated[str, Query(max_length=128)]
_FORGED = "签名不正确。"


def _beside(signature: Part = "", timestamp: Part = "", nonce: Part = "", msg_signature: Part = "") -> Push:
    return Push(signature, timestamp, nonce, msg_signature)


def genuine(name: str, push: Annotated[Push, Depends(_beside)], d: Annotated[Doors, Depends(doors)]) -> Push:
    """The push, once it is known to be the platform's own and fresh."""
    if name not in d.platforms or not d.settings.push_token:
        raise NotFound("没有这个地址。")
    if not is_genuine(d.settings.push_token, push, d.database.now()):
        d.meters.pushes.labels(name, "rejected").inc()
        raise Forbidden(_FORGED)
    return push


Genuine = Annotated[Push, Depends(genuine)]


@router.get("/{name}", response_class=PlainTextResponse)
def handshake(_: Genuine, echostr: Annotated[str, Query(max_length=256)] = "") -> str:
    """The platform asks whether this is the address of somebody who knows the token."""
    return echostr


@router.post("/{name}", response_class=PlainTextResponse)
async def platform_push(name: str, push: Genuine, request: Request, d: Annotated[Doors, Depends(doors)]) -> str:
    """A message of the platform. The same one twice is kept once; the answer is always the platform's `success`."""
    await run_sync(_keep, d, name, push, await request.body(), request.headers.get("content-type", ""))
    return "success"


def _keep(d: Doors, platform: str, push: Push, raw: bytes, content_type: str) -> None:
    message = _plain(d, platform, push, raw)
    with d.database.transaction() as tx:
        key = hashlib.sha256(message).hexdigest()
        new = tx.inbox.keep(f"platform.{platform}", key, message, {"content-type": content_type}, verified=True)
    d.meters.pushes.labels(platform, "doubled" if new is None else "kept").inc()


def _plain(d: Doors, platform: str, push: Push, raw: bytes) -> bytes:
    """The platform encrypts each sending anew: only the plain message tells whether it is the same one."""
    wechat = d.wechat
    if platform != WECHAT or wechat is None or not wechat.aes_key:
        return raw
    try:
        return opened(d.settings.push_token, wechat.aes_key, wechat.appid, push, raw)
    except PushUnreadable as error:
        d.meters.pushes.labels(platform, "rejected").inc()
        raise Forbidden(_FORGED, reason=str(error)) from error
