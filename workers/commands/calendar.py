"""`zerotrip calendar`: working days of years that no package knows yet, as the State Council announces them.

One YAML file: `until: 2027-12-31`, `rest: [2027-01-01, …]`, `work: [2027-02-06, …]`. Days not named are worked from Monday to
Friday. Limits told to applicants before stay as they were told.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from workers.commands.common import database, no, out, table

app = typer.Typer(no_args_is_help=True, help="Working days: the calendar that limits are counted by.")
NAMES = {"until", "rest", "work"}


@app.command("list")
def list_days(year: Annotated[int | None, typer.Argument(help="one year only")] = None) -> None:
    """Every day that is not as its weekday says, and until when days are known."""
    with database() as db, db.reading() as tx:
        calendar = tx.calendar()
    days = sorted((day, works) for day, works in calendar.days.items() if year in (None, day.year))
    out.print(table(("day", ""), [(day.isoformat(), "work" if works else "rest") for day, works in days]))
    out.print(f"known until {calendar.known_until}; further days are worked from Monday to Friday", highlight=False)


@app.command("load")
def load(file: Annotated[Path, typer.Argument(help="YAML: until, rest, work", exists=True, dir_okay=False)]) -> None:
    """Add the days of a year, or put them right. Exit 1 names what is wrong; then nothing is changed."""
    days, until = _read(file)
    with database() as db, db.transaction() as tx:
        tx.put_calendar_days(days, until)
    out.print(f"{len(days)} days; known until {until}", highlight=False)


def _read(file: Path) -> tuple[dict[date, bool], date]:
    try:
        raw: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise no(f"{file}: {error}") from error
    if not isinstance(raw, dict) or set(raw) - NAMES or type(raw.get("until")) is not date:
        raise no(f"{file}: until (a date), rest and work (lists of dates) are expected")
    named = [(day, kind == "work") for kind in ("rest", "work") for day in raw.get(kind) or ()]
    wrong = [day for day, _ in named if type(day) is not date or day > raw["until"]]
    wrong += [day for day, works in named if type(day) is date and (day, not works) in named]
    if wrong:
        raise no(f"{file}: {wrong[0]}: no date, later than `until`, or both rest and work")
    return dict(named), raw["until"]
