"""Who imports `storage.garbage`: only what is started as a process of its own, and it has the collector again when it works."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTED = {"web/__main__.py", "workers/main.py", "workers/reader.py"}
IMPORTS = re.compile(r"^(from storage import .*\bgarbage\b|from storage.garbage |import storage.garbage)", re.MULTILINE)


def test_only_what_is_started_goes_without_the_collector() -> None:
    files = [path for room in ("web", "workers", "storage", "bench") for path in (ROOT / room).rglob("*.py")]
    found = {p.relative_to(ROOT).as_posix() for p in files if IMPORTS.search(p.read_text("utf-8"))}
    assert found == STARTED
    for name in STARTED:
        assert "garbage.collect_from_now()" in (ROOT / name).read_text("utf-8"), name


def test_it_is_back_when_the_process_works() -> None:
    words = "import gc; from storage import garbage; a = gc.isenabled(); garbage.collect_from_now(); print(a, gc.isenabled())"
    told = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]
