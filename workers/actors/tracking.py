"""What a partner pushed becomes events, and the leg follows the fold over all of them: one push at a time, whatever it says.
Everyday scans come together, and are handled so (`workers.actors.arriving`).

A push was verified at the door and kept; here it is opened and read. Events of a partner whose pushes prove little
(EMS) are not believed in what cannot be taken back: the partner is asked for the waybill's trace first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from cases.actions.carrying import Tracked, record_tracking
from cases.actions.ordering import record_appointed, record_booked
from cases.consolidation import Pickup
from cases.lifecycle import BookingState
from cases.model import Booking
from courier.fold import fold
from courier.offers import appointed
from courier.port import Authenticity, Booked, Partner, PartnerUnavailable, Push, PushUnreadable
from courier.vocabulary import CourierEvent, EventKind, from_json
from storage import inbox, pickups
from storage.actors import Actor
from storage.session import Transaction
from storage.tracking import StoredEvent
from storage.words import ActorKind, InboxState
from workers import consolidated
from workers.context import Context, moment
from workers.jobs import Finish, Hopeless, Transient
from workers.remembering import watch_again

PLATFORM = "platform."
"""How the doors name the messaging platform as a provider."""
FINAL = frozenset({EventKind.DELIVERED, EventKind.RETURNED, EventKind.LOST})

log = structlog.get_logger()


def handle(context: Context, push: inbox.Push) -> Finish:
    """One push by itself. Raises `Transient` while the partner's own record does not show what it says."""
    if push.state is InboxState.HANDLED:
        raise Hopeless("handled_before")
    if push.provider.startswith(PLATFORM):
        return lambda tx: _noted(tx, push)
    partner = context.partners.get(push.provider)
    if partner is None or not push.verified:
        return lambda tx: unusable(tx, push.id, "not_from_a_partner")
    try:
        events = partner.parse_push(Push(push.provider, push.external_key, push.raw))
    except PushUnreadable as error:
        reason = error.reason
        return lambda tx: unusable(tx, push.id, f"unreadable: {reason}")
    believed = _believed(partner, events)
    return lambda tx: _record(tx, push.id, believed)


def _noted(tx: Transaction, push: inbox.Push) -> None:
    """The messaging platform's pushes say nothing that a case waits for."""
    tx.inbox.mark_handled(push.id)


def _believed(partner: Partner, events: Sequence[CourierEvent]) -> tuple[CourierEvent, ...]:
    """The events, those that cannot be taken back only when the partner's own record shows them."""
    if not must_be_asked(partner, events):
        return tuple(events)
    traced = {e.unique_key: e for w in sorted({e.waybill for e in events}) for e in trace(partner, w)}
    unproved = [e for e in events if e.kind in FINAL and e.unique_key not in traced]
    if unproved:
        raise Transient("not_in_the_partners_record_yet")
    return (*events, *(e for key, e in traced.items() if key not in {x.unique_key for x in events}))


def must_be_asked(partner: Partner, events: Iterable[CourierEvent]) -> bool:
    """Whether they say what is not taken from a push of this partner alone."""
    return partner.capabilities.pushes is not Authenticity.STRONG and any(e.kind in FINAL for e in events)


def catch_up(tx: Transaction, booking_id: str, events: Iterable[CourierEvent]) -> None:
    """What the partner's own record says of a booking, also what its pushes never told."""
    if tx.add_courier_events(booking_id, [stored(e) for e in events]):
        follow(tx, booking_id)


def trace(partner: Partner, waybill: str) -> tuple[CourierEvent, ...]:
    """Raises `Transient`."""
    try:
        return partner.trace(waybill)
    except PartnerUnavailable as error:
        raise Transient(f"trace_{error.reason}") from error


def unusable(tx: Transaction, inbox_id: str, reason: str) -> None:
    log.warning("push_unusable", inbox=inbox_id, reason=reason)
    tx.inbox.mark_failed(inbox_id, reason)


def _record(tx: Transaction, inbox_id: str, events: Iterable[CourierEvent]) -> None:
    """Every event is kept, also one whose booking is not known yet; then each booking it touches is folded anew."""
    kept = [_keep(tx, event) for event in events]
    touched = dict.fromkeys(b for k in kept for b in k.bookings)
    for booking_id in touched:
        follow(tx, booking_id)
    tx.inbox.mark_handled(inbox_id)
    log.info("push_handled", inbox=inbox_id, count=len(touched), orphans=sum(not k.bookings for k in kept))


def record_traced(tx: Transaction, events: Iterable[CourierEvent]) -> bool:
    """What a partner answered to a question; whether any of it was new."""
    kept = [_keep(tx, event) for event in events]
    new = dict.fromkeys(b for k in kept if k.new for b in k.bookings)
    for booking_id in new:
        follow(tx, booking_id)
    return bool(new)


@dataclass(frozen=True)
class _Kept:
    """`bookings`: whose parcel the event is about, one as a rule; all that ride in a consolidated pickup; none yet."""

    bookings: Sequence[str]
    new: bool


def _keep(tx: Transaction, event: CourierEvent) -> _Kept:
    booking = _booking_of(tx, event)
    pickup = _pickup_of(tx, event, booking)
    if pickup is not None:
        return _keep_shared(tx, event, pickup)
    if booking is None:
        return _Kept((), bool(tx.add_courier_events(None, [stored(event)])))
    new = bool(tx.add_courier_events(booking.id, [stored(event)]))
    _note(tx, event, booking.id, new=new)
    return _Kept((booking.id,), new)


def _keep_shared(tx: Transaction, event: CourierEvent, pickup: Pickup) -> _Kept:
    new = bool(tx.add_courier_events(None, [stored(event)], pickup=pickup.id))
    if pickup.state is BookingState.UNKNOWN and event.waybill:  # whoever speaks of an order has taken it
        consolidated.settle(tx, pickup, Booked(event.waybill))
    riding = [booking for _, booking in pickups.members(tx, pickup.id)]
    if riding:
        _note(tx, event, riding[0], new=new)
    return _Kept(riding, new)


def _note(tx: Transaction, event: CourierEvent, booking_id: str, *, new: bool) -> None:
    if event.new_waybill:
        tx.add_alias(event.partner, event.new_waybill, booking_id)
    if event.kind is EventKind.UNWATCHED and new:
        watch_again(tx, booking_id)


def _booking_of(tx: Transaction, event: CourierEvent) -> Booking | None:
    by_order = tx.booking_by_order(event.partner, event.order_id) if event.order_id else None
    known = by_order or (tx.booking_by_waybill(event.partner, event.waybill) if event.waybill else None)
    return known[1] if known else None


def _pickup_of(tx: Transaction, event: CourierEvent, booking: Booking | None) -> Pickup | None:
    if booking is not None:
        return pickups.load(tx, booking.pickup) if booking.pickup else None
    return pickups.by_order(tx, event.partner, event.order_id) if event.order_id else None


def follow(tx: Transaction, booking_id: str) -> None:
    """The leg, custody and the case follow what all events of the leg say together, whichever attempt they are of:
    a parcel that moves under an attempt given up is where the papers are."""
    _known_by_now(tx, booking_id)
    number, booking = tx.booking(booking_id)
    file = tx.case_file(number, for_change=True)
    attempts = [b for b in file.bookings if b.leg == booking.leg]
    told = [e for b in attempts for e in told_of(b, tx.courier_events(b.id))]
    followed = where(booking, attempts, told)
    if followed is None:
        return
    by = Actor(ActorKind.PARTNER, followed.booking.partner)
    tx.apply(number, record_tracking(file, followed.booking.id, followed.seen, moment(tx)), actor=by)
    _appointed(tx, number, followed.booking, by)


@dataclass(frozen=True)
class Followed:
    """The attempt that the leg follows, and where it is."""

    booking: Booking
    seen: Tracked


def where(booking: Booking, attempts: Sequence[Booking], told: Sequence[CourierEvent]) -> Followed | None:
    """By all that was told of the attempts of one leg; None: nothing has moved yet. `booking`: the one that was spoken of, if
    it is not said of which attempt."""
    folded = fold(told)
    if folded.since is None:
        return None
    followed = next((b for b in attempts if folded.order in (b.order_id, b.waybill)), booking)
    left_with = str(folded.recipient) if folded.recipient else None
    seen = _seen_there(Tracked(folded.state, folded.since, folded.confirmed, folded.alerts, left_with), told)
    return Followed(followed, seen)


def _seen_there(seen: Tracked, told: Iterable[CourierEvent]) -> Tracked:
    """With what the event says that brought the parcel where it is: the place, and, of our own carriers, the person and
    what they saw."""
    there = [e for e in told if e.at == seen.since]
    if not there:
        return seen
    best = max(there, key=lambda e: (bool(e.by), bool(e.place), e.unique_key))
    return replace(seen, place=best.place or None, by=best.by or None, seal=best.seal or None, found=best.found or None)


def _appointed(tx: Transaction, number: str, booking: Booking, by: Actor) -> None:
    """The courier's own time of coming, if the partner names one."""
    window = appointed(event(e.body) for e in tx.courier_events(booking.id))
    outcome = record_appointed(tx.case_file(number), booking.id, window) if window else ()
    if outcome:
        tx.apply(number, outcome, actor=by)


def _known_by_now(tx: Transaction, booking_id: str) -> None:
    """An order whose outcome is unknown, and of which the partner speaks, stands."""
    number, booking = tx.booking(booking_id)
    waybills = (e.waybill for e in tx.courier_events(booking_id) if e.waybill)
    waybill = next(waybills, None) if booking.state is BookingState.UNKNOWN else None
    if waybill is not None:
        file = tx.case_file(number, for_change=True)
        by = Actor(ActorKind.PARTNER, booking.partner)
        tx.apply(number, record_booked(file, booking_id, waybill, moment(tx)), actor=by)


def told_of(booking: Booking, events: Iterable[StoredEvent]) -> list[CourierEvent]:
    """Whoever speaks of an order has taken it, also one that he denied and one (EMS) of which he never says so: a
    pick-up taken back leads there. At the time of asking: whatever the partner's clock says, it was before anything
    he reports."""
    told = [event(e.body) for e in events]
    if booking.pickup is not None:  # the shared order's events, as events of this attempt
        told = [replace(e, order_id=booking.order_id) for e in told]
    return [taken(booking), *told] if told else []


def taken(booking: Booking) -> CourierEvent:
    key = f"{booking.partner}:{booking.order_id}:booked"
    waybill, at = booking.waybill or "", booking.requested_at
    return CourierEvent(EventKind.BOOKED, at, booking.partner, waybill, booking.order_id, unique_key=key)


def stored(e: CourierEvent) -> StoredEvent:
    unknown = (e.code or "?") if e.kind is EventKind.UNKNOWN else None
    return StoredEvent(e.unique_key, e.partner, e.waybill or None, e.order_id or None, e.at, e.to_json(), unknown)


def event(body: Mapping[str, object]) -> CourierEvent:
    return from_json(body)
