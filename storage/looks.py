"""Who looked at what of a case, when and why: read from the record, where every such look is a line.

A look is on record where somebody saw names, numbers, pictures or documents in full; a registry that was asked about a
person, and an export, are looks, too. Whose look it was is told twice: to auditors by name, to the person it is about by
office and duty.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from storage import audit as record
from storage.actors import Actor
from storage.agents import LOOKED
from storage.care_tables import complaints, follow_ups, rectifications
from storage.tables import api_keys, audit, staff
from storage.unit import AnyRow, Unit
from storage.words import ActorKind

SHOWN = "personal_data_shown"
ASKED = "looks_shown"
"""Who asked who looked is on record, too, and is no look."""
_CARE = {"complaint": complaints, "rectification": rectifications, "follow_up": follow_ups}
MOST = 1000


class Why(StrEnum):
    """What somebody looks for."""

    WORK = "work"
    DUPLICATE = "duplicate"
    ACCURACY = "accuracy"
    PROVEN = "proven"
    BACKTEST = "backtest"
    FETCHING = "fetching"
    CALL = "call"
    AGENT = "agent"
    REGISTRY = "registry"
    EXPORT = "export"


_WHY: Mapping[str, Why] = {
    "differences": Why.DUPLICATE,
    "mistake": Why.ACCURACY,
    "truths": Why.ACCURACY,
    "waiver": Why.PROVEN,
    "picture": Why.BACKTEST,
    "contact": Why.FETCHING,
    "export": Why.EXPORT,
}
_OTHER: Mapping[str, tuple[str, Why]] = {
    "contact_shown": ("contact", Why.CALL),
    LOOKED: ("case", Why.AGENT),
    "registry_asked": ("registry", Why.REGISTRY),
}


@dataclass(frozen=True)
class Look:
    at: datetime
    case: str
    actor_kind: str
    actor: str
    name: str
    """Of a member of staff, or of a system's key; empty where nobody in particular looked."""
    roles: tuple[str, ...]
    departments: tuple[str, ...]
    what: str
    why: Why
    thing: str | None
    """Which page, paper or document."""


def looks_at(tx: Unit, numbers: Collection[str], most: int = MOST) -> list[Look]:
    """Of these cases, the newest first."""
    chains = {number: number for number in numbers} | _care_chains(tx, numbers)
    found: list[AnyRow] = []
    for some in record.batched(sorted(chains), record.ASKED_AT_ONCE):
        mine = select(audit).where(audit.c.chain.in_(some), audit.c.action.in_([SHOWN, *_OTHER]))
        found += tx.all(mine.order_by(audit.c.seq.desc()).limit(most))
    newest = sorted(found, key=lambda row: row.seq, reverse=True)[:most]
    known = _people(tx, {row.actor for row in newest})
    return [_look(row, chains[row.chain], known) for row in newest]


def _care_chains(tx: Unit, numbers: Collection[str]) -> dict[str, str]:
    """Complaints, rectifications and follow-ups have chains of their own."""
    found: dict[str, str] = {}
    for some in record.batched(sorted(numbers), record.ASKED_AT_ONCE):
        for kind, table in _CARE.items():
            rows = tx.all(select(table.c.id, table.c.case_number).where(table.c.case_number.in_(some)))
            found |= {f"{kind}:{row.id}": row.case_number for row in rows}
    return found


@dataclass(frozen=True)
class _Known:
    name: str
    roles: tuple[str, ...]
    departments: tuple[str, ...]


def _people(tx: Unit, actors: Iterable[str]) -> dict[str, _Known]:
    asked, found = sorted(actors), dict[str, _Known]()
    for table in (staff, api_keys):
        for row in tx.all(select(table).where(table.c.id.in_(asked))):
            found[row.id] = _Known(row.name, tuple(row.roles), tuple(row.departments))
    return found


def _look(row: AnyRow, number: str, known: Mapping[str, _Known]) -> Look:
    detail = row.detail
    what, why = _OTHER.get(row.action, (str(detail.get("what", "case")), Why.WORK))
    thing = next((str(detail[k]) for k in ("page", "material", "document", "booking") if detail.get(k)), None)
    who = known.get(row.actor, _Known("", (), ()))
    why = _WHY.get(what, why) if row.action == SHOWN else why
    return Look(row.at, number, row.actor_kind, row.actor, who.name, who.roles, who.departments, what, why, thing)


def note_look(tx: Unit, number: str, actor: Actor, what: str, **detail: str | None) -> None:
    """Somebody sees something in full."""
    record.record(tx, number, actor, SHOWN, {"what": what, **detail})


def is_own(look: Look, person: str) -> bool:
    """A person's look at what is theirs is not worth telling them."""
    return look.actor_kind == ActorKind.RESIDENT and look.actor == person
