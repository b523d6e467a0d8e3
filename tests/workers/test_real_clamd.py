"""The same against clamd itself, with one signature of our own: what it says, and what happens while it is stopped."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from cases.effects import JobKind
from cases.lifecycle import PageState
from tests.workers.room import Room
from tests.workers.service import until
from tests.workers.test_scanning import VIRUS, state_of
from workers import doctor
from workers.actors.registry import HANDLERS
from workers.jobs import Ended, perform
from workers.scanning import Clamd, ScannerUnavailable, TooLarge

pytestmark = pytest.mark.thorough
PATIENCE_SECONDS = 60.0
LIMIT = 31_000_000
SIGNATURE = f"Zerotrip.Test.Virus:0:*:{b'THIS IS THE TEST VIRUS'.hex()}\n"


@dataclass
class Daemon:
    process: subprocess.Popen[bytes]
    address: str


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert program, "Debian's clamav-daemon is missing: make chaos installs it"
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures/own.ndb").write_text(SIGNATURE)
    address = str(folder / "clamd.ctl")
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}/signatures\nLocalSocket {address}\nForeground yes\nUser root\n"
        f"StreamMaxLength {LIMIT}\nMaxFileSize {LIMIT}\nMaxScanSize {2 * LIMIT}\nAlertExceedsMax yes\n"
    )
    process = subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(Clamd(address, seconds=2)), "clamd", PATIENCE_SECONDS)
        yield Daemon(process, address)
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _answers(scanner: Clamd) -> bool:
    try:
        return bool(scanner.version())
    except ScannerUnavailable:
        return False


def read(room: Room, address: str) -> Ended:
    context = replace(room.context, scanner=Clamd(address, seconds=3))
    return perform(context, HANDLERS[JobKind.PAGE_READ], room.job(JobKind.PAGE_READ).id)


def test_clamd_says_what_is_expected_of_it(daemon: Daemon) -> None:
    scanner = Clamd(daemon.address)
    assert scanner.scan(b"a photograph" * 1000) is None
    assert scanner.scan(VIRUS) == "Zerotrip.Test.Virus.UNOFFICIAL"
    assert scanner.scan(b"") is None
    with pytest.raises(TooLarge):
        scanner.scan(bytes(LIMIT + 1))
    assert doctor.scanner(daemon.address, {}).good


def test_while_clamd_is_stopped_a_page_waits_and_is_read_when_it_goes_on(room: Room, daemon: Daemon) -> None:
    page = room.upload()
    daemon.process.send_signal(signal.SIGSTOP)
    assert read(room, daemon.address) is Ended.WAITING
    assert state_of(room, page) is PageState.UPLOADED
    daemon.process.send_signal(signal.SIGCONT)
    room.make_due(JobKind.PAGE_READ)
    assert read(room, daemon.address) is Ended.DONE
    assert state_of(room, page) is PageState.READ
    infected = room.upload("form", VIRUS)
    assert read(room, daemon.address) is Ended.DONE
    found = room.seen().file.page(infected)
    assert found is not None
    assert found.findings[0].evidence["virus"] == "Zerotrip.Test.Virus.UNOFFICIAL"
    assert room.reader.asked == [page]
