"""The doors as they stand before a database of their own: PostgreSQL with fsync and synchronous commit, started for the
measurement, and servers that are started on it one after the other."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.pushes import DURABLE, READY_SECONDS, ROOT, Server, _of_family, cpu_seconds
from bench.service import free_port
from cases.items import Item, item_from
from courier.sandbox.launch import environment, new_credentials
from storage.migrate import upgrade
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import create_key_file
from tests import services
from tests.cases.world import ITEM


class Stand:
    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self._credentials = new_credentials(secrets.token_bytes)
        key_file = folder / "keys"
        create_key_file(key_file)
        self.storage = StorageSettings(url, f"dir:{folder / 'blobs'}", key_file)
        upgrade(self.storage)

    @property
    def hook_secret(self) -> str:
        return self._credentials.hook_secret

    @property
    def sign_key(self) -> str:
        return self._credentials.sign_key

    @property
    def sender_no(self) -> str:
        return self._credentials.sender_no

    def item(self, database: Database) -> Item:
        made = item_from(ITEM)
        with database.transaction() as tx:
            tx.publish_item(ITEM, made)
        return made

    def web_env(self, port: int, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            **services.storage_env(self.storage),
            **environment(self._credentials, port),
            "WEB_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WEB_PORT": str(port),
            "WEB_EMBEDDED_PLATFORM": "1",
            **more,
        }

    @contextmanager
    def server(self, module: Sequence[str], env: dict[str, str], port: int) -> Iterator[Server]:
        server = Server([sys.executable, "-m", *module], env, port, self.folder / "server.log")
        try:
            server.start()
            yield server
        finally:
            server.stop()

    def database_cpu_s(self) -> float:
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        return _of_family(int(str(row[0]).splitlines()[0])) if row else 0.0


@contextmanager
def stand() -> Iterator[Stand]:
    with services.postgresql(**DURABLE) as url, tempfile.TemporaryDirectory(prefix="zerotrip-bench-") as folder:
        yield Stand(url.replace("postgresql://", "postgresql+psycopg://"), Path(folder))


def client(module: str, load: Mapping[str, Any], seconds: float) -> Any:
    """What a client process, told a load, tells of it."""
    told = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(load), capture_output=True, text=True, check=False, cwd=ROOT,
        timeout=seconds + 2 * READY_SECONDS,
    )  # fmt: skip
    if told.returncode:
        raise RuntimeError(f"{module} ended with {told.returncode}:\n{told.stderr[-2000:]}")
    return json.loads(told.stdout)


def rank(sorted_seconds: Sequence[float], share: float) -> float:
    """Milliseconds."""
    if not sorted_seconds:
        return float("nan")
    return 1000 * sorted_seconds[min(len(sorted_seconds) - 1, int(share * len(sorted_seconds)))]


__all__ = ["Server", "Stand", "client", "cpu_seconds", "free_port", "rank", "stand"]
