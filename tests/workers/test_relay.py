"""The relay, with real Redis and real Valkey."""

import threading
from collections.abc import Iterator
from time import monotonic

import dramatiq
import pytest
import redis

from cases.effects import JobKind
from storage.words import JobState
from tests import services
from tests.workers.room import Room
from workers.actors.registry import declare
from workers.broker import NAMESPACE, make_broker, redis_client
from workers.relay import Relay, ring_due


@pytest.fixture(params=["redis", "valkey"])
def doorbell(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty doorbell."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    client = redis.Redis.from_url(url)
    client.flushall()
    yield url
    client.close()


def waits(url: str, queue: str) -> int:
    return int(redis.Redis.from_url(url).llen(f"{NAMESPACE}:{queue}"))  # type: ignore[arg-type]


def until(holds, seconds: float = 20) -> None:  # type: ignore[no-untyped-def]
    """Waits for a condition."""
    deadline, pause = monotonic() + seconds, threading.Event()
    while not holds():
        assert monotonic() < deadline, "it did not come true in time"
        pause.wait(0.02)


def test_a_due_job_is_rung_once_in_its_queue(room: Room, doorbell: str) -> None:
    broker = make_broker(redis_client(doorbell))
    room.upload()
    assert ring_due(room.database, broker) == 1
    assert ring_due(room.database, broker) == 0
    assert waits(doorbell, "reader") == 1


def test_a_bell_that_redis_lost_is_rung_again(room: Room, doorbell: str) -> None:
    broker = make_broker(redis_client(doorbell))
    room.upload()
    ring_due(room.database, broker)
    redis.Redis.from_url(doorbell).flushall()
    with room.database.transaction() as tx:
        tx.jobs.sweep(tx.now().replace(year=tx.now().year + 1))
    assert ring_due(room.database, broker) == 1
    assert waits(doorbell, "reader") == 1


def test_nothing_is_stamped_while_redis_is_away(room: Room) -> None:
    with services.redis_server() as url:
        broker = make_broker(redis_client(url, attempts=1))
    room.upload()
    with pytest.raises((redis.RedisError, dramatiq.BrokerError)):
        ring_due(room.database, broker)
    with room.database.reading() as tx:
        assert len(tx.jobs.due_unrung()) == 1


def test_a_case_goes_from_ledger_to_worker_and_back(room: Room, doorbell: str) -> None:
    """Relay and worker as they run in production, in threads of this process."""
    broker = make_broker(redis_client(doorbell))
    declare(broker, room.context)
    relay = Relay(room.database, make_broker(redis_client(doorbell)), poll_seconds=0.2)
    worker = dramatiq.Worker(broker, worker_threads=2, worker_timeout=50)
    rings = threading.Thread(target=relay.run)
    worker.start()
    rings.start()
    try:
        page = room.upload()
        until(lambda: room.seen().file.page(page).state == "read")  # type: ignore[union-attr]
        until(lambda: _no_unfinished(room))
    finally:
        relay.stop()
        rings.join()
        worker.stop()
    assert redis.Redis.from_url(doorbell).zcard(f"{NAMESPACE}:reader.XQ") == 0, "the dead-letter queue stays empty"


def _no_unfinished(room: Room) -> bool:
    with room.database.reading() as tx:
        return all(j.state is JobState.DONE for j in tx.jobs.list(kind=JobKind.PAGE_READ))
