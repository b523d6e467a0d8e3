"""`zerotrip couriers`: what people and programs are told, and its exit codes."""

import json

import pytest

from cases.circuit import CircuitRules
from storage import partner_health
from storage.session import Database
from storage.settings import StorageSettings
from tests.courier.test_settings import GOOD, OTHERS, variables
from tests.services import storage_env
from tests.workers.test_cli import run

NAMES = ("ems", *OTHERS)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def env(storage_settings: StorageSettings) -> dict[str, str]:
    """Every partner there is, beside each other."""
    whole = dict(GOOD)
    for name in OTHERS:
        whole |= variables(name)
    own = {"ZEROTRIP_GRID_AREAS": "440105:海珠区", "ZEROTRIP_DROP_BOX_HOURS": "06:00-22:00"}
    named = {"ZEROTRIP_COURIERS": ",".join((*NAMES, "counter"))}
    return storage_env(storage_settings) | whole | own | named


def test_every_partner_says_what_it_can_do(env: dict[str, str], database: Database) -> None:
    with database.transaction() as tx:
        partner_health.put_preference(tx, "440105", ("sf", "ems"))
    told = run("couriers", "--json", env=env)
    assert told.exit_code == 0, told.output
    lines = {line["partner"]: line for line in map(json.loads, told.output.splitlines())}
    assert lines.keys() == {*NAMES, "counter"}
    ems, sf = lines["ems"], lines["sf"]
    assert (ems["addressee"], sf["addressee"], lines["jdl"]["addressee"]) == (["code"], ["identity"], [])
    assert (ems["coverage"], sf["coverage"], ems["pushes"], sf["pushes"]) == ("pickup", "none", "weak", "none")
    assert lines["kuaidi100"]["payers"] == ["account", "sender"]
    assert (ems["preferred_in"], sf["preferred_in"]) == ({"440105": 2}, {"440105": 1})
    assert ems["hours"] == {"workdays": ["08:00-20:00"], "rest_days": ["09:00-17:00"]}
    assert ems["circuit"] == {"state": "closed", "failures": 0, "retry_at": None, "reason": None}


def test_no_secret_is_told(env: dict[str, str], database: Database) -> None:
    for form in ([], ["--json"]):
        told = run("couriers", *form, env=env).output
        assert not any(value in told for name, value in env.items() if "SECRET" in name or "KEY" in name)


def test_people_are_told_in_a_table_and_whom_else_the_program_knows(env: dict[str, str], database: Database) -> None:
    told = run("couriers", env=env | {"ZEROTRIP_COURIERS": "ems,sf"})
    assert told.exit_code == 0
    assert "known, not in ZEROTRIP_COURIERS: counter, drop_box, grid, jdl, kdniao, kuaidi100" in told.output


def test_a_partner_left_alone_makes_the_answer_no(env: dict[str, str], database: Database) -> None:
    with database.transaction() as tx:
        partner_health.record(tx, "sf", CircuitRules(failures=1), "http_502")
    told = run("couriers", "--json", env=env)
    assert told.exit_code == 1
    (sf,) = (line for line in map(json.loads, told.output.splitlines()) if line["partner"] == "sf")
    assert (sf["circuit"]["state"], sf["circuit"]["reason"]) == ("open", "http_502")
    assert "open (1: http_502)" in run("couriers", env=env).output


@pytest.mark.parametrize("missing", ["ZEROTRIP_COURIERS", "ZEROTRIP_EMS_SIGN_KEY", "STORAGE_DATABASE_URL"])
def test_what_is_missing_is_named(env: dict[str, str], database: Database, missing: str) -> None:
    told = run("couriers", env={k: v for k, v in env.items() if k != missing})
    assert (told.exit_code, missing in told.output) == (3, True)
