"""Finding items as residents ask for them: the phrases and the names of regions as published, the index over the newest
versions, and what is asked for most.

The index is made again when something was published, which a look at the codes and at the phrases' digest tells.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from cases.items import Item
from cases.phrases import Phrases, phrases_from
from storage.actors import region_prefix
from storage.catalogue import newest_items
from storage.plain import to_plain
from storage.search import Index, build
from storage.tables import cases, settings
from storage.unit import Unit

PHRASES, DIGEST = "phrases", "phrases:digest"
NAMES_OF_REGION = "names:"
LATELY = timedelta(days=90)
COUNT_AGAIN = timedelta(minutes=15)
"""Counting reads every case of the quarter: not at every question."""
OFTEN = 5


@dataclass(frozen=True)
class RegionNames:
    """What a region and its departments are called; without English, in Chinese."""

    code: str
    name: str
    departments: Mapping[str, str] = field(default_factory=dict)
    name_en: str = ""
    departments_en: Mapping[str, str] = field(default_factory=dict)
    department_codes: Mapping[str, str] = field(default_factory=dict)
    """Unified social credit codes, for exports."""


def put_phrases(tx: Unit, raw: Mapping[str, Any]) -> None:
    plain = to_plain(raw)
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    tx.put(settings, "name", {"name": PHRASES, "value": plain})
    tx.put(settings, "name", {"name": DIGEST, "value": digest})


def phrases(tx: Unit) -> Phrases:
    """None at all, where none were published."""
    kept = tx.one(select(settings.c.value).where(settings.c.name == PHRASES))
    return phrases_from(kept.value) if kept else Phrases()


def put_region_names(tx: Unit, names: RegionNames) -> None:
    tx.put(settings, "name", {"name": NAMES_OF_REGION + names.code, "value": to_plain(names)})


def region_names(tx: Unit) -> dict[str, RegionNames]:
    """By code."""
    kept = tx.all(select(settings.c.value).where(settings.c.name.startswith(NAMES_OF_REGION)).order_by(settings.c.name))
    return {row.value["code"]: RegionNames(**row.value) for row in kept}


def find_items(tx: Unit, q: str = "", region: str = "") -> list[Item]:
    """The newest version of each item: with a question what answers it, the likeliest first; without, all of them in the
    order of codes. `region`: those that can be applied for there, so also those of whatever it lies in."""
    found = _index(tx).find(q, _counted(tx)) if q.strip() else newest_items(tx)
    return [i for i in found if offered_in(i, region)]


def offered_in(item: Item, region: str) -> bool:
    above = (region[:2] + "0000", region[:4] + "00", "000000")
    return not region or item.region.startswith(region_prefix(region)) or item.region in above


def items_often(tx: Unit, region: str = "", limit: int = OFTEN) -> list[Item]:
    """What is asked for most there."""
    return [i for i in _index(tx).often(_counted(tx)) if offered_in(i, region)][:limit]


def _index(tx: Unit) -> Index:
    kept = tx.one(select(settings.c.value).where(settings.c.name == DIGEST))
    newest = newest_items(tx)
    mark = (kept.value if kept else None, tuple((i.code, i.version) for i in newest))
    if tx.item_cache.index is None or tx.item_cache.index[0] != mark:
        tx.item_cache.index = mark, build(newest, phrases(tx))
    return tx.item_cache.index[1]


def _counted(tx: Unit) -> Mapping[str, int]:
    """Cases opened lately, by item."""
    now, known = tx.now(), tx.item_cache.counted
    if known is None or now - known[0] > COUNT_AGAIN:
        many = func.count()
        asked = select(cases.c.item_code, many).where(cases.c.opened_at > now - LATELY).group_by(cases.c.item_code)
        tx.item_cache.counted = known = now, {row[0]: row[1] for row in tx.all(asked)}
    return known[1]
