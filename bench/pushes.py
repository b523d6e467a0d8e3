"""What the courier's door takes: verified pushes a second, answered after the commit, beside a bare endpoint that
inserts one row; and whether every answered push is there after `web` was killed in the middle.

PostgreSQL is started for the measurement, with fsync and synchronous commit on, in a folder of its own. Server, client
and database share the machine. `python -m bench.pushes [--seconds N]`.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import requests

from bench.folding import fold_ms
from bench.push_client import Heard, Load
from bench.service import ServiceNotReady, free_port, until
from bench.tables import table
from courier.sandbox.launch import environment, new_credentials
from storage.migrate import upgrade
from storage.settings import StorageSettings
from storage.vault import create_key_file
from tests import services

ROOT = Path(__file__).parents[1]
PROMISED_PER_SECOND, PROMISED_P99_SECONDS, PROMISED_MEDIAN_SECONDS = 400, 0.1, 0.05
FOLDED_EVENTS, PROMISED_FOLD_MS = 200, 1
CONNECTIONS = 16
READY_SECONDS = 60.0
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time, user and system; they say less about who else was on the machine than the rate does."""

    server: float
    database: float


@dataclass(frozen=True)
class Run:
    name: str
    seconds: float
    heard: Sequence[Heard]
    cpu: "Cpu | None" = None

    @property
    def taken(self) -> list[Heard]:
        return [h for h in self.heard if 200 <= h.status < 300]

    def rank(self, share: float) -> float:
        """Milliseconds."""
        ranked = sorted(h.seconds for h in self.taken)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("nan")


def run(seconds: float, say: Say = print) -> list[str]:
    """The section of the report, in Markdown."""
    load_before = os.getloadavg()[0]
    with services.postgresql(**DURABLE) as url, tempfile.TemporaryDirectory(prefix="zerotrip-bench-") as folder:
        stand = Stand(url.replace("postgresql://", "postgresql+psycopg://"), Path(folder))
        say(f"  pushes: bare endpoint, {seconds:.0f} s")
        bare = stand.bare(seconds)
        say(f"  pushes: web, {seconds:.0f} s")
        web, _ = stand.web("w", seconds, kill=False)
        say(f"  pushes: web killed in the middle, {seconds:.0f} s")
        killed, kills = stand.web("k", seconds, kill=True)
        kept = stand.kept()
    return [_section([bare, web, killed], kept, kills, load_before), _folding()]


class Stand:
    """One database, and the servers that are started on it one after the other."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._credentials = new_credentials(secrets.token_bytes)
        key_file = folder / "keys"
        create_key_file(key_file)
        self._storage = StorageSettings(url, f"dir:{folder / 'blobs'}", key_file)
        upgrade(self._storage)

    def bare(self, seconds: float) -> Run:
        port = free_port()
        env = {**os.environ, "BENCH_DATABASE_URL": self._url}
        with self._server(["bench.bare", str(port)], env, port) as server:
            heard, cpu = self._measured(server, port, "/push", "b", seconds)
            return Run("bare FastAPI, one insert", seconds, heard, cpu)

    def web(self, run: str, seconds: float, *, kill: bool) -> tuple[Run, int]:
        """The run, and how many times the server was killed."""
        port = free_port()
        path = f"/hooks/couriers/ems/{self._credentials.hook_secret}"
        with self._server(["web"], self._web_env(port), port) as server:
            if not kill:
                return Run("web", seconds, *self._measured(server, port, path, run, seconds)), 0
            timer = threading.Timer(seconds / 2, server.kill_and_start_again)
            timer.start()
            heard = self._load(port, path, run, seconds)
            timer.join()
            return Run("web, `kill -9` in the middle", seconds, heard), server.kills

    def kept(self) -> set[str]:
        """Serial numbers of what stands in the inbox and will be handled: by a job of its own, or together with those of
        its second."""
        job = "SELECT FROM jobs WHERE kind = 'inbox.handle' AND state = 'queued'"
        shared = "NOT alone AND right(dedupe, 10) = floor(extract(epoch FROM arrived_at))::text"
        query = f"SELECT split_part(external_key, ':', 1) FROM inbox WHERE verified AND EXISTS ({job} AND (subject = inbox.id OR {shared}))"
        with psycopg.connect(self._url.replace("+psycopg", "")) as connection:
            return {serial for (serial,) in connection.execute(query)}

    def _web_env(self, port: int) -> dict[str, str]:
        return {
            **os.environ,
            **services.storage_env(self._storage),
            **environment(self._credentials, port),
            "WEB_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WEB_PORT": str(port),
            "WEB_EMBEDDED_PLATFORM": "1",
        }

    @contextmanager
    def _server(self, module: Sequence[str], env: dict[str, str], port: int) -> Iterator["Server"]:
        server = Server([sys.executable, "-m", *module], env, port, self._folder / "server.log")
        try:
            server.start()
            yield server
        finally:
            server.stop()

    def _measured(self, server: "Server", port: int, path: str, run: str, seconds: float) -> tuple[list[Heard], Cpu]:
        postmaster = self._postmaster()
        before = cpu_seconds(server.pid), _of_family(postmaster)
        heard = self._load(port, path, run, seconds)
        return heard, Cpu(cpu_seconds(server.pid) - before[0], _of_family(postmaster) - before[1])

    def _postmaster(self) -> int:
        with psycopg.connect(self._url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        return int(str(row[0]).splitlines()[0]) if row else 0

    def _load(self, port: int, path: str, run: str, seconds: float) -> list[Heard]:
        c = self._credentials
        load = Load(port, path, c.sign_key, c.sender_no, seconds, CONNECTIONS, run)
        told = subprocess.run(
            [sys.executable, "-m", "bench.push_client"],
            input=json.dumps(asdict(load)), capture_output=True, text=True, check=True, cwd=ROOT,
            timeout=seconds + READY_SECONDS,
        )  # fmt: skip
        return [Heard(**json.loads(line)) for line in told.stdout.splitlines()]


class Server:
    """One server process, which may be killed and started again on its port."""

    def __init__(self, command: list[str], env: dict[str, str], port: int, log: Path) -> None:
        self._command, self._env, self._port, self._log = command, env, port, log
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command, stdout=out, stderr=subprocess.STDOUT, env=self._env, cwd=ROOT
            )
        try:
            until(self._ready, READY_SECONDS, 0.1)
        except TimeoutError:
            raise ServiceNotReady(f"{self._command[2]} is not ready:\n{self._log.read_text()[-2000:]}") from None

    def _ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self._port}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    def kill_and_start_again(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.kills += 1
            self.start()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def cpu_seconds(pid: int) -> float:
    """Of a process so far, all threads, user and system; 0 if it is gone."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _of_family(parent: int) -> float:
    """Of a process and of its children that live."""
    pids = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    family = [p for p in pids if p == parent or _stat(p)[1:2] == [str(parent)]]
    return sum(cpu_seconds(p) for p in family)


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


HEADS = (
    "door", "sent", "2xx", "other answer", "no answer", "2xx a second", "median ms", "p99 ms", "max ms",
    "CPU ms a push: server", "database", "2xx kept",
)  # fmt: skip


def _section(runs: Sequence[Run], kept: set[str], kills: int, load_before: float) -> str:
    rows = [row(r, kept) for r in runs]
    lost = sum(h.serial not in kept for r in runs[1:] for h in r.taken)
    web = runs[1]
    quick = web.rank(0.99) < 1000 * PROMISED_P99_SECONDS and web.rank(0.5) < 1000 * PROMISED_MEDIAN_SECONDS
    held = quick and len(web.taken) / web.seconds >= PROMISED_PER_SECOND
    note = (
        f"Verified EMS pushes, each its own event, over {CONNECTIONS} kept connections from one client process on the "
        f"same machine ({len(os.sched_getaffinity(0))} cores, load before {load_before:.1f}); PostgreSQL with fsync and "
        f"synchronous commit. One `web` process. Promised: {PROMISED_PER_SECOND} a second with a median under "
        f"{1000 * PROMISED_MEDIAN_SECONDS:.0f} and a p99 under {1000 * PROMISED_P99_SECONDS:.0f} ms: {'held' if held else 'not held'} in this run. Kept: the 2xx whose row "
        f"and job are in the database at the end; answered and lost: {lost}, with {kills} `kill -9`."
    )
    return f"## Pushes of couriers\n\n{note}\n\n" + table(HEADS, rows)


def _folding() -> str:
    took = fold_ms(FOLDED_EVENTS)
    held = "held" if took < PROMISED_FOLD_MS else "not held"
    return (
        f"Fold of a history of {FOLDED_EVENTS} events, the best of twenty: {took:.2f} ms of processor time. Promised: "
        f"under {PROMISED_FOLD_MS} ms: {held}."
    )


def row(r: Run, kept: set[str]) -> tuple[object, ...]:
    """The cells under `HEADS`."""
    taken = r.taken
    there = sum(h.serial in kept for h in taken)
    silent = sum(h.status == 0 for h in r.heard)
    bare = r.name.startswith("bare")
    return (
        r.name,
        len(r.heard),
        len(taken),
        len(r.heard) - len(taken) - silent,
        silent,
        f"{len(taken) / r.seconds:.0f}",
        f"{r.rank(0.5):.1f}",
        f"{r.rank(0.99):.1f}",
        f"{r.rank(1):.1f}",
        *([f"{1000 * s / len(taken):.2f}" for s in (r.cpu.server, r.cpu.database)] if r.cpu and taken else "––"),
        "–" if bare else f"{there}/{len(taken)}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pushes", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="length of each of the three runs (default 20)")
    print("\n\n".join(run(parser.parse_args().seconds)))


if __name__ == "__main__":
    main()
