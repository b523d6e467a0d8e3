"""`zerotrip export`: cases in the fields and codes of GB/T 39046-2020, to a file or to standard output."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cases.deadlines import BEIJING
from cases.exporting import Exported, Offices, export_case
from cases.exporting_text import PROBLEMS, Counts, as_csv, as_json
from cases.gbt39046 import TABLES
from storage import looks
from storage.actors import Scope
from storage.exporting import Range, cases_in, offices
from storage.session import Database
from workers.commands.common import NO, OPERATOR, database, err

Table = StrEnum("Table", {name: name for name in (*TABLES, PROBLEMS)})  # type: ignore[misc]  # one list, the standard's


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


def export(  # noqa: PLR0917  # the options of a command line
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="opened on this day or later")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="opened on this day or before")] = None,
    region: Annotated[str | None, typer.Option(help="of this region and those within it")] = None,
    form: Annotated[Format, typer.Option("--format", help="json: whole cases; csv: one table")] = Format.JSON,
    table: Annotated[Table, typer.Option(help="which table, for csv; problems: what was left out, and why")] = Table(
        "application"
    ),
    personal: Annotated[bool, typer.Option("--personal", help="names and numbers in full; goes on record")] = False,
    file: Annotated[Path | None, typer.Option("--out", help="standard output without")] = None,
) -> None:
    """Write cases in the fields and codes of GB/T 39046-2020. Without dates: the last thirty days.

    Every row is checked against the standard's types and code tables; one that does not fit is left out, told with its
    reason and counted, and the exit code is 1.
    """
    today = datetime.now(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    first = _day(since) or today - timedelta(days=30)
    last = _day(until) or today
    wanted = Range(first.astimezone(UTC), (last + timedelta(days=1)).astimezone(UTC), region)
    counts = Counts()
    with database() as db:
        _on_record(db, wanted, personal)
        cases = _exported(db, wanted, personal)
        head = {"since": f"{first:%Y%m%d}", "until": f"{last:%Y%m%d}", "region": region, "personal": personal}
        text = as_json(cases, head, counts) if form is Format.JSON else as_csv(cases, str(table), counts)
        _write(text, file)
    err.print(f"{counts.cases} cases, {counts.rows} rows; {counts.refused} rows do not fit", highlight=False)
    if counts.refused:
        raise typer.Exit(NO)


def _day(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=BEIJING) if given else None


def _on_record(db: Database, wanted: Range, personal: bool) -> None:
    told = {"since": wanted.since, "until": wanted.until, "region": wanted.region, "personal": personal}
    with db.transaction() as tx:
        tx.record("system", OPERATOR, "cases_exported", told)


def _exported(db: Database, wanted: Range, personal: bool) -> Iterator[Exported]:
    with db.reading() as tx:
        known = offices(tx)
    for file, around in cases_in(db, wanted, Scope.everything()):
        if personal:  # whose data it is can ask who took it
            with db.transaction() as tx:
                looks.note_look(tx, file.case.number, OPERATOR, "export")
        yield export_case(file, known.get(file.case.region, Offices()), around, personal=personal)


def _write(text: Iterator[str], file: Path | None) -> None:
    if file is None:
        _all(text, sys.stdout)
        return
    with file.open("w", encoding="utf-8", newline="") as to:
        _all(text, to)


def _all(text: Iterator[str], to: TextIO) -> None:
    for piece in text:
        to.write(piece)
    to.flush()
