"""A picture that kills its reader hurts its own page only. Real processes: relay, clock, and a reader that dies of it."""

import json
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic

import pytest
import redis

from cases.effects import JobKind
from cases.findings import FindingCode, Severity
from cases.lifecycle import CaseState, PageState
from courier.sandbox.launch import environment, new_credentials
from storage import metering
from storage.blobs import blobs_from
from storage.jobs import LEASES_BEFORE_SOLITARY, Job
from storage.metering import Meter
from storage.words import JobState, Queue
from tests import services
from tests.workers.room import Room
from tests.workers.service import ROOT
from tests.workers.test_cli import run
from workers.embedded import OFFICE, free_port
from workers.supervise import Spec, Supervisor

pytestmark = pytest.mark.thorough
POISON = b"POISON"
PATIENCE_SECONDS = 400.0
"""On a machine with other work: its reader is started a dozen times."""


class House:
    """The processes, and whoever dies started again; the clock when somebody begins it."""

    def __init__(self, room: Room, supervisor: Supervisor, env: Mapping[str, str], folder: Path) -> None:
        self.room, self.supervisor, self.env, self.folder = room, supervisor, env, folder

    def begin(self, name: str, command: str) -> None:
        self.supervisor.start(Spec(name, command.split(), self.folder / f"{name}.log"))

    def until(self, holds: Callable[[], bool], what: str) -> None:
        deadline, pause = monotonic() + PATIENCE_SECONDS, threading.Event()
        while not holds():
            assert monotonic() < deadline, f"waited {PATIENCE_SECONDS:.0f} s for {what}"
            self.supervisor.look()
            pause.wait(0.1)

    def state(self, page: str) -> PageState:
        with self.room.database.reading() as tx:
            return tx.page(page)[1].state

    def job(self, page: str) -> Job:
        with self.room.database.reading() as tx:
            (job,) = (j for j in tx.jobs.of_subject(page) if j.kind is JobKind.PAGE_READ)
        return job

    def cure(self) -> None:
        Path(self.env["POISON_CURE"]).touch()


@pytest.fixture
def house(room: Room, redis_url: str, tmp_path: Path) -> Iterator[House]:
    redis.Redis.from_url(redis_url).flushall()
    room.blobs = blobs_from(room.database.settings)
    env = {
        **os.environ,
        **services.storage_env(room.database.settings),
        **environment(new_credentials(secrets.token_bytes), free_port()),
        "WORKERS_REDIS_URL": redis_url,
        "WORKERS_OFFICE": OFFICE,
        "WORKERS_SWEEP_SECONDS": "0.5",
        "POISON_BEGINS": POISON.decode(),
        "POISON_CURE": str(tmp_path / "cured"),
        "POISON_READING_SECONDS": "0.3",
        "dramatiq_restart_delay": "500",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    supervisor = Supervisor(env, ROOT, lambda line: None)
    reader = "dramatiq tests.workers.poisoned --processes 1 --threads 2 --queues reader solitary"
    made = House(room, supervisor, env, tmp_path)
    try:
        made.begin("relay", "python -m workers.relay")
        made.begin("reader", reader)
        yield made
    finally:
        supervisor.stop()


def _pages_of(room: Room) -> list[str]:
    return [
        room.upload("form", f"{room.number} {i}".encode()) for i in range(2 - len(room.world.file.pages_of("form")))
    ]


@pytest.mark.timeout(1200)
def test_pictures_that_kill_their_reader_hurt_their_own_pages_only(house: House, tmp_path: Path) -> None:
    room = house.room
    others = [Room(room.database, tmp_path, f"44010520260302000{i:04}") for i in (29, 37)]
    for other in others:
        other.blobs = room.blobs
    poisoned = [room.upload("id_front", POISON + b"one"), room.upload("form", POISON + b"two")]
    neighbours = [page for each in (room, *others) for page in _pages_of(each)]
    room.world.submit()
    house.begin("clock", "python -m workers.clock")  # not before: these are drafts of long ago, which it closes

    house.until(lambda: all(house.state(p) is PageState.READ for p in neighbours), "the neighbours")
    house.until(lambda: all(house.state(p) is PageState.UNREADABLE for p in poisoned), "the poisoned to be given up")

    for page in poisoned:
        job = house.job(page)
        assert (job.state, job.queue) == (JobState.QUARANTINED, Queue.SOLITARY)
        assert job.expired_leases == LEASES_BEFORE_SOLITARY + 1
        assert job.attempts == job.expired_leases, "every try was counted before the work began"
        found = room.seen().file.page(page)
        assert found is not None
        assert [(f.code, f.severity) for f in found.findings] == [(FindingCode.UNREADABLE, Severity.DOUBTFUL)]
    assert {house.job(p).state for p in neighbours} == {JobState.DONE}
    with room.database.reading() as tx:
        assert [r.value for r in metering.readings(tx)[Meter.PAGES_GIVEN_UP]] == [len(poisoned)]

    room.do(JobKind.CASE_JUDGE, room.number)
    assert room.seen().state is CaseState.IN_REVIEW, "a person looks at what no machine could"

    listed = run("jobs", "list", "--state", "quarantined", "--json", env=house.env)
    jobs = {json.loads(line)["subject"]: json.loads(line)["id"] for line in listed.stdout.splitlines()}
    assert set(jobs) == set(poisoned)
    house.cure()
    for page in poisoned:
        assert run("jobs", "release", jobs[page], env=house.env).exit_code == 0
        assert run("jobs", "release", jobs[page], env=house.env).exit_code == 1, "it is out already"
    house.until(lambda: all(house.job(p).state is JobState.DONE for p in poisoned), "the cured to be read")
    assert {house.state(p) for p in poisoned} == {PageState.READ}
