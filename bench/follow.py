"""From a courier's push to where the leg is seen to be: the door, the ledger, the relay, Redis, a worker, and a reader.

Pushes come at a steady pace for parcels that are really under way (`bench.parcels`), each push moves its leg; beside it, in
the same run, the same pace at an endpoint that inserts one row. A watcher (`bench.follow_client`) tells when each of them is
to be seen. PostgreSQL forces its log to the disk; web, relay, worker, Redis, PostgreSQL, client and watcher are all on this
one machine, and so is what they cost. Deliveries into the addressee's hands are left out: of EMS they are believed only
when its own record says so, and how fast it answers is not ours.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import psycopg
import redis

from bench import parcels
from bench.doors import Stand, client, cpu_seconds, free_port, rank, stand
from bench.follow_client import Load, Sent, Told
from bench.goals import Goal, goals_table, under
from bench.machine import family
from bench.options import ROOT
from bench.parcels import WAY, Parcel
from bench.progress import Say
from bench.service import until
from bench.tables import table
from courier.reading import beijing
from tests import services

A_SECOND = 200
P99_MS = 250.0
WARM_SECONDS = 5.0
WIDE = 400
"""Parcels under way at once: one push for each of them in two seconds."""
CONNECTIONS = 16
LOOKED_AT = 60
"""Of one parcel in so many the resident looks, too."""
READY_SECONDS = 60.0
IDLE_A_SECOND, IDLE_SECONDS = 2.0, 10.0


@dataclass(frozen=True)
class Run:
    """`cpu`: milliseconds of a processor for a push, by part."""

    name: str
    a_second: float
    told: Told
    cpu: Mapping[str, float] = field(default_factory=dict)

    @property
    def whole_cpu(self) -> float:
        return sum(self.cpu.values())


def run(seconds: float, say: Say, a_second: float = A_SECOND) -> str:
    """The section of the report, in Markdown."""
    pushes = int(a_second * (WARM_SECONDS + seconds))
    idle = int(IDLE_A_SECOND * IDLE_SECONDS)
    with stand() as at:
        many = parcels.enough(pushes + idle, WIDE)
        say(f"  pushes: {many} parcels")
        made = parcels.make(at.storage, many, max(1, many // LOOKED_AT))
        sent = [push_of(*each) for each in parcels.way_of(made, WIDE, pushes + idle)]
        say(f"  pushes: bare endpoint, {a_second:.0f} a second for {seconds:.0f} s")
        runs = [_bare(at, sent[:pushes], a_second)]
        say(f"  pushes: to the leg, {a_second:.0f} a second for {seconds:.0f} s")
        runs += _legs(at, sent, pushes, a_second)
    return section(runs, many, seconds)


def push_of(parcel: Parcel, step: int) -> Sent:
    taken, at = WAY[step], parcel.at(step)
    scan = {
        "waybillNo": parcel.waybill,
        "orderNo": parcel.order,
        "opCode": taken.code,
        "opName": taken.name,
        "opTime": beijing(datetime.fromtimestamp(at, UTC)),
        "opDesc": f"【广州处理中心】{taken.name}",
        "opOrgCode": "51000061",
        "opOrgName": "广州处理中心",
        "opOrgProvName": "广东省",
        "opOrgCity": "广州市",
        **dict([taken.reason] if taken.reason else []),
    }
    look = (f"/api/v1/cases/{parcel.case}", parcel.token, str(taken.to)) if parcel.token else None
    return Sent(f"{parcel.leg}.{step}", scan, parcel.leg, at, look)


# ── the two ──


def _bare(at: Stand, sent: Sequence[Sent], a_second: float) -> Run:
    port = free_port()
    with at.server(["bench.bare", str(port)], {**at.web_env(port), "BENCH_DATABASE_URL": at.url}, port) as server:
        load = _load(at, port, "/push", sent, a_second, bare=True)
        return _measured("bare endpoint, one row", at, load, {"web": server.pid})


def _legs(at: Stand, sent: Sequence[Sent], pushes: int, a_second: float) -> list[Run]:
    """At the pace that is promised, and one now and then."""
    port = free_port()
    with at.server(["web"], at.web_env(port, WEB_ADDRESS_PER_MINUTE="1000000"), port) as server, _behind(at) as behind:
        parts = {"web": server.pid, **behind}
        path = f"/hooks/couriers/ems/{at.hook_secret}"
        load = _load(at, port, path, sent[:pushes], a_second, bare=False)
        idle = _load(at, port, path, sent[pushes:], IDLE_A_SECOND, bare=False)
        return [_measured("push to leg", at, load, parts), _measured("push to leg, idle", at, idle, parts)]


def _load(at: Stand, port: int, path: str, sent: Sequence[Sent], a_second: float, *, bare: bool) -> Load:
    warm = min(len(sent) // 4, int(WARM_SECONDS * a_second))
    url = at.url.replace("+psycopg", "")
    return Load(port, path, at.sign_key, at.sender_no, url, a_second, CONNECTIONS, warm, bare, tuple(sent))


@contextmanager
def _behind(at: Stand) -> Iterator[dict[str, int]]:
    """A relay, a worker and Redis, as the Procfile starts them."""
    with ExitStack() as stack:
        url = stack.enter_context(services.redis_server("--appendfsync", "everysec"))
        ready = at.folder / "worker-ready"
        env = {
            **at.web_env(0),
            "WORKERS_REDIS_URL": url,
            "dramatiq_worker_timeout": "100",
            "WORKERS_READY_FILE": str(ready),
        }
        env |= {"WORKERS_OFFICE": "广东省|广州市|海珠区|样本路1号|收件室|02000000000", "PYTHONPATH": str(ROOT)}
        worker = ["-m", "dramatiq", "workers.main", "--processes", "1", "--threads", "8", "--queues", "worker"]
        worker += ["--worker-shutdown-timeout", "20000"]
        relay = stack.enter_context(
            services.running([sys.executable, "-m", "workers.relay"], at.folder / "relay.log", env)
        )
        working = stack.enter_context(services.running([sys.executable, *worker], at.folder / "worker.log", env))
        until(ready.exists, READY_SECONDS, 0.1)
        told = redis.Redis.from_url(url).info("server")
        yield {"relay": relay.pid, "worker": working.pid, "Redis": int(told["process_id"])}  # type: ignore[index]  # not asynchronous


def _measured(name: str, at: Stand, load: Load, parts: Mapping[str, int]) -> Run:
    everybody = {**parts, "PostgreSQL": _postmaster(at)}
    before, own = {part: _cpu(pid) for part, pid in everybody.items()}, _children()
    told = Told(**client("bench.follow_client", asdict(load), len(load.pushes) / load.a_second))
    used = {part: _cpu(pid) - before[part] for part, pid in everybody.items()} | {"client": _children() - own}
    return Run(name, load.a_second, told, {part: 1000 * s / len(load.pushes) for part, s in used.items()})


def _cpu(pid: int) -> float:
    return sum(cpu_seconds(member) for member in family(pid))


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _postmaster(at: Stand) -> int:
    with psycopg.connect(at.url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    return int(str(row[0]).splitlines()[0]) if row else 0


# ── telling ──

HEADS = ("", "pushes", "2xx", "seen", "median ms", "p95 ms", "p99 ms", "max ms", "2xx, median ms", "2xx, p99 ms")
PARTS = ("web", "relay", "worker", "Redis", "PostgreSQL", "client")


def section(runs: Sequence[Run], many: int, seconds: float) -> str:
    bare, legs, _idle = runs
    told = legs.told
    note = (
        f"{legs.a_second:.0f} pushes a second for {seconds:.0f} s (after {WARM_SECONDS:.0f} s that are not counted), for {many} booked legs of which "
        f"{WIDE} are under way at a time; every push moves its leg. Counted from the moment a push was due to be sent until a watcher "
        f"reads the leg's new state, committed, in the database; it looked {told.rounds / max(1e-9, told.seconds):.0f} times a second. Beside it the same "
        "pace, pushes of the same size, at an endpoint that inserts one row, and the same watcher. PostgreSQL with fsync; one process of the doors, a "
        "relay, a worker of eight threads, Redis, PostgreSQL, client and watcher on the same machine."
    )
    looked = sorted(told.looked)
    seen_by = (
        f"What residents saw of {len(looked)} of these pushes, asking the API for their case every 20 ms: median {rank(looked, 0.5):.0f} ms, "
        f"p95 {rank(looked, 0.95):.0f} ms, the slowest {rank(looked, 1):.0f} ms."
    )
    return "\n\n".join(
        ["### From the push to the leg's state", note, goals_table(goals(bare, legs)), table(HEADS, [row(r) for r in runs]), seen_by,
         "Milliseconds of a processor for a push:", table(("", "all", *PARTS), [cpu_row(r) for r in runs])]
    )  # fmt: skip


def goals(bare: Run, legs: Run) -> list[Goal]:
    told = legs.told
    counted = sum(told.statuses.values())
    p99 = rank(sorted(told.seen), 0.99) if told.seen and not told.unseen else None
    beside = rank(sorted(bare.told.seen), 0.99)
    return [
        under(f"push → leg state visible, {legs.a_second:.0f} a second: p99 (one row beside it: {beside:.0f} ms)", p99, P99_MS, "ms"),
        Goal("… every push answered and seen", str(counted), f"{taken(told)}, {len(told.seen)}", taken(told) == len(told.seen) == counted),
    ]  # fmt: skip


def taken(told: Told) -> int:
    return sum(n for status, n in told.statuses.items() if status.startswith("2"))


def row(one: Run) -> tuple[object, ...]:
    seen, answered = sorted(one.told.seen), sorted(one.told.answered)
    ms = [f"{rank(seen, share):.1f}" for share in (0.5, 0.95, 0.99, 1.0)]
    ms += [f"{rank(answered, share):.1f}" for share in (0.5, 0.99)]
    return (f"{one.name}, {one.a_second:g} a second", sum(one.told.statuses.values()), taken(one.told), len(seen), *ms)


def cpu_row(one: Run) -> tuple[object, ...]:
    return (one.name, one.whole_cpu, *(f"{one.cpu[part]:.2f}" if part in one.cpu else "–" for part in PARTS))
