"""The defences around dramatiq's Redis broker, one test each."""

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from cases.effects import JobKind
from storage.words import Queue
from workers.broker import NAMESPACE, Watchdog, make_broker, once_per, redis_client, ring


def test_the_echo_of_a_signal_is_swallowed_and_a_later_one_is_not() -> None:
    heard: list[int] = []
    guarded = once_per(0.05, lambda number, _: heard.append(number))
    guarded(signal.SIGTERM, None)
    guarded(signal.SIGTERM, None)
    assert len(heard) == 1
    threading.Event().wait(0.06)
    guarded(signal.SIGTERM, None)
    assert len(heard) == 2


def test_the_client_tries_again_also_after_a_timeout() -> None:
    options = redis_client("redis://127.0.0.1:1/0").get_connection_kwargs()
    assert {RedisConnectionError, RedisTimeoutError} <= set(options["retry_on_error"])
    assert options["health_check_interval"] > 0
    assert options["socket_timeout"] == 5


def test_the_broker_recovers_fast_and_never_retries(redis_url: str) -> None:
    broker = make_broker(redis_client(redis_url))
    assert (broker.maintenance_chance, broker.heartbeat_timeout) == (100_000, 20_000)
    retries = next(m for m in broker.middleware if type(m).__name__ == "Retries")
    assert retries.max_retries == 0


def test_a_bell_carries_the_ids_of_jobs_and_nothing_else(redis_url: str) -> None:
    broker = make_broker(redis_client(redis_url))
    broker.flush(Queue.SOLITARY)
    ring(broker, ["J1", "J2"], JobKind.PAGE_READ, Queue.SOLITARY)
    (message,) = broker.client.hvals(f"{NAMESPACE}:solitary.msgs")
    assert b'"args":["J1","J2"]' in message
    assert b'"actor_name":"page.read"' in message


@dataclass
class Hands:
    """As much of a dramatiq worker as the watchdog looks at."""

    workers: list[threading.Thread] = field(default_factory=list)
    consumers: dict[str, threading.Thread] = field(default_factory=dict)


class Message:
    message_id = "m1"


def test_a_process_with_a_dead_thread_is_unhealthy() -> None:
    worker: Any = Hands([threading.Thread()])  # never started
    assert Watchdog().wrong(worker, os.getppid()) == "a thread died"


def test_a_process_whose_master_is_gone_is_unhealthy() -> None:
    worker: Any = Hands()
    assert Watchdog().wrong(worker, -1) == "the master is gone"
    assert Watchdog().wrong(worker, os.getppid()) is None


def test_a_message_that_never_ends_is_noticed() -> None:
    worker: Any = Hands()
    dog, broker = Watchdog(longest_seconds=-1), None
    dog.before_process_message(broker, Message())  # type: ignore[arg-type]
    assert dog.wrong(worker, os.getppid()) == "a thread hangs"
    dog.after_process_message(broker, Message())  # type: ignore[arg-type]
    assert dog.wrong(worker, os.getppid()) is None


def test_an_unhealthy_process_ends_itself() -> None:
    left, gone = list[int](), threading.Event()

    def leave(code: int) -> None:
        left.append(code)
        gone.set()

    worker: Any = Hands([threading.Thread()])
    dog = Watchdog(leave, look_seconds=0.01)
    dog.after_worker_boot(None, worker)  # type: ignore[arg-type]
    assert gone.wait(5)
    dog.before_worker_shutdown(None, worker)  # type: ignore[arg-type]
    assert left[0] == 70
