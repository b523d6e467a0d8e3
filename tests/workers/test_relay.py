"""The relay, with real Redis and real Valkey."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import dramatiq
import pytest
import redis
from sqlalchemy import text

from cases.effects import Enqueue, JobKind
from storage.jobs import RING_AGAIN, Bell
from storage.session import Database
from storage.turns import WINDOW
from storage.words import JobState, Queue
from tests import services
from tests.ledger import due
from tests.workers.room import Room
from workers.actors.registry import declare
from workers.broker import NAMESPACE, make_broker, redis_client
from workers.relay import AT_A_BELL, CROWDED_SECONDS, SIDE_BY_SIDE, Relay, ring_due, sharing


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
    assert ring_due(room.database, broker).rung == 1
    assert ring_due(room.database, broker).rung == 0
    assert waits(doorbell, "reader") == 1


def test_a_bell_that_redis_lost_is_rung_again(room: Room, doorbell: str) -> None:
    broker = make_broker(redis_client(doorbell))
    room.upload()
    ring_due(room.database, broker)
    redis.Redis.from_url(doorbell).flushall()
    with room.database.transaction() as tx:
        tx.jobs.sweep(tx.now().replace(year=tx.now().year + 1))
    assert ring_due(room.database, broker).rung == 1
    assert waits(doorbell, "reader") == 1


def test_nothing_is_stamped_while_redis_is_away(room: Room) -> None:
    with services.redis_server() as url:
        broker = make_broker(redis_client(url, attempts=1))
    room.upload()
    with pytest.raises((redis.RedisError, dramatiq.BrokerError)):
        ring_due(room.database, broker)
    with room.database.reading() as tx:
        assert len(due(tx)) == 1


def test_a_batch_goes_to_redis_whole_and_in_its_order(database: Database, doorbell: str) -> None:
    asked = add_in_order(database, SIDE_BY_SIDE)
    assert ring_due(database, make_broker(redis_client(doorbell))).rung == len(asked)
    client = redis.Redis.from_url(doorbell)
    bodies = client.hgetall(f"{NAMESPACE}:worker.msgs")
    order = client.lrange(f"{NAMESPACE}:worker", 0, -1)
    assert [dramatiq.Message.decode(bodies[name]).args[0] for name in order] == asked  # type: ignore[arg-type]  # the client decodes nothing


def test_what_takes_milliseconds_shares_a_bell_when_there_is_more_than_anybody_works_side_by_side(
    database: Database, doorbell: str
) -> None:
    asked = add_in_order(database, 3 * SIDE_BY_SIDE - 1)
    assert ring_due(database, make_broker(redis_client(doorbell))).rung == len(asked)
    client = redis.Redis.from_url(doorbell)
    bodies = client.hgetall(f"{NAMESPACE}:worker.msgs")
    order = client.lrange(f"{NAMESPACE}:worker", 0, -1)
    rung = [dramatiq.Message.decode(bodies[name]).args for name in order]  # type: ignore[arg-type]  # the client decodes nothing
    assert [len(ids) for ids in rung] == [3] * (SIDE_BY_SIDE - 1) + [2]
    assert [job for ids in rung for job in ids] == asked


def bells(kind: JobKind, *names: str, queue: Queue = Queue.WORKER, tried: bool = False) -> list[Bell]:
    return [Bell(name, kind, queue, tried) for name in names]


SWIFT = [f"s{n}" for n in range(2 * SIDE_BY_SIDE)]


@pytest.mark.parametrize(
    "alone",
    [
        bells(JobKind.NOTICE_SEND, *SWIFT),
        bells(JobKind.CASE_ROUTE, *SWIFT, tried=True),
        bells(JobKind.CASE_ROUTE, *SWIFT, queue=Queue.SOLITARY),
        bells(JobKind.CASE_ROUTE, *SWIFT[:SIDE_BY_SIDE]),
    ],
    ids=["asks somebody", "tried before", "suspects", "few"],
)
def test_what_could_hurt_its_neighbours_has_a_bell_of_its_own(alone: list[Bell]) -> None:
    assert sharing(alone) == [[bell] for bell in alone]


def test_bells_are_shared_by_one_kind_and_ring_in_the_order_of_their_first() -> None:
    slow, swift = bells(JobKind.WEBHOOK_SEND, "w1", "w2"), bells(JobKind.CASE_ROUTE, *SWIFT)
    judged = bells(JobKind.CASE_JUDGE, *SWIFT)
    rung = sharing([swift[0], slow[0], judged[0], *swift[1:], *judged[1:], slow[1]])
    assert [[bell.job for bell in each] for each in rung[:3]] == [["s0", "s1"], ["w1"], ["s0", "s1"]]
    assert {len({bell.kind for bell in each}) for each in rung} == {1}
    assert max(len(each) for each in sharing(bells(JobKind.CASE_ROUTE, *(str(n) for n in range(1000))))) == AT_A_BELL


def test_what_redis_has_no_room_for_is_given_back_and_rung_later(database: Database) -> None:
    asked = add_in_order(database, 3)
    with services.redis_server("--maxmemory-policy", "noeviction") as url:
        client, broker = redis.Redis.from_url(url), make_broker(redis_client(url, attempts=1))
        client.config_set("maxmemory", 1)
        with pytest.raises(redis.RedisError):
            ring_due(database, broker)
        client.config_set("maxmemory", 0)
        assert ring_due(database, broker).rung == len(asked)
        assert waits(url, "worker") == len(asked)


def add_in_order(database: Database, many: int) -> list[str]:
    made = []
    for n in range(many):
        with database.transaction() as tx:
            made.append(str(tx.jobs.add(Enqueue(JobKind.CASE_ROUTE, f"case {n}"))))
    return made


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


class Heard:
    """A worker that notes each bell and does the job, in threads of this process."""

    def __init__(self, database: Database, doorbell: str) -> None:
        self._database, self.bells = database, list[str]()
        broker = make_broker(redis_client(doorbell))

        def does(*ids: str) -> None:
            self.bells.extend(ids)
            for job_id in ids:
                with database.transaction() as tx:
                    if (job := tx.jobs.claim(job_id, timedelta(minutes=1))) is not None:
                        tx.jobs.finish(job)

        dramatiq.actor(actor_name=JobKind.CASE_ROUTE, queue_name=Queue.WORKER, broker=broker, max_retries=0)(does)
        self.worker = dramatiq.Worker(broker, worker_threads=4, worker_timeout=50)


@contextmanager
def ringing(
    database: Database, doorbell: str, relays: int, poll_seconds: float = 0.2
) -> Iterator[tuple[Heard, list[Database]]]:
    """So many relays, each with a database of its own, as processes have."""
    heard, own = Heard(database, doorbell), [Database(database.settings) for _ in range(relays)]
    running = [Relay(each, make_broker(redis_client(doorbell)), poll_seconds) for each in own]
    threads = [threading.Thread(target=relay.run) for relay in running]
    heard.worker.start()
    for thread in threads:
        thread.start()
    try:
        yield heard, own
    finally:
        for relay in running:
            relay.stop()
        for thread in threads:
            thread.join()
        heard.worker.stop()
        for each in own:
            each.dispose()


def add(database: Database, many: int) -> set[str]:
    with database.transaction() as tx:
        return {str(tx.jobs.add(Enqueue(JobKind.CASE_ROUTE, f"case {n}"))) for n in range(many)}


def test_two_relays_ring_every_job_and_none_of_them_twice(database: Database, redis_url: str) -> None:
    redis.Redis.from_url(redis_url).flushall()
    with ringing(database, redis_url, relays=2) as (heard, _):
        jobs = set[str]()
        for _ in range(4):
            jobs |= add(database, 40)
        until(lambda: len(set(heard.bells)) == len(jobs), 60)
    assert sorted(heard.bells) == sorted(jobs)


def test_a_batch_that_one_relay_is_taking_is_passed_by(postgresql_database: Database) -> None:
    jobs = add(postgresql_database, 3)
    with postgresql_database.transaction() as one, postgresql_database.transaction() as other:
        assert {bell.job for bell in one.jobs.take_bells().taken} == jobs
        assert other.jobs.take_bells().taken == [], "at once, without waiting for the first"
    with postgresql_database.transaction() as later:
        assert later.jobs.take_bells().taken == []


def test_what_a_relay_took_and_never_rang_is_rung_by_another(database: Database, redis_url: str) -> None:
    redis.Redis.from_url(redis_url).flushall()
    (job,) = add(database, 1)
    with database.transaction() as dying:
        assert [bell.job for bell in dying.jobs.take_bells().taken] == [job]
    broker = make_broker(redis_client(redis_url))
    assert ring_due(database, broker).rung == 0
    with database.transaction() as tx:
        tx.jobs.sweep(tx.now() + RING_AGAIN)
    assert ring_due(database, broker).rung == 1


def test_a_relay_that_is_cut_off_from_the_news_looks_all_the_same_and_listens_again(
    postgresql_database: Database, redis_url: str
) -> None:
    redis.Redis.from_url(redis_url).flushall()
    with ringing(postgresql_database, redis_url, relays=1, poll_seconds=0.5) as (heard, _):
        until(lambda: listening(postgresql_database) == 1)
        with postgresql_database.transaction() as tx:
            tx.execute(text(f"SELECT pg_terminate_backend(pid) {LISTENING}"))
        jobs = add(postgresql_database, 1)
        until(lambda: set(heard.bells) == jobs)
        until(lambda: listening(postgresql_database) == 1)


def test_a_look_says_when_something_falls_due_next(database: Database, redis_url: str) -> None:
    broker = make_broker(redis_client(redis_url))
    assert ring_due(database, broker).next_seconds is None, "nothing waits: news will tell, or the poll"
    with database.transaction() as tx:
        tx.jobs.add(Enqueue(JobKind.CASE_ROUTE, "later", due=tx.now() + timedelta(seconds=90)))
    told = ring_due(database, broker).next_seconds
    assert told is not None
    assert 60 < told <= 90


def test_more_than_there_are_places_for_is_looked_at_again_soon(database: Database, redis_url: str) -> None:
    redis.Redis.from_url(redis_url).flushall()
    add(database, WINDOW[Queue.WORKER] + 1)
    looked = ring_due(database, make_broker(redis_client(redis_url)))
    assert (looked.rung, looked.next_seconds) == (WINDOW[Queue.WORKER], CROWDED_SECONDS)


def listening(database: Database) -> int:
    with database.reading() as tx:
        return int(tx.execute(text(f"SELECT count(*) {LISTENING}")).scalar_one())


LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
