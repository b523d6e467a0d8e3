"""Choosing who carries a leg: what the item asks, what each partner can do, whom the region prefers, and who takes
over when one cannot.

Pure. A partner is here no more than its name and its `Ability`; windows come in as offers, best partner first.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.items import CourierTerms, PaidBy
from cases.lifecycle import BookingState
from cases.model import Booking, CaseFile, Direction, Proof, Window

COUNTER = "counter"
IN_HOUSE = frozenset({"grid", "drop_box", COUNTER})
"""Ways home that an item names by themselves; any other partner is its way `courier`."""
RESIDENT_GOES = frozenset({"drop_box", COUNTER})
"""Ways that the resident has to choose: who waits at home is not sent out by a fail-over."""
NEXT_WITHIN = timedelta(hours=24)
"""Another partner's next window stands in for the one asked for only so much later: who waits at home has a day."""


@dataclass(frozen=True)
class Ability:
    """What a partner can do, as far as choosing one goes."""

    pays: frozenset[tuple[Direction, PaidBy]]
    tells_code: bool
    checks_identity: bool
    declares_value: bool


class Unable(StrEnum):
    """Why a partner is not offered for a leg. Closed list; the doors have the words."""

    WAY = "way"
    PAYER = "payer"
    VALUE = "value"
    ADDRESSEE = "addressee"
    NOT_COVERED = "not_covered"
    DOWN = "down"


@dataclass(frozen=True)
class Task:
    """What one leg asks of a partner. `ways`: those the item names for the result, empty for any. `by_identity`: the
    addressee has an identity number that could be checked."""

    direction: Direction
    terms: CourierTerms
    ways: tuple[str, ...] = ()
    by_identity: bool = True

    @property
    def payer(self) -> PaidBy:
        return self.terms.collection if self.direction is Direction.COLLECTION else self.terms.delivery

    @property
    def to_addressee(self) -> bool:
        return self.terms.addressee_only and self.direction is Direction.DELIVERY


@dataclass(frozen=True)
class Offer:
    """One window of one partner. `proof`: how it would be proved that the addressee took it, where that is asked.
    `covered` False: whether the partner comes to the address could not be asked."""

    partner: str
    window: Window
    cancel_by: datetime
    proof: Proof | None = None
    covered: bool = True


def task_of(file: CaseFile, direction: Direction) -> Task:
    ways = file.item.result.delivery if direction is Direction.DELIVERY else ()
    return Task(direction, file.item.courier, ways, by_identity=file.case.applicant.kind == "person")


def proof_of(ability: Ability, task: Task) -> Proof | None:
    """A code is shown to the resident alone, so it is preferred to a number that stands on many papers."""
    if ability.tells_code:
        return Proof.CODE
    return Proof.IDENTITY if ability.checks_identity and task.by_identity else None


def why_unable(partner: str, ability: Ability, task: Task) -> Unable | None:
    """What of the leg's terms the partner cannot do; None: it can do them all."""
    way = partner if partner in IN_HOUSE else "courier"
    if task.ways and way not in task.ways:
        return Unable.WAY
    if (task.direction, task.payer) not in ability.pays:
        return Unable.PAYER
    if task.terms.declared_value_fen and not ability.declares_value:
        return Unable.VALUE
    if task.to_addressee and proof_of(ability, task) is None:
        return Unable.ADDRESSEE
    return None


def ranked(preference: Sequence[str], configured: Sequence[str], failed: Collection[str] = ()) -> list[str]:
    """Partners best first: the region's list as far as it is configured, or, where no list names any, the
    deployment's own order. One that has failed this leg stands behind those that have not."""
    listed = [name for name in preference if name in configured] or list(configured)
    return sorted(listed, key=lambda name: name in failed)


def failed_before(file: CaseFile, direction: Direction) -> frozenset[str]:
    """Partners whose courier did not come for this leg."""
    leg = file.leg(direction)
    over = (b for b in file.bookings if leg is not None and b.leg == leg.id and b.state is BookingState.FAILED)
    return frozenset(b.partner for b in over)


def tried(file: CaseFile, booking: Booking) -> frozenset[str]:
    """The partner of this booking and of those that it stands in for."""
    return frozenset(b.partner for b in _line(file, booking))


def asked_first(file: CaseFile, booking: Booking) -> Booking:
    """What the resident chose, when others have stood in for it since."""
    return list(_line(file, booking))[-1]


def _line(file: CaseFile, booking: Booking) -> Iterator[Booking]:
    known: Mapping[str, Booking] = {b.id: b for b in file.bookings}
    one: Booking | None = booking
    while one is not None:
        yield one
        one = known.get(one.instead_of or "")


def instead(offers: Sequence[Offer], wanted: Window, tried_already: Collection[str]) -> Offer | None:
    """The first partner, in the order of the offers, that was not tried and offers the same window or the next one
    soon after it."""
    left = [o for o in offers if o.partner not in tried_already and o.partner not in RESIDENT_GOES]
    soon = [o for o in left if wanted.start <= o.window.start <= wanted.start + NEXT_WITHIN]
    if not soon:
        return None
    best = soon[0].partner
    return min((o for o in soon if o.partner == best), key=lambda o: o.window.start)
