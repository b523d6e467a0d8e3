"""The item manager's pages of what is published: the list, one item whole and in words, where two versions differ."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile
from fastapi.responses import HTMLResponse

from cases.deadlines import beijing_day
from cases.errors import InvalidRequest
from web.auth import Desk, requires
from web.desk.catalogue import drafts, items, words
from web.desk.catalogue.editing import at
from web.desk.catalogue.fields import GROUPS, field_at
from web.desk.catalogue.shapes import BeginAsk, DiffView, ImportAsk
from web.desk.pages.shell import PageRoute, department_names, environment, go_to, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk/catalogue", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ITEM_READ))]
Editor = Annotated[Desk, Depends(requires(Permission.ITEM_EDIT))]
AnyVersion = Annotated[int | None, Query(ge=1, le=1_000_000)]
STANDINGS: Mapping[str, str] = {"in_force": "现行", "coming": "待生效", "past": "已被取代", "withdrawn": "已撤回"}
FORMATS: Mapping[str, str] = {".yaml": "yaml", ".yml": "yaml", ".json": "exchange_json", ".csv": "exchange_csv"}
TAGS: Mapping[str, str] = {
    "linted": "good", "proposed": "warn", "approved": "good", "rejected": "bad", "published": "good",
}  # fmt: skip


def full_day(on: date) -> str:
    """2026年3月2日: versions are in force for years."""
    return f"{on.year}年{on.month}月{on.day}日"


environment.filters["full_day"] = full_day
environment.globals |= {
    "item_words": words,
    "standings": STANDINGS,
    "field_at": field_at,
    "at": at,
    "draft_tag": lambda state: TAGS.get(state, ""),
}


@router.get("", response_class=HTMLResponse)
def list_page(
    me: Reader,
    d: D,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    values = {
        "seen": items.list_items(me, d, q, cursor, 50),
        "drafts": drafts.list_drafts(me, d, 0, 20).drafts,
        "retained": items.show_retained_proofs(me, d).regions,
        "q": q,
        "first": not cursor,
        "departments": department_names(d),
    }
    return page("catalogue.html", me, values)


@router.get("/items/{code}", response_class=HTMLResponse)
def item_page(code: str, me: Reader, d: D, version: AnyVersion = None) -> HTMLResponse:
    seen = items.show_item(code, me, d, version)
    values = {"seen": seen, "raw": seen.definition, "groups": GROUPS, "departments": department_names(d)}
    return page("catalogue_item.html", me, values)


@router.get("/items/{code}/diff", response_class=HTMLResponse)
def diff_page(code: str, me: Reader, d: D, before: AnyVersion = None, after: AnyVersion = None) -> HTMLResponse:
    seen = items.show_item(code, me, d, after)
    diff = items.show_diff(code, me, d, before, after)
    return page("catalogue_diff.html", me, {"seen": seen, **diff_values(diff)})


def diff_values(diff: DiffView) -> dict[str, Any]:
    """Side by side, coloured where it differs; and the YAML, line by line."""
    rows = [(each, *words.pieces(each.before or "", each.after or "")) for each in diff.differences]
    lines = [(_line_kind(line), line) for line in diff.unified.splitlines()]
    return {"diff": diff, "rows": rows, "lines": lines}


def _line_kind(line: str) -> str:
    if line.startswith(("---", "+++", "@@")):
        return "head"
    return {"-": "gone", "+": "new"}.get(line[:1], "same")


@router.post("/drafts", response_model=None)
def begin(form: Annotated[BeginAsk, Form()], me: Editor, d: D) -> Response:
    made = drafts.begin(form, me, d)
    return go_to(f"/desk/catalogue/drafts/{made.id}")


@router.post("/import", response_model=None)
def import_file(file: UploadFile, me: Editor, d: D) -> Response:
    """YAML, or the exchange's JSON or CSV, by the file's ending."""
    name = (file.filename or "").lower()
    kind = next((kind for ending, kind in FORMATS.items() if name.endswith(ending)), None)
    if kind is None:
        raise InvalidRequest("请选择 .yaml、.json（交换字段）或 .csv（交换字段）文件。")
    try:
        text = file.file.read(600_001).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidRequest("文件应为UTF-8编码。") from None
    if not 0 < len(text) <= 200_000:
        raise InvalidRequest("文件为空或过大。")
    made = drafts.import_draft(ImportAsk(format=kind, text=text), me, d)  # type: ignore[arg-type]  # from FORMATS
    return go_to(f"/desk/catalogue/drafts/{made.id}")


def today_value() -> str:
    return beijing_day(datetime.now(UTC)).isoformat()
