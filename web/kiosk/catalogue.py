"""What a terminal offers: the items of its region that may be applied for at a terminal, and no others."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions.terminals import is_offered
from cases.items import Item
from cases.phrases import LifeEvent
from web.doors import Doors, doors
from web.kiosk.devices import Terminal
from web.language import Wanted
from web.resident.items import LONGEST_WORDS, Guide, ItemsView, LifeEventsView, LifeEventView, Words

router = APIRouter(prefix="/kiosk/api", tags=["kiosk"])
D = Annotated[Doors, Depends(doors)]


@router.get("/items")
def find_items(me: Terminal, d: D, language: Wanted, q: Words = "") -> ItemsView:
    """By the words a resident would type."""
    with d.database.reading() as tx:
        found = tx.items(q[:LONGEST_WORDS], me.region)
        return ItemsView(items=Guide(tx, language).lines(i for i in found if is_offered(i)))


@router.get("/life-events")
def list_life_events(me: Terminal, d: D, language: Wanted) -> LifeEventsView:
    """Events of a life, each with what may be applied for here."""
    with d.database.reading() as tx:
        guide, offered = Guide(tx, language), [i for i in tx.items("", me.region) if is_offered(i)]
        made = [_event(event, guide, offered) for event in tx.phrases().events]
        return LifeEventsView(events=[event for event in made if event.items])


def _event(event: LifeEvent, guide: Guide, offered: Sequence[Item]) -> LifeEventView:
    wanted = sorted((i for i in offered if i.name in event.items), key=lambda i: event.items.index(i.name))
    name = event.name_en if guide.language == "en" else event.name
    return LifeEventView(key=event.key, name=name, sign=event.sign, items=guide.lines(wanted))
