"""webhook.send: one attempt to bring a message to a department's system. Every attempt is kept.

Not taken: again after a while, ever longer, for three days. An endpoint that takes nothing for five days, or says that it
is gone (410), is switched off; what comes after that is held until somebody switches it on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from cases.effects import JobKind
from storage import outgoing
from storage.crashpoints import CrashPoint, crashpoint
from storage.department_systems import Endpoint
from storage.department_tables import DeliveryState
from storage.jobs import Job
from storage.metering import Meter
from storage.outgoing import Attempt, Delivery
from storage.session import Transaction
from workers.context import SYSTEM, Context
from workers.jobs import Finish, Handler, Hopeless
from workers.webhooks import Answered, headers, send

SCHEDULE: Sequence[timedelta] = tuple(
    timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""As the Standard Webhooks specification recommends: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
OFF_AFTER = timedelta(days=5)

log = structlog.get_logger()


def attempt(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        found = outgoing.delivery(tx, job.subject)
        endpoint, now = tx.department_systems.endpoint(found.endpoint), tx.now()
    if found.state is not DeliveryState.WAITING:
        raise Hopeless("ended_before")
    if endpoint.disabled_at is not None:
        return lambda tx: outgoing.settle(tx, found.id, DeliveryState.HELD)
    body = found.body.encode()
    head = headers(endpoint.secrets, found.message, now, body)
    if job.request:  # one search finds it in the logs of both sides
        head["X-Request-Id"] = job.request
    answered = send(endpoint.url, context.webhook_hosts, head, body)
    if not answered.arrived:
        reason = answered.problem or f"status_{answered.status}"
        context.tallies.count(Meter.WEBHOOKS_REFUSED, reason=reason)
    crashpoint(CrashPoint.AFTER_NEWS)
    return lambda tx: _record(tx, found, endpoint, answered, now)


def _record(tx: Transaction, found: Delivery, endpoint: Endpoint, answered: Answered, at: datetime) -> None:
    took = int(answered.took.total_seconds() * 1000)
    outgoing.attempted(tx, found.id, Attempt(at, answered.status, answered.problem, took))
    if answered.arrived:
        outgoing.settle(tx, found.id, DeliveryState.DELIVERED)
        tx.department_systems.answered(endpoint.id)
        return
    log.warning("webhook_not_taken", delivery=found.id, status=answered.status, reason=answered.problem)
    since = tx.department_systems.failing(endpoint.id)
    if answered.gone or tx.now() - since >= OFF_AFTER:
        _switch_off(tx, found, endpoint, "gone" if answered.gone else "failing")
    else:
        _later(tx, found, answered)


def _switch_off(tx: Transaction, found: Delivery, endpoint: Endpoint, why: str) -> None:
    """Said in the log, in the system's record and on the supervisors' pages."""
    tx.department_systems.disable(endpoint.id, why, actor=SYSTEM)
    outgoing.settle(tx, found.id, DeliveryState.HELD)
    log.critical("endpoint_disabled", subject=endpoint.id, reason=why)


def _later(tx: Transaction, found: Delivery, answered: Answered) -> None:
    """`found.attempts`: those before this one."""
    if found.attempts >= len(SCHEDULE):
        outgoing.settle(tx, found.id, DeliveryState.FAILED)
        return
    wait = max(SCHEDULE[found.attempts], answered.retry_after or timedelta())
    outgoing.again(tx, found, tx.now() + wait)


def _give_up(tx: Transaction, delivery_id: str) -> None:
    outgoing.settle(tx, delivery_id, DeliveryState.FAILED)


WEBHOOK_SEND = Handler(JobKind.WEBHOOK_SEND, attempt, _give_up)
