"""Uploads and the virus scanner: what it names is never opened; while it is away everything waits and nothing is clean."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cases.effects import JobKind
from cases.findings import FindingCode, Severity
from cases.lifecycle import PageState
from storage import metering
from storage.metering import Meter
from storage.words import JobState
from tests.workers import clamd_server
from tests.workers.clamd_server import ClamdServer
from tests.workers.room import Room
from workers import doctor
from workers.actors.registry import HANDLERS
from workers.jobs import Ended, perform
from workers.scanning import REASON, Clamd, ScannerUnavailable, TooLarge
from workers.settings import SettingsInvalid, clamd

VIRUS = b"\xff\xd8\xff a photograph THIS IS THE TEST VIRUS and more"


@pytest.fixture
def server() -> Iterator[ClamdServer]:
    with clamd_server.running() as made:
        yield made


def read(room: Room, address: str, seconds: float = 5) -> Ended:
    """The newest page's job, in a process that knows this scanner."""
    context = replace(room.context, scanner=Clamd(address, seconds))
    return perform(context, HANDLERS[JobKind.PAGE_READ], room.job(JobKind.PAGE_READ).id)


def state_of(room: Room, page: str) -> PageState:
    found = room.seen().file.page(page)
    assert found is not None
    return found.state


# ── the protocol ──


def test_a_clean_file_passes_and_a_virus_has_a_name(server: ClamdServer) -> None:
    scanner = Clamd(server.address)
    assert scanner.scan(b"a photograph" * 20_000) is None
    assert scanner.scan(VIRUS) == "Zerotrip.Test.Virus"
    assert scanner.scan(b"") is None
    assert server.streams == [240_000, len(VIRUS), 0]
    assert scanner.version().startswith("ClamAV 1.")


def test_a_unix_socket_will_do(tmp_path: Path) -> None:
    with clamd_server.running(str(tmp_path / "clamd.ctl")) as made:
        assert Clamd(made.address).scan(VIRUS) == "Zerotrip.Test.Virus"


@pytest.mark.parametrize("mood", ["silent", "cut", "error", "closed"])
def test_anything_but_a_whole_good_answer_is_none(server: ClamdServer, mood: str) -> None:
    server.moods = [mood]
    with pytest.raises(ScannerUnavailable):
        Clamd(server.address, seconds=0.5).scan(b"a photograph")


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    for address in ("127.0.0.1:1", str(tmp_path / "nobody.ctl")):
        with pytest.raises(ScannerUnavailable):
            Clamd(address).scan(b"a photograph")


def test_a_file_over_the_scanners_limit_is_not_clean() -> None:
    with clamd_server.running(limit=1000) as made, pytest.raises(TooLarge):
        Clamd(made.address).scan(b"x" * 1001)


@pytest.mark.parametrize("address", ["127.0.0.1", "clamd:port", "clamd"])
def test_an_address_that_is_none_is_named_at_the_start(address: str) -> None:
    with pytest.raises(SettingsInvalid, match="WORKERS_CLAMD"):
        clamd(address)


# ── pages ──


def test_a_page_that_passed_is_read(room: Room, server: ClamdServer) -> None:
    page = room.upload()
    assert read(room, server.address) is Ended.DONE
    assert state_of(room, page) is PageState.READ
    assert room.reader.asked == [page]


def test_a_page_with_a_virus_is_never_opened_and_its_sender_is_told(room: Room, server: ClamdServer) -> None:
    page, neighbour = room.upload(data=VIRUS), None
    assert read(room, server.address) is Ended.DONE
    assert room.reader.asked == []
    found = room.seen().file.page(page)
    assert found is not None
    (finding,) = found.findings
    assert (finding.code, finding.severity) == (FindingCode.UNSUPPORTED_FILE, Severity.FIXABLE)
    assert finding.message == "文件中查出病毒，我们没有打开它"
    assert finding.evidence["virus"] == "Zerotrip.Test.Virus"
    with room.database.reading() as tx:
        assert tx.picture_of(page) is None
        assert [r.value for r in metering.readings(tx)[Meter.UPLOADS_INFECTED]] == [1]
    neighbour = room.upload("form", b"a form")
    assert read(room, server.address) is Ended.DONE
    assert state_of(room, neighbour) is PageState.READ


def test_while_the_scanner_is_away_a_page_waits_as_long_as_it_takes(room: Room, server: ClamdServer) -> None:
    page = room.upload()
    for _ in range(8):  # more often than any job may be tried
        room.make_due(JobKind.PAGE_READ)
        assert read(room, "127.0.0.1:1") is Ended.WAITING
    job = room.job(JobKind.PAGE_READ)
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 0, REASON)
    with room.database.reading() as tx:
        assert tx.jobs.waiting_for(REASON) == 1
    assert state_of(room, page) is PageState.UPLOADED
    assert room.reader.asked == []
    room.make_due(JobKind.PAGE_READ)
    assert read(room, server.address) is Ended.DONE
    assert state_of(room, page) is PageState.READ


def test_a_page_that_the_scanner_never_takes_goes_to_a_person(room: Room) -> None:
    page = room.upload(data=b"x" * 2000)
    with clamd_server.running(limit=1000) as made:
        ends = []
        for _ in range(5):
            room.make_due(JobKind.PAGE_READ)
            ends.append(read(room, made.address))
    assert ends[-1] is Ended.QUARANTINED
    found = room.seen().file.page(page)
    assert found is not None
    assert (found.state, found.findings[0].severity) == (PageState.UNREADABLE, Severity.DOUBTFUL)
    assert room.reader.asked == []


# ── the operator ──


def test_doctor_says_what_the_scanner_is_and_what_is_wrong_with_it(server: ClamdServer) -> None:
    good = doctor.scanner(server.address, {"WEB_UPLOAD_MAX_BYTES": "1000000"})
    assert (good.good, good.said[:6]) == (True, "ClamAV")
    small = doctor.scanner(server.address, {})
    assert not small.good
    assert "StreamMaxLength" in small.mend
    away = doctor.scanner("127.0.0.1:1", {})
    assert not away.good
    assert "every upload waits" in away.said
