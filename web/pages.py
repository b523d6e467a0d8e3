"""The page at `/`: what can be applied for. Plain, without scripts."""

from html import escape
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from cases.items import Item
from web.doors import Doors, doors
from web.words import KINDS

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).parent / "static"
_PAGE = (STATIC / "index.html").read_text(encoding="utf-8")


@router.get("/", response_class=HTMLResponse)
def landing(d: Annotated[Doors, Depends(doors)]) -> str:
    with d.database.reading() as tx:
        found = tx.items()
    listed = "\n".join(map(_row, found)) or '<tr><td colspan="4">还没有发布事项。</td></tr>'
    return _PAGE.replace("<!-- items -->", listed)


def _row(item: Item) -> str:
    how = (item.in_person and "须本人到场") or f"承诺{item.limits.promised_days}个工作日"
    link = f'<a href="/api/v1/items/{escape(item.code)}">{escape(item.name)}</a>'
    cells = (link, escape(item.code), KINDS[item.kind], escape(how))
    return "<tr>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>"
