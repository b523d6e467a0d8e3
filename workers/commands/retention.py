"""`zerotrip retention`: how long what is kept, what may not be deleted, and proofs of what was."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from cases.errors import Refusal
from cases.retention import Kind
from storage import deletions, retention
from workers import retention as sweeping
from workers.commands.common import OPERATOR, database, no, out, table

app = typer.Typer(no_args_is_help=True, help="How long what is kept, and proofs of deletion.")
Case = Annotated[str, typer.Argument(help="number of the case")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


@app.command("list")
def list_rules(as_json: AsJson = False) -> None:
    """Every kind of data: how long it is kept, why, and how much was deleted so far."""
    with database() as db, db.reading() as tx:
        rules, gone = retention.rules(tx), deletions.deleted_so_far(tx)
    if as_json:
        print("\n".join(json.dumps(asdict(rule), ensure_ascii=False) for rule in rules.values()))
        return
    rows = ((r.kind, r.name, r.days, r.since, r.means, gone[k].things if k in gone else 0) for k, r in rules.items())
    out.print(table(("kind", "what", "days", "from", "then", "deleted"), rows))


@app.command("set")
def set_days(
    kind: Kind,
    days: Annotated[int, typer.Argument(min=0, help="0 with --for-good: never deleted")],
    item: Annotated[str | None, typer.Option(help="of the cases of one item only (kind application)")] = None,
    for_good: Annotated[bool, typer.Option("--for-good", help="keep for good")] = False,
) -> None:
    """Another length, never below the law's. On record."""
    try:
        with database() as db, db.transaction() as tx:
            retention.set_days(tx, kind, None if for_good else days, OPERATOR, item=item)
    except Refusal as error:
        raise no(error.message) from error
    out.print(f"{kind}: {'for good' if for_good else f'{days} days'}", highlight=False)


@app.command("run")
def run(seconds: Annotated[float, typer.Option(help="at most so long")] = 3600) -> None:
    """Delete what is over, now."""
    with database() as db:
        gone = sweeping.sweep(db, seconds)
    out.print(f"{gone} things deleted", highlight=False)


@app.command("hold")
def hold(case: Case, reason: Annotated[str, typer.Option(help="kept sealed")]) -> None:
    """Delete nothing of a case until it is released: a lawsuit, an inspection."""
    with database() as db, db.transaction() as tx:
        if not tx.case_exists(case, retention.EVERYTHING):
            raise no(f"there is no case {case}")
        if not retention.hold(tx, case, reason, OPERATOR):
            raise no(f"{case} is held already")
    out.print(f"{case} is held", highlight=False)


@app.command("release")
def release(case: Case) -> None:
    """Let its time run again."""
    with database() as db, db.transaction() as tx:
        if not retention.release(tx, case, OPERATOR):
            raise no(f"{case} is not held")
    out.print(f"{case} is released", highlight=False)


@app.command("proofs")
def proofs(
    of: Annotated[str | None, typer.Argument(help="a case's number, or a page's id: what says that it is gone")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Proofs of deletion, the newest first. Exit 1: nothing of that name was deleted."""
    with database() as db, db.reading() as tx:
        found = deletions.proof_of(tx, of) if of else deletions.deletions_before(tx, None, limit)[0]
    if of and not found:
        raise no(f"no proof names {of}")
    if as_json:
        print("\n".join(json.dumps(asdict(one), default=str, ensure_ascii=False) for one in found))
        return
    rows = ((f"{x.at:%Y-%m-%d %H:%M}", x.kind, x.things, x.blobs, x.rule["days"], x.id, x.digest[:16]) for x in found)
    out.print(table(("at (UTC)", "kind", "things", "pictures", "days", "proof", "digest"), rows))


@app.command("verify")
def verify() -> None:
    """Every proof against the record. Exit 1 names the first that was changed."""
    with database() as db, db.reading() as tx:
        bad = deletions.verify(tx)
    if bad is not None:
        raise no(f"{bad.chain}, line {bad.position}: {bad.what}")
    out.print("[green]every proof is as it was written[/]")
