"""Cases as GB/T 39046-2020 wants them, as a file: one JSON document, or CSV of one table. Written while it is sent, so that
a year of cases takes no memory. Who took what is on record; names and numbers in full need a permission of their own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from cases.deadlines import BEIJING
from cases.errors import Forbidden, InvalidRequest
from cases.exporting import Exported, Offices, export_case
from cases.exporting_text import PROBLEMS, Counts, as_csv, as_json
from cases.gbt39046 import TABLES
from storage import looks
from storage.exporting import Range, cases_in, offices
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk/api/export", tags=["export"])
D = Annotated[Doors, Depends(doors)]
Table = StrEnum("Table", {name: name for name in (*TABLES, PROBLEMS)})  # type: ignore[misc]  # one list, the standard's
LONGEST = timedelta(days=366)


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


@router.get(
    "", response_class=StreamingResponse, responses={200: {"content": {"application/json": {}, "text/csv": {}}}}
)
def export(  # noqa: PLR0917  # the parameters of the query
    me: Annotated[Desk, Depends(requires(Permission.EXPORT_READ))],
    d: D,
    since: date,
    until: date,
    region: Annotated[str, Query(pattern=r"^(\d{6})?$")] = "",
    form: Annotated[Format, Query(alias="format")] = Format.JSON,
    table: Annotated[Table, Query(description="Which table, for csv; problems: what does not fit.")] = Table(
        "application"
    ),
    personal: bool = False,
) -> StreamingResponse:
    """Cases opened from `since` to `until`, both days included, that the caller may see. At most a year at once."""
    wanted = _range(since, until, region or None)
    if personal and Permission.EXPORT_PERSONAL not in me.permissions:
        raise Forbidden("您没有导出完整个人信息的权限。")
    _on_record(d, me, wanted, personal)
    head = {"since": f"{since:%Y%m%d}", "until": f"{until:%Y%m%d}", "region": region or None, "personal": personal}
    cases, counts = _exported(d, me, wanted, personal), Counts()
    text = as_json(cases, head, counts) if form is Format.JSON else as_csv(cases, str(table), counts)
    name = f"cases-{since:%Y%m%d}-{until:%Y%m%d}" + (f"-{table}.csv" if form is Format.CSV else ".json")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    kind = "text/csv; charset=utf-8" if form is Format.CSV else "application/json"
    return StreamingResponse(text, media_type=kind, headers=headers)


def _range(since: date, until: date, region: str | None) -> Range:
    if until < since or until - since > LONGEST:
        raise InvalidRequest("请选择不超过一年的起止日期，结束日期不早于开始日期。")
    return Range(_start_of(since), _start_of(until + timedelta(days=1)), region)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


def _on_record(d: Doors, me: Desk, wanted: Range, personal: bool) -> None:
    told = {"since": wanted.since, "until": wanted.until, "region": wanted.region, "personal": personal}
    with d.database.transaction() as tx:
        tx.record(f"staff:{me.actor.id}", me.actor, "cases_exported", told)


def _exported(d: Doors, me: Desk, wanted: Range, personal: bool) -> Iterator[Exported]:
    with d.database.reading() as tx:
        known = offices(tx)
    for file, around in cases_in(d.database, wanted, me.scope):
        if personal:  # whose data it is can ask who took it
            with d.database.transaction() as tx:
                looks.note_look(tx, file.case.number, me.actor, "export")
        yield export_case(file, known.get(file.case.region, Offices()), around, personal=personal)
