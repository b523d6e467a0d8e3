"""`zerotrip up`: what it prepares, and what is in its way."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers.service import ROOT, living, until, up
from workers.embedded import CannotStart, Options, check_port, free_port, hold, prepare


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port}"):
            check_port("127.0.0.1", port)
        argv = [sys.executable, "-m", "workers", "up", "--data", str(tmp_path / "d"), "--port", str(port)]
        told = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 3
    assert f"port {port}" in told.stderr
    assert living(tmp_path / "d") == []


def test_a_folder_serves_one_service(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(CannotStart, match="another service"):
        hold(tmp_path)


def test_secrets_are_the_owners_alone_and_stay_the_same(tmp_path: Path) -> None:
    first, second = (prepare(Options(tmp_path, free_port())) for _ in range(2))
    assert first.courier == second.courier
    for name in ("keys.json", "credentials.json", "courier.json"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600, name
    told = json.loads((tmp_path / "credentials.json").read_text())
    assert {"desk", "dept-rsj", "dept-gaj"} <= set(told["api_keys"])
    assert {"admin", "desk"} <= {x["login"] for x in told["logins"]}


def test_a_folder_with_a_long_path_still_has_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    service = prepare(Options(deep, free_port()))
    service.socket.parent.rmdir()
    assert len(str(service.socket).encode()) < 108


@pytest.mark.chaos
@pytest.mark.timeout(300)
def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with up(folder, free_port()) as process:
        process.kill()
        process.wait(10)
        until(lambda: living(folder) == [], "every process to be gone", 60)
