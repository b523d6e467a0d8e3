"""The record's own sweeps and commands: anchors go outside by themselves, a night's round finds what was changed, and the
commands name it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner, Result

from storage import record_checks
from storage.actors import Actor
from storage.retention_tables import record_checks as kept_checks
from storage.session import Database
from storage.settings import StorageSettings
from tests.services import storage_env
from tests.storage.test_audit import tamper, write
from workers import record
from workers.cli import app

SYSTEM = Actor("system", "test")
Zerotrip = Callable[..., Result]


@pytest.fixture
def anchored(sqlite_url: str, tmp_path: Path, key_file: Path) -> Database:
    made = StorageSettings(sqlite_url, f"dir:{tmp_path / 'blobs'}", key_file, anchors=f"file:{tmp_path}/out/anchors")
    return Database(made)


@pytest.fixture
def zerotrip(anchored: Database) -> Zerotrip:
    env = {**storage_env(anchored.settings), "STORAGE_ANCHORS": anchored.settings.anchors}
    return lambda *words, **more: CliRunner().invoke(app, list(words), env={**env, **more})


def night(database: Database) -> record_checks.RecordCheck:
    """A whole round, step by step."""
    with database.transaction() as tx:
        tx.execute(update(kept_checks).values(started_at=tx.now() - timedelta(days=2)))
    for _ in range(50):
        record.check(database)
        with database.reading() as tx:
            done = record_checks.newest(tx)
        if done is not None and done.ended_at is not None:
            return done
    raise AssertionError("the round did not end")


def test_a_round_looks_at_everything_and_is_kept(anchored: Database) -> None:
    for n in range(250):
        write(anchored, f"chain-{n:03}", "opened")
    assert record.anchor(anchored) == 250
    done = night(anchored)
    assert (done.chains, done.lines, done.anchors, done.bad) == (250, 250, 1, None)
    with anchored.transaction() as tx:
        assert not record_checks.begin(tx, done.started_at), "once a night"


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        ("UPDATE audit SET action = 'x' WHERE chain = 'b' AND position = 2", ("b", 2)),
        ("DELETE FROM audit WHERE chain = 'b' AND position = 1", ("b", 2)),
        ("DELETE FROM audit WHERE chain = 'c'", ("c", 0)),
        ("DELETE FROM audit_heads WHERE chain = 'c'", ("c", 2)),
        ("UPDATE audit_heads SET hash = 'x' WHERE chain = 'b'", ("b", 2)),
    ],
)
def test_the_night_and_the_command_name_what_was_changed(
    anchored: Database, zerotrip: Zerotrip, harm: str, named: tuple[str, int]
) -> None:
    for chain in "abc":
        write(anchored, chain, "opened", "moved")
    record.anchor(anchored)
    tamper(anchored, harm)
    bad = night(anchored).bad
    assert bad is not None
    assert (bad.chain, bad.position) == named
    told = zerotrip("audit", "verify")
    assert told.exit_code == 1
    assert f"{named[0]}, line {named[1]}" in told.output


def test_what_only_the_anchors_outside_remember_is_named_by_all_three(anchored: Database, zerotrip: Zerotrip) -> None:
    write(anchored, "a", "opened", "moved")
    record.anchor(anchored)
    no_anchors = "DROP TRIGGER audit_anchors_no_delete"
    tamper(anchored, "DELETE FROM audit", "DELETE FROM audit_heads", no_anchors, "DELETE FROM audit_anchors")
    write(anchored, "a", "opened", "another story")
    record.anchor(anchored)
    for command in (("audit", "verify"), ("audit", "check-anchors")):
        told = zerotrip(*command)
        assert told.exit_code == 1
        assert "a, line 2: the anchor outside remembers another line" in " ".join(told.output.split())
    bad = night(anchored).bad
    assert bad is not None
    assert (bad.chain, bad.position) == ("a", 2)


def test_the_commands_say_what_is_good_and_what_is_missing(
    anchored: Database, zerotrip: Zerotrip, tmp_path: Path
) -> None:
    write(anchored, "a", "opened")
    assert "1 heads anchored" in zerotrip("audit", "anchor").output
    assert "1 anchors outside fit" in zerotrip("audit", "verify").output
    assert zerotrip("audit", "check-anchors").exit_code == 0
    missing = zerotrip("audit", "check-anchors", STORAGE_ANCHORS="")
    assert (missing.exit_code, "STORAGE_ANCHORS" in missing.output) == (3, True)
    (tmp_path / "out" / "anchors").write_text("{}\n")
    assert zerotrip("audit", "check-anchors").exit_code == 3


def test_a_place_outside_that_is_away_is_told_and_tried_again(anchored: Database, tmp_path: Path) -> None:
    write(anchored, "a", "opened")
    (tmp_path / "out").write_text("a file where a folder should be")
    assert record.anchor(anchored) == 1
    (tmp_path / "out").unlink()
    assert record.ship(anchored, record.anchor_store(anchored.settings.anchors)) == 1


def test_roles_are_printed_as_sql_and_refused_on_sqlite(zerotrip: Zerotrip) -> None:
    printed = zerotrip("db", "grants", "--prefix", "city")
    assert "GRANT SELECT, INSERT ON public.audit TO city_web;" in printed.output
    assert zerotrip("db", "grants", "--apply").exit_code == 1
    assert zerotrip("db", "grants", "--prefix", "a b").exit_code == 2
    assert zerotrip("db", "check").exit_code == 0


def test_the_commands_of_retention(anchored: Database, zerotrip: Zerotrip) -> None:
    rules = [json.loads(line) for line in zerotrip("retention", "list", "--json").output.splitlines()]
    assert {"draft", "application", "session"} <= {rule["kind"] for rule in rules}
    assert zerotrip("retention", "set", "draft", "14").exit_code == 0
    assert zerotrip("retention", "set", "session", "10").exit_code == 1
    assert zerotrip("retention", "run").exit_code == 0
    assert zerotrip("retention", "hold", "440105202611220000016", "--reason", "x").exit_code == 1
    assert zerotrip("retention", "proofs", "440105202611220000016").exit_code == 1
    assert zerotrip("retention", "verify").exit_code == 0
    with anchored.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM audit WHERE action = 'retention_set'")).scalar_one() == 1
