"""`zerotrip devices`: self-service terminals."""

from datetime import datetime
from typing import Annotated

import typer

from cases.deadlines import BEIJING
from cases.errors import Refusal
from storage.device_sessions import HowEnded
from storage.devices import Device, Paper
from storage.guest_endings import end_session
from storage.session import Transaction
from workers.commands.common import OPERATOR, database, no, out, table
from workers.terminals import discard

app = typer.Typer(no_args_is_help=True, help="Self-service terminals.")


@app.command("add")
def add(
    name: Annotated[str, typer.Option(help="as colleagues call it")],
    office: Annotated[str, typer.Option(help="where it stands, as the receipt says")],
    region: Annotated[str, typer.Option(help="whose items it offers, six digits")],
    bridge: Annotated[
        str | None, typer.Option(help="where its card reader, scanner and printer answer: http://127.0.0.1:PORT")
    ] = None,
) -> None:
    """Add a terminal. Its enrolment code is shown once and is good for one use within a day, at /kiosk on the terminal."""
    try:
        with database() as db, db.transaction() as tx:
            made, code = tx.devices.add(name, office, region, bridge, actor=OPERATOR)
    except Refusal as error:
        raise no(error.message) from error
    out.print(table(("", ""), [("device", made.id), ("name", made.name), ("enrolment code", code)]))


@app.command("renew")
def renew(device: Annotated[str, typer.Argument(help="id or name")]) -> None:
    """A new enrolment code, after a change of the machine; the old one of the terminal is worth nothing."""
    with database() as db:
        with db.transaction() as tx:
            found = _found(tx, device)
            unneeded = _ended(tx, found)
            code = tx.devices.renew(found.id, actor=OPERATOR)
        discard(db, unneeded)
    out.print(table(("", ""), [("device", found.id), ("name", found.name), ("enrolment code", code)]))


@app.command("list")
def list_devices() -> None:
    """Every terminal: what it does, since when, when it was last seen, and how long a resident needs there."""
    with database() as db, db.reading() as tx:
        now, paces = tx.now(), tx.guest_sessions.paces()
        rows = []
        for one in tx.devices.list():
            state, since = one.standing(now)
            pace = paces.get(one.id)
            took = f"{pace.median_s:.0f} s of {pace.receipts}" if pace else ""
            rows.append(
                (one.id, one.name, one.office, one.region, state, _clock(since), _clock(one.seen_at), one.paper, took)
            )
    out.print(table(("device", "name", "office", "region", "state", "since", "seen", "paper", "median"), rows))


@app.command("paper")
def put_paper(
    device: Annotated[str, typer.Argument(help="id or name")],
    paper: Annotated[Paper, typer.Argument(help="for a terminal whose printer cannot say so itself")],
) -> None:
    """Say that the receipt printer has paper, or has none."""
    with database() as db, db.transaction() as tx:
        tx.devices.put_paper(_found(tx, device).id, paper, actor=OPERATOR)


@app.command("revoke")
def revoke(device: Annotated[str, typer.Argument(help="id or name")]) -> None:
    """The terminal is nobody from now on; whoever stands before it is asked to go elsewhere. Exit 1 if it was so."""
    with database() as db:
        with db.transaction() as tx:
            found = _found(tx, device)
            unneeded = _ended(tx, found)
            if not tx.devices.revoke(found.id, actor=OPERATOR):
                raise no(f"{device} was revoked before")
        discard(db, unneeded)


def _found(tx: Transaction, device: str) -> Device:
    found = tx.devices.named(device)
    if found is None:
        raise no(f"no terminal, or more than one, has the id or name {device}")
    return found


def _ended(tx: Transaction, device: Device) -> list[str]:
    """The session that is open there; the keys of blobs that nobody needs any more."""
    session = tx.guest_sessions.open_at(device.id)
    return [] if session is None else end_session(tx, session, HowEnded.REVOKED, actor=OPERATOR)


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(BEIJING):%m-%d %H:%M}" if at else ""
