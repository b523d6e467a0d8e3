"""`zerotrip boxes`: where drop boxes stand and when they are emptied. Boxes are data: one YAML list."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.boxes import Box, check_box, next_round
from cases.deadlines import BEIJING
from cases.errors import Refusal
from storage.session import Transaction
from workers.commands.common import OPERATOR, database, entries, no, out, table

app = typer.Typer(no_args_is_help=True, help="Drop boxes and who looks after which area.")
NEEDED, OPTIONAL = {"code", "name", "place", "region", "times"}, {"grace_minutes", "active"}


@app.command("list")
def list_boxes() -> None:
    """Every box, its rounds, and whether one of them is late."""
    with database() as db, db.reading() as tx:
        now = tx.now()
        late = {one.box.code: str(one.light) for one in reversed(tx.boxes.late(now))}
        rows = [
            (b.code, b.place, " ".join(b.times), _clock(b, now), late.get(b.code, ""))
            for b in tx.boxes.list(all_of_them=True)
        ]
    out.print(table(("box", "place", "rounds", "next", "late"), rows))


def _clock(box: Box, now: Any) -> str:
    return f"{next_round(box, now).astimezone(BEIJING):%m-%d %H:%M}" if box.active else "out of use"


@app.command("load")
def load(file: Annotated[Path, typer.Argument(help="YAML: a list of boxes", exists=True, dir_okay=False)]) -> None:
    """Put up or change boxes; all of them or, if one cannot be right, none. Exit 1 names the box and what is wrong."""
    try:
        with database() as db, db.transaction() as tx:
            boxes = [_put(tx, raw) for raw in _read(file)]
    except Refusal as error:
        raise no(error.message) from error
    out.print(f"{len(boxes)} boxes")


@app.command("areas")
def areas(
    login: str,
    area: Annotated[list[str], typer.Argument(help="codes of areas, as ZEROTRIP_GRID_AREAS names them")],
) -> None:
    """Give a grid worker these areas and no others. Exit 1 if there is nobody of that name."""
    with database() as db, db.transaction() as tx:
        found = tx.staff.by_login(login)
        if found is None:
            raise no(f"nobody has the login {login}")
        tx.in_house.assign_areas(found.id, area, actor=OPERATOR)
    out.print(f"{login}: {', '.join(sorted(area))}")


def _read(file: Path) -> list[dict[str, Any]]:
    """Raises `typer.Exit` for a file that is no list of boxes, naming the first that is wrong."""
    raw = entries(file, "box", "boxes", NEEDED, OPTIONAL)
    codes = [str(entry["code"]) for entry in raw]
    doubled = next((code for code in codes if codes.count(code) > 1), None)
    if doubled is not None:
        raise no(f"{file}: {doubled} stands twice")
    return raw


def _put(tx: Transaction, raw: dict[str, Any]) -> Box:
    try:
        times = tuple(map(_time, raw["times"]))
        grace = timedelta(minutes=int(raw.get("grace_minutes", 30)))
        code, name, place, region = (str(raw[key]) for key in ("code", "name", "place", "region"))
        box = Box(code, name, place, region, times, tx.now(), grace, bool(raw.get("active", True)))
        check_box(box)
    except (TypeError, ValueError) as error:
        raise no(f"box {raw['code']}: {error}") from error
    except Refusal as error:
        raise no(f"box {raw['code']}: {error.message}") from error
    return tx.boxes.put(box, actor=OPERATOR)


def _time(written: object) -> str:
    """YAML 1.1 reads an unquoted 10:30 as the number 630."""
    return f"{written // 60:02d}:{written % 60:02d}" if isinstance(written, int) else str(written)
