"""The embedded service: every process of zerotrip on one machine, in one folder, with nothing to install by hand.

    zerotrip up [--data DIR] [--port N]

SQLite, a folder of blobs, Valkey from its wheel behind a Unix socket, the sandbox courier, and the five processes of
the Procfile. They start beside the one that makes the folder's database (`workers.preparing`): each loads what it needs, and opens
the database when it is prepared. This one loads next to nothing, so that they begin at once.
Promises: one signal stops all of it, nothing is left running; a child that dies is started again, and what it was doing is
done; keys and passwords stand only in the folder, readable by its owner alone.
Refuses: a port that is taken, a folder that another service uses.
"""

import argparse
import fcntl
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import pyotp

from courier.sandbox.launch import PARTNERS, Credentials, command, environment, new_credentials
from sharing.sandbox import launch as registry
from workers.example_areas import GRID_AREAS
from workers.giving_way import SWEEPS
from workers.supervise import ChildRefused, Say, Spec, Supervisor

READY_SECONDS = 120.0
"""The models take three seconds on an idle machine; a loaded one is given time."""
SOCKET_PATH_MAX = 100
"""The kernel's limit for a Unix socket's path is 107 bytes."""
OFFICE = "广东省|广州市|海珠区|宝岗大道1号政务服务中心二楼|收件室|02084000000"
PASSWORD_MEMORY = "STORAGE_PASSWORD_MEMORY_MIB"
"""The one setting of the storage that is handed on where it is set: all others are the folder's own."""
OUR_OWN = ("grid", "drop_box", "counter")
"""Carriers of our own, beside the one whom the sandbox plays."""
MORE_THAN_CORES = 1
"""So many more processes load at the same time than there are cores: each waits for the disk now and then."""
PREPARED = "prepared"
"""In the folder `run`: the database is made, and may be opened."""
PREPARING_LOG = "preparing.log"
ROOT = Path(__file__).parent.parent


class CannotStart(Exception):
    """What is missing or taken, and what to do."""


@dataclass(frozen=True)
class Options:
    data: Path
    port: int = 8000
    courier: str = "ems"
    """Whose language the sandbox speaks: one of `courier.sandbox.launch.PARTNERS`."""
    courier_speed: float = 12.0
    """Of the sandbox: 60 plays one step of a parcel's life a second, 0 none but what is asked for."""
    faults: str = ""
    quiet: bool = False
    host: str = "127.0.0.1"


@dataclass(frozen=True)
class Service:
    """A prepared folder: where things are, and the environment of every process."""

    options: Options
    env: Mapping[str, str]
    courier: Credentials
    courier_port: int
    socket: Path

    @property
    def url(self) -> str:
        return f"http://{self.options.host}:{self.options.port}"

    @property
    def courier_url(self) -> str:
        return f"http://127.0.0.1:{self.courier_port}"

    @property
    def registry_url(self) -> str:
        return self.env["SHARING_URL"]


def laid_out(options: Options) -> Service:
    """The folder, and what its processes are told; the database is not made yet. Raises `CannotStart`."""
    data = options.data
    for folder in (data, data / "logs", data / "valkey", data / "run"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_port(options.host, options.port)
    service = _service(options)
    for before in (data / "run" / "ready", data / "run" / PREPARED, data / "logs" / PREPARING_LOG):
        before.unlink(missing_ok=True)
    told = {"url": service.url, "courier": service.courier_url, "registry": service.registry_url, "pid": os.getpid()}
    write_private(data / "service.json", told)
    return service


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(f"port {port}: {error.strerror}; choose another with --port") from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _service(options: Options) -> Service:
    data = options.data.resolve()
    courier, port = _courier(data / "courier.json"), free_port()
    at = _socket(data)
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("STORAGE_", "ZEROTRIP_", "WORKERS_", "WEB_"))},
        "STORAGE_DATABASE_URL": f"sqlite:///{data / 'zerotrip.db'}",
        "STORAGE_BLOBS": f"dir:{data / 'blobs'}",
        "STORAGE_KEY_FILE": str(data / "keys.json"),
        "STORAGE_ANCHORS": f"file:{data / 'anchors.jsonl'}",
        "STORAGE_AFTER": str(data / "run" / PREPARED),
        **environment(courier, port, options.courier, f"http://{options.host}:{options.port}"),
        "ZEROTRIP_COURIERS": ",".join((options.courier, *OUR_OWN)),
        "ZEROTRIP_GRID_AREAS": GRID_AREAS,
        "WORKERS_REDIS_URL": f"unix://{at}",
        "WORKERS_OFFICE": OFFICE,
        **registry.environment(free_port(), secrets.token_hex(16)),
        "WEB_PUBLIC_URL": f"http://{options.host}:{options.port}",
        "WORKERS_WEBHOOK_HOSTS": "127.0.0.1 localhost",
        "WEB_HOST": options.host,
        "WEB_PORT": str(options.port),
        "WEB_EMBEDDED_PLATFORM": "1",
        "WEB_COOKIE_SECURE": "0",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "2"),
        # how long a worker that hears nothing sleeps between two looks: the bell should be heard at once
        "dramatiq_worker_timeout": "100",
        "dramatiq_restart_delay": "500",
        "PYTHONUNBUFFERED": "1",
    }
    for name in (
        "WORKERS_CRASH_AT",
        "WORKERS_CRASH_ONCE",
        "WORKERS_SWEEP_SECONDS",
        "WORKERS_LOG_LEVEL",
        "WORKERS_CLAMD",
        PASSWORD_MEMORY,
    ):
        if name in os.environ:
            env[name] = os.environ[name]
    return Service(replace(options, data=data), env, courier, port, at)


def _socket(data: Path) -> Path:
    """In the folder, unless its path is too long for the kernel."""
    inside = data / "valkey" / "valkey.sock"
    if len(str(inside).encode()) <= SOCKET_PATH_MAX:
        return inside
    short = Path(tempfile.gettempdir()) / f"zerotrip-{sha256(str(data).encode()).hexdigest()[:16]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise CannotStart(f"{short} belongs to somebody else; choose a --data folder with a shorter path")
    return short / "valkey.sock"


def _courier(path: Path) -> Credentials:
    """Invented once per folder: the sandbox's journal is of use only with the same."""
    if path.exists():
        return Credentials(**json.loads(path.read_text()))
    made = new_credentials(secrets.token_bytes)
    write_private(path, asdict(made))
    return made


def write_private(path: Path, value: Mapping[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)


def specs(service: Service) -> list[Spec]:
    """Every process, in the order of starting: what takes longest first, and beside it, one after the other, what the first page
    needs on its way."""
    data, logs = service.options.data, service.options.data / "logs"

    def dramatiq(module: str, threads: int, *queues: str) -> list[str]:
        workers = ["--processes", "1", "--threads", str(threads), "--worker-shutdown-timeout", "10000"]
        return [sys.executable, "-m", "dramatiq", module, *workers, "--queues", *queues]

    def python(module: str) -> list[str]:
        return [sys.executable, "-m", module]

    def background(name: str, argv: list[str], **extra: str) -> Spec:
        ready = data / "run" / f"{name}.ready"
        ready.unlink(missing_ok=True)
        return Spec(name, argv, logs / f"{name}.log", ready.exists, {"WORKERS_READY_FILE": str(ready), **extra})

    partner = service.options.courier
    hook = f"{service.url}/hooks/couriers/{partner}/{service.courier.hook_secret}"
    played = ["--speed", str(service.options.courier_speed), "--faults", service.options.faults]
    journal = data / f"courier-{partner}.jsonl"
    courier = command(service.courier, service.courier_port, hook, *played, journal=journal, partner=partner)
    shared = registry.command(service.env)
    preparing = [*python("workers.preparing"), "--data", str(data)]
    valkey = [*python("workers.valkey"), "--socket", str(service.socket), "--folder", str(data / "valkey")]
    return [
        background("reader", dramatiq("workers.reader", 2, "reader", "solitary"), dramatiq_queue_prefetch="2"),
        Spec("preparing", preparing, logs / PREPARING_LOG, (data / "run" / PREPARED).exists, ends=True),
        Spec("valkey", valkey, logs / "valkey.log", lambda: _socket_answers(service.socket), light=True),
        Spec("web", python("web"), logs / "web.log", lambda: _answers(f"{service.url}/readyz")),
        background("relay", python("workers.relay")),
        Spec("courier", courier, logs / "courier.log", lambda: _answers(f"{service.courier_url}/healthz"), light=True),
        Spec(
            "registry", shared, logs / "registry.log", lambda: _answers(f"{service.registry_url}/healthz"), light=True
        ),
        background("worker", dramatiq("workers.main", 4, "worker")),
    ]


def later(service: Service) -> Spec:
    """What nobody waits for who has just come: it starts when the doors are open, and gives way to whoever does."""
    log = service.options.data / "logs" / "clock.log"
    return Spec("clock", [sys.executable, "-m", "workers.clock"], log, behind=SWEEPS)


def _socket_answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as asked:
            asked.settimeout(1)
            asked.connect(str(path))
            asked.sendall(b"PING\r\n")
            return asked.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def hold(data: Path) -> TextIO:
    """The folder is ours as long as the file is open. Raises `CannotStart`."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (data / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CannotStart(f"{data}: another service uses this folder; choose another with --data") from None
    return lock


class Embedded:
    """The running service. `run` returns the exit code."""

    def __init__(self, options: Options, say: Say, on_ready: Callable[[Service], None] = lambda _: None) -> None:
        self._options, self._say, self._on_ready = options, say, on_ready
        self._stopping = threading.Event()

    def stop(self, _signum: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping.set()

    def run(self) -> int:
        """Until a signal. Raises `CannotStart`, `ChildRefused`, `TimeoutError`."""
        with hold(self._options.data):
            service = laid_out(self._options)
            supervisor = Supervisor(service.env, ROOT, self._say)
            try:
                self._serve(service, supervisor)
            finally:
                _call_off(service)
                supervisor.stop()
                _clear(service)
        return 0

    def _serve(self, service: Service, supervisor: Supervisor) -> None:
        at_once = len(os.sched_getaffinity(0)) + MORE_THAN_CORES
        supervisor.bring_up(specs(service), at_once, READY_SECONDS, self._stopping.is_set)
        if not self._stopping.is_set():
            supervisor.start(later(service))
            _pass_on(service)
            (service.options.data / "run" / "ready").touch()
            self._on_ready(service)
        while not self._stopping.wait(0.2):
            supervisor.look()


def _pass_on(service: Service) -> None:
    """What whoever prepared the folder had to say."""
    for line in (service.options.data / "logs" / PREPARING_LOG).read_text().splitlines():
        print(f"zerotrip: {line}", file=sys.stderr)


def _call_off(service: Service) -> None:
    """Whoever still waits for the database need not."""
    prepared, beside = (service.options.data / "run" / name for name in (PREPARED, f".{PREPARED}"))
    if not prepared.exists():
        beside.write_text("the service is stopped")
        beside.replace(prepared)


def _clear(service: Service) -> None:
    """What only a running service has."""
    data = service.options.data
    for gone in (data / "service.json", data / "run" / "ready", service.socket):
        gone.unlink(missing_ok=True)
    if data not in service.socket.parents:
        service.socket.parent.rmdir()


def welcome(service: Service) -> str:
    """Addresses and who may log in. Codes are those of this half minute."""
    lines = [
        f"residents   {service.url}/app/ (what can be applied for: {service.url}/)",
        f"desk        {service.url}/desk",
        f"grid        {service.url}/grid (phone page of grid workers, login `grid`)",
        f"API         {service.url}/openapi.json",
        f"courier     {service.courier_url}/control/orders (sandbox)",
        f"registry    {service.registry_url}/control/asked (sandbox)",
        f"folder      {service.options.data}",
    ]
    credentials = service.options.data / "credentials.json"
    if credentials.exists():
        for login in json.loads(credentials.read_text())["logins"][:2]:
            code = pyotp.TOTP(login["totp_secret"]).now()
            lines.append(
                f"login       {login['login']}  password {login['password']}  TOTP {login['totp_secret']} (now {code})"
            )
        lines.append(f"            everybody else, and API keys: {credentials}")
    return "\n".join(lines)


def up(options: Options) -> int:
    """The command: 0 after a signal, 1 when something fails, 3 when something is missing or taken."""

    def say(line: str) -> None:
        if not options.quiet:
            print(f"zerotrip: {line}", file=sys.stderr, flush=True)

    service = Embedded(options, say, lambda s: print(welcome(s), flush=True) if not options.quiet else None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, service.stop)
    try:
        return service.run()
    except (CannotStart, ChildRefused) as error:
        print(f"zerotrip: {error}", file=sys.stderr, flush=True)
        return 3
    except TimeoutError as error:
        print(f"zerotrip: {error}", file=sys.stderr, flush=True)
        return 1


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m workers.embedded`: what `zerotrip up` becomes."""
    parser = argparse.ArgumentParser("zerotrip up")
    parser.add_argument("--data", type=Path, default=default_data())
    parser.add_argument("--port", type=port_number, default=Options.port)
    parser.add_argument("--courier", choices=PARTNERS, default=Options.courier)
    parser.add_argument("--courier-speed", type=speed, default=Options.courier_speed)
    parser.add_argument("--courier-faults", default=Options.faults)
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args(argv)
    return up(Options(given.data, given.port, given.courier, given.courier_speed, given.courier_faults, given.quiet))


def port_number(word: str) -> int:
    """Raises `ValueError`, which argparse tells as wrong use."""
    port = int(word)
    if not 0 < port < 65536:
        raise ValueError(word)
    return port


def speed(word: str) -> float:
    """As `port_number`."""
    made = float(word)
    if not made >= 0:
        raise ValueError(word)
    return made


def default_data() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "zerotrip"


if __name__ == "__main__":
    sys.exit(main())
