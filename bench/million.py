"""The desk with a million cases in PostgreSQL, beside the same with a thousand: every queue's pages, the case's page, what is
looked up, claims, and the figures, by turns (`bench.desk`).

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench import loader, templates
from bench.desk import TIMES, WARM, Desk, Measured, by_turns
from bench.goals import Goal, goals_table, under
from bench.options import Options
from bench.progress import Say
from bench.pushes import Server
from bench.service import free_port
from bench.tables import Spread, table
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

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """With the doors open."""
        with self.server(**DURABLE) as settings:
            _settle(settings)
            token, port = _key(settings), free_port()
            server = Server([sys.executable, "-m", "web"], _environment(settings, port), port, self.folder / "web.log")
            server.start()
            try:
                yield Desk(f"http://127.0.0.1:{port}", token, settings.database_url.replace("+psycopg", ""))
            finally:
                server.stop()


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    few, many = (_stand(options, cases, say) for cases in (min(BESIDE, options.cases // 2), options.cases))
    try:
        with few.desk() as one, many.desk() as other:
            measured = by_turns(one, other, say)
    finally:
        if not options.keep:
            for stand in (few, many):
                shutil.rmtree(stand.folder, ignore_errors=True)
    heads = ("milliseconds", f"p50 of {few.cases:,}", "p95", f"p50 of {many.cases:,}", "p95", "most", "p50, times")
    rows = [(m.what, *(1000 * x for x in _five(m)), m.times) for m in measured]
    told = [*goals({m.what: m.many for m in measured}), *beside(measured, few.cases)]
    return "\n\n".join([_words(few.cases, many.cases), goals_table(told), table(heads, rows)])


def _five(m: Measured) -> tuple[float, ...]:
    return m.few.median, m.few.p95, m.many.median, m.many.p95, m.many.most


def _words(few: int, many: int) -> str:
    return (
        f"{many:,} cases in PostgreSQL 15, 95 % of them over, from {loader.YEARS} years, with their materials, pages, "
        "readings, papers, bookings, departments' tasks and records; fsync on. `python -m web` answers over HTTP, one "
        f"request after the other, each kind {TIMES} times or more, by turns with the same over {few:,} cases; before that, and "
        f"not counted, each address once and the first few {WARM} times, as a service that has been up for a minute has been "
        "asked. A claim is given back each time. What is asked for is the same, what comes is not: of so few cases a queue has "
        "some lines, of so many each page its fifty."
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


def beside(measured: Sequence[Measured], cases: int) -> list[Goal]:
    """How much longer than with few cases, by group: its worst kind."""
    made = []
    for group, begins in GROUPS.items():
        worst = max((m for m in measured if m.what.startswith(begins)), key=lambda m: m.times)
        told = f"{group}: p50 beside that of {cases:,} cases (slowest: {worst.what})"
        made.append(Goal(told, f"≤ {RATIO:g} times", f"{worst.times:.2f} times", worst.times <= RATIO))
    return made


def _stand(options: Options, cases: int, say: Say) -> Stand:
    stand = Stand(options.cache / f"cases-{cases}", cases)
    _make_ready(stand, say)
    return stand


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


def _key(settings: StorageSettings) -> str:
    """Of a supervisor who may do everything, everywhere."""
    database = Database(settings)
    with database.transaction() as tx:
        departments = frozenset({*loader.DEPARTMENTS, "rsj", "gaj"})
        _, token = tx.staff.add_api_key(
            "bench", roles=ROLES, departments=departments, actor=Actor(ActorKind.SYSTEM, "bench")
        )
    database.dispose()
    return token


def _environment(settings: StorageSettings, port: int) -> dict[str, str]:
    return {
        **os.environ, **services.storage_env(replace(settings, statement_timeout_s=30.0)),
        **environment(new_credentials(secrets.token_bytes), port),
        "WEB_PUBLIC_URL": f"http://127.0.0.1:{port}", "WEB_PORT": str(port), "WEB_EMBEDDED_PLATFORM": "1",
        "WEB_PERSON_PER_MINUTE": "1000000", "WEB_ADDRESS_PER_MINUTE": "1000000",
        "WEB_LOOKUPS_PER_MINUTE": "1000000",
    }  # fmt: skip
