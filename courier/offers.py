"""Which windows of which partners a leg is offered, and why others are not. Pure: hours, coverage and circuits come in.

`offers` lists them best partner first, each partner's earliest first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.couriers import Ability, Offer, Task, Unable, proof_of, ranked, why_unable
from cases.deadlines import Calendar as KnownDays
from cases.items import PaidBy
from cases.model import Direction
from cases.model import Window as Wanted
from courier.port import Capabilities, CoverageCheck, Covered, NotCovered, Partner, Payer, Unknown
from courier.vocabulary import CourierEvent, EventKind
from courier.windows import Calendar, offer

# Who that is on the waybill. What the office pays goes on its own account with the partner, whichever end it is.
_PAYER: Mapping[tuple[Direction, PaidBy], Payer] = {
    (Direction.COLLECTION, PaidBy.RESIDENT): Payer.SENDER,
    (Direction.DELIVERY, PaidBy.RESIDENT): Payer.RECEIVER,
    (Direction.COLLECTION, PaidBy.OFFICE): Payer.ACCOUNT,
    (Direction.DELIVERY, PaidBy.OFFICE): Payer.ACCOUNT,
}
_APPOINTS = frozenset({EventKind.COURIER_ASSIGNED, EventKind.PICKUP_RESCHEDULED})


@dataclass(frozen=True)
class Circumstances:
    """What is known when windows are asked for. `preference`: the region's list; `failed`: partners whose courier did
    not come for this leg; `down`: partners left alone just now; `covered`: the answers there are for this address,
    None where it could not be asked."""

    now: datetime
    days: int
    calendar: Calendar
    preference: Sequence[str] = ()
    failed: Collection[str] = ()
    down: Collection[str] = ()
    covered: Mapping[str, bool | None] = field(default_factory=dict)


def payer(direction: Direction, paid_by: PaidBy) -> Payer:
    return _PAYER[direction, paid_by]


def ability(can: Capabilities) -> Ability:
    pays = frozenset(who for who, on_the_waybill in _PAYER.items() if on_the_waybill in can.payers)
    if not can.delivers:
        pays = frozenset(who for who in pays if who[0] is not Direction.DELIVERY)
    return Ability(pays, can.safety_code, can.identity_check, can.declared_value)


def covered_by(answer: Covered | NotCovered | Unknown) -> tuple[bool | None, str]:
    """Whether the partner comes, None where it could not be asked; and why not."""
    match answer:
        case Covered():
            return True, ""
        case NotCovered(reason=reason):
            return False, reason
        case Unknown(reason=reason):
            return None, reason


def asks_coverage(partner: Partner, direction: Direction) -> bool:
    """Whether the partner's own check says anything about a resident's address in this direction."""
    check = partner.capabilities.coverage
    return check is CoverageCheck.BOTH or (check is CoverageCheck.PICKUP and direction is Direction.COLLECTION)


def learns_coverage(partner: Partner, direction: Direction) -> bool:
    """Whether what is known of the address holds in this direction: what the partner's own check said, or, where it
    has none, what it said when it refused an order there."""
    return partner.capabilities.coverage is CoverageCheck.NONE or asks_coverage(partner, direction)


def working_days(known: KnownDays) -> Calendar:
    """The region's calendar as windows ask for it; None for a day that nobody has announced."""
    return lambda day: known.is_working(day) if known.knows(day) or day in known.days else None


def candidates(partners: Mapping[str, Partner], task: Task, c: Circumstances) -> list[Partner]:
    """Whoever can do what the leg asks, best first, whether or not it is down or comes to the address."""
    names = ranked(c.preference, list(partners), c.failed)
    return [partners[n] for n in names if why_unable(n, ability(partners[n].capabilities), task) is None]


def offers(partners: Mapping[str, Partner], task: Task, c: Circumstances) -> list[Offer]:
    free = [p for p in candidates(partners, task, c) if _why_not_now(p, task, c) is None]
    return [o for p in free for o in _of_partner(p, task, c)]


def left_out(partners: Mapping[str, Partner], task: Task, c: Circumstances) -> dict[str, Unable]:
    """Partners of the region that have no window here, and why."""
    named = [partners[n] for n in ranked(c.preference, list(partners), c.failed)]
    why = {p.name: why_unable(p.name, ability(p.capabilities), task) or _why_not_now(p, task, c) for p in named}
    return {name: reason for name, reason in why.items() if reason is not None}


def _why_not_now(partner: Partner, task: Task, c: Circumstances) -> Unable | None:
    if partner.name in c.down:
        return Unable.DOWN
    if learns_coverage(partner, task.direction) and c.covered.get(partner.name) is False:
        return Unable.NOT_COVERED
    return None


def _of_partner(partner: Partner, task: Task, c: Circumstances) -> Iterable[Offer]:
    proof = proof_of(ability(partner.capabilities), task) if task.to_addressee else None
    sure = asks_coverage(partner, task.direction) and c.covered.get(partner.name) is True
    for w in offer(partner.hours, c.now, c.days, c.calendar):
        yield Offer(partner.name, Wanted(w.start, w.end), w.cancel_by, proof, sure)


def appointed(events: Iterable[CourierEvent]) -> Wanted | None:
    """The window that the partner named last, if it ever named one."""
    said = [e for e in events if e.kind in _APPOINTS and e.window_start and e.window_end]
    last = max(said, key=lambda e: (e.at, e.unique_key), default=None)
    if last is None or last.window_start is None or last.window_end is None:
        return None
    return Wanted(last.window_start, last.window_end)
