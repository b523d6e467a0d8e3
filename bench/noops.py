"""Workers that do nothing, each in its own way, so that nothing but the work about a job is measured.

`dramatiq bench.noops:plain` is dramatiq as it comes, `dramatiq bench.noops:ledger` a worker of ours: the same broker, wrapper, ledger,
heartbeat, log and figures as every job has, and a handler with nothing in it. `BENCH_REDIS_URL`, and of ours `STORAGE_…`.
"""

import gc
import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from cases.effects import JobKind
from cases.model import Address
from storage.blobs import blobs_from
from storage.jobs import Job
from storage.session import Database
from storage.settings import StorageSettings
from workers import logs
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client
from workers.context import Context, Messages
from workers.jobs import Finish, Handler, nothing
from workers.tallies import Telling

KIND = JobKind.CASE_ROUTE
QUEUE, ACTOR = "plain", "nothing"


def plain_broker(url: str) -> RedisBroker:
    return RedisBroker(url=url, namespace="plain")  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped


def plain() -> None:
    broker = plain_broker(os.environ["BENCH_REDIS_URL"])

    @dramatiq.actor(actor_name=ACTOR, queue_name=QUEUE, broker=broker, max_retries=0)
    def nothing(_number: int) -> None: ...

    dramatiq.set_broker(broker)


def ledger() -> None:
    settings = StorageSettings.from_mapping(os.environ)
    logs.set_up("worker")
    database = Database(settings)
    nowhere = Address("", "", "", "", "", "")
    context = Context(database, blobs_from(settings), {}, Messages(), nowhere)
    broker = make_broker(redis_client(os.environ["BENCH_REDIS_URL"]))
    broker.add_middleware(Telling(context.tallies, database, "worker"))
    declare(broker, context, {KIND: Handler(KIND, _nothing)})
    gc.freeze()  # as every worker of ours does when it is loaded (`storage.garbage`)
    dramatiq.set_broker(broker)


def _nothing(_context: Context, _job: Job) -> Finish:
    return nothing
