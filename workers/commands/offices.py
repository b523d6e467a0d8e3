"""`zerotrip offices`: where people can go by appointment, when, and how many at a time. Offices are data: one YAML list."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cases.appointments import Office
from cases.errors import Refusal
from storage.session import Transaction
from workers.commands.common import OPERATOR, database, entries, no, out, table

app = typer.Typer(no_args_is_help=True, help="Office windows that take appointments.")
NEEDED = {"code", "name", "place", "region", "phone", "hours"}
OPTIONAL = {"rest_hours", "slot_minutes", "capacity", "active"}


@app.command("list")
def list_offices() -> None:
    """Every office in use, its hours, and who is waiting there now."""
    with database() as db, db.reading() as tx:
        waiting = tx.appointments.waiting()
        rows = [
            (o.code, o.name, " ".join(o.hours), f"{o.capacity} / {o.slot_minutes} min", str(waiting.get(o.code, 0)))
            for o in tx.appointments.offices()
        ]
    out.print(table(("office", "name", "hours", "slots", "waiting"), rows))


@app.command("load")
def load(file: Annotated[Path, typer.Argument(help="YAML: a list of offices", exists=True, dir_okay=False)]) -> None:
    """Add or change offices; all of them or, if one cannot be right, none. Exit 1 names the office and what is wrong."""
    listed = entries(file, "office", "offices", NEEDED, OPTIONAL)
    with database() as db, db.transaction() as tx:
        for raw in listed:
            _put(tx, raw)
    out.print(f"{len(listed)} offices")


def _put(tx: Transaction, raw: dict[str, Any]) -> None:
    values: dict[str, Any] = {name: str(raw[name]) for name in ("code", "name", "place", "region", "phone")}
    values |= {name: tuple(map(str, raw.get(name) or ())) for name in ("hours", "rest_hours")}
    try:
        values |= {name: int(raw[name]) for name in ("slot_minutes", "capacity") if name in raw}
        tx.appointments.put_office(Office(**values, active=bool(raw.get("active", True))), actor=OPERATOR)
    except (TypeError, ValueError) as error:
        raise no(f"office {raw['code']}: {error}") from error
    except Refusal as error:
        raise no(f"office {raw['code']}: {error.message}") from error
