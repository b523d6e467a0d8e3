"""The command line: exit codes, and what people and programs are told. Each command as its own process would be."""

import json
import os
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from cases.effects import JobKind
from storage.session import Database
from storage.settings import StorageSettings
from tests.cases.world import ITEM
from tests.services import storage_env
from tests.workers.room import Room
from workers.cli import app

SAMPLES = Path(__file__).parents[1] / "samples"
CODE = "440105-SHBZK-BL"
COMMANDS = [
    [], ["up"], ["demo"], ["read"], ["preaudit"], ["items"], ["items", "lint"], ["items", "list"], ["items", "show"],
    ["items", "checks"], ["items", "backtest"], ["migrate"], ["seed"], ["doctor"], ["jobs"], ["jobs", "list"], ["jobs", "release"], ["jobs", "bury"],
    ["jobs", "quarantine"], ["audit", "verify"], ["sweep"], ["replay"], ["stats"], ["staff", "add"], ["staff", "reset"],
    ["staff", "list"], ["relay"], ["clock"], ["couriers"],
]  # fmt: skip


def run(*args: str, env: dict[str, str] | None = None) -> Result:
    bare = {k: None for k in os.environ if k.startswith(("STORAGE_", "WORKERS_", "ZEROTRIP_", "PREAUDIT_"))}
    return CliRunner().invoke(app, args, env={**bare, **(env or {})})


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One column is enough here: what differs between them is storage's to test."""
    return sqlite_url


@pytest.fixture
def env(storage_settings: StorageSettings) -> dict[str, str]:
    return storage_env(storage_settings)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: list[str]) -> None:
    told = run(*command, "--help")
    assert told.exit_code == 0
    assert "Usage" in told.output


@pytest.mark.parametrize(
    "command",
    [["nonsense"], ["read"], ["read", "/nowhere.jpg"], ["sweep", "nonsense"], ["jobs", "list", "--state", "x"]],
)
def test_wrong_use_is_two(command: list[str]) -> None:
    assert run(*command).exit_code == 2


@pytest.mark.parametrize("command", [["migrate"], ["jobs", "list"], ["audit", "verify"], ["stats"], ["staff", "list"]])
def test_a_missing_variable_is_three_and_named(command: list[str]) -> None:
    told = run(*command)
    assert told.exit_code == 3
    assert "STORAGE_DATABASE_URL" in told.output


def test_the_catalogue_is_listed_shown_and_clean() -> None:
    assert CODE in run("items", "list", "--json").output
    assert "社会保障卡补领" in run("items", "show", CODE).output
    assert run("items", "show", "nothing").exit_code == 1
    assert run("items", "lint").exit_code == 0


def test_an_item_with_a_fault_is_refused_with_its_line(tmp_path: Path) -> None:
    text = run("items", "show", CODE).output.replace("promised_days: 5", "promised_days: 50")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    told = run("items", "lint", str(tmp_path))
    assert told.exit_code == 1
    assert f"{tmp_path / 'a.yaml'}:" in told.output


def test_migrate_makes_keys_and_schema(tmp_path: Path) -> None:
    env = storage_env(StorageSettings(f"sqlite:///{tmp_path / 'new' / 'z.db'}", f"dir:{tmp_path}", tmp_path / "k.json"))
    assert run("migrate", env=env).exit_code == 0
    assert run("migrate", "--make-keys", env=env).exit_code == 0
    assert (tmp_path / "k.json").stat().st_mode & 0o777 == 0o600
    assert run("stats", "--json", env=env).exit_code == 0
    assert run("staff", "add", "chen", "--name", "陈", "--role", "clerk", "--department", "rsj", env=env).exit_code == 0
    (tmp_path / "k.json").unlink()
    refused = run("migrate", "--make-keys", env=env)
    assert refused.exit_code == 3, "new keys would open nothing of it"
    assert not (tmp_path / "k.json").exists()


def test_seed_shows_logins_once(env: dict[str, str]) -> None:
    first, second = run("seed", env=env), run("seed", env=env)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "admin" in first.output
    assert "admin" not in second.output
    assert "desk" in run("staff", "list", env=env).output


def test_staff_are_added_and_reset(env: dict[str, str]) -> None:
    added = run("staff", "add", "chen", "--name", "陈", "--role", "clerk", "--department", "rsj", env=env)
    assert added.exit_code == 0
    assert run("staff", "add", "chen", "--name", "陈", "--role", "clerk", env=env).exit_code == 1
    assert run("staff", "reset", "chen", env=env).exit_code == 0
    assert run("staff", "reset", "nobody", env=env).exit_code == 1


def test_a_job_is_set_aside_and_released(room: Room, env: dict[str, str]) -> None:
    room.upload()
    job = room.job(JobKind.PAGE_READ).id
    assert run("jobs", "quarantine", job, env=env).exit_code == 0
    listed = [
        json.loads(line)
        for line in run("jobs", "list", "--state", "quarantined", "--json", env=env).output.splitlines()
    ]
    assert [x["id"] for x in listed] == [job]
    assert run("jobs", "release", job, "--reason", "mended", env=env).exit_code == 0
    assert run("jobs", "release", job, env=env).exit_code == 1
    assert run("jobs", "quarantine", job, env=env).exit_code == 0
    assert run("jobs", "bury", job, env=env).exit_code == 2, "never without a reason"
    assert run("jobs", "bury", job, "--reason", "by_hand", env=env).exit_code == 0
    assert run("jobs", "bury", job, "--reason", "by_hand", env=env).exit_code == 1
    with room.database.reading() as tx:
        told = [(line.action, line.detail["why"]) for line in tx.timeline("jobs") if line.detail.get("job") == job]
        told += [(x.action, x.detail["why"]) for x in tx.timeline(room.number) if x.detail.get("job") == job]
    assert told == [("job_released", "mended"), ("job_buried", "by_hand")]


def test_the_record_is_verified_and_replayed(room: Room, env: dict[str, str]) -> None:
    room.world.to_delivered()
    assert run("audit", "verify", env=env).exit_code == 0
    told = run("replay", room.number, env=env)
    assert told.exit_code == 0, told.output
    assert "delivered" in told.output


def test_a_state_that_was_changed_behind_the_record_is_found(
    room: Room, env: dict[str, str], database: Database
) -> None:
    room.world.to_passed()
    with database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE cases SET state = 'delivered'")
    told = run("replay", room.number, env=env)
    assert told.exit_code == 1
    assert "stands at delivered" in told.output


def test_sweeps_run_by_name(room: Room, env: dict[str, str]) -> None:
    told = run("sweep", "deadlines", "anchor", env=env)
    assert told.exit_code == 0
    assert "anchor" in told.output


def test_figures_for_programs_are_json(room: Room, env: dict[str, str]) -> None:
    figures = json.loads(run("stats", "--json", env=env).output)
    assert figures["cases"] == 1
    assert {q["queue"] for q in figures["queues"]} == {"reader", "worker", "solitary"}


def test_every_check_is_told_with_its_source_and_outcomes() -> None:
    assert "id_number_valid" in run("items", "checks").output
    told = run("items", "checks", "id_number_valid").output
    assert all(word in told for word in ("GB 11643", "Certain:", "Doubtful:", "Cannot tell:"))
    (for_programs,) = map(json.loads, run("items", "checks", "same", "--json").output.splitlines())
    assert for_programs["scope"] == "across"
    unknown = run("items", "checks", "looks_nice")
    assert (unknown.exit_code, "id_number_valid" in unknown.output) == (1, True)


def test_the_page_of_checks_is_that_of_the_code() -> None:
    kept = (Path(__file__).parents[2] / "docs/checks.md").read_text(encoding="utf-8")
    assert run("items", "checks", "--markdown").output == kept


def test_a_changed_item_is_tried_on_past_cases(room: Room, env: dict[str, str], tmp_path: Path) -> None:
    room.upload("id_front")
    room.upload("form")
    room.world.submit()
    for kind in (JobKind.PAGE_READ, JobKind.PAGE_READ, JobKind.CASE_JUDGE):
        room.do(kind)

    def tried(**front: object) -> Result:
        changed = tmp_path / "changed.yaml"
        first, *others = ITEM["materials"]
        raw = {**ITEM, "version": 2, "materials": [{**first, **front}, *others]}
        changed.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
        return run("items", "backtest", CODE, "--against", str(changed), env=env)

    told = tried(checks=["id_number_valid"])
    assert told.exit_code == 1
    assert f"{room.number}  returned → review" in told.output
    assert "+ field_missing  id_front" in told.output
    assert "1 past cases, 1 verdicts would change" in told.output
    same = tried()
    assert (same.exit_code, "1 past cases, 0 verdicts would change" in same.output) == (0, True)


def test_a_pdf_with_a_text_layer_is_read_as_the_contract_says() -> None:
    told = run("read", str(SAMPLES / "photo_receipt.pdf"), "--json")
    assert told.exit_code == 0, told.output
    read = json.loads(told.stdout.splitlines()[-1])
    assert {"file", "page", "seconds", "engine", "rotation", "quality", "document", "fields", "lines"} <= set(read)
    assert any("数字回执" in line["text"] for line in read["lines"])


def test_an_application_without_its_materials_does_not_pass() -> None:
    told = run("preaudit", CODE, "--json", "--today", "2026-03-02")
    assert told.exit_code == 1
    judged = json.loads(told.stdout.splitlines()[-1])
    assert judged["verdict"] != "passed"
    assert "missing_material" in {f["code"] for f in judged["findings"]}


def test_doctor_names_a_missing_variable(env: dict[str, str]) -> None:
    told = run("doctor", env=env)
    assert told.exit_code == 3
    assert "WORKERS_REDIS_URL" in told.output


def test_doctor_is_content_with_a_machine_that_has_everything() -> None:
    assert run("doctor").exit_code == 0
