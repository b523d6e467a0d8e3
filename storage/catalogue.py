"""Published items, and the calendar of working days. A published version never changes: a case keeps the version it
was opened under. In force is the newest version whose day has come (in Beijing) and that was not withdrawn before it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal, select, union_all, update

from cases.deadlines import Calendar, beijing_day
from cases.errors import Conflict, NotFound
from cases.items import Item, item_from
from cases.sentences import say
from storage.actors import region_prefix
from storage.plain import to_plain
from storage.tables import calendar_days, cases, items, settings
from storage.unit import AnyRow, Unit

KNOWN_UNTIL = "calendar_known_until"
OF_REGION = "calendar:"
RETAINED = "proofs:"
CALENDAR_HOLDS_S = 5.0
"""Every decision asks for the calendar, and it changes once a year."""


@dataclass(frozen=True)
class Version:
    """One published version. `published_by`: None for what came with the program; `draft`: what it was made of."""

    code: str
    version: int
    name: str
    region: str
    valid_from: date
    published_at: datetime
    published_by: str | None
    draft: str | None
    withdrawn_at: datetime | None


def publish_item(
    tx: Unit,
    raw: Mapping[str, Any],
    item: Item,
    *,
    valid_from: date | None = None,
    published_by: str | None = None,
    draft: str | None = None,
) -> bool:
    """Keeps a version, in force from today on unless another day is given; False: it was published before. Raises
    `Conflict` if that one reads differently."""
    definition = to_plain(raw)
    kept = tx.one(select(items.c.definition).where(items.c.code == item.code, items.c.version == item.version))
    if kept is not None:
        if kept.definition != definition:
            raise Conflict(
                say(
                    "事项{code}的第{version}版已发布且内容不同，请使用新的版本号。",
                    code=item.code,
                    version=item.version,
                ),
                code=item.code,
                version=item.version,
            )
        return False
    values = {
        "code": item.code,
        "version": item.version,
        "region": item.region,
        "name": item.name,
        "department": item.department,
        "definition": definition,
        "published_at": tx.now(),
        "valid_from": valid_from or beijing_day(tx.now()),
        "published_by": published_by,
        "draft": draft,
    }
    return tx.insert_new(items, values)


def withdraw_item(tx: Unit, code: str, version: int) -> None:
    """It never comes into force, and its number is not used again."""
    this = (items.c.code == code) & (items.c.version == version)
    tx.execute(update(items).where(this).values(withdrawn_at=tx.now()))


def _in_force(tx: Unit) -> ColumnElement[bool]:
    return items.c.withdrawn_at.is_(None) & (items.c.valid_from <= beijing_day(tx.now()))


def versions(tx: Unit, code: str) -> list[Version]:
    """Every one of an item, also those withdrawn, the newest first."""
    return [_version(row) for row in tx.all(select(*_OF_VERSION).where(items.c.code == code).order_by(_NEWEST_FIRST))]


def coming(tx: Unit, code: str) -> Version | None:
    """The version that is to be in force from a later day."""
    later = items.c.withdrawn_at.is_(None) & (items.c.valid_from > beijing_day(tx.now()))
    row = tx.one(select(*_OF_VERSION).where(items.c.code == code, later).order_by(_NEWEST_FIRST).limit(1))
    return None if row is None else _version(row)


def next_version(tx: Unit, code: str) -> int:
    found = tx.execute(select(func.max(items.c.version)).where(items.c.code == code)).scalar_one()
    return int(found or 0) + 1


def definition(tx: Unit, code: str, version: int) -> Mapping[str, Any]:
    """As it was published. Raises `NotFound`."""
    row = tx.one(select(items.c.definition).where(items.c.code == code, items.c.version == version))
    if row is None:
        raise NotFound("没有找到该事项。", item=code, version=version)
    found: Mapping[str, Any] = row.definition
    return found


def codes_of(tx: Unit, region: str | None, after: str, limit: int) -> list[str]:
    """Of every item that has a version, in force or to come; `limit` of them behind `after`."""
    wanted = select(items.c.code).where(items.c.code > after, items.c.withdrawn_at.is_(None)).distinct()
    if region is not None:
        wanted = wanted.where(items.c.region.startswith(region_prefix(region), autoescape=True))
    return list(tx.execute(wanted.order_by(items.c.code).limit(limit)).scalars())


def coming_of(tx: Unit, codes: Sequence[str]) -> dict[str, Version]:
    """Of those items that have one, the version that is to be in force later."""
    later = items.c.withdrawn_at.is_(None) & (items.c.valid_from > beijing_day(tx.now()))
    found = tx.all(select(*_OF_VERSION).where(items.c.code.in_(codes), later).order_by(items.c.version))
    return {row.code: _version(row) for row in found}


def days_in_force(tx: Unit, codes: Sequence[str]) -> dict[tuple[str, int], date]:
    """From when on each version of these items is meant to be in force, by code and version."""
    wanted = select(items.c.code, items.c.version, items.c.valid_from).where(items.c.code.in_(codes))
    return {(row.code, row.version): row.valid_from for row in tx.all(wanted)}


def cases_lately(tx: Unit, codes: Sequence[str], since: datetime, most: int) -> dict[str, int]:
    """How many cases were opened, by item; counted as far as `most`, whatever there is."""
    asked = [
        select(literal(code).label("code"), func.count().label("many")).select_from(
            select(cases.c.number)
            .where(cases.c.item_code == code, cases.c.opened_at > since, cases.c.test.is_(False))
            .limit(most)
            .subquery()
        )
        for code in codes
    ]
    return {row.code: row.many for row in tx.all(union_all(*asked))} if asked else {}


def put_retained_proofs(tx: Unit, region: str, proofs: Mapping[str, str]) -> None:
    """Name → legal basis, in place of the list published before."""
    tx.put(settings, "name", {"name": RETAINED + region, "value": dict(proofs)})


def retained_proofs(tx: Unit) -> dict[str, dict[str, str]]:
    """By region: what may still be asked for as a proof there."""
    kept = tx.all(select(settings).where(settings.c.name.startswith(RETAINED)).order_by(settings.c.name))
    return {row.name.removeprefix(RETAINED): row.value for row in kept}


_OF_VERSION = [
    items.c[name]
    for name in (
        "code", "version", "name", "region", "valid_from", "published_at", "published_by", "draft", "withdrawn_at",
    )
]  # fmt: skip
_NEWEST_FIRST = items.c.version.desc()


def _version(row: AnyRow) -> Version:
    return Version(*row)


def item(tx: Unit, code: str, version: int | None = None) -> Item:
    """One version, by default the one in force. Raises `NotFound`."""
    version = version if version is not None else _newest(tx, code)
    if (cached := tx.item_cache.get((code, version))) is not None:
        return cached
    row = tx.one(select(items.c.definition).where(items.c.code == code, items.c.version == version))
    if row is None:
        raise NotFound("没有找到该事项。", item=code, version=version)
    made = item_from(row.definition, code)
    tx.item_cache[code, version] = made
    return made


def _newest(tx: Unit, code: str) -> int:
    found = tx.execute(select(func.max(items.c.version)).where(items.c.code == code, _in_force(tx))).scalar_one()
    if found is None:
        raise NotFound("没有找到该事项。", item=code)
    return int(found)


def newest_items(tx: Unit) -> list[Item]:
    """Those in force, in the order of codes."""
    newest = (
        select(items.c.code, func.max(items.c.version).label("version")).where(_in_force(tx)).group_by(items.c.code)
    )
    known = [(row.code, row.version) for row in tx.all(newest.order_by(items.c.code))]
    if any(version not in tx.item_cache for version in known):
        _read_all(tx, newest.subquery())
    return [item(tx, code, version) for code, version in known]


def _read_all(tx: Unit, newest: Subquery) -> None:
    """In one question: there may be thousands."""
    same = (items.c.code == newest.c.code) & (items.c.version == newest.c.version)
    for row in tx.all(select(items.c.code, items.c.version, items.c.definition).join(newest, same)):
        if (row.code, row.version) not in tx.item_cache:
            tx.item_cache[row.code, row.version] = item_from(row.definition, row.code)


def calendar(tx: Unit, region: str = "") -> Calendar:
    """What is known of working days; other days are worked from Monday to Friday. With a region, its own days and those
    of whatever it lies in stand over the country's, the nearest last. Other processes see a change `CALENDAR_HOLDS_S`
    later."""
    at, known = time.monotonic(), tx.item_cache.calendars.get(region)
    if known is None or known[0] + CALENDAR_HOLDS_S < at:
        known = tx.item_cache.calendars[region] = (at, _calendar(tx, region))
    return known[1]


def _calendar(tx: Unit, region: str) -> Calendar:
    days = {row.day: row.working for row in tx.all(select(calendar_days))}
    above = [region[:2] + "0000", region[:4] + "00", region] if region else []
    names = [KNOWN_UNTIL, *(OF_REGION + code for code in above)]
    kept = {row.name: row.value for row in tx.all(select(settings).where(settings.c.name.in_(names)))}
    for code in above:
        own = kept.get(OF_REGION + code, {})
        days |= {date.fromisoformat(day): bool(working) for day, working in own.items()}
    known = kept.get(KNOWN_UNTIL)
    return Calendar(days, date.fromisoformat(known) if known else None)


def put_calendar_days(tx: Unit, days: Mapping[date, bool], known_until: date) -> None:
    for day, working in days.items():
        tx.put(calendar_days, "day", {"day": day, "working": working})
    before = _calendar(tx, "").known_until
    known = max(known_until, before) if before else known_until
    tx.put(settings, "name", {"name": KNOWN_UNTIL, "value": known.isoformat()})
    tx.item_cache.calendars.clear()


def put_region_days(tx: Unit, region: str, days: Mapping[date, bool]) -> None:
    """A region's own rest days and working days, in place of those published before."""
    kept = {day.isoformat(): working for day, working in sorted(days.items())}
    tx.put(settings, "name", {"name": OF_REGION + region, "value": kept})
    tx.item_cache.calendars.clear()
