"""`zerotrip up`: what it prepares, and what is in its way."""

import json
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.settings import NotPrepared, StorageSettings, await_prepared
from tests.workers.service import ROOT, living, until, up
from workers.__main__ import is_the_service
from workers.embedded import CannotStart, Options, check_port, free_port, hold, laid_out
from workers.preparing import prepare


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
    first, second = (laid_out(Options(tmp_path, free_port())) for _ in range(2))
    assert first.courier == second.courier
    assert prepare(tmp_path, first.env).logins
    assert not prepare(tmp_path, second.env).logins
    for name in ("keys.json", "credentials.json", "courier.json"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600, name
    told = json.loads((tmp_path / "credentials.json").read_text())
    assert {"desk", "dept-rsj", "dept-gaj"} <= set(told["api_keys"])
    assert {"admin", "desk"} <= {x["login"] for x in told["logins"]}


def test_a_folder_with_a_long_path_still_has_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    service = laid_out(Options(deep, free_port()))
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


def test_a_key_file_that_is_gone_is_missed_before_anything_is_sealed_anew(tmp_path: Path) -> None:
    env = without_its_key_file(tmp_path)
    with pytest.raises(CannotStart, match=r"keys\.json is missing"):
        prepare(tmp_path, env)
    assert not (tmp_path / "keys.json").exists()


def without_its_key_file(folder: Path) -> Mapping[str, str]:
    env = laid_out(Options(folder, free_port())).env
    prepare(folder, env)
    (folder / "keys.json").unlink()
    return env


@pytest.mark.thorough
@pytest.mark.timeout(200)
def test_a_folder_that_cannot_be_prepared_leaves_nobody_waiting(tmp_path: Path) -> None:
    """Those who wait for its database have begun to load what they need."""
    without_its_key_file(tmp_path / "d")
    argv = [sys.executable, "-m", "workers", "up", "--data", str(tmp_path / "d"), "--port", str(free_port())]
    told = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert told.returncode == 3
    assert "keys.json is missing" in told.stderr
    assert living(tmp_path / "d") == []


def test_the_database_is_not_opened_before_it_is_made(tmp_path: Path) -> None:
    made = tmp_path / "made"
    settings = StorageSettings("sqlite:///x", "dir:/nowhere", tmp_path / "keys.json", after=made)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(await_prepared, settings)
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        made.touch()
        waiting.result(10)
    made.write_text("the service is stopped")
    with pytest.raises(NotPrepared, match="is stopped"):
        await_prepared(settings)


@pytest.mark.parametrize("words", [["--port", "0"], ["--courier-speed", "-1"], ["--courier", "dove"]])
def test_wrong_use_is_two(words: list[str]) -> None:
    told = subprocess.run([sys.executable, "-m", "workers", "up", *words], cwd=ROOT, capture_output=True, check=False)
    assert told.returncode == 2


def test_help_is_the_command_lines() -> None:
    assert is_the_service(["up", "--port", "8001"])
    assert not is_the_service(["up", "--help"])
    assert not is_the_service(["read", "up"])
    assert not is_the_service([])
