"""PostgreSQL and Redis that can be restarted in place, on the same port with the same data, killed and filled."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from tests import services
from tests.services import free_port
from tests.workers.service import until

STARTS_WITHIN_S = 60


@dataclass(frozen=True)
class Postgres:
    """Durable against its own death, as in production: a commit that was answered is on the disk's side of it."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        return self.at("postgres")

    def at(self, database: str) -> str:
        return f"postgresql://zerotrip@127.0.0.1:{self.port}/{database}"

    def control(self, *words: str) -> None:
        """`pg_ctl`."""
        program = services._postgresql_binaries() / "pg_ctl"
        subprocess.run(
            [str(program), "-D", str(self.home / "data"), "-l", str(self.home / "log"), *words],
            check=True, cwd=self.home, timeout=STARTS_WITHIN_S, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **services._as_user(services._other_user()),
        )  # fmt: skip

    def restart(self, mode: str) -> None:
        """`fast`: connections are cut; `immediate`: as after a crash, and it recovers."""
        self.control("restart", "-m", mode, "-w", "-t", str(STARTS_WITHIN_S))


@contextmanager
def postgres(home: Path, also: str = "") -> Iterator[Postgres]:
    """`also`: another address that it answers at, to everybody there."""
    made = Postgres(home, free_port())
    if owner := services._other_user():
        shutil.chown(home, owner)
    subprocess.run(
        [str(services._postgresql_binaries() / "initdb"), "-D", str(home / "data"), "-U", "zerotrip", "-A", "trust",
         "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd=home, timeout=STARTS_WITHIN_S, **services._as_user(owner),
    )  # fmt: skip
    # the machine does not lose its power here, so nothing need reach the disk; only PostgreSQL itself dies
    settings = {"port": made.port, "listen_addresses": f"'127.0.0.1{also and ','}{also}'", "unix_socket_directories": f"'{home}'",
                "fsync": "off", "max_connections": 200, "shared_buffers": "'128MB'", "deadlock_timeout": "'200ms'"}  # fmt: skip
    with (home / "data" / "postgresql.conf").open("a") as file:
        file.write("".join(f"{name} = {value}\n" for name, value in settings.items()))
    if also:
        with (home / "data" / "pg_hba.conf").open("a") as file:
            file.write(f"host all all {also}/24 trust\n")
    made.control("start", "-w")
    try:
        yield made
    finally:
        made.control("stop", "-m", "immediate", "-w")


class RedisServer:
    """Append-only file every second, nothing evicted, as in production."""

    def __init__(self, home: Path, also: str = "") -> None:
        self._home, self._also, self.port = home, also, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._home),
                   "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", ""]  # fmt: skip
        if self._also:
            command += ["--bind", "127.0.0.1", self._also, "--protected-mode", "no"]
        with (self._home / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self._home)
        until(self.answers, "redis-server", STARTS_WITHIN_S)

    def answers(self) -> bool:
        try:
            with closing(self.client()) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=10)

    def restart(self) -> None:
        """As after `kill -9`."""
        self.stop(signal.SIGKILL)
        self.start()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            os.kill(self._process.pid, how)
            self._process.wait(20)
            self._process = None


@contextmanager
def redis_here(home: Path, also: str = "") -> Iterator[RedisServer]:
    made = RedisServer(home, also)
    made.start()
    try:
        yield made
    finally:
        made.stop(signal.SIGKILL)


def postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
