"""The desk with a million cases in PostgreSQL, beside the same with a thousand: every queue's pages, the case's page, what is
looked up, claims, and the figures, over HTTP on one connection, one request after the other.

`python -m bench million [--cases N] [--keep]`. The cases are loaded by `bench.loader`; with `--keep` the database stays in
the cache folder and the next run takes it as it is.

Counted is a service that has been asked the same before: its statements are prepared, what it reads is in memory. On a
machine whose memory does not hold what people look at, a page takes as much longer as its disk does.
"""

import os
import random
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import requests

from bench import loader, templates
from bench.goals import Goal, goals_table, under
from bench.options import Options
from bench.progress import Say
from bench.pushes import Server
from bench.service import free_port
from bench.tables import Spread, spread, table
from cases.deadlines import beijing_day
from cases.items import item_from
from courier.sandbox.launch import environment, new_credentials
from preaudit.catalogue import load as catalogue
from storage.actors import Actor
from storage.blobs import blobs_from
from storage.migrate import newest, upgrade
from storage.session import Database
from storage.settings import StorageSettings
from storage.statistics import keeping
from storage.vault import create_key_file
from storage.words import ActorKind, Role
from tests import services
from tests.cases.world import ITEM
from workers.demo.photos import SAMPLES
from workers.seeding import seed

BESIDE = 1_000
TIMES = 60
WARM, ADDRESSES = 14, 4
"""A statement is prepared when it has been asked five times, and planned for good at its eleventh: so often each of the first
few addresses of a kind is asked before it counts, and all of them once."""
PAGE_MS, STATS_S, RATIO = 100, 1.0, 1.5
GROUPS = {
    "queue page": ("counts of all queues", "queue ", "departments' tasks"),
    "case page": ("case in review", "case delivered", "case's timeline"),
    "search": ("look up by",),
    "claim": ("claim",),
    "statistics": ("figures", "cases behind"),
    "board": ("board",),
}
"""By how their kinds begin."""
NAMES = ("补领", "申领", "换领", "登记", "备案", "年审")
DURABLE = {
    **{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"},
    **{"shared_buffers": "1GB", "effective_cache_size": "6GB", "max_wal_size": "8GB", "random_page_cost": "1.1"},
}
LOADING = {**DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
ROLES = frozenset({Role.INTAKE, Role.PRE_AUDITOR, Role.CLERK, Role.SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True)
class Measured:
    what: str
    spread: Spread


@dataclass(frozen=True)
class Stand:
    """One loaded database."""

    folder: Path
    cases: int

    @property
    def settings(self) -> StorageSettings:
        return StorageSettings("", f"dir:{self.folder / 'blobs'}", self.folder / "keys", statement_timeout_s=900.0)

    @contextmanager
    def server(self, **options: str) -> Iterator[StorageSettings]:
        with services.postgresql_in(self.folder, **options) as url:
            yield replace(self.settings, database_url=url.replace("postgresql://", "postgresql+psycopg://"))


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    found = [_at(options, cases, say) for cases in (min(BESIDE, options.cases), options.cases)]
    few, many = ({m.what: m.spread for m in measured} for measured, _ in found)
    heads = ("milliseconds", f"p50 of {found[0][1]:,}", "p95", f"p50 of {found[1][1]:,}", "p95", "most", "p50, times")
    rows = [
        (
            what,
            *(1000 * x for x in (few[what].median, few[what].p95, s.median, s.p95, s.most)),
            s.median / few[what].median,
        )
        for what, s in many.items()
    ]
    told = [*goals(many), *beside(few, many, found[0][1])]
    return "\n\n".join([_words(found[1][1]), goals_table(told), table(heads, rows)])


def _words(cases: int) -> str:
    return (
        f"{cases:,} cases in PostgreSQL 15, 95 % of them over, from {loader.YEARS} years, with their materials, pages, "
        "readings, papers, bookings, departments' tasks and records; fsync on. `python -m web` answers over HTTP, one "
        f"request after the other, each kind {TIMES} times or more; before that, and not counted, each address once and the "
        f"first few {WARM} times, as a service that has been up for a minute has been asked. A claim is given back each time."
    )


def goals(measured: dict[str, Spread]) -> list[Goal]:
    figures = {what: s for what, s in measured.items() if what.startswith("figures")}
    rest = {what: s for what, s in measured.items() if what not in figures}
    slowest = max(rest.items(), key=lambda one: one[1].p95)
    slow = max(figures.items(), key=lambda one: one[1].p95)
    return [
        under(f"every page, search and claim, p95 (slowest: {slowest[0]})", 1000 * slowest[1].p95, PAGE_MS, "ms"),
        under(f"figures, p95 (slowest: {slow[0]})", slow[1].p95, STATS_S, "s"),
    ]


def beside(few: dict[str, Spread], many: dict[str, Spread], cases: int) -> list[Goal]:
    """How much longer than with few cases, by group: its worst kind."""
    made = []
    for group, begins in GROUPS.items():
        times = {what: s.median / few[what].median for what, s in many.items() if what.startswith(begins)}
        worst = max(times, key=times.__getitem__)
        told = f"{group}: p50 beside that of {cases:,} cases (slowest: {worst})"
        made.append(Goal(told, f"≤ {RATIO:g} times", f"{times[worst]:.2f} times", times[worst] <= RATIO))
    return made


def _at(options: Options, cases: int, say: Say) -> tuple[list[Measured], int]:
    stand = Stand(options.cache / f"cases-{cases}", cases)
    _make_ready(stand, say)
    try:
        with stand.server(**DURABLE) as settings:
            return _measure(stand, settings, say), cases
    finally:
        if not options.keep:
            shutil.rmtree(stand.folder, ignore_errors=True)


def _make_ready(stand: Stand, say: Say) -> None:
    """Loaded anew, or what an earlier run kept, brought up to today's migrations as a service in use is."""
    ready = stand.folder / f"ready-{newest()}"
    kept = next(stand.folder.glob("ready-*"), None)
    if kept is None:
        shutil.rmtree(stand.folder, ignore_errors=True)
        _load(stand, say)
        ready.touch()
    elif kept != ready:
        began = time.monotonic()
        with stand.server(**DURABLE) as settings:
            upgrade(settings)
        kept.rename(ready)
        say(f"  {stand.cases:,} cases, {kept.name} made {ready.name} in {time.monotonic() - began:.1f} s")


def _load(stand: Stand, say: Say) -> None:
    began = time.monotonic()
    with stand.server(**LOADING) as settings:
        create_key_file(settings.key_file)
        settings.key_file.chmod(0o600)
        upgrade(settings)
        database = Database(settings)
        picture = blobs_from(settings).put((SAMPLES / "id_front.jpg").read_bytes())
        made = lived(picture)
        seed(database, catalogue().values(), beijing_day(datetime.now(UTC)))
        items = make_items(database)
        with database.reading() as tx:
            plan = loader.Plan(settings, stand.cases, tx.now(), made, items, tx.calendar())
        database.dispose()
        loader.load(plan, say)
        _check(settings, stand.cases)
    say(f"  {stand.cases:,} cases loaded in {time.monotonic() - began:.0f} s")


def lived(picture: str) -> list[templates.Template]:
    """Lived in a small database of their own."""
    with services.folder() as home:
        create_key_file(home / "keys")
        settings = StorageSettings(f"sqlite:///{home / 'db'}", f"dir:{home / 'blobs'}", home / "keys")
        upgrade(settings)
        database = Database(settings)
        try:
            return templates.make(database, picture)
        finally:
            database.dispose()


def make_items(database: Database) -> list[tuple[str, str, str]]:
    """An item for every department of every region, alike but for their names."""
    made = []
    with database.transaction() as tx:
        for region in loader.REGIONS:
            for place, department in enumerate(loader.DEPARTMENTS):
                code = f"{region}-BENCH-{place}"
                raw = {**ITEM, "code": code, "region": region, "department": department}
                raw["name"] = f"社会保障卡{NAMES[place]}"
                tx.publish_item(raw, item_from(raw))
                made.append((code, region, department))
    return made


def _check(settings: StorageSettings, cases: int) -> None:
    """Of some cases everything is counted anew: nothing may change; their records must fit; the sums must agree."""
    database, draw = Database(settings), random.Random(loader.SEED)
    with database.transaction() as tx:
        numbers = [n for _ in range(5) for n in keeping.case_numbers(tx, f"44010{draw.randrange(3, 7)}2025", 200)]
        wrong = keeping.recount_all(tx, sorted(set(numbers)))
        if wrong:
            raise RuntimeError(f"{wrong} of {len(numbers)} cases count for something else than was loaded")
    with database.reading() as tx:
        told = tx.statistics().cases
    if not 0.99 * cases <= told <= cases:
        raise RuntimeError(f"{told} cases are counted, of {cases}")
    database.dispose()


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────────────────


def _settle(settings: StorageSettings) -> None:
    """What loading, or an earlier run, left to be done behind the scenes; and whoever has a case gives it back."""
    with psycopg.connect(settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("UPDATE cases SET claimed_by = NULL, claimed_until = NULL WHERE claimed_until > now()")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _measure(stand: Stand, settings: StorageSettings, say: Say, times: int = TIMES) -> list[Measured]:
    _settle(settings)
    database = Database(settings)
    with database.transaction() as tx:
        departments = frozenset({*loader.DEPARTMENTS, "rsj", "gaj"})
        _, token = tx.staff.add_api_key(
            "bench", roles=ROLES, departments=departments, actor=Actor(ActorKind.SYSTEM, "bench")
        )
    database.dispose()
    port = free_port()
    env = {
        **os.environ, **services.storage_env(replace(settings, statement_timeout_s=30.0)),
        **environment(new_credentials(secrets.token_bytes), port),
        "WEB_PUBLIC_URL": f"http://127.0.0.1:{port}", "WEB_PORT": str(port), "WEB_EMBEDDED_PLATFORM": "1",
        "WEB_PERSON_PER_MINUTE": "1000000", "WEB_ADDRESS_PER_MINUTE": "1000000",
        "WEB_LOOKUPS_PER_MINUTE": "1000000",
    }  # fmt: skip
    server = Server([sys.executable, "-m", "web"], env, port, stand.folder / "web.log")
    server.start()
    try:
        return Desk(
            f"http://127.0.0.1:{port}", token, settings.database_url.replace("+psycopg", ""), say, times
        ).measured()
    finally:
        server.stop()


class Ask(NamedTuple):
    """`undo`: what takes it back, so that it can be asked again."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    undo: str = ""


class Desk:
    """A supervisor who may do everything, and looks at everything."""

    def __init__(self, base: str, token: str, database: str, say: Say, times: int = TIMES) -> None:
        self._times = times
        self._base, self._say, self._random = base, say, random.Random(loader.SEED)
        self._session = requests.Session()
        self._session.headers["X-API-Key"] = token
        self._database = psycopg.connect(database, autocommit=True)

    def measured(self) -> list[Measured]:
        made = []
        for what, asks in self._kinds():
            took = self._timed(asks)
            made.append(Measured(what, took))
            self._say(f"  {what}: p50 {1000 * took.median:.1f}, p95 {1000 * took.p95:.1f} ms")
        return made

    def _timed(self, asks: Callable[[], Sequence[Ask]]) -> Spread:
        wanted = list(asks())
        for ask in [*wanted, *wanted[:ADDRESSES] * (WARM - 1)]:
            self._ask(ask)
        return spread(self._ask(wanted[n % len(wanted)]) for n in range(max(self._times, len(wanted))))

    def _ask(self, ask: Ask) -> float:
        began = time.perf_counter()
        self._send(ask.method, ask.path, ask.body)
        took = time.perf_counter() - began
        if ask.undo:
            self._send("POST", ask.undo, {})
        return took

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        said = None if body is None else {**body, "transaction_id": secrets.token_hex(8)}
        answer = self._session.request(method, self._base + path, json=said, timeout=120, allow_redirects=False)
        if answer.status_code >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")

    def _kinds(self) -> Iterator[tuple[str, Callable[[], Sequence[Ask]]]]:
        queues = self._session.get(f"{self._base}/desk/api/queues", timeout=120).json()["queues"]
        names = [q["name"] if isinstance(q, dict) else q for q in queues]
        yield "counts of all queues", lambda: [_get("/desk/api/queues")]
        for name in names:
            yield f"queue {name}, JSON, three pages", lambda name=name: self._pages(f"/desk/api/queues/{name}")
            yield f"queue {name}, page", lambda name=name: [_get(f"/desk/queues/{name}")]
        yield "case in review, page", lambda: self._cases("in_review", "/desk/cases/{}")
        yield "case in review, JSON", lambda: self._cases("in_review", "/desk/api/cases/{}")
        yield "case delivered, page", lambda: self._cases("delivered", "/desk/cases/{}")
        yield "case's timeline", lambda: self._cases("delivered", "/desk/api/cases/{}/timeline")
        yield "claim", self._claims
        yield "departments' tasks", lambda: [_get(f"/desk/assignments?department={d}") for d in ("rsj", "gaj")]
        yield "board", lambda: [_get("/desk/board")]
        for what, column in self._looked_up().items():
            yield (
                f"look up by {what}",
                lambda column=column: [Ask("POST", "/desk/api/search", {"text": value}) for value in column],
            )
        yield "figures, JSON", lambda: [_get("/desk/api/stats")]
        yield "figures, page", lambda: [_get("/desk/statistics"), _get("/desk/statistics?rows=office")]
        for what, query in (
            ("this year", "start=2026-01-01"),
            ("most of a year", "start=2026-01-10&end=2026-10-20"),
            ("a region's kiosks", "region=440105&channel=kiosk"),
            ("an item since March", "item=440105-BENCH-0&start=2026-03-03"),
        ):
            yield f"figures of {what}", lambda query=query: [_get(f"/desk/api/stats?{query}")]
        for figure in ("cases", "first_pass", "overdue", "unsatisfied", "late", "orders_failed"):
            path = f"/desk/statistics/cases?figure={figure}"
            yield f"cases behind {figure}", lambda path=path: [_get(path), _get(f"{path}&item=440105-BENCH-0")]

    def _pages(self, path: str) -> list[Ask]:
        """The first three."""
        asks, cursor = [_get(path)], None
        for _ in range(2):
            cursor = self._session.get(self._base + asks[-1][1], timeout=120).json()["cursor"]
            if cursor is None:
                break
            asks.append(_get(f"{path}?cursor={cursor}"))
        return asks

    def _some(self, query: str, *values: Any) -> list[Any]:
        return [row[0] for row in self._database.execute(query, values)]

    def _cases(self, state: str, path: str) -> list[Ask]:
        numbers = self._some("SELECT number FROM cases WHERE state = %s AND NOT test LIMIT 4000", state)
        return [_get(path.format(no)) for no in self._random.sample(numbers, min(TIMES, len(numbers)))]

    def _claims(self) -> list[Ask]:
        free = "state = 'in_review' AND (claimed_until IS NULL OR claimed_until <= now()) AND NOT test"
        numbers = self._some(f"SELECT number FROM cases WHERE {free} LIMIT %s", TIMES)
        case = "/desk/api/cases"
        return [Ask("POST", f"{case}/{no}/claim", {}, undo=f"{case}/{no}/release") for no in numbers]

    def _looked_up(self) -> dict[str, list[str]]:
        people = [loader.person(self._random.randrange(300)) for _ in range(TIMES)]
        return {
            "number": self._some("SELECT number FROM cases LIMIT %s", TIMES),
            "identity number": [person.id_number for person in people],
            "phone": [person.phone for person in people],
            "waybill": self._some("SELECT waybill FROM bookings WHERE waybill IS NOT NULL LIMIT %s", TIMES),
        }


def _get(path: str) -> Ask:
    return Ask("GET", path)
