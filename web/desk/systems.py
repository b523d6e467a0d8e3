"""Departments' own systems: who they are, which keys they call with, what they were told and whether it arrived; telling it
again. Keys and endpoints are made on the command line, where their secrets are shown once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.errors import NotFound
from storage import outgoing
from storage.department_systems import Endpoint, Key, System
from storage.outgoing import Attempt, Delivery
from storage.session import Transaction
from web.asks import LARGEST, ReplayAsk, Write
from web.auth import Desk, requires
from web.desk.wait_words import DELIVERY_LABELS
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/departments", tags=["departments"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.SYSTEM_READ))]
Replayer = Annotated[Desk, Depends(requires(Permission.SYSTEM_REPLAY))]
PROBLEMS = {
    "timeout": "超时",
    "connection": "连不上",
    "tls": "证书有误",
    "unknown_host": "找不到主机",
    "address_refused": "地址不允许",
    "host_not_listed": "主机未登记",
    "https_only": "须用https",
    "url_malformed": "地址有误",
}


class KeyView(Shape):
    prefix: str
    made_at: Time
    ends_at: Time | None


class EndpointView(Shape):
    """`disabled_why`: failing | gone | removed."""

    id: str
    url: str
    made_at: Time
    failing_since: Time | None
    disabled_at: Time | None
    disabled_why: str | None
    secrets: int
    """How many are valid: two while it is rotated."""


class SystemView(Shape):
    id: str
    name: str
    departments: list[str]
    region: str | None
    active: bool
    keys: list[KeyView]
    endpoints: list[EndpointView]


class SystemsView(Shape):
    systems: list[SystemView]
    troubled: int
    """Endpoints that were switched off because nothing got through."""


class AttemptView(Shape):
    at: Time
    status: int | None
    problem: str | None
    problem_label: str | None
    took_ms: int


class DeliveryView(Shape):
    id: str
    message: str
    """The webhook-id it bears, however often it is sent."""
    event: str
    case: str | None
    department: str
    state: str
    state_label: str
    made_at: Time
    due_at: Time
    settled_at: Time | None
    attempts: list[AttemptView]


class DeliveriesView(Shape):
    endpoint: str
    deliveries: list[DeliveryView]
    cursor: int | None


class ReplayedView(Shape):
    messages: int


@router.get("/systems")
def show_systems(me: Reader, d: D) -> SystemsView:
    """Those of one's own departments; all of them for whoever sees everything."""
    with d.database.reading() as tx:
        mine = [s for s in tx.department_systems.list() if _mine(me, s)]
        seen = [_system(tx, s) for s in mine]
    return SystemsView(systems=seen, troubled=sum(e.disabled_at is not None for s in seen for e in s.endpoints))


def _mine(me: Desk, system: System) -> bool:
    return me.scope.departments is None or bool(me.scope.departments & set(system.departments))


def _system(tx: Transaction, system: System) -> SystemView:
    now, book = tx.now(), tx.department_systems
    return SystemView(
        id=system.id,
        name=system.name,
        departments=list(system.departments),
        region=system.region,
        active=system.active,
        keys=[_key(k) for k in book.keys(system.id) if k.live(now)],
        endpoints=[_endpoint(e) for e in book.endpoints(system.id)],
    )


def _key(key: Key) -> KeyView:
    return KeyView(prefix=key.prefix, made_at=key.made_at, ends_at=key.ends_at)


def _endpoint(e: Endpoint) -> EndpointView:
    kept = {name: value for name, value in vars(e).items() if name in EndpointView.model_fields}
    return EndpointView(**{**kept, "secrets": len(e.secrets)})


@router.get("/endpoints/{endpoint}/deliveries")
def show_deliveries(
    endpoint: str, me: Reader, d: D, before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None
) -> DeliveriesView:  # fmt: skip
    """What was sent there, the newest first, with every attempt."""
    with d.database.reading() as tx:
        _endpoint_of_mine(tx, endpoint, me)
        found, more = outgoing.deliveries(tx, endpoint, before=before)
        tried = outgoing.attempts_of(tx, [x.id for x in found])
    return DeliveriesView(endpoint=endpoint, deliveries=[_delivery(x, tried[x.id]) for x in found], cursor=more)


def _endpoint_of_mine(tx: Transaction, endpoint: str, me: Desk) -> None:
    """Raises `NotFound` for one of a system whose departments one has nothing to do with."""
    system = tx.department_systems.system(tx.department_systems.endpoint(endpoint).system)
    if not _mine(me, system):
        raise NotFound("没有这个推送地址。", endpoint=endpoint)


def _delivery(found: Delivery, tried: list[Attempt]) -> DeliveryView:
    kept = {name: value for name, value in vars(found).items() if name in DeliveryView.model_fields}
    attempts = [AttemptView(**vars(a), problem_label=PROBLEMS.get(a.problem or "", a.problem)) for a in tried]
    return DeliveryView(**{**kept, "state_label": DELIVERY_LABELS[found.state], "attempts": attempts})


@router.post("/deliveries/{delivery}/replay")
def replay_one(delivery: str, me: Replayer, d: D, ask: Write | None = None) -> ReplayedView:
    """One message once more, under the same id."""

    def work(tx: Transaction) -> ReplayedView:
        found = outgoing.delivery(tx, delivery)
        _endpoint_of_mine(tx, found.endpoint, me)
        outgoing.replay(tx, delivery)
        tx.record(f"department:{found.endpoint}", me.actor, "message_replayed", {"delivery": delivery})
        return ReplayedView(messages=1)

    return write(d.database, asked(me, ask, "replay", delivery), ReplayedView, work)


@router.post("/endpoints/{endpoint}/replay")
def replay_since(endpoint: str, ask: ReplayAsk, me: Replayer, d: D) -> ReplayedView:
    """Everything that was made for it since then."""

    def work(tx: Transaction) -> ReplayedView:
        _endpoint_of_mine(tx, endpoint, me)
        count = outgoing.replay_since(tx, endpoint, ask.since)
        tx.record(
            f"department:{endpoint}", me.actor, "messages_replayed", {"since": ask.since.isoformat(), "count": count}
        )
        return ReplayedView(messages=count)

    return write(d.database, asked(me, ask, "replay_since", endpoint), ReplayedView, work)


@router.post("/endpoints/{endpoint}/on")
def switch_on(endpoint: str, me: Replayer, d: D, ask: Write | None = None) -> ReplayedView:
    """Switched on again; what was held meanwhile goes out."""

    def work(tx: Transaction) -> ReplayedView:
        _endpoint_of_mine(tx, endpoint, me)
        tx.department_systems.enable(endpoint, actor=me.actor)
        return ReplayedView(messages=outgoing.release_held(tx, endpoint))

    return write(d.database, asked(me, ask, "on", endpoint), ReplayedView, work)
