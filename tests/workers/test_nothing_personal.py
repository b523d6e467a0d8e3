"""A whole life of a case on the embedded service: nothing personal in logs, figures, URLs, names of objects, Redis, job
rows, unsealed columns or error pages. Then its keys are rotated, and it is backed up and restored, while it works.
"""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.parse import quote

import pytest
import redis

from storage import audit
from storage.blobs import blobs_from
from storage.sealed import sealed_tables
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import load_key_file
from tests.personal import leaks, spellings
from tests.workers.service import ROOT, up
from workers.backup import back_up, restore
from workers.demo.client import Api, StepFailed
from workers.demo.photos import SAMPLES, photos
from workers.demo.show import running, stage
from workers.demo.story import STORY, Stage
from workers.embedded import free_port

ITEM = "440105-SHBZK-BL"
PERSON = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["person"]
TYPED = ("江南大道中258号3栋2603房", "江南大道中258号")
VALUES = (PERSON["name"], PERSON["id_number"], PERSON["phone"], PERSON["address"], *TYPED, PERSON["birth_date"])


def test_every_spelling_of_a_value_is_found() -> None:
    for value in (PERSON["name"], PERSON["phone"]):
        for way in spellings(value):
            assert leaks({"log": b"before " + way + b" after"}, [value]) == [f"log: {value}"]
    assert leaks({"log": b"nothing of it"}, VALUES) == []


@dataclass
class Heard:
    """Everything that was said to Redis."""

    socket: Path
    said: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        with redis.Redis(unix_socket_path=str(self.socket)).monitor() as monitor:
            for one in monitor.listen():
                self.said.append(str(one["command"]))
                if self._stop.is_set():
                    return

    def __enter__(self) -> "Heard":
        self._thread = threading.Thread(target=self.listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        redis.Redis(unix_socket_path=str(self.socket)).ping()
        self._thread.join(10)


@dataclass(frozen=True)
class Lived:
    folder: Path
    port: int
    process: "Popen[bytes]"
    here: Stage
    heard: list[str]

    @property
    def settings(self) -> StorageSettings:
        return settings_of(self.folder)


def settings_of(folder: Path) -> StorageSettings:
    return StorageSettings(f"sqlite:///{folder / 'zerotrip.db'}", f"dir:{folder / 'blobs'}", folder / "keys.json")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """One whole life, with everything that was said to Redis meanwhile."""
    folder, port = tmp_path_factory.mktemp("life") / "data", free_port()
    with ExitStack() as stack:
        process = stack.enter_context(up(folder, port, WORKERS_LOG_LEVEL="debug"))
        found = running(folder)
        assert found is not None
        here = stage(found, photos(None, ITEM), ITEM, None)
        with Heard(folder / "valkey" / "valkey.sock") as heard:
            for step in STORY:
                step.do(here)
        yield Lived(folder, port, process, here, heard.said)


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> bytes:
    """The whole answer with its headers, whatever its status."""
    asked = urllib.request.Request(url, body, dict(headers), method=method)
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return bytes(str(answer.headers).encode() + answer.read())
    except urllib.error.HTTPError as error:
        return str(error.headers).encode() + error.read()


def provoke(lived: Lived) -> dict[str, bytes]:
    """Every kind of refusal, asked for with personal values in the wrong places."""
    base = f"http://127.0.0.1:{lived.port}"
    bearer = {"Authorization": f"Bearer {token(base)}"}
    name, number = quote(PERSON["name"]), PERSON["id_number"]
    json_body = {"Content-Type": "application/json"}
    wrong = json.dumps(
        {"item": ITEM, "applicant": {"name": PERSON["name"], "id_number": number, "phone": [PERSON["phone"]]}}
    )
    return {
        "unknown path": ask("GET", f"{base}/{name}/{number}", {}),
        "unknown case": ask("GET", f"{base}/api/v1/cases/{number}", bearer),
        "unknown page": ask("GET", f"{lived.here.service}{lived.here.path}/pages/{number}", bearer),
        "query": ask("GET", f"{base}/api/v1/items?q={name}&region={number}", {}),
        "wrong body": ask("POST", f"{base}/api/v1/cases", {**bearer, **json_body}, wrong.encode()),
        "no body": ask("POST", f"{base}/api/v1/cases", {**bearer, **json_body}, PERSON["name"].encode()),
        "no session": ask("GET", f"{base}/api/v1/cases?name={name}", {"Authorization": f"Bearer {number}"}),
        "desk": ask("GET", f"{base}/desk/find?said={number}", {}),
        "desk login": ask("POST", f"{base}/desk/login", {}, f"login={name}&password={number}&totp=1".encode()),
        "hook": ask("POST", f"{base}/hooks/couriers/ems/{number}", {}, wrong.encode()),
        "verify": ask("GET", f"{base}/verify/{number}", {}),
        "method": ask("PATCH", f"{base}/api/v1/cases/{number}", bearer),
    }


def token(base: str) -> str:
    """Of the same resident, signed in once more."""
    asked = Api(base, {}).post("/api/v1/session", code=f"dev:{PERSON['name']}", platform="embedded")
    return str(asked["token"])


def told(answers: Mapping[str, bytes]) -> dict[str, bytes]:
    """An answer may say back what was asked to whoever asked; a page or a header that others see, or keep, may not."""
    return {name: said for name, said in answers.items() if name != "query"}


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_nothing_personal_is_anywhere_it_should_not_be(lived: Lived) -> None:
    answers = provoke(lived)
    with pytest.raises(StepFailed):
        lived.here.resident.get(f"/api/v1/cases/{PERSON['id_number']}")
    places = {
        **logs(lived.folder),
        **{f"error page, {name}": said for name, said in told(answers).items()},
        "metrics": ask("GET", f"http://127.0.0.1:{lived.port}/metrics", {}),
        "names of objects": "\n".join(str(p) for p in (lived.folder / "blobs").rglob("*")).encode(),
        "said to Redis": "\n".join(lived.heard).encode(),
        "kept in Redis": kept_in_redis(lived.folder),
        "Redis on the disk": b"".join(p.read_bytes() for p in (lived.folder / "valkey").rglob("*") if p.is_file()),
        **columns(lived.folder),
        "the database's files": b"".join(p.read_bytes() for p in lived.folder.glob("zerotrip.db*")),
        "anchors": (lived.folder / "anchors.jsonl").read_bytes() if (lived.folder / "anchors.jsonl").exists() else b"",
        "environment and arguments": processes(lived.folder),
    }
    assert lived.heard, "something was said to Redis"
    assert len(places["the database's files"]) > 100_000
    assert leaks(places, VALUES) == []


def logs(folder: Path) -> dict[str, bytes]:
    """Of our processes. The sandbox courier is somebody else: it has to know where to go, and its journal says so."""
    ours = [p for p in (folder / "logs").glob("*.log") if p.stem not in {"courier", "registry"}]
    assert {p.stem for p in ours} >= {"web", "reader", "worker", "relay", "clock", "valkey"}
    said = {f"log of {p.stem}": p.read_bytes() for p in [*ours, folder.with_name(f"{folder.name}.log")]}
    assert b'"event": "request"' in said["log of web"]
    return said


def kept_in_redis(folder: Path) -> bytes:
    client = redis.Redis(unix_socket_path=str(folder / "valkey" / "valkey.sock"))
    return b"\n".join(key + (client.dump(key) or b"") for key in client.scan_iter(count=1000))


def columns(folder: Path) -> dict[str, bytes]:
    """Table by table, all that is not sealed."""
    sealed = {each.table.name: set(each.columns) for each in sealed_tables()}
    found = {}
    with closing(sqlite3.connect(f"file:{folder / 'zerotrip.db'}?mode=ro", uri=True)) as database:
        tables = [r[0] for r in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')
            open_ = [i for i, c in enumerate(rows.description) if c[0] not in sealed.get(table, ())]
            found[f"table {table}"] = "\n".join(str([row[i] for i in open_]) for row in rows).encode()
    assert found["table jobs"]
    return found


def processes(folder: Path) -> bytes:
    """What anybody on the machine may read of a process: its arguments."""
    said = b""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        said += command if str(folder).encode() in command else b""
    return said


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Busy:
    """A resident who opens drafts, photographs and looks, as fast as it goes."""

    here: Stage
    opened: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        while not self._stop.is_set():
            try:
                self._one()
            except StepFailed as error:
                self.faults.append(str(error))
            self._stop.wait(0.05)

    def _one(self) -> None:
        made = self.here.resident.write("/api/v1/cases", **draft())
        self.here.resident.upload(
            f"/api/v1/cases/{made['case']}/materials/id_front/pages", SAMPLES / "id_front_blurred.jpg", "image/jpeg"
        )
        self.opened.append(made["case"])
        self.here.resident.get(self.here.path)

    def __enter__(self) -> "Busy":
        self._thread = threading.Thread(target=self.work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)


def draft() -> dict[str, Any]:
    applicant = {"kind": "person", **{k: PERSON[k] for k in ("name", "id_number", "phone")}}
    place = {"province": "广东省", "city": "广州市", "county": "海珠区", "detail": TYPED[0]}
    address = {**place, "contact": PERSON["name"], "phone": PERSON["phone"]}
    return {
        "item": ITEM,
        "answers": {"under_16": False},
        "applicant": applicant,
        "address": address,
        "channel": "miniapp",
    }


def zerotrip(folder: Path, *words: str) -> str:
    made = settings_of(folder)
    env = {
        "STORAGE_DATABASE_URL": made.database_url,
        "STORAGE_BLOBS": made.blobs,
        "STORAGE_KEY_FILE": str(made.key_file),
    }
    done = subprocess.run(
        [sys.executable, "-m", "workers", *words], capture_output=True, text=True, cwd=ROOT, env={**os.environ, **env},
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait(holds: Callable[[], bool], seconds: float = 60) -> None:
    until, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        assert time.monotonic() < until
        pause.wait(0.1)


def everything_opens(made: StorageSettings, key: int | None = None) -> int:
    """Every sealed value and every blob, with the keys that are there; how many. `key`: under which all are."""
    database, blobs, count = Database(made), blobs_from(made), 0
    with database.reading() as tx:
        for sealed in sealed_tables():
            for row in tx.all(sealed.table.select()):
                for name in sealed.columns:
                    if (value := getattr(row, name)) is not None:
                        tx.vault.unseal(sealed.context(row, name), value)
                        assert key is None or int.from_bytes(value[1:3], "big") == key, (sealed.table.name, name)
                        count += 1
        assert audit.verify(tx) is None
    for blob in blobs.all_keys():
        blobs.get(blob)
        count += 1
    database.dispose()
    return count


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_keys_are_rotated_while_people_work_and_the_old_one_is_dropped(lived: Lived) -> None:
    ring = load_key_file(lived.settings.key_file)
    with Busy(lived.here) as busy:
        wait(lambda: len(busy.opened) >= 3)
        zerotrip(lived.folder, "keys", "rotate")
        rotated = len(busy.opened)
        wait(lambda: len(busy.opened) >= rotated + 3)
    new = load_key_file(lived.settings.key_file).current
    assert new == ring.current + 1
    assert busy.faults == []
    zerotrip(lived.folder, "keys", "rewrap")
    zerotrip(lived.folder, "keys", "drop", str(ring.current))
    assert set(load_key_file(lived.settings.key_file).keys) == {new}
    with Busy(lived.here) as after:
        wait(lambda: len(after.opened) >= 2)
    assert after.faults == []
    assert everything_opens(lived.settings, new) > 100
    for number in (lived.here.number, *busy.opened):
        assert lived.here.resident.get(f"/api/v1/cases/{number}")["case"] == number
    assert lived.here.resident.get("/api/v1/me/data")["cases"][-1]["applicant"]["name"] == PERSON["name"]


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_a_backup_of_the_working_service_comes_back_with_keys_from_elsewhere(lived: Lived, tmp_path: Path) -> None:
    with Busy(lived.here) as busy:
        wait(lambda: len(busy.opened) >= 2)
        made = back_up(lived.folder, tmp_path / "vault")
        then = len(busy.opened)
        wait(lambda: len(busy.opened) >= then + 2)
    assert busy.faults == []
    assert made.contents.missing == []
    apart = tmp_path / "elsewhere"
    apart.mkdir()
    keys = made.keys.rename(apart / made.keys.name)
    assert leaks({"archive": made.archive.read_bytes()}, VALUES) == []
    back = restore(made.archive, keys, tmp_path / "back")
    assert back.contents == made.contents
    assert everything_opens(settings_of(tmp_path / "back")) > 100
    with up(tmp_path / "back", free_port()):
        found = running(tmp_path / "back")
        assert found is not None
        resident = Api(found.url, {"Authorization": f"Bearer {token(found.url)}"})
        assert resident.get(f"/api/v1/cases/{lived.here.number}")["state"] == "delivered"
