"""News for departments' systems, on its way out: the message as it is signed, where it goes, every attempt and its outcome.

A message is written in the transaction of what it tells, with a delivery and a job for each endpoint; sending is the
worker's. It bears the same id however often it is sent, so that a receiver can know it. To an endpoint that is switched
off nothing is sent, and nothing is lost: it is held.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, select, update

from cases.deadlines import BEIJING
from cases.effects import Announce, Enqueue, JobKind
from cases.errors import NotFound
from cases.supervision import PATIENCE, WaitKind
from storage.department_systems import DepartmentSystems
from storage.department_tables import (
    DeliveryState,
    department_endpoints,
    outgoing_attempts,
    outgoing_deliveries,
    outgoing_messages,
)
from storage.ids import new_id
from storage.jobs import add_job
from storage.plain import to_plain
from storage.unit import AnyRow, Unit

PAGE = 50
KEEP = timedelta(days=180)
"""Messages that arrived may be replayed for half a year; the audit chain of a case tells the same for ever."""
REPLAYED_AT_ONCE = 5000


@dataclass(frozen=True)
class Delivery:
    id: str
    message: str
    event: str
    case: str | None
    department: str
    body: str
    endpoint: str
    state: DeliveryState
    attempts: int
    made_at: datetime
    due_at: datetime
    settled_at: datetime | None
    seq: int = 0


@dataclass(frozen=True)
class Attempt:
    """`status`: what the endpoint answered; `problem`: why it could not."""

    at: datetime
    status: int | None
    problem: str | None
    took_ms: int

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


# ── writing it down ──


def keep(tx: Unit, number: str, news: Announce) -> None:
    """A message for whoever serves the department; nothing where nobody does."""
    to = _endpoints_for(tx, news.department, str(news.data.get("region", "")))
    if not to:
        return
    now, message = tx.now(), f"msg_{new_id()}"
    said = {"type": news.event, "timestamp": now.astimezone(BEIJING).isoformat(), "data": to_plain(dict(news.data))}
    values = {
        "id": message, "event": news.event, "department": news.department, "case_number": number,
        "body": json.dumps(said, ensure_ascii=False, separators=(",", ":")), "made_at": now,
    }  # fmt: skip
    tx.execute(outgoing_messages.insert().values(**values))
    for endpoint in to:
        _deliver(tx, number, message, endpoint, now)


def _endpoints_for(tx: Unit, department: str, region: str) -> Sequence[AnyRow]:
    """There are some dozens of systems in a city. No secret is opened: that is the sender's."""
    serving = [s.id for s in DepartmentSystems(tx).list() if s.serves(department, region)]
    wanted = select(department_endpoints.c.id, department_endpoints.c.disabled_at)
    theirs = and_(department_endpoints.c.system.in_(serving), department_endpoints.c.ended_at.is_(None))
    return tx.all(wanted.where(theirs).order_by(department_endpoints.c.seq)) if serving else []


def _deliver(tx: Unit, number: str, message: str, endpoint: AnyRow, now: datetime) -> None:
    identity = new_id()
    state = DeliveryState.WAITING if endpoint.disabled_at is None else DeliveryState.HELD
    values = {
        "id": identity, "message": message, "endpoint": endpoint.id, "state": state, "attempts": 0, "due_at": now,
        "deliver_by": now + PATIENCE[WaitKind.OUTGOING],
    }  # fmt: skip
    tx.execute(outgoing_deliveries.insert().values(**values))
    if state is DeliveryState.WAITING:
        add_job(tx, Enqueue(JobKind.WEBHOOK_SEND, identity, f"{identity}:0"), number)


# ── sending ──


def delivery(tx: Unit, delivery_id: str) -> Delivery:
    """Raises `NotFound`."""
    row = tx.one(_joined().where(outgoing_deliveries.c.id == delivery_id))
    if row is None:
        raise NotFound("没有这次推送。", delivery=delivery_id)
    return _delivery(row)


def attempted(tx: Unit, delivery_id: str, attempt: Attempt) -> None:
    values = {"at": attempt.at, "status": attempt.status, "problem": attempt.problem, "took_ms": attempt.took_ms}
    tx.execute(outgoing_attempts.insert().values(delivery=delivery_id, **values))
    mine = outgoing_deliveries.c.id == delivery_id
    tx.execute(update(outgoing_deliveries).where(mine).values(attempts=outgoing_deliveries.c.attempts + 1))


def settle(tx: Unit, delivery_id: str, state: DeliveryState) -> None:
    waiting = and_(outgoing_deliveries.c.id == delivery_id, outgoing_deliveries.c.state == DeliveryState.WAITING)
    tx.execute(update(outgoing_deliveries).where(waiting).values(state=state, settled_at=tx.now()))


def again(tx: Unit, found: Delivery, due: datetime) -> None:
    """Another attempt, then."""
    tx.execute(update(outgoing_deliveries).where(outgoing_deliveries.c.id == found.id).values(due_at=due))
    add_job(tx, Enqueue(JobKind.WEBHOOK_SEND, found.id, f"{found.id}:{due.timestamp():.0f}", due=due), found.case)


# ── doing it again ──


def replay(tx: Unit, delivery_id: str) -> None:
    """Once more from the first attempt on, under the same id. Raises `NotFound`."""
    _again_from_the_start(tx, [delivery(tx, delivery_id).id])


def replay_since(tx: Unit, endpoint_id: str, since: datetime) -> int:
    """Everything that was made for an endpoint since then; how many."""
    return _all_again(tx, endpoint_id, outgoing_messages.c.made_at >= since)


def release_held(tx: Unit, endpoint_id: str) -> int:
    """What was held while the endpoint was switched off, and what failed before that."""
    unsent = outgoing_deliveries.c.state.in_([DeliveryState.HELD, DeliveryState.FAILED])
    return _all_again(tx, endpoint_id, unsent)


def _all_again(tx: Unit, endpoint_id: str, which: ColumnElement[bool]) -> int:
    wanted = _joined().where(outgoing_deliveries.c.endpoint == endpoint_id, which)
    ids = [row.id for row in tx.all(wanted.order_by(outgoing_deliveries.c.seq).limit(REPLAYED_AT_ONCE))]
    return _again_from_the_start(tx, ids)


def _again_from_the_start(tx: Unit, ids: Sequence[str]) -> int:
    now = tx.now()
    for one in ids:
        fresh: dict[str, Any] = {"state": DeliveryState.WAITING, "attempts": 0, "due_at": now, "settled_at": None}
        fresh["deliver_by"] = now + PATIENCE[WaitKind.OUTGOING]
        tx.execute(update(outgoing_deliveries).where(outgoing_deliveries.c.id == one).values(**fresh))
        add_job(tx, Enqueue(JobKind.WEBHOOK_SEND, one, f"{one}:again:{now.timestamp():.0f}"))
    return len(ids)


# ── looking ──


def deliveries(
    tx: Unit, endpoint_id: str | None = None, *, before: int | None = None, state: DeliveryState | None = None,
    limit: int = PAGE,
) -> tuple[list[Delivery], int | None]:  # fmt: skip
    """Newest first; and where the next page begins."""
    wanted = _joined().order_by(outgoing_deliveries.c.seq.desc()).limit(limit + 1)
    wanted = wanted if endpoint_id is None else wanted.where(outgoing_deliveries.c.endpoint == endpoint_id)
    wanted = wanted if before is None else wanted.where(outgoing_deliveries.c.seq < before)
    wanted = wanted if state is None else wanted.where(outgoing_deliveries.c.state == state)
    found = [_delivery(row) for row in tx.all(wanted)]
    return found[:limit], found[limit - 1].seq if len(found) > limit else None


def attempts_of(tx: Unit, ids: Sequence[str]) -> dict[str, list[Attempt]]:
    """Of each delivery, in order."""
    wanted = select(outgoing_attempts).where(outgoing_attempts.c.delivery.in_(ids)).order_by(outgoing_attempts.c.seq)
    made: dict[str, list[Attempt]] = {one: [] for one in ids}
    for row in tx.all(wanted) if ids else ():
        made[row.delivery].append(Attempt(row.at, row.status, row.problem, row.took_ms))
    return made


def waiting_since(tx: Unit, before: datetime, limit: int = 200) -> list[str]:
    """Due before then and still waiting: their job is lost."""
    due = and_(outgoing_deliveries.c.state == DeliveryState.WAITING, outgoing_deliveries.c.due_at < before)
    wanted = select(outgoing_deliveries.c.id).where(due).order_by(outgoing_deliveries.c.due_at).limit(limit)
    return [row.id for row in tx.all(wanted)]


def forget_old(tx: Unit, limit: int = 1000) -> int:
    """Messages that are older than anybody replays, with all that was tried."""
    old = select(outgoing_messages.c.id).where(outgoing_messages.c.made_at < tx.now() - KEEP)
    ids = [row.id for row in tx.all(old.order_by(outgoing_messages.c.made_at).limit(limit))]
    if not ids:
        return 0
    theirs = select(outgoing_deliveries.c.id).where(outgoing_deliveries.c.message.in_(ids))
    tx.execute(delete(outgoing_attempts).where(outgoing_attempts.c.delivery.in_(theirs)))
    tx.execute(delete(outgoing_deliveries).where(outgoing_deliveries.c.message.in_(ids)))
    return tx.count(delete(outgoing_messages).where(outgoing_messages.c.id.in_(ids)))


def _joined() -> Select[Any]:
    m, d = outgoing_messages.c, outgoing_deliveries.c
    return select(
        d.id, d.message, m.event, m.case_number, m.department, m.body, d.endpoint, d.state, d.attempts, m.made_at,
        d.due_at, d.settled_at, d.seq,
    ).join(outgoing_messages, m.id == d.message)  # fmt: skip


def _delivery(row: AnyRow) -> Delivery:
    return Delivery(
        row.id, row.message, row.event, row.case_number, row.department, row.body, row.endpoint,
        DeliveryState(row.state), row.attempts, row.made_at, row.due_at, row.settled_at, row.seq,
    )  # fmt: skip
