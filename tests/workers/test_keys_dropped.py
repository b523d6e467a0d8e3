"""The keys of a service are rotated while it runs, the old one is dropped, and every process starts again without it:
everything can still be read and found. A key that is missed keeps every process from starting, with one sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.blobs import blobs_from
from storage.key_use import missing_keys
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import cases
from storage.vault import drop_key, rotate_key_file
from tests.workers.service import ROOT, up
from workers.demo.photos import photos
from workers.demo.show import running, stage
from workers.demo.story import log_in, open_case, read_guide
from workers.embedded import Options, _service, free_port

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(500)]
ITEM = "440105-SHBZK-BL"
DRAMATIQ = ("-m", "dramatiq", "--processes", "1", "--threads", "1", "--queues")
PROCESSES = {
    "web": ("-m", "web"),
    "relay": ("-m", "workers.relay"),
    "clock": ("-m", "workers.clock"),
    "worker": (*DRAMATIQ, "worker", "--", "workers.main"),
    "reader": (*DRAMATIQ, "reader", "--", "workers.reader"),
}


def zerotrip(env: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "workers", *words],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_service_lives_on_without_the_key_that_sealed_its_beginnings(tmp_path: Path) -> None:
    folder, port = tmp_path / "d", free_port()
    with up(folder, port):
        here = stage(running(folder), photos(None, ITEM), ITEM, None)
        for step in (log_in, read_guide, open_case):
            step(here)
        before = here.case()
        env = dict(_service(Options(folder, port)).env)
        copy = tmp_path / "copy.json"
        shutil.copy(folder / "keys.json", copy)
        rotated = zerotrip(env, "keys", "rotate")
        assert rotated.returncode == 0, rotated.stderr
        dropped = zerotrip(env, "keys", "drop", "1")
        assert dropped.returncode == 0, dropped.stderr
    with up(folder, port):
        here = stage(running(folder), photos(None, ITEM), ITEM, None)
        log_in(here)
        (found,) = here.resident.get("/api/v1/cases")["cases"]
        after = here.resident.get(f"/api/v1/cases/{found['case']}")
        assert after["case"] == before["case"], "the same person was found, and their case opens"
        assert here.resident.get("/api/v1/me/data")["cases"][0]["applicant"]["id_number"]
    settings = StorageSettings.from_mapping(env)
    database = Database(settings)
    with database.reading() as tx:
        assert missing_keys(tx, [2], blobs_from(settings)) == {}
        assert tx.one(cases.select()) is not None
    database.dispose()
    too_early(folder, port, env, copy=tmp_path / "second.json")


def too_early(folder: Path, port: int, env: dict[str, str], copy: Path) -> None:
    shutil.copy(folder / "keys.json", copy)
    rotate_key_file(folder / "keys.json")
    drop_key(folder / "keys.json", 2)
    for name, argv in PROCESSES.items():
        ended = subprocess.run(
            [sys.executable, *argv], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert ended.returncode == 3, (name, ended)
        assert "key 2 is not in the ring" in ended.stderr, (name, ended.stderr)
        assert "Traceback" not in ended.stderr, name
    assert "key 2 is not in the ring" in zerotrip(env, "doctor").stdout
    assert "MISSING" in zerotrip(env, "keys", "list").stdout
    refused = zerotrip(dict(os.environ), "up", "--data", str(folder), "--port", str(port))
    assert refused.returncode == 3
    assert "key 2 is not in the ring" in refused.stderr
    back = zerotrip(env, "keys", "bring-back", str(copy))
    assert back.returncode == 0, back.stderr
    with up(folder, port):
        here = stage(running(folder), photos(None, ITEM), ITEM, None)
        log_in(here)
        assert here.resident.get("/api/v1/cases")["cases"]
