"""The right column: every process of the Procfile against PostgreSQL, Redis and an S3 server, and the main job on it."""

import os
import secrets
import shlex
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cases.deadlines import beijing_day
from courier.sandbox.launch import command, environment, new_credentials
from preaudit.catalogue import load
from storage.session import Database
from storage.settings import StorageSettings
from tests import services
from tests.workers.service import ROOT
from workers.demo.photos import photos
from workers.demo.show import Running, stage
from workers.demo.story import STORY
from workers.embedded import OFFICE, free_port
from workers.seeding import seed
from workers.supervise import Spec, Supervisor

ITEM = "440105-SHBZK-BL"


def procfile() -> dict[str, list[str]]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: shlex.split(argv) for name, _, argv in (line.partition(":") for line in lines if line.strip())}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def deployment(storage: StorageSettings, redis: str, folder: Path) -> Iterator[Running]:
    """Seeded, started, ready; stopped at the end."""
    database = Database(storage)
    seeded = seed(database, load().values(), beijing_day(datetime.now(UTC)))
    database.dispose()
    courier, courier_port, port = new_credentials(secrets.token_bytes), free_port(), free_port()
    url, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{courier_port}"
    env = {
        **os.environ,
        **services.storage_env(storage),
        **environment(courier, courier_port),
        "WORKERS_REDIS_URL": redis,
        "WORKERS_OFFICE": OFFICE,
        "WEB_PUBLIC_URL": url,
        "WEB_HOST": "127.0.0.1",
        "WEB_PORT": str(port),
        "WEB_EMBEDDED_PLATFORM": "1",
        "WEB_COOKIE_SECURE": "0",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    hook = f"{url}/hooks/couriers/ems/{courier.hook_secret}"
    supervisor = Supervisor(env, ROOT, lambda line: None)
    try:
        pushing = command(courier, courier_port, hook, "--speed", "0")
        supervisor.start(Spec("courier", pushing, folder / "courier.log", lambda: answers(f"{sandbox}/healthz")))
        for name, argv in procfile().items():
            ready = (lambda: answers(f"{url}/readyz")) if name == "web" else (lambda: True)
            supervisor.start(Spec(name, argv, folder / f"{name}.log", ready))
        supervisor.wait_ready(60, lambda: False)
        yield Running(url, sandbox, seeded.plain()["api_keys"])  # type: ignore[arg-type]
    finally:
        supervisor.stop()


@pytest.mark.timeout(240)
def test_the_main_job_runs_on_postgresql_redis_and_s3(
    postgresql_url: str, redis_url: str, s3_address: str, key_file: Path, tmp_path: Path
) -> None:
    bucket = services.make_bucket(s3_address, f"b{uuid4().hex[:20]}")
    storage = StorageSettings(postgresql_url, bucket, key_file)
    with deployment(storage, redis_url, tmp_path) as running:
        here = stage(running, photos(None, ITEM), ITEM, None)
        for step in STORY:
            step.do(here)
        assert here.case()["state"] == "delivered"


def test_the_procfile_names_the_processes_of_the_design() -> None:
    assert list(procfile()) == ["web", "relay", "clock", "reader", "worker"]
