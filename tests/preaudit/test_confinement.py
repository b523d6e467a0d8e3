"""A child that somebody has taken over: everything it tries is refused, or is its end; the parent stays up."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from preaudit.attempts import Attempt
from preaudit.confining import Wall
from preaudit.lost import ChildFailed
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits
from tests.preaudit import badfiles
from tests.preaudit.test_hostile_files import job
from tests.workers.service import until

AS_IN_A_CONTAINER = """
import json, sys
from preaudit.attempts import Attempt
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits
from preaudit.syscalls import refuse

assert refuse(["unshare", "mount"])
box = Sandbox(ChildLimits())
tried = {each: box.attempt(Attempt(each), sys.argv[1]) for each in ("socket", "fork", "read_file", "list_files")}
print(json.dumps({"walls": sorted(box.walls()), "tried": tried}))
box.close()
"""

AS_AN_ORDINARY_USER = """
import ctypes, json, os, tempfile
from preaudit.confining import confine, drop_privileges, visible

list(visible())  # loads what this user may not load any more
folder = tempfile.mkdtemp()
if os.getuid() == 0:
    os.chown(folder, 4321, 4321)
    os.setgroups([])
    os.setresgid(4321, 4321, 4321)
    os.setresuid(4321, 4321, 4321)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as a process that was never root
walls = confine(folder)
if os.fork() == 0:
    dropped = drop_privileges()
    print(json.dumps({"walls": sorted(walls), "dropped": dropped, "pid": os.getpid()}), flush=True)
    os._exit(0)
os.wait()
"""
OURS = "the process of the tests"
"""Its number, filled in by the test: every process of a test run must find tests of the same names."""


@pytest.fixture(scope="module")
def brief() -> Iterator[Sandbox]:
    made = Sandbox(ChildLimits(cpu_seconds=1, wall_seconds=10))
    yield made
    made.close()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.0)
        yield server


def test_what_a_child_may_do_it_can(brief: Sandbox) -> None:
    assert brief.attempt(Attempt.NOTHING) == "done"


@pytest.mark.parametrize(
    ("what", "argument"),
    [
        (Attempt.SOCKET, ""),
        (Attempt.FORK, ""),
        (Attempt.EXECUTE, "/bin/sh"),
        (Attempt.READ_FILE, "/etc/passwd"),
        (Attempt.READ_FILE, "/proc/self/environ"),
        (Attempt.LIST_FILES, "/"),
        (Attempt.LIST_FILES, "/etc"),
        (Attempt.WRITE_FILE, "/tmp/written-by-a-child"),
        (Attempt.WRITE_FILE, "written-by-a-child"),
        (Attempt.SIGNAL, OURS),
        (Attempt.DEBUG, OURS),
        (Attempt.BECOME_ROOT, ""),
        (Attempt.MOUNT, "/"),
        (Attempt.OPEN_MANY, ""),
        (Attempt.ALLOCATE, ""),
        (Attempt.FILL_FILE, ""),
    ],
)
def test_what_a_child_may_not_do_is_refused(brief: Sandbox, what: Attempt, argument: str) -> None:
    meant = str(os.getpid()) if argument == OURS else argument
    assert brief.attempt(what, meant).startswith("refused")
    assert brief.attempt(Attempt.NOTHING) == "done"


def test_nobody_is_called(brief: Sandbox, listening: socket.socket) -> None:
    host, port = listening.getsockname()
    assert brief.attempt(Attempt.CONNECT, f"{host}:{port}").startswith("refused")
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_neither_keys_nor_kept_pictures_nor_our_source_can_be_read(brief: Sandbox, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    keys.chmod(0o644)  # its mode is not what protects it here
    for each in (keys, Path(__file__), Path("/proc/1/environ")):
        assert brief.attempt(Attempt.READ_FILE, str(each)).startswith("refused")
    assert brief.attempt(Attempt.LIST_FILES, str(tmp_path)).startswith("refused")
    assert not (tmp_path / "written-by-a-child").exists()


def test_a_child_that_spins_is_ended_and_its_neighbours_are_not(brief: Sandbox) -> None:
    with pytest.raises(ChildFailed) as lost:
        brief.attempt(Attempt.SPIN)
    assert lost.value.word == "killed"
    data = badfiles.jpeg()
    assert brief.run(job(data), data).error == ""


def buildable() -> list[Wall]:
    """What another program may build on this machine, too."""
    asked = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--mount", "true"]
    if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
        return sorted(Wall)
    return sorted(set(Wall) - {Wall.NETWORK, Wall.FILES, Wall.PROCESSES})


def test_every_wall_that_the_machine_allows_is_built(brief: Sandbox) -> None:
    assert sorted(brief.walls()) == buildable()


def test_in_a_container_that_refuses_namespaces_the_other_walls_still_stand(tmp_path: Path) -> None:
    """Containers refuse `unshare` and `mount` with a filter of system calls: here with the same."""
    key = tmp_path / "keys.json"
    key.write_text("{}")
    ran = subprocess.run(
        [sys.executable, "-c", AS_IN_A_CONTAINER, str(key)], capture_output=True, text=True, timeout=60, check=True
    )
    said = json.loads(ran.stdout)
    assert said["walls"] == sorted({Wall.LANDLOCK, Wall.NO_PRIVILEGES, Wall.SYSTEM_CALLS})
    assert all(each.startswith("refused") for each in said["tried"].values()), said


def test_the_walls_are_built_for_an_ordinary_user_too() -> None:
    """As a service runs: within a user namespace of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", AS_AN_ORDINARY_USER], capture_output=True, text=True, timeout=60, check=True
    )
    said = json.loads(ran.stdout)
    assert said["dropped"]
    assert sorted({*said["walls"], Wall.NO_PRIVILEGES, Wall.SYSTEM_CALLS}) == buildable()
    assert (said["pid"] == 1) == (Wall.PROCESSES in buildable())


def test_nothing_is_left_when_whoever_asks_is_killed(tmp_path: Path) -> None:
    """Neither a process nor a folder."""
    script = (
        "import os, time\nfrom preaudit.sandbox import Sandbox\nfrom preaudit.settings import ChildLimits\n"
        "box = Sandbox(ChildLimits())\nprint(box.zygote_pid(), flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    zygote = Path("/proc", ran.stdout.strip())
    until(lambda: not zygote.exists(), "the zygote to leave", 20)
    assert list(tmp_path.iterdir()) == []
