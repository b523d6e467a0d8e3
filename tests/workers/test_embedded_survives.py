"""The main job, while its reader is killed and Redis forgets everything: nothing changes but how long it takes."""

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from cases.effects import JobKind
from storage import audit
from storage.session import Database
from storage.settings import StorageSettings
from storage.words import JobState
from tests.workers.service import child, until, up
from workers import invariants
from workers.demo.photos import photos
from workers.demo.show import running, stage
from workers.demo.story import STORY, Stage
from workers.embedded import free_port
from workers.replay import replay

ITEM = "440105-SHBZK-BL"


@pytest.mark.timeout(400)
def test_a_killed_reader_and_an_empty_redis_change_nothing_but_the_duration(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with up(folder, free_port()):
        database = Database(
            StorageSettings(f"sqlite:///{folder / 'zerotrip.db'}", f"dir:{folder / 'blobs'}", folder / "keys.json")
        )
        found = running(folder)
        assert found is not None
        here = stage(found, photos(None), ITEM, None)
        faults = {
            "重拍并上传全部材料": lambda: kill_the_reader(folder, database),
            "提交，机器预审": lambda: forget_everything(folder),
            "快递员取件": lambda: forget_everything(folder),
            "快递员送达": lambda: forget_everything(folder),
        }
        for step in STORY:
            with_fault(step.do, here, faults.get(step.title))
        check_end(here, database)
        database.dispose()


def with_fault(do: Callable[[Stage], str], here: Stage, fault: Callable[[], None] | None) -> None:
    """The step, and beside it the fault."""
    beside = threading.Thread(target=fault) if fault else None
    if beside:
        beside.start()
    do(here)
    if beside:
        beside.join()


def kill_the_reader(folder: Path, database: Database) -> None:
    """In the middle of a page; and what it had in Redis goes with it."""

    def reading() -> bool:
        with database.reading() as tx:
            return bool(tx.jobs.list(JobState.RUNNING, JobKind.PAGE_READ))

    until(reading, "a page to be read")
    os.kill(child(folder, "reader"), signal.SIGKILL)
    forget_everything(folder)


def forget_everything(folder: Path) -> None:
    redis.Redis(unix_socket_path=str(folder / "valkey" / "valkey.sock")).flushall()


def check_end(here: Stage, database: Database) -> None:
    with database.reading() as tx:
        file, lines = tx.case_file(here.number), tx.timeline(here.number)
        assert audit.verify(tx) is None
        assert tx.jobs.list(JobState.QUARANTINED) == []
        assert tx.jobs.list(JobState.FAILED) == []
    assert replay(lines, file).differences == ()
    assert list(invariants.broken(file)) == []
    read = [line.detail["page"] for line in lines if line.action == "page_read"]
    assert len(read) == len(set(read)) == 5, "every page was read once"
    assert [line.action for line in lines].count("case_judged") == 1
    orders = here.courier.get("/control/orders")
    assert len(json.loads(json.dumps(orders))) == len(file.bookings) == 2, "every leg was ordered once"
    assert file.case.state == "delivered"
