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
from courier.port import Partner, Push, PushAnswer, PushRejected
from courier.registry import hook_opens
from storage.session import TRANSIENT, Database
from web.doors import Doors, doors

router = APIRouter(prefix="/hooks/couriers", tags=["hooks"])
log = structlog.get_logger("web.hooks")


@router.post("/{partner}/{secret}", response_class=Response)
async def courier_push(partner: str, secret: str, request: Request, d: Annotated[Doors, Depends(doors)]) -> Response:
    """The partner's push, answered in its own form."""
    if not hook_opens(d.couriers, partner, secret):
        d.meters.pushes.labels("(unknown)", "wrong_address").inc()
        raise NotFound("没有这个地址。")
    raw = await request.body()
    return await run_sync(_take, d, d.partners[partner], raw, request)


def _take(d: Doors, partner: Partner, raw: bytes, request: Request) -> Response:
    said = partner.verify_push(raw, request.headers, request.headers.get("content-type", ""))
    if isinstance(said, PushRejected):
        log.warning("push_rejected", partner=partner.name, reason=said.reason)
        return _answer(d, partner, said, "rejected", kept=False)
    end = _keep(d.database, said, request)
    return _answer(d, partner, said, end, kept=end != "not_kept")


def _keep(database: Database, push: Push, request: Request) -> str:
    """`kept | doubled | not_kept`. The answer goes out after the commit."""
    content_type = {"content-type": request.headers.get("content-type", "")}
    try:
        with database.transaction() as tx:
            new = tx.inbox.keep(push.partner, push.delivery_id, push.body, content_type, verified=True)
    except TRANSIENT:
        log.error("push_not_kept", partner=push.partner, error="database")
        return "not_kept"
    return "doubled" if new is None else "kept"


def _answer(d: Doors, partner: Partner, said: Push | PushRejected, end: str, *, kept: bool) -> Response:
    d.meters.pushes.labels(partner.name, end).inc()
    answer: PushAnswer = partner.answer_push(said, kept)
    return Response(answer.body, answer.status, media_type=answer.content_type)
