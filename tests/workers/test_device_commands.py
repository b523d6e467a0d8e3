"""`zerotrip devices`: a terminal is added, seen, out of paper, and revoked."""

import re

import pytest

from storage.device_sessions import HowEnded
from storage.devices import Paper
from storage.session import Database
from storage.settings import StorageSettings
from tests.services import storage_env
from tests.workers.test_cli import run

ADD = ("devices", "add", "--name", "一号机", "--office", "海珠政务大厅", "--region", "440105")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def env(storage_settings: StorageSettings) -> dict[str, str]:
    return storage_env(storage_settings)


def test_a_terminal_from_its_code_to_its_end(env: dict[str, str], database: Database) -> None:
    added = run(*ADD, "--bridge", "http://127.0.0.1:8901", env=env)
    assert added.exit_code == 0, added.output
    assert "not_enrolled" in run("devices", "list", env=env).output
    code = re.search(r"enrolment code\W+(\w{10})", added.output)
    assert code is not None
    with database.transaction() as tx:
        made = tx.devices.enrol(code[1])
        assert made is not None
        session, _ = tx.guest_sessions.start(made[0])
        tx.guest_sessions.has_receipt(session)
    assert run("devices", "paper", "一号机", "out", env=env).exit_code == 0
    listed = run("devices", "list", env=env).output
    assert "idle" in listed
    assert "0 s of 1" in listed
    with database.reading() as tx:
        assert tx.devices.device(made[0].id).paper is Paper.OUT
    assert '"terminals": {"receipts": 1, ' in run("stats", "--json", env=env).output
    assert run("devices", "revoke", "一号机", env=env).exit_code == 0
    again = run("devices", "revoke", "一号机", env=env)
    assert (again.exit_code, "revoked before" in again.output) == (1, True)
    with database.reading() as tx:
        assert tx.devices.by_token(made[1]) is None
        assert tx.guest_sessions.session(session.id).how is HowEnded.REVOKED
    renewed = run("devices", "renew", "一号机", env=env)
    assert "enrolment code" in renewed.output


def test_what_is_wrong_is_named(env: dict[str, str]) -> None:
    assert run(*ADD, "--bridge", "http://elsewhere:1", env=env).exit_code == 1
    assert run(*ADD[:-1], "44", env=env).exit_code == 1
    missing = run("devices", "paper", "nobody", "out", env=env)
    assert (missing.exit_code, "nobody" in missing.output) == (1, True)
