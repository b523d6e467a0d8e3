"""One embedded service through everything: the main job while its reader is killed and Redis forgets everything, bad
files over HTTP, a child that dies, and the end. Whoever finds it stopped starts it again on the same folder.
"""

import json
import os
import signal
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest
import redis

from cases.effects import JobKind
from storage import audit
from storage.session import Database
from storage.settings import StorageSettings
from storage.words import JobState
from tests.preaudit import badfiles
from tests.specimens import invent
from tests.specimens.pdfs import password_pdf
from tests.workers import searching
from tests.workers.service import ROOT, child, living, until, up
from workers import invariants
from workers.demo.client import Json, StepFailed, wait_for
from workers.demo.photos import HOUSE, photos
from workers.demo.show import running, stage
from workers.demo.story import STORY, Stage, log_in, open_case, read_guide, story_of
from workers.embedded import free_port
from workers.replay import replay

ITEM = "440105-SHBZK-BL"
PARTS = ("valkey", "courier.sandbox", "web", "workers.reader", "workers.main", "workers.relay", "workers.clock")
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "words.jpg": (lambda: b"these are words", "unsupported_file"),
    "program.jpg": (badfiles.elf, "unsupported_file"),
    "cut.jpg": (badfiles.truncated_jpeg, "damaged_file"),
    "huge.png": (lambda: badfiles.png(10_000, 8_000), "unsupported_file"),
    "lies.png": (badfiles.png_that_lies, "too_small"),
    "bomb.pdf": (lambda: badfiles.pdf_bomb(400), "unreadable"),  # opened: there is nothing on it
    "locked.pdf": (lambda: password_pdf(invent(1)), "password_protected"),
}


@dataclass(frozen=True)
class Running:
    process: Popen[bytes]
    folder: Path
    port: int


Start = Callable[[], Running]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """The service, started where it does not run: seven processes are too dear for every test to have its own."""
    folder, port, started = tmp_path_factory.mktemp("embedded") / "data", free_port(), list[Running]()
    with ExitStack() as stack:

        def begin() -> Running:
            if not started or started[-1].process.poll() is not None:
                started.append(Running(stack.enter_context(up(folder, port)), folder, port))
            return started[-1]

        yield begin


@pytest.fixture
def service(start: Start) -> Running:
    return start()


@pytest.mark.timeout(400)
def test_a_killed_reader_and_an_empty_redis_change_nothing_but_the_duration(service: Running) -> None:
    folder = service.folder
    database = Database(
        StorageSettings(f"sqlite:///{folder / 'zerotrip.db'}", f"dir:{folder / 'blobs'}", folder / "keys.json")
    )
    found = running(folder)
    assert found is not None
    here = stage(found, photos(None, ITEM), ITEM, None)
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
    one_search_finds_the_whole_life(folder, here.number)


def one_search_finds_the_whole_life(folder: Path, number: str) -> None:
    """By its number, from the first page to the delivery, in every process; and by a call's id what came of that call."""
    found = searching.lines(folder)
    case = searching.about(found, "case", number)
    uploads = [line for line in case if line["event"] == "request" and str(line.get("route")).endswith("/pages")]
    assert {line["log"] for line in case} >= {"web", "reader", "worker"}
    life = {"page.read", "case.judge", "courier.book", "inbox.handle", "case.route", "document.make", "notice.send"}
    assert searching.jobs(case) >= life
    assert case.index(uploads[0]) < [line.get("kind") for line in case].index("inbox.handle")
    for upload in uploads:
        assert "page.read" in searching.jobs(searching.about(found, "request", upload["request"]))
    pushes = [
        line for line in found if line["event"] == "request" and str(line.get("route")).startswith("/hooks/couriers")
    ]
    handled = [searching.about(case, "request", push["request"]) for push in pushes]
    assert any("inbox.handle" in searching.jobs(lines) for lines in handled), "a push is found by its case, too"


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


@pytest.mark.thorough
@pytest.mark.timeout(400)
def test_a_home_takes_its_water_power_and_gas_with_it(service: Running) -> None:
    found = running(service.folder)
    assert found is not None
    here = stage(found, photos(None, HOUSE), HOUSE, None)
    for step in story_of(here):
        step.do(here)
    bundle = here.resident.get(f"{here.path}/bundle")
    assert {c["item"] for c in bundle["children"]} == {"440105-YSGH", "440105-YDGH", "440105-RQGH"}
    assert {c["state"] for c in bundle["children"]} == {"delivered"}
    for one in bundle["children"]:
        papers = here.resident.get(f"/api/v1/cases/{one['case']}")["materials"]
        assert {m["state"] for m in papers} == {"waived"}, "nothing was asked for again"


@pytest.mark.timeout(300)
def test_bad_files_get_a_sentence_and_the_worker_stays_up(service: Running, tmp_path: Path) -> None:
    folder = service.folder
    found = running(folder)
    assert found is not None
    here = stage(found, photos(None, ITEM), ITEM, None)
    for step in (log_in, read_guide, open_case):
        step(here)
    reader = child(folder, "reader")
    for name, (made, code) in BAD.items():
        page = read_page(here, tmp_path, name, made())
        assert code in [f["code"] for f in page["findings"]], name
        assert all(f["message"] and f["advice"] for f in page["findings"])
        here.resident.delete(f"{here.path}/pages/{page['id']}?transaction_id=out-{name}")
    with pytest.raises(StepFailed, match=r"400|422"):
        upload(here, tmp_path, "empty.jpg", b"")
    assert child(folder, "reader") == reader, "the reader is the same process as before"
    good = read_page(here, tmp_path, "good.jpg", (ROOT / "tests/samples/id_front.jpg").read_bytes())
    assert (good["state"], good["findings"]) == ("read", [])


def upload(here: Stage, folder: Path, name: str, data: bytes) -> Json:
    file = folder / name
    file.write_bytes(data)
    return here.resident.upload(f"{here.path}/materials/id_front/pages", file, "image/jpeg")


def read_page(here: Stage, folder: Path, name: str, data: bytes) -> Json:
    made = upload(here, folder, name, data)

    def page() -> Json:
        pages = [p for m in here.case()["materials"] for p in m["pages"]]
        return next(p for p in pages if p["id"] == made["id"])

    return wait_for(f"{name} to be read", page, lambda p: p["state"] != "uploaded", 60)


@pytest.mark.timeout(300)
def test_it_restarts_a_child_that_dies_and_stops_without_a_trace(service: Running) -> None:
    folder, port = service.folder, service.port
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        assert answer.status == 200
    names = " ".join(living(folder))
    for part in PARTS:
        assert part in names
    before = child(folder, "worker")
    os.kill(before, signal.SIGKILL)
    until(lambda: child(folder, "worker") != before, "another worker")
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(60) == 0
    until(lambda: living(folder) == [], "every process to be gone", 10)
