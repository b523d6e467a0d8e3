"""The doorbell: dramatiq on Redis, which carries nothing but job ids.

Promises: whatever Redis loses, doubles or delivers late, the ledger (`storage.jobs`) still knows the work; messages
have no retries, no delays and no results. What is configured here, and why, was met in practice:

- `client=` with retries, also on time-outs: `url=` has none, and a time-out while acknowledging ran a job twice.
- `maintenance_chance` and `heartbeat_timeout`: with the defaults a killed worker's messages come back after 13 minutes
  on the average; with these after half a minute. The ledger rings again after 30 s anyway.
- `SignalGuard`: one SIGTERM to a process group reaches a worker twice (its own, and the one its master passes on), and
  dramatiq takes the second for "at once".
- `Watchdog`: threads that died are not replaced, and C code cannot be interrupted; such a process ends itself, and its
  supervisor starts another. A worker whose master is gone ends itself, too.

Redis itself: append-only file every second, `noeviction`, a database of its own.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import dramatiq
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import CurrentMessage, Middleware, Retries
from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from cases.effects import JobKind
from storage.words import Queue

NAMESPACE = "doorbell"
SAME_SIGNAL_SECONDS = 3.0
"""Two SIGTERMs closer together than this are one request to stop."""
LONGEST_MESSAGE_SECONDS = 600.0
"""No handler may work longer (`Handler.limit`), so a thread that is busy for so long hangs in C code."""
LOOK_SECONDS = 5.0
EXIT_UNHEALTHY = 70

log = structlog.get_logger()


def redis_client(url: str, *, attempts: int = 5) -> Redis:
    """A client that tries again. `url`: redis://host:port/db or unix:///path/to/socket."""
    return Redis.from_url(
        url,
        retry=Retry(ExponentialWithJitterBackoff(cap=1.0, base=0.05), attempts),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
        socket_timeout=5,
        socket_connect_timeout=5,
        health_check_interval=30,
    )


def make_broker(client: Redis) -> RedisBroker:
    return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped
        client=client,
        namespace=NAMESPACE,
        maintenance_chance=100_000,
        heartbeat_timeout=20_000,
        middleware=[SignalGuard(), Watchdog(), CurrentMessage(), Retries(max_retries=0)],
    )


def ring(broker: dramatiq.Broker, ids: Sequence[str], kind: JobKind, queue: Queue) -> None:
    """Sends `kind`'s actor the ids, by one bell. Whoever rings needs no actor, so the relay stays small."""
    broker.declare_queue(queue)
    broker.enqueue(dramatiq.Message(queue_name=queue, actor_name=kind, args=tuple(ids), kwargs={}, options={}))


@contextmanager
def in_one_go(broker: dramatiq.Broker) -> Iterator[None]:
    """What is rung inside goes to Redis at the end, all of it by one way there and back. Raises what Redis raises: then some of it
    may be rung."""
    if not isinstance(broker, RedisBroker):
        yield
        return
    dispatch = broker.scripts["dispatch"]
    with broker.client.pipeline(transaction=False) as together:
        dispatch.registered_client = together
        try:
            yield
        finally:
            dispatch.registered_client = broker.client
        together.execute()


Handler = Callable[[int, FrameType | None], Any]


class SignalGuard(Middleware):
    """Passes the first SIGTERM on, and one that comes clearly later; swallows the echo."""

    def after_process_boot(self, _broker: dramatiq.Broker) -> None:
        current = signal.getsignal(signal.SIGTERM)
        if callable(current):
            signal.signal(signal.SIGTERM, once_per(SAME_SIGNAL_SECONDS, current))


def once_per(seconds: float, handler: Handler) -> Handler:
    last = -seconds

    def guarded(signum: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= seconds:
            last = now
            handler(signum, frame)

    return guarded


class Watchdog(Middleware):
    """Ends a process that cannot do its work any more."""

    def __init__(
        self,
        leave: Callable[[int], Any] = os._exit,
        look_seconds: float = LOOK_SECONDS,
        longest_seconds: float = LONGEST_MESSAGE_SECONDS,
    ) -> None:
        self._leave, self._look_seconds, self._longest_seconds = leave, look_seconds, longest_seconds
        self._since: dict[str, float] = {}
        self._stopping = threading.Event()

    def after_worker_boot(self, _broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        parent = os.getppid()
        threading.Thread(target=self._watch, args=(worker, parent), name="watchdog", daemon=True).start()

    def before_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        self._stopping.set()

    def before_process_message(self, _broker: dramatiq.Broker, message: Any) -> None:
        self._since[message.message_id] = time.monotonic()

    def after_process_message(self, broker: dramatiq.Broker, message: Any, **_: Any) -> None:  # noqa: ARG002  # its name
        self._since.pop(message.message_id, None)

    def _watch(self, worker: dramatiq.Worker, parent: int) -> None:
        while not self._stopping.wait(self._look_seconds):
            if wrong := self.wrong(worker, parent):
                log.critical("worker_unhealthy", reason=wrong, pid=os.getpid())
                self._leave(EXIT_UNHEALTHY)

    def wrong(self, worker: dramatiq.Worker, parent: int) -> str | None:
        """What is wrong with this process, if anything."""
        threads = [*worker.workers, *worker.consumers.values()]
        if any(not t.is_alive() for t in threads):
            return "a thread died"
        if any(time.monotonic() - at > self._longest_seconds for at in list(self._since.values())):
            return "a thread hangs"
        return "the master is gone" if os.getppid() != parent else None
