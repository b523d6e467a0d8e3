"""What a terminal offers: the items of its region that may be applied for at a terminal, and no others."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions.terminals import is_offered
from web.doors import Doors, doors
from web.kiosk.devices import Terminal
from web.resident.items import ItemsView, Plain, item_line

router = APIRouter(prefix="/kiosk/api/items", tags=["kiosk"])


@router.get("")
def find_items(me: Terminal, d: Annotated[Doors, Depends(doors)], q: Plain = "") -> ItemsView:
    """By name, keyword or what residents call it."""
    with d.database.reading() as tx:
        return ItemsView(items=[item_line(i) for i in tx.items(q, me.region) if is_offered(i)])
