"""The messaging platform's push: its handshake, and messages, which are kept for whoever will read them.

Both are proved by the shared token (`WEB_PUSH_TOKEN`); without one this address does not exist.
"""

import hashlib
from datetime import datetime
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse

from cases.errors import Forbidden, NotFound
from web.doors import Doors, doors
from web.platforms import push_is_genuine

router = APIRouter(prefix="/hooks/platform", tags=["hooks"])
Part = Annotated[str, Query(max_length=128)]


def genuine(
    name: str, d: Annotated[Doors, Depends(doors)], signature: Part = "", timestamp: Part = "", nonce: Part = ""
) -> str:
    """The platform's name, once the push is known to be its own and fresh."""
    if name not in d.platforms or not d.settings.push_token:
        raise NotFound("没有这个地址。")
    now: datetime = d.database.now()
    if not push_is_genuine(d.settings.push_token, signature, timestamp, nonce, now):
        d.meters.pushes.labels(name, "rejected").inc()
        raise Forbidden("签名不正确。")
    return name


Name = Annotated[str, Depends(genuine)]


@router.get("/{name}", response_class=PlainTextResponse)
def handshake(_: Name, echostr: Annotated[str, Query(max_length=256)] = "") -> str:
    """The platform asks whether this is the address of somebody who knows the token."""
    return echostr


@router.post("/{name}", response_class=PlainTextResponse)
async def platform_push(platform: Name, request: Request, d: Annotated[Doors, Depends(doors)]) -> str:
    """A message of the platform. The same one twice is kept once; the answer is always the platform's `success`."""
    await run_sync(_keep, d, platform, await request.body(), request.headers.get("content-type", ""))
    return "success"


def _keep(d: Doors, platform: str, raw: bytes, content_type: str) -> None:
    with d.database.transaction() as tx:
        key = hashlib.sha256(raw).hexdigest()
        new = tx.inbox.keep(f"platform.{platform}", key, raw, {"content-type": content_type}, verified=True)
    d.meters.pushes.labels(platform, "doubled" if new is None else "kept").inc()
