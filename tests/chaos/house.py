"""The whole service on this machine, in one folder and on free ports, for faults to be done to it: PostgreSQL, Redis, an S3
server behind a proxy of ours, the sandbox courier, the town (platform and department), and every process of the Procfile,
relay, clock and worker twice, the second of each with a wrong clock.

Whoever dies is started again, as a supervisor would (`workers.supervise`). Nothing of it outlives `house()`.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from courier.sandbox.launch import Credentials, command, environment, new_credentials
from storage.crashpoints import CrashPoint
from storage.settings import StorageSettings
from tests.chaos import proxy, servers, town
from tests.chaos.filling import fill
from tests.messaging.fake_wechat import APPID, SECRET
from tests.services import S3_CREDENTIALS, folder, free_port, make_bucket, s3_server
from tests.workers.service import ROOT, until
from workers.supervise import ChildRefused, Spec, Supervisor, kill_group, tail

OFFICE = "广东省|广州市|海珠区|宝岗大道1号政务服务中心|收件室|02012345678"
BUCKET = "chaos"
READY_SECONDS = 90.0
SKEWS = {"relay-2": -420, "clock-2": 600, "worker-2": 300}
"""Seconds by which the second of each is wrong: leases and due times are the database's, so it must not matter."""


@dataclass(frozen=True)
class Doors:
    """Where everything answers."""

    web: str
    courier: str
    town: str
    keys: Mapping[str, str]
    """API keys of the desk and of departments, by name."""


class House:
    """Running. Faults are done through it; `look` must be called often, it starts again what has died."""

    def __init__(self, home: Path, env: Mapping[str, str], doors: Doors, **parts: Any) -> None:
        self.home, self.env, self.doors = home, dict(env), doors
        self.postgres: servers.Postgres = parts["postgres"]
        self.redis: servers.RedisServer = parts["redis"]
        self.s3: proxy.S3Proxy = parts["s3"]
        self.straight_to_s3: str = parts["straight_to_s3"]
        self.played: Played = parts["played"]
        self.said: list[str] = []
        self.commands: list[subprocess.Popen[bytes]] = []
        self.supervisor = Supervisor(self.env, ROOT, self.said.append)
        self._once, self._never = 0, threading.Event()

    # ── looking ──

    @property
    def settings(self) -> StorageSettings:
        return self.settings_of("postgres")

    def settings_of(self, database: str) -> StorageSettings:
        """For whoever looks at the end: past the proxy."""
        url = self.postgres.at(database).replace("postgresql://", "postgresql+psycopg://")
        return replace(StorageSettings.from_mapping(self.env), blobs=self.straight_to_s3, database_url=url)

    def look(self) -> None:
        """Whoever died is started again, also who ended because the database was away when it wanted to begin."""
        try:
            self.supervisor.look()
        except ChildRefused as refused:
            self.said.append(f"refused: {refused}")

    def pid(self, name: str) -> int | None:
        return self.supervisor.children[name].pid

    def log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def pause(self, seconds: float) -> None:
        self._never.wait(seconds)

    def ready(self, seconds: float = READY_SECONDS) -> None:
        self.supervisor.wait_ready(seconds, lambda: False)

    # ── doing ──

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the process and all that it started."""
        kill_group(self.pid(name), number)

    def arm(self, name: str, point: CrashPoint) -> Path:
        """The process, and its second, are killed; whichever of their next lives comes to the point first ends there, and
        all others go on. The file that is returned appears when that has happened."""
        self._once += 1
        once = self.home / f"died-{self._once}-{point}"
        for each in self.both(name):
            child = self.supervisor.children[each]
            env = {**child.spec.env, "WORKERS_CRASH_AT": str(point), "WORKERS_CRASH_ONCE": str(once)}
            child.spec = replace(child.spec, env=env)
            self.signal(each, signal.SIGKILL)
            if child.process is not None:
                child.process.wait(10)  # `ready` asks only those that it knows to have died
        return once

    def rest(self, name: str) -> None:
        """For good."""
        child = self.supervisor.children.pop(name)
        kill_group(child.pid, signal.SIGKILL)
        if child.process is not None:
            child.process.wait(10)

    def both(self, name: str) -> list[str]:
        return [each for each in self.supervisor.children if each.removesuffix("-2") == name]

    def command(self, *words: str) -> "subprocess.Popen[bytes]":
        """`zerotrip …`, begun."""
        with self.log("commands").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers", *words], cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.commands.append(process)
        return process

    def courier(self, page: str, body: Mapping[str, Any] | None = None, seconds: float = 30) -> Any:
        return ask(f"{self.doors.courier}/control/{page}", body, seconds)

    def town(self, page: str, body: Mapping[str, Any] | None = None) -> Any:
        return ask(f"{self.doors.town}/control/{page}", body)


def ask(url: str, body: Mapping[str, Any] | None = None, seconds: float = 30) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        return json.loads(answer.read())


Played = tuple[Credentials, list[int]]
"""The courier's secrets, and the ports of the front door, the courier and the town."""
Fill = Callable[[Mapping[str, str], str], Mapping[str, str]]
"""Environment, where the news go → API keys."""


def fill_as_now(env: Mapping[str, str], news: str) -> Mapping[str, str]:
    return fill(StorageSettings.from_mapping(env), news)


@contextmanager
def house(seed_number: int = 0) -> Iterator[House]:
    """Ready. At the end everything is killed and the folder removed."""
    with premises(seed_number) as made:
        for spec in (*outside(made, seed_number), *specs(made)):
            made.supervisor.start(spec)
        made.ready()
        yield made


@contextmanager
def premises(seed_number: int = 0, filled: Fill = fill_as_now, also: str = "") -> Iterator[House]:
    """Servers and a filled database; no process of the service yet. What was started is killed at the end. `also`: another
    address of this machine's that PostgreSQL and Redis answer at."""
    with ExitStack() as stack:
        home = stack.enter_context(folder())
        for name in ("logs", "run", "readings", "redis"):
            (home / name).mkdir()
        database = stack.enter_context(folder())
        postgres = stack.enter_context(servers.postgres(database, also))
        store = stack.enter_context(servers.redis_here(home / "redis", also))
        moto = stack.enter_context(s3_server())
        between = stack.enter_context(proxy.before(moto, seed_number))
        straight = make_bucket(moto, BUCKET)
        credentials, ports = new_credentials(secrets.token_bytes), [free_port() for _ in range(3)]
        address = straight.replace(moto, between.address)
        env = environment_of(home, postgres.url, store.url, address, (credentials, ports))
        os.environ.update(S3_CREDENTIALS)
        keys = filled(env, f"http://127.0.0.1:{ports[2]}/news")
        web, courier, outside = (f"http://127.0.0.1:{port}" for port in ports)
        doors = Doors(web, courier, outside, keys)
        played = (credentials, ports)
        made = House(
            home, env, doors, postgres=postgres, redis=store, s3=between, straight_to_s3=straight, played=played
        )
        stack.callback(stop, made)
        yield made


def stop(made: House) -> None:
    """At once: what they leave behind is what is looked at."""
    for command_ in made.commands:
        command_.kill()
        command_.wait(10)
    for name in made.supervisor.children:
        made.signal(name, signal.SIGCONT)
    made.supervisor.stop()


def environment_of(home: Path, postgres: str, store: str, blobs: str, played: Played) -> dict[str, str]:
    credentials, (web, courier, outside) = played
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("STORAGE_", "ZEROTRIP_", "WORKERS_", "WEB_"))}
    return {
        **plain,
        **S3_CREDENTIALS,
        "STORAGE_DATABASE_URL": postgres.replace("postgresql://", "postgresql+psycopg://"),
        "STORAGE_BLOBS": blobs,
        "STORAGE_KEY_FILE": str(home / "keys.json"),
        "STORAGE_PASSWORD_MEMORY_MIB": "19",
        **environment(credentials, courier, "ems", f"http://127.0.0.1:{web}"),
        "ZEROTRIP_EMS_READ_TIMEOUT_S": "4",
        "ZEROTRIP_CIRCUIT_PAUSE_S": "3",
        "WORKERS_REDIS_URL": store,
        "WORKERS_OFFICE": OFFICE,
        "WORKERS_SWEEP_SECONDS": "1",
        "WORKERS_WEBHOOK_HOSTS": "127.0.0.1",
        "WECHAT_APPID": APPID,
        "WECHAT_SECRET": SECRET,
        "WECHAT_BASE_URL": f"http://127.0.0.1:{outside}",
        "WECHAT_TEMPLATES": str(town.templates_file(home / "wechat.yaml")),
        "WEB_PUBLIC_URL": f"http://127.0.0.1:{web}",
        "WEB_PORT": str(web),
        "WEB_COOKIE_SECURE": "0",
        "WEB_PERSON_PER_MINUTE": "1000000",
        "WEB_ADDRESS_PER_MINUTE": "1000000",
        "CHAOS_READINGS": str(home / "readings"),
        "CHAOS_HOME": str(home),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "2"),
        "PYTHONUNBUFFERED": "1",
        "dramatiq_worker_timeout": "100",
        "dramatiq_restart_delay": "500",
    }


def outside(made: House, seed_number: int) -> Iterator[Spec]:
    """The courier, and the town."""
    doors, (credentials, ports) = made.doors, made.played
    hook = f"{doors.web}/hooks/couriers/ems/{credentials.hook_secret}"
    played = ["--speed", "0", "--hold", "6", "--slow", "1", "--retry", "1", "--seed", str(seed_number)]
    courier = command(credentials, ports[1], hook, *played, journal=made.home / "courier.jsonl")
    yield Spec("courier", courier, made.log("courier"), partial(answers, f"{doors.courier}/healthz"))
    town_ = [sys.executable, "-m", "tests.chaos.town", "--port", str(ports[2])]
    yield Spec("town", town_, made.log("town"), partial(answers, f"{doors.town}/control/ledger"))


def specs(made: House) -> Iterator[Spec]:
    """The service, in the order of starting."""
    yield Spec("web", _python("web"), made.log("web"), partial(answers, f"{made.doors.web}/healthz"))
    yield reader_of(made, "reader")
    for name in ("worker", "worker-2"):
        yield _dramatiq(made, name, "workers.main", 4, "worker")
    for name in ("relay", "relay-2", "clock", "clock-2"):
        yield Spec(name, _python(f"workers.{name.removesuffix('-2')}", name=name), made.log(name))


def reader_of(made: House, name: str) -> Spec:
    return _dramatiq(made, name, "tests.chaos.reader", 2, "reader", "solitary")


def _python(module: str, *words: str, name: str = "") -> list[str]:
    """The second of each lives in another time."""
    wrong = ["tests.chaos.skewed", str(SKEWS[name])] if name in SKEWS else []
    return [sys.executable, "-m", *wrong, module, *words]


def _dramatiq(made: House, name: str, module: str, threads: int, *queues: str) -> Spec:
    ready = made.home / "run" / f"{name}.ready"
    words = ["--processes", "1", "--threads", str(threads), "--worker-shutdown-timeout", "10000", "--queues", *queues]
    env = {"WORKERS_READY_FILE": str(ready)} | ({"dramatiq_queue_prefetch": "2"} if "reader" in queues else {})
    return Spec(name, _python("dramatiq", module, *words, name=name), made.log(name), ready.exists, env)


def answers(url: str) -> bool:
    try:
        ask(url, seconds=2)
    except (OSError, ValueError):
        return False
    return True


def wait(made: House, holds: Any, what: str, seconds: float, every_s: float = 0.05) -> None:
    """Until it holds, while whoever dies is started again."""

    def looked() -> bool:
        made.look()
        with suppress(OSError):
            return bool(holds())
        return False

    until(looked, what, seconds, every_s)


def last_words(made: House, lines: int = 8) -> str:
    """Of every process, for whoever has to find out."""
    return "\n".join(f"── {name}\n{tail(made.log(name), lines)}" for name in made.supervisor.children)
