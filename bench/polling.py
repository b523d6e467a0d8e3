"""Residents who look at their case again every ten seconds while nothing happens: whether ten thousand of them are
answered in time by one process of the doors, beside a bare endpoint of the same server. `python -m bench polling`.

Each has a session, a case and a connection of their own and sends the tag of what they saw last, as the app does. A
look's time runs from when it was due. Some are asked in full first: that what they get is their case.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import requests

from bench.doors import Stand, client, cpu_seconds, free_port, rank, stand
from bench.goals import Goal, goals_table, under
from bench.options import Options
from bench.poll_client import Load, Looks
from bench.progress import Say
from bench.residents import Phone, make_residents
from bench.tables import table
from storage.session import Database

EVERY_S = 10.0
P99_MS = 200.0
TRIED_IN_FULL = 50
UNLIMITED = {"WEB_ADDRESS_PER_MINUTE": "1000000"}
"""All come from one address here, where in a city they come from theirs."""


@dataclass(frozen=True)
class Run:
    name: str
    looks: Looks
    seconds: float
    server_s: float
    database_s: float


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    many, seconds = options.pollers, options.poll_seconds
    with stand() as at:
        say(f"  polling: {many} residents with a case each")
        database = Database(at.storage)
        phones = make_residents(database, at.item(database), many)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        database.dispose()
        say(f"  polling: bare endpoint, {seconds:.0f} s")
        bare = _bare(at, phones, seconds)
        say(f"  polling: web, {seconds:.0f} s")
        web = _web(at, phones, seconds)
    return section(many, [bare, web])


def _bare(at: Stand, phones: Sequence[Phone], seconds: float) -> Run:
    port = free_port()
    with at.server(["bench.bare_answer", str(port)], at.web_env(port), port) as server:
        return _measured("bare endpoint", at, server.pid, _load(port, phones, 'W/"x"', seconds))


def _web(at: Stand, phones: Sequence[Phone], seconds: float) -> Run:
    port = free_port()
    with at.server(["web"], at.web_env(port, **UNLIMITED), port) as server:
        tag = _tag(port, phones[:: max(1, len(phones) // TRIED_IN_FULL)])
        return _measured("web", at, server.pid, _load(port, phones, tag, seconds))


def _tag(port: int, phones: Sequence[Phone]) -> str:
    """Of cases that have not changed since they were opened, which is one and the same."""
    tags = set()
    for phone in phones:
        answer = requests.get(
            f"http://127.0.0.1:{port}/api/v1/cases/{phone.case}",
            headers={"Authorization": f"Bearer {phone.token}"},
            timeout=30,
        )
        assert answer.json()["case"] == phone.case, answer.text
        tags.add(answer.headers["ETag"])
    (tag,) = tags
    return tag


def _load(port: int, phones: Sequence[Phone], tag: str, seconds: float) -> Load:
    asked = (
        f"GET /api/v1/cases/{p.case} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {p.token}\r\n"
        f"If-None-Match: {tag}\r\nAccept-Language: zh-CN\r\nAccept: application/json\r\n\r\n"
        for p in phones
    )
    return Load(port, tuple(asked), EVERY_S, seconds)


def _measured(name: str, at: Stand, pid: int, load: Load) -> Run:
    before = cpu_seconds(pid), at.database_cpu_s()
    told = Looks(**client("bench.poll_client", asdict(load), load.seconds + load.every_s))
    return Run(name, told, load.seconds, cpu_seconds(pid) - before[0], at.database_cpu_s() - before[1])


HEADS = ("answered by", "looks", "304", "other", "unanswered", "a second", "median ms", "p95 ms", "p99 ms", "max ms")
HEADS += ("CPU ms a look: server", "database", "client")


def row(run: Run) -> tuple[object, ...]:
    looks, took = run.looks, sorted(run.looks.seconds)
    same, all_of_them = looks.by_status.get("304", 0), len(took) or 1
    ms = [f"{rank(took, share):.1f}" for share in (0.5, 0.95, 0.99, 1.0)]
    looked = all_of_them * (run.seconds + EVERY_S) / run.seconds  # the servers' time covers the first round, too
    cpu = [
        f"{1000 * s / n:.2f}" for s, n in ((run.server_s, looked), (run.database_s, looked), (looks.cpu_s, all_of_them))
    ]
    return (run.name, len(took), same, len(took) - same, looks.unanswered, f"{len(took) / run.seconds:.0f}", *ms, *cpu)


def section(many: int, runs: Sequence[Run]) -> str:
    web = runs[-1]
    took = sorted(web.looks.seconds)
    all_same = web.looks.by_status.keys() == {"304"} and web.looks.unanswered == 0
    goals = [
        under(f"{many} residents, each every {EVERY_S:.0f} s: p99", rank(took, 0.99), P99_MS, "ms"),
        Goal("all of them answered 304", "yes", json.dumps(web.looks.by_status), all_same),
    ]
    note = (
        f"{many} residents, each with a session, a case and a connection of their own, look every {EVERY_S:.0f} s with "
        "the tag of what they saw. One process of the doors, one client process and PostgreSQL on the same machine."
    )
    return "\n\n".join([note, goals_table(goals), table(HEADS, [row(r) for r in runs])])
