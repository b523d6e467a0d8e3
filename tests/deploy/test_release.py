"""The wheel by itself, far from the source: the same bytes twice, everything in it, and the main job done with it."""

import hashlib
import os
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

from deploy.closure import ROOT
from deploy.release import build
from tests.workers.service import until
from workers.embedded import free_port

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(600)]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["packages"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def away(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation that knows no source tree; what it runs with is what is installed here."""
    place = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(place), str(wheel)], check=True)
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("STORAGE_", "WORKERS_", "ZEROTRIP_", "WEB_"))}
    return {**plain, "PYTHONPATH": str(place), "HOME": str(place.parent), "PYTHONSAFEPATH": "1"}


def run(away: dict[str, str], *words: str) -> str:
    there = Path(away["PYTHONPATH"])
    ran = subprocess.run(
        [sys.executable, "-m", "workers", *words],
        cwd=there.parent,
        env=away,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran.stdout


def test_the_same_commit_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    sums = []
    for place in (tmp_path / "one", tmp_path / "two"):
        place.mkdir()
        sums.append(hashlib.sha256(build(place, commit.strip()).read_bytes()).hexdigest())
    assert sums[0] == sums[1]


def test_everything_is_in_it(wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {f for f in listed.split() if not f.startswith("web/frontend/")} - inside == set()
    assert {"web/static/app/index.html", "web/static/vendor/charts.js", "workers/demo/samples/truth.json"} <= inside
    assert not any(name.startswith(("tests/", "bench/", "deploy/")) for name in inside)


def test_it_runs_from_where_it_was_installed(away: dict[str, str]) -> None:
    asked = [
        sys.executable,
        "-c",
        "import workers, web, storage; print(workers.__file__, web.__file__, storage.__file__)",
    ]
    there = Path(away["PYTHONPATH"])
    said = subprocess.run(asked, cwd=there.parent, env=away, capture_output=True, text=True, check=True).stdout
    assert said.count(str(there)) == 3
    assert "ok" in run(away, "doctor")


def test_the_main_job_is_done_with_it(away: dict[str, str], tmp_path: Path) -> None:
    assert "已送达" in run(away, "demo", "--data", str(tmp_path / "data"))


def test_the_app_is_served(away: dict[str, str], tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    argv = [sys.executable, "-m", "workers", "up", "--data", str(data), "--port", str(port), "--quiet"]
    with subprocess.Popen(argv, cwd=tmp_path, env=away) as service:
        try:
            until((data / "run" / "ready").exists, "the service to be ready", 180)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/app/", timeout=10) as answer:
                assert b"<html" in answer.read()
        finally:
            service.terminate()
            service.wait(60)
