"""Items as their managers see them: the list, one with its versions, where two versions differ, and taking them elsewhere."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from cases.deadlines import beijing_day
from cases.errors import InvalidRequest, NotFound
from cases.exchange import item_to_exchange
from cases.items import Item, item_from
from storage.catalogue import Version
from storage.finding import RegionNames
from storage.session import Transaction
from web.auth import Desk, requires
from web.desk.catalogue import words
from web.desk.catalogue.shapes import (
    CatalogueLine,
    CatalogueView,
    ComingView,
    DifferenceView,
    DiffView,
    ItemSeen,
    RetainedProof,
    RetainedProofs,
    RetainedView,
)
from web.desk.catalogue.views import check_sees, draft_head, in_force, sees, standing, version_views
from web.desk.catalogue.yaml_text import to_text
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk/api/catalogue", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ITEM_READ))]
AnyVersion = Annotated[int | None, Query(ge=1, le=1_000_000)]
LATELY = timedelta(days=30)
COUNTED = 200
"""As far as cases are counted: whoever has more has many."""


@router.get("/items")
def list_items(
    me: Reader,
    d: D,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> CatalogueView:
    """Items of one's region in the order of codes, also those that are yet to come into force. `q`: part of a name or code,
    of those in force."""
    with d.database.reading() as tx:
        codes = _named(tx, me, q.strip(), cursor) if q.strip() else tx.item_codes(me.scope.region, cursor, limit + 1)
        lines = _lines(tx, codes[:limit])
    return CatalogueView(items=lines, cursor=codes[limit - 1] if len(codes) > limit else None)


def _named(tx: Transaction, me: Desk, q: str, after: str) -> list[str]:
    found = (i for i in tx.items() if i.code > after and sees(me, i.region))
    return [i.code for i in found if q.lower() in i.name.lower() or q.lower() in i.code.lower()]


def _lines(tx: Transaction, codes: list[str]) -> list[CatalogueLine]:
    coming, drafts = tx.items_coming(codes), tx.item_drafts.open_of_all(codes)
    counted = tx.cases_lately(codes, tx.now() - LATELY, COUNTED)
    now, since = {i.code: i for i in tx.items()}, tx.item_days(codes)
    lines = []
    for code in codes:
        current, later = now.get(code), coming.get(code)
        if current is None and later is None:
            continue
        shown = current or tx.item(code, later.version if later else None)
        from_day = since[code, current.version] if current else None
        lines.append(_line(shown, from_day, later, counted[code]))
        if code in drafts:
            lines[-1] = lines[-1].model_copy(update={"draft": draft_head(tx, drafts[code])})
    return lines


def _line(shown: Item, since: date | None, later: Version | None, many: int) -> CatalogueLine:
    """`since`: from when on it has been in force; None: it is not yet."""
    return CatalogueLine(
        code=shown.code,
        name=shown.name,
        region=shown.region,
        department=shown.department,
        kind=shown.kind,
        promised_days=shown.limits.promised_days,
        version=shown.version if since else None,
        valid_from=since,
        coming=ComingView(version=later.version, valid_from=later.valid_from) if later else None,
        draft=None,
        cases=many,
        cases_more=many >= COUNTED,
    )


@router.get("/retained-proofs")
def show_retained_proofs(me: Reader, d: D) -> RetainedView:
    """保留证明事项清单 of one's regions: no other proof may be asked of anybody."""
    with d.database.reading() as tx:
        names, listed = tx.region_names(), tx.retained_proofs()
    return RetainedView(
        regions=[
            RetainedProofs(
                region=region,
                name=names.get(region, RegionNames(region, region)).name,
                proofs=[RetainedProof(name=name, basis=basis) for name, basis in proofs.items()],
            )
            for region, proofs in listed.items()
            if sees(me, region)
        ]
    )


@router.get("/items/{code}")
def show_item(code: str, me: Reader, d: D, version: AnyVersion = None) -> ItemSeen:
    """One version, by default the one in force, with all the others and who approved them."""
    with d.database.reading() as tx:
        known, shown = _version_of(tx, me, code, version)
        today, now = beijing_day(tx.now()), in_force(tx, code)
        draft = tx.item_drafts.open_of(code)
        many = tx.cases_lately([code], tx.now() - LATELY, COUNTED)[code]
        return ItemSeen(
            code=code,
            version=shown.version,
            standing=standing(shown, now, today),
            definition=dict(tx.item_definition(code, shown.version)),
            versions=version_views(tx, known),
            draft=draft_head(tx, draft) if draft else None,
            cases=many,
            cases_more=many >= COUNTED,
        )


def _version_of(tx: Transaction, me: Desk, code: str, version: int | None) -> tuple[list[Version], Version]:
    """All of them and the one that is meant: the one in force, else the newest. Raises `NotFound`."""
    known = tx.item_versions(code)
    if not known:
        raise NotFound("没有找到该事项。", item=code)
    check_sees(me, known[0].region)
    wanted = version or in_force(tx, code) or known[0].version
    found = next((v for v in known if v.version == wanted), None)
    if found is None:
        raise NotFound("该事项没有这个版本。", item=code, version=wanted)
    return known, found


@router.get("/items/{code}/diff")
def show_diff(code: str, me: Reader, d: D, before: AnyVersion = None, after: AnyVersion = None) -> DiffView:
    """Where two versions differ. Without numbers: the one in force and the one before it."""
    with d.database.reading() as tx:
        known, newer = _version_of(tx, me, code, after)
        older = before or max((v.version for v in known if v.version < newer.version), default=None)
        old = tx.item_definition(code, older) if older else None
        return diff_view(code, (older, old), (newer.version, tx.item_definition(code, newer.version)))


def diff_view(
    code: str, before: tuple[int | None, Mapping[str, Any] | None], after: tuple[int | None, Mapping[str, Any]]
) -> DiffView:
    old = before[1] or {}
    titles = (f"第{before[0]}版" if before[0] else "（无）", f"第{after[0]}版" if after[0] else "草稿")
    return DiffView(
        code=code,
        before=before[0],
        after=after[0],
        differences=[DifferenceView(**vars(each)) for each in words.differences(old, after[1])],
        unified=words.unified(old, after[1], titles),
    )


@router.get("/items/{code}/yaml", response_class=Response, responses={200: {"content": {"application/yaml": {}}}})
def export_yaml(code: str, me: Reader, d: D, version: AnyVersion = None) -> Response:
    """As a file that can be imported, or laid beside those that ship."""
    with d.database.reading() as tx:
        _, found = _version_of(tx, me, code, version)
        text = to_text(tx.item_definition(code, found.version))
    return attachment(text, "application/yaml", f"{code}-v{found.version}.yaml")


@router.get("/items/{code}/exchange", response_class=Response, responses={200: {"content": {"application/json": {}}}})
def export_exchange(
    code: str, me: Reader, d: D, version: AnyVersion = None, format: Literal["json", "csv"] = "json"
) -> Response:
    """In the fields of the national exchange (up_task_general_*, GB/T 39046-2020)."""
    with d.database.reading() as tx:
        _, found = _version_of(tx, me, code, version)
        item = item_from(tx.item_definition(code, found.version))
        names = tx.region_names().get(item.region, RegionNames(item.region, item.region))
    given = item_to_exchange(item, names.departments)
    if format == "csv":
        return attachment("\ufeff" + exchange_csv(given), "text/csv", f"{code}-v{found.version}.csv")
    text = json.dumps(given, ensure_ascii=False, indent=1)
    return attachment(text, "application/json", f"{code}-v{found.version}.json")


def attachment(text: str, media_type: str, name: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(text, media_type=f"{media_type}; charset=utf-8", headers={"Content-Disposition": disposition})


COLUMNS = ("section", "row", "field", "value")
"""Of the CSV: the part, which of its rows (1 for those that have one), the field and its value."""


def exchange_csv(given: Mapping[str, Any]) -> str:
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow(COLUMNS)
    for section, part in given.items():
        for row, values in enumerate(part if isinstance(part, list) else [part], 1):
            out.writerows((section, row, name, value) for name, value in values.items())
    return written.getvalue()


def exchange_from_csv(text: str) -> dict[str, Any]:
    """Raises `InvalidRequest`."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InvalidRequest(f"第1行应为 {','.join(COLUMNS)}。", line=1)
    made: dict[str, Any] = {"materials": [], "fees": []}
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        if len(row) != len(COLUMNS) or not row[1].isascii() or not row[1].isdigit() or int(row[1]) < 1:
            raise InvalidRequest(f"第{line}行：应有四列，第二列为序号。", line=line)
        section, number, name, value = row[0], int(row[1]), row[2], row[3]
        if section in ("materials", "fees"):
            listed: list[dict[str, str]] = made[section]
            if number > len(listed) + 1:
                raise InvalidRequest(f"第{line}行：序号不连续。", line=line)
            if number == len(listed) + 1:
                listed.append({})
            listed[number - 1][name] = value
        else:
            made.setdefault(section, {})[name] = value
    return made


def exchange_from_json(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as wrong:
        raise InvalidRequest("不是有效的JSON。") from wrong
    if not isinstance(given, dict):
        raise InvalidRequest("应为一个JSON对象。")
    return given
