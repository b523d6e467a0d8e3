"""`zerotrip audit`: the record of everything that happened, its anchors, and who looked at what."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from storage import anchors, audit, deletions, looks
from storage.anchors import AnchorStore, AnchorsUnavailable, Outside, anchor_store
from storage.audit import BadRow
from storage.session import Database
from workers import record
from workers.commands.common import OPERATOR, database, missing, no, out, table

app = typer.Typer(no_args_is_help=True, help="The record of everything that happened.")
Case = Annotated[str | None, typer.Argument(help="one chain; all of them without")]


@app.command("verify")
def verify(case: Case = None) -> None:
    """Recompute the hash chains and the anchors, and compare with those outside. Exit 1 names the first bad line."""
    with database() as db, db.reading() as tx:
        bad = audit.verify(tx, case) or (deletions.verify(tx) if case is None else None)
        store = _store(db)
        kept = _outside(lambda: anchors.check(tx, store, case)) if store and bad is None else None
    _refuse(bad or (kept.bad if kept else None))
    told = (
        "; no anchors are kept outside (STORAGE_ANCHORS)" if kept is None else f"; {kept.anchors} anchors outside fit"
    )
    out.print(f"[green]every line fits[/]{told}", highlight=False)


@app.command("anchor")
def anchor() -> None:
    """Write down all heads that moved, now, and ship the anchors outside."""
    with database() as db:
        heads = record.anchor(db)
        store = _store(db)
        with db.reading() as tx:
            newest = audit.newest_anchor(tx)
            left = _outside(lambda: anchors.check(tx, store)).unshipped if store else None
    out.print(f"{heads} heads anchored" + (f"; the newest anchor is {newest.hash}" if newest else ""), highlight=False)
    if left:
        raise no(f"{left} anchors are not outside; the log says why")


@app.command("check-anchors")
def check_anchors() -> None:
    """Compare every anchor outside with the database. Exit 1 names the first that tells another story; 3: no answer."""
    with database() as db:
        store = _store(db)
        if store is None:
            raise missing("STORAGE_ANCHORS is not set: no anchors are kept outside")
        with db.reading() as tx:
            kept = _outside(lambda: anchors.check(tx, store))
    _refuse(kept.bad)
    out.print(f"[green]{kept.anchors} anchors outside fit[/]; {kept.unshipped} not shipped yet", highlight=False)


@app.command("looks")
def show_looks(
    case: Annotated[str, typer.Argument(help="number of the case")],
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Who looked at what of a case, when and why."""
    with database() as db, db.transaction() as tx:
        found = looks.looks_at(tx, [case])
        audit.record(tx, case, OPERATOR, looks.ASKED)
    if as_json:
        print("\n".join(json.dumps(asdict(one), default=str, ensure_ascii=False) for one in found))
        return
    rows = ((f"{x.at:%Y-%m-%d %H:%M:%S}", x.actor_kind, x.actor, x.name, x.what, x.why, x.thing) for x in found)
    out.print(table(("at (UTC)", "", "who", "name", "what", "why", "of"), rows))


def _store(db: Database) -> AnchorStore | None:
    try:
        return anchor_store(db.settings.anchors)
    except AnchorsUnavailable as error:
        raise missing(error) from error


def _outside(ask: Callable[[], Outside]) -> Outside:
    try:
        return ask()
    except AnchorsUnavailable as error:
        raise missing(error) from error


def _refuse(bad: BadRow | None) -> None:
    if bad is not None:
        raise no(f"{bad.chain}, line {bad.position}: {bad.what}")
