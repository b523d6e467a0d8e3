"""Pages that come in at fifty a second for two minutes, with the reader at work behind them: whether each is taken in
time, whether every one that was taken stands in the ledger, and what the doors' memory does meanwhile.
`python -m bench uploads`.

PostgreSQL with fsync, one process of the doors, a relay, one reader and a Redis on the same machine as the client: the
reader is given what is left and reads what it can; what it has not read waits, and is counted.
"""

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from bench.doors import Stand, client, cpu_seconds, free_port, rank, stand
from bench.goals import Goal, goals_table, under
from bench.options import Options
from bench.progress import Say
from bench.residents import Phone, make_residents
from bench.tables import table
from bench.upload_client import Load, Sent
from storage.session import Database
from tests import services

P99_MS = 500.0
PAGES_EACH = 2
"""Of each resident's case, one to a material; so that nobody sends more than people do."""
MATERIALS = ("id_front", "form")
PICTURE = Path(__file__).parents[1] / "tests" / "samples" / "id_front.jpg"
LOOK_S = 2.0
FLAT_MB = 60.0
"""The doors may grow by so much from the first quarter of the run to its end: the files under way at once."""


@dataclass(frozen=True)
class Memory:
    """Megabytes (RSS) of the doors: every look of the run, in order."""

    looks: tuple[float, ...]

    @property
    def grown(self) -> float:
        quarter = self.looks[: max(1, len(self.looks) // 4)]
        return self.looks[-1] - max(quarter) if self.looks else 0.0


@dataclass(frozen=True)
class Run:
    """`cpu_s`: of the doors."""

    sent: Sent
    memory: Memory
    cpu_s: float


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    wanted = int(options.uploads_a_second * options.upload_seconds)
    with stand() as at:
        database = Database(at.storage)
        residents = -(-wanted // PAGES_EACH)
        say(f"  uploads: {residents} residents with a case each")
        phones = make_residents(database, at.item(database), residents)
        say(
            f"  uploads: bare endpoint, {options.uploads_a_second} a second for {min(20.0, options.upload_seconds):.0f} s"
        )
        bare = _bare(at, phones, options)
        say(f"  uploads: web, {options.uploads_a_second} a second for {options.upload_seconds:.0f} s")
        web, told = _web(at, phones, options)
        database.dispose()
    return section(options, bare, web, told)


def _places(phones: Sequence[Phone], paths: str) -> tuple[tuple[str, str], ...]:
    return tuple((p.token, paths.format(case=p.case, material=m)) for m in MATERIALS for p in phones)


def _bare(at: Stand, phones: Sequence[Phone], options: Options) -> Sent:
    port, seconds = free_port(), min(20.0, options.upload_seconds)
    with at.server(["bench.bare", str(port)], {**at.web_env(port), "BENCH_DATABASE_URL": at.url}, port):
        load = Load(port, _places(phones, "/push"), str(PICTURE), options.uploads_a_second, seconds)
        return Sent(**client("bench.upload_client", asdict(load), seconds))


@contextmanager
def _behind(at: Stand) -> Iterator[None]:
    """A relay and a reader, as the Procfile starts them."""
    with services.redis_server() as redis:
        env = {**at.web_env(0), "WORKERS_REDIS_URL": redis, "OMP_NUM_THREADS": "1"}
        env |= {"WORKERS_OFFICE": "广东省|广州市|海珠区|样本路1号|收件室|02000000000", "PREAUDIT_CPU_PINNING": "0"}
        reader = ["-m", "dramatiq", "workers.reader", "--processes", "1", "--threads", "2", "--queues", "reader"]
        with (
            services.running([sys.executable, "-m", "workers.relay"], at.folder / "relay.log", env),
            services.running([sys.executable, *reader], at.folder / "reader.log", env),
        ):
            yield


def _web(at: Stand, phones: Sequence[Phone], options: Options) -> tuple[Run, dict[str, int]]:
    port = free_port()
    env = at.web_env(port, WEB_ADDRESS_PER_MINUTE="1000000", WEB_READING_WAITS_MOST="20000")
    with at.server(["web"], env, port) as server, _behind(at), _watched(server.pid) as looks:
        path = "/api/v1/cases/{case}/materials/{material}/pages"
        load = Load(port, _places(phones, path), str(PICTURE), options.uploads_a_second, options.upload_seconds)
        sent = Sent(**client("bench.upload_client", asdict(load), options.upload_seconds))
        return Run(sent, Memory(tuple(looks)), cpu_seconds(server.pid)), _kept(at)


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    looks, over = list[float](), threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_S):
            looks.append(resident_mb(pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield looks
    finally:
        over.set()
        thread.join()


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def _kept(at: Stand) -> dict[str, int]:
    """Pages, those with a job of their own, and those that were read."""
    counts = {
        "pages": "SELECT count(*) FROM pages",
        "with a job": "SELECT count(*) FROM pages JOIN jobs ON jobs.subject = pages.id AND jobs.kind = 'page.read'",
        "read": "SELECT count(*) FROM pages WHERE state <> 'uploaded'",
    }
    with psycopg.connect(at.url.replace("+psycopg", "")) as connection:
        return {name: int((connection.execute(sql).fetchone() or (0,))[0]) for name, sql in counts.items()}


HEADS = ("answered by", "pages", "201 or 200", "other", "a second", "median ms", "p95 ms", "p99 ms", "max ms")


def row(name: str, sent: Sent, seconds: float) -> tuple[object, ...]:
    took, good = sorted(sent.seconds), _good(sent)
    ms = [f"{rank(took, share):.0f}" for share in (0.5, 0.95, 0.99, 1.0)]
    return (name, len(took), good, len(took) - good, f"{len(took) / seconds:.0f}", *ms)


def _good(sent: Sent) -> int:
    return sum(n for status, n in sent.by_status.items() if status in ("200", "201"))


def section(options: Options, bare: Sent, web: Run, told: dict[str, int]) -> str:
    sent, memory, cpu = web.sent, web.memory, web.cpu_s
    wanted, seconds = int(options.uploads_a_second * options.upload_seconds), options.upload_seconds
    taken = _good(sent)
    goals = [
        Goal("every page taken", str(wanted), json.dumps(sent.by_status), taken == wanted),
        under(f"{options.uploads_a_second} pages a second for {seconds:.0f} s: p99", rank(sorted(sent.seconds), 0.99), P99_MS, "ms"),
        Goal("every 201 has its page and its job", f"{taken}", f"{told['pages']}, {told['with a job']}", told["pages"] >= taken <= told["with a job"]),
        under("growth of the doors' memory after the first quarter", memory.grown, FLAT_MB, "MB"),
    ]  # fmt: skip
    note = (
        f"Pictures of {PICTURE.stat().st_size // 1000} kB, each sent when it is due. One process of the doors, PostgreSQL "
        f"with fsync, a relay, one reader and the client on the same machine. Read meanwhile: {told['read']}; the rest "
        f"waits. Memory of the doors: {memory.looks[0] if memory.looks else 0:.0f} MB at first, {max(memory.looks, default=0):.0f} MB at most, "
        f"{memory.looks[-1] if memory.looks else 0:.0f} MB at the end. The doors' CPU: {1000 * cpu / max(1, taken):.1f} ms a page. "
        "The bare endpoint writes the same body as one row and commits."
    )
    rows = [row("bare endpoint", bare, min(20.0, seconds)), row("web", sent, seconds)]
    return "\n\n".join([note, goals_table(goals), table(HEADS, rows)])
