"""A courier's push: secret address, signature over the raw bytes, kept under a unique key, answered as the partner wants.

Nothing in a push is believed before it is verified, and nothing is done about it here: a job handles it from the inbox.
A push that comes twice is answered with success twice and kept once. One that does not verify is refused in the
partner's own failure form and counted.
"""

from typing import Annotated

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response

from cases.errors import NotFound
from courier.port import Partner, Push, PushRejected
from courier.registry import hook_opens
from storage.inbox import Arrival
from web.doors import Doors, doors
from web.hooks.keeping import Keeper, NotKept

router = APIRouter(prefix="/hooks/couriers", tags=["hooks"])
log = structlog.get_logger("web.hooks")
AT_ONCE_BYTES = 16_384
"""Up to here a seal is opened in less time than it takes to hand it to a thread; most pushes are a tenth of it."""


@router.post("/{partner}/{secret}", response_class=Response)
async def courier_push(partner: str, secret: str, request: Request, d: Annotated[Doors, Depends(doors)]) -> Response:
    """The partner's push, answered in its own form."""
    if not hook_opens(d.couriers, partner, secret):
        d.meters.pushes.labels("(unknown)", "wrong_address").inc()
        raise NotFound("没有这个地址。")
    carrier, keeper = d.partners[partner], request.app.state.keeper
    said = await _verified(carrier, await request.body(), request)
    end = "rejected" if isinstance(said, PushRejected) else await _kept(keeper, said, request)
    d.meters.pushes.labels(carrier.name, "not_kept" if isinstance(end, NotKept) else end).inc()
    answer = carrier.answer_push(said, end in ("kept", "doubled"))
    later = {"Retry-After": str(end.retry_after)} if isinstance(end, NotKept) else None
    return Response(answer.body, answer.status, later, answer.content_type)


async def _verified(partner: Partner, raw: bytes, request: Request) -> Push | PushRejected:
    said = request.headers, _content_type(request)
    if len(raw) > AT_ONCE_BYTES:
        found = await run_sync(partner.verify_push, raw, *said)
    else:
        found = partner.verify_push(raw, *said)
    if isinstance(found, PushRejected):
        log.warning("push_rejected", partner=partner.name, reason=found.reason)
    return found


async def _kept(keeper: Keeper, push: Push, request: Request) -> str | NotKept:
    """`kept | doubled`, or why it was not. The answer goes out after the commit."""
    headers = {"content-type": _content_type(request)}
    try:
        new = await keeper.keep(Arrival(push.partner, push.delivery_id, push.body, headers, verified=True))
    except NotKept as problem:
        log.error("push_not_kept", partner=push.partner, error=problem.reason)
        return problem
    return "kept" if new else "doubled"


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")
