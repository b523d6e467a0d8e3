"""`zerotrip departments`: departments' own systems, the keys they call with, where they are told news, and telling it again.

Secrets are shown once. What may be told news stands in WORKERS_WEBHOOK_HOSTS.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cases.errors import Refusal
from storage import outgoing
from storage.department_systems import System
from storage.session import Transaction
from workers.commands.common import OPERATOR, database, no, out, table
from workers.webhooks import hosts_from, refused_url

app = typer.Typer(no_args_is_help=True, help="Departments' own systems: keys, webhooks, replay.")
endpoints = typer.Typer(no_args_is_help=True, help="Where a system is told news.")
app.add_typer(endpoints, name="endpoint")
Overlap = Annotated[float, typer.Option(help="hours during which the old one is still good")]


@contextmanager
def _changing() -> Iterator[Transaction]:
    """A refusal is an answer: exit 1 with its sentence."""
    try:
        with database() as db, db.transaction() as tx:
            yield tx
    except Refusal as error:
        raise no(error.message) from error


@app.command("add")
def add(
    name: str,
    department: Annotated[list[str], typer.Option(help="code of a department; may be given more than once")],
    region: Annotated[str | None, typer.Option(help="only cases of this region and those below it")] = None,
) -> None:
    """Add a system, with its first key, which is shown once."""
    with _changing() as tx:
        made = tx.department_systems.add(name, department, region=region, actor=OPERATOR)
        _, token = tx.department_systems.new_key(made, actor=OPERATOR)
    _show(("system", made.id), ("departments", " ".join(made.departments)), ("key", token))


@app.command("list")
def list_systems() -> None:
    """Every system with its keys and endpoints."""
    with database() as db, db.reading() as tx:
        now, book = tx.now(), tx.department_systems
        rows = []
        for system in book.list():
            keys = [k for k in book.keys(system.id) if k.live(now)]
            ends = [f"{k.prefix}…" + (f" until {k.ends_at:%Y-%m-%d %H:%M}" if k.ends_at else "") for k in keys]
            told = [
                f"{e.id} {e.url}" + (f" OFF: {e.disabled_why}" if e.disabled_at else "")
                for e in book.endpoints(system.id)
            ]
            state = "" if system.active else "off"
            rows.append(
                (
                    system.name,
                    " ".join(system.departments),
                    system.region or "",
                    "\n".join(ends),
                    "\n".join(told),
                    state,
                )
            )
    out.print(table(("system", "departments", "region", "keys", "endpoints", ""), rows))


@app.command("rotate")
def rotate(name: str, overlap_hours: Overlap = 72) -> None:
    """A new key; those that are there end after the overlap."""
    with _changing() as tx:
        _, token = tx.department_systems.rotate(
            tx.department_systems.system(name), timedelta(hours=overlap_hours), actor=OPERATOR
        )
    _show(("key", token))


@app.command("revoke")
def revoke(key: Annotated[str, typer.Argument(help="the first characters of a key, as `list` shows them")]) -> None:
    """Ends a key at once. Exit 1 if there is no such key."""
    with _changing() as tx:
        if not tx.department_systems.revoke(key.removesuffix("…"), actor=OPERATOR):
            raise no(f"there is no key {key}")
    out.print(f"{key} revoked")


@app.command("off")
def off(name: str) -> None:
    """Switches a system off: its keys are revoked, it is told nothing."""
    with _changing() as tx:
        tx.department_systems.set_active(tx.department_systems.system(name).id, False, actor=OPERATOR)
    out.print(f"{name} is off")


@endpoints.command("add")
def add_endpoint(name: str, url: str) -> None:
    """Tell a system news at this address; its secret is shown once. Exit 1 if the deployment does not allow the host."""
    hosts = hosts_from(os.environ.get("WORKERS_WEBHOOK_HOSTS", ""))
    if why := refused_url(url, hosts):
        raise no(f"{url}: {why}; WORKERS_WEBHOOK_HOSTS names {', '.join(hosts) or 'no host'}")
    with _changing() as tx:
        made, secret = tx.department_systems.add_endpoint(tx.department_systems.system(name), url, actor=OPERATOR)
    _show(("endpoint", made.id), ("secret", secret))


@endpoints.command("rotate")
def rotate_secret(endpoint: str, overlap_hours: Overlap = 24) -> None:
    """A new secret; until the overlap is over, messages bear both signatures."""
    with _changing() as tx:
        secret = tx.department_systems.rotate_secret(endpoint, timedelta(hours=overlap_hours), actor=OPERATOR)
    _show(("secret", secret))


@endpoints.command("remove")
def remove_endpoint(endpoint: str) -> None:
    """Nothing is told there any more."""
    with _changing() as tx:
        tx.department_systems.remove_endpoint(endpoint, actor=OPERATOR)
    out.print(f"{endpoint} removed")


@endpoints.command("on")
def switch_on(endpoint: str) -> None:
    """Switches an endpoint on again; what was held meanwhile goes out."""
    with _changing() as tx:
        tx.department_systems.enable(endpoint, actor=OPERATOR)
        count = outgoing.release_held(tx, endpoint)
    out.print(f"{endpoint} is on; {count} messages go out")


@app.command("sent")
def sent(
    name: Annotated[str | None, typer.Argument(help="a system; every one if none is named")] = None,
) -> None:
    """The newest messages, where they went and what became of each."""
    with database() as db, db.reading() as tx:
        book = tx.department_systems
        ids = [e.id for e in book.endpoints(book.system(name).id if name else None)]
        found = sorted((d for i in ids for d in outgoing.deliveries(tx, i)[0]), key=lambda d: -d.seq)
        tried = outgoing.attempts_of(tx, [d.id for d in found])
    rows = [
        (d.id, d.event, d.case or "", d.state, d.attempts, f"{d.made_at:%Y-%m-%d %H:%M:%S}", _last(tried[d.id]))
        for d in found[:100]
    ]
    out.print(table(("delivery", "event", "case", "state", "tries", "made (UTC)", "last answer"), rows))


def _last(tried: list[outgoing.Attempt]) -> str:
    return "" if not tried else str(tried[-1].status or tried[-1].problem)


@app.command("replay")
def replay(
    what: Annotated[str, typer.Argument(help="a delivery, or with --since a system")],
    since: Annotated[datetime | None, typer.Option(help="everything since then (UTC)")] = None,
) -> None:
    """Sends one message again, or all of a system's since a moment, under the same ids."""
    with _changing() as tx:
        count = 1 if since is None else _replay_all(tx, tx.department_systems.system(what), since.replace(tzinfo=UTC))
        if since is None:
            outgoing.replay(tx, what)
    out.print(f"{count} messages go out again")


def _replay_all(tx: Transaction, system: System, since: datetime) -> int:
    return sum(outgoing.replay_since(tx, e.id, since) for e in tx.department_systems.endpoints(system.id))


def _show(*rows: tuple[str, str]) -> None:
    out.print(table(("", ""), rows))
