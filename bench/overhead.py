"""What a job costs that does nothing: doorbell and ledger, beside dramatiq as it comes and beside procrastinate.

Each contender is given the same number of jobs, one at a time and each with a commit of its own where there is one, by one
process, while its worker of eight threads (or eight tasks) does them. Counted are the seconds until all are done, and
the processor seconds of every process that took part: whoever adds, relay, worker, Redis, PostgreSQL. PostgreSQL keeps what was
committed (fsync on); dramatiq as it comes keeps it in Redis' memory and append-only file. "Three changes of a row" is the limit
of whatever loses nothing: a job's row added, had and ended with the bare driver, by one thread that has nothing else to do.

procrastinate lives in an environment of its own, which the Makefile does not make: `--procrastinate PYTHON` names its Python
(`python -m venv build/procrastinate && build/procrastinate/bin/pip install procrastinate "psycopg[binary]"`).
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import dramatiq
import psycopg
import redis

from bench.bars import Bar, draw
from bench.goals import Goal, goals_table
from bench.machine import family
from bench.noops import ACTOR, KIND, QUEUE, plain_broker
from bench.options import ROOT, Options
from bench.progress import Say
from bench.pushes import DURABLE, cpu_seconds
from bench.service import until
from bench.tables import table
from cases.effects import Enqueue
from courier.sandbox.launch import environment, new_credentials
from storage.migrate import upgrade
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import create_key_file
from tests import services

PROCRASTINATE = ROOT / "build" / "procrastinate" / "bin" / "python"
ALONE, OURS = "dramatiq alone", "ledger and doorbell"
ROUNDS = 3
TIMES = 2.0
THREADS = 8
PATIENCE_SECONDS = 300.0
WARM = 50


@dataclass(frozen=True)
class Took:
    """Of a job: milliseconds of processor time by process, and of the clock."""

    cpu: Mapping[str, float]
    wall: float

    @property
    def whole(self) -> float:
        return sum(self.cpu.values())


@dataclass(frozen=True)
class Stand:
    redis_url: str
    database_url: str
    """As psycopg wants it."""
    folder: Path
    env: Mapping[str, str]
    settings: StorageSettings


def run(options: Options, say: Say) -> str:
    with _stand() as stand:
        contenders = {
            ALONE: plain,
            "three changes of a row": least,
            OURS: ours,
            "procrastinate": procrastinate,
        }
        if not PROCRASTINATE.exists():
            contenders.pop("procrastinate")
        took: dict[str, list[Took]] = {name: [] for name in contenders}
        for turn in range(ROUNDS):
            for name, contender in contenders.items():
                took[name].append(contender(stand, options.jobs))
                say(f"  {turn + 1}: {name}: {took[name][-1].whole:.2f} ms of a processor, {took[name][-1].wall:.2f} ms")
    plot = options.results.with_name("overhead.png")
    bars = [Bar(name, [t.whole for t in each], ours=name == OURS) for name, each in took.items()]
    most = TIMES * median(t.whole for t in took[ALONE])
    draw(plot, "A job that does nothing", "milliseconds of a processor, all processes", bars, ("wanted", most))
    return f"{section(took, options.jobs)}\n\nThe plot: `{plot.name}`."


def section(took: Mapping[str, Sequence[Took]], jobs: int) -> str:
    base, mine = (median(t.whole for t in took[name]) for name in (ALONE, OURS))
    goal = Goal(
        "processor time of a job: ledger and doorbell beside dramatiq alone", f"≤ {TIMES:g} times", f"{mine / base:.1f} times",
        mine <= TIMES * base,
    )  # fmt: skip
    parts = sorted({part for each in took.values() for t in each for part in t.cpu})
    heads = ("ms a job", "processor, all", *parts, "clock", "least and most processor")
    rows = [_row(name, each, parts) for name, each in took.items()]
    note = f"{jobs} jobs that do nothing, {ROUNDS} rounds by turns; medians. A worker of {THREADS} threads each."
    return "\n\n".join([note, goals_table([goal]), table(heads, rows)])


def _row(name: str, each: Sequence[Took], parts: Sequence[str]) -> tuple[object, ...]:
    of = (median(t.cpu.get(part, 0.0) for t in each) for part in parts)
    ends = f"{min(t.whole for t in each):.2f}–{max(t.whole for t in each):.2f}"
    return (name, median(t.whole for t in each), *of, median(t.wall for t in each), ends)


@contextmanager
def _stand() -> Iterator[Stand]:
    with ExitStack() as stack:
        redis_url = stack.enter_context(services.redis_server("--appendfsync", "everysec"))
        url = stack.enter_context(services.postgresql(**DURABLE))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zerotrip-bench-")))
        create_key_file(folder / "keys")
        settings = StorageSettings(
            url.replace("postgresql://", "postgresql+psycopg://"), f"dir:{folder}", folder / "keys"
        )
        upgrade(settings)
        courier = environment(new_credentials(secrets.token_bytes), 9)
        env = {**os.environ, **courier, **services.storage_env(settings), "BENCH_REDIS_URL": redis_url, "BENCH_DATABASE_URL": url,
               "WORKERS_REDIS_URL": redis_url, "dramatiq_worker_timeout": "100"}  # fmt: skip
        yield Stand(redis_url, url, folder, env, settings)


# ── the contenders ──


def plain(stand: Stand, jobs: int) -> Took:
    broker = plain_broker(stand.redis_url)
    broker.declare_queue(QUEUE)
    bodies = redis.Redis.from_url(stand.redis_url)

    def add(count: int) -> None:
        for number in range(count):
            broker.enqueue(dramatiq.Message(queue_name=QUEUE, actor_name=ACTOR, args=(number,), kwargs={}, options={}))

    with _worker(stand, "plain", QUEUE) as worker:
        took = _measured(stand, jobs, add, lambda: not bodies.exists(f"plain:{QUEUE}.msgs"), {"worker": worker})
    broker.close()
    return took


def ours(stand: Stand, jobs: int) -> Took:
    database = Database(stand.settings)

    def add(count: int) -> None:
        for number in range(count):
            with database.stating() as tx:  # the statement that adds a job tells the relay of it, too
                tx.jobs.add(Enqueue(KIND, f"nothing {number}"))

    relay = [sys.executable, "-m", "workers.relay"]
    with _worker(stand, "ledger", "worker") as worker, _process(stand, relay) as rings, _looking(stand, _LEFT) as over:
        took = _measured(stand, jobs, add, over, {"worker": worker, "relay": rings})
    database.dispose()
    return took


_LEFT = "SELECT 1 FROM jobs WHERE state IN ('queued', 'running') LIMIT 1"


def least(stand: Stand, jobs: int) -> Took:
    """What no ledger can do without: of each job a row added, had and ended, each kept before the next. One thread, no
    queue, no doorbell, no index but the key."""
    with psycopg.connect(stand.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS least (id text PRIMARY KEY, state text, attempts int)")

        def add(count: int) -> None:
            for _ in range(count):
                job = secrets.token_hex(13)
                connection.execute("INSERT INTO least VALUES (%s, 'queued', 0)", [job])
                connection.execute(_HAD, [job]).fetchone()
                connection.execute("UPDATE least SET state = 'done' WHERE id = %s AND attempts = 1", [job])

        return _measured(stand, jobs, add, lambda: True, {})


_HAD = "UPDATE least SET state = 'running', attempts = attempts + 1 WHERE id = %s AND state = 'queued' RETURNING *"


def procrastinate(stand: Stand, jobs: int) -> Took:
    program = [str(PROCRASTINATE), "bench/procrastinate_worker.py"]
    with _looking(stand, "SELECT 1 FROM pg_tables WHERE tablename = 'procrastinate_jobs'") as missing:
        if missing():
            subprocess.run([*program, "schema"], cwd=ROOT, env=stand.env, check=True, timeout=60)

    def add(count: int) -> None:
        subprocess.run([*program, "defer", str(count)], cwd=ROOT, env=stand.env, check=True, timeout=PATIENCE_SECONDS)

    with _process(stand, [*program, "work"]) as worker, _looking(stand, _LEFT_THERE) as over:
        return _measured(stand, jobs, add, over, {"worker": worker})


_LEFT_THERE = "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') LIMIT 1"


# ── measuring ──


def _measured(
    stand: Stand, jobs: int, add: Callable[[int], None], over: Callable[[], bool], processes: Mapping[str, int]
) -> Took:
    """After a few that are not counted: whoever begins loads and connects."""
    _until_over(add, WARM, over)
    everybody = {**processes, "Redis": _redis_pid(stand), "PostgreSQL": _postmaster(stand)}
    before, own, began = {name: _cpu(pid) for name, pid in everybody.items()}, _own_cpu(), time.perf_counter()
    _until_over(add, jobs, over)
    wall = time.perf_counter() - began
    used = {name: _cpu(pid) - before[name] for name, pid in everybody.items()} | {"whoever adds": _own_cpu() - own}
    return Took({name: 1000 * seconds / jobs for name, seconds in used.items()}, 1000 * wall / jobs)


def _until_over(add: Callable[[int], None], jobs: int, over: Callable[[], bool]) -> None:
    add(jobs)
    until(over, PATIENCE_SECONDS, 0.05)


def _cpu(pid: int) -> float:
    return sum(cpu_seconds(member) for member in family(pid))


def _own_cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def _looking(stand: Stand, sql: str) -> Iterator[Callable[[], bool]]:
    """Whether nothing is found. By one connection: a new one for each look would cost as much as several jobs."""
    with psycopg.connect(stand.database_url, autocommit=True) as connection:
        yield lambda: connection.execute(sql).fetchone() is None


def _postmaster(stand: Stand) -> int:
    with psycopg.connect(stand.database_url) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    return int(str(row[0]).splitlines()[0]) if row else 0


def _redis_pid(stand: Stand) -> int:
    told = redis.Redis.from_url(stand.redis_url).info("server")
    return int(told["process_id"])  # type: ignore[index]  # the client may be asynchronous, this one is not


@contextmanager
def _worker(stand: Stand, which: str, queue: str) -> Iterator[int]:
    words = ["--processes", "1", "--threads", str(THREADS), "--queues", queue, "--worker-shutdown-timeout", "5000"]
    with _process(stand, [sys.executable, "-m", "dramatiq", f"bench.noops:{which}", *words]) as pid:
        yield pid


@contextmanager
def _process(stand: Stand, command: Sequence[str]) -> Iterator[int]:
    with (stand.folder / "log").open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=stand.env, cwd=ROOT, start_new_session=True)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own session: nothing else is in the group
        process.wait()
