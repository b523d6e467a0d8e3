"""`zerotrip offices`: where people can go by appointment, when, and how many at a time. Offices are data: one YAML list."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from cases.appointments import Office
from cases.errors import Refusal
from storage.actors import Actor
from storage.session import Transaction
from storage.words import ActorKind
from workers.commands.common import database, no, out, table

app = typer.Typer(no_args_is_help=True, help="Office windows that take appointments.")
OPERATOR = Actor(ActorKind.SYSTEM, "command-line")
NEEDED = {"code", "name", "place", "region", "phone", "hours"}
FIELDS = NEEDED | {"rest_hours", "slot_minutes", "capacity", "active"}


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
    entries = _read(file)
    with database() as db, db.transaction() as tx:
        for raw in entries:
            _put(tx, raw)
    out.print(f"{len(entries)} offices")


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise no(f"{file}: {error}") from error
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise no(f"{file}: a list of offices is expected")
    for entry in raw:
        wrong = (set(entry) - FIELDS) or (NEEDED - set(entry))
        if wrong:
            raise no(f"{file}: office {entry.get('code')}: {', '.join(sorted(map(str, wrong)))}")
    return raw


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
