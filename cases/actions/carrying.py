"""Following the parcel: the leg follows the fold of all events, custody and the case follow the leg."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.actions.ordering import WITH_COURIER, both, case_back, case_moves_on_booking, note_alerts
from cases.actions.recipients import Delivery, ask, delivered, in_question
from cases.custody import OFFICE_WINDOW, ROAD, Passing, hand_over, in_the_parcel
from cases.effects import Effect, Enqueue, JobKind, Notify, Outcome, Put, move_booking, move_case, move_leg
from cases.incidents import IncidentKind, Settlement, closed, of_leg, open_incident
from cases.lifecycle import CASE, LEG_OPEN_FOR_BOOKING, BookingEvent, BookingState, CaseEvent, CaseState, LegState
from cases.model import Booking, CaseFile, Direction, Holder, Incident, Leg, Parcel
from cases.moment import Moment


@dataclass(frozen=True)
class Tracked:
    """What all events of a booking, folded, say now. `since`: time of the event that brought it there."""

    state: LegState
    since: datetime
    confirmed: bool
    alerts: Sequence[str] = ()
    recipient: str | None = None
    """With whom it was left, where that was not the addressee."""
    place: str | None = None
    """Where that was, if the courier said."""
    by: str | None = None
    """The person who recorded it, of carriers of our own."""
    seal: str | None = None
    """The number on the seal as that person saw it, and `found` what envelope and seal looked like."""
    found: str | None = None


def record_tracking(file: CaseFile, booking_id: str, seen: Tracked, now: Moment) -> Outcome:
    """The leg follows the fold; custody and the case follow the leg. Saying the same again changes nothing, nor does
    anything a courier says after the addressee himself said that he has it."""
    booking, leg = both(file, booking_id)
    told = (*note_alerts(booking, seen.alerts), *_other_couriers(file, booking, seen))
    meant = _meant(booking, leg, seen)
    if _says_nothing_new(leg, meant):
        return told
    moved = move_leg(leg, meant.state, meant.since, confirmed=meant.confirmed)
    return (
        *told,
        *moved,
        *_question(leg, meant, now),
        *_custody(file, booking, leg, meant, now),
        *_attempt_ended(booking, meant),
        *_case_follows(file, booking, leg, meant, now),
    )


def _other_couriers(file: CaseFile, booking: Booking, seen: Tracked) -> Outcome:
    """An attempt given up that moves after all: the courier ordered in its place has nothing left to fetch."""
    if seen.state not in WITH_COURIER:
        return ()
    others = [b for b in file.bookings if b.leg == booking.leg and b.id != booking.id]
    live = [b for b in others if b.state is BookingState.BOOKED]
    return tuple(Enqueue(JobKind.COURIER_CANCEL, b.id, f"cancel:{b.id}") for b in live)


# What an attempt that is over leaves the leg as, when its parcel turns out not to be with the courier.
_OVER: Mapping[BookingState, LegState] = {
    BookingState.CANCELLED: LegState.CANCELLED,
    BookingState.FAILED: LegState.PICKUP_FAILED,
    BookingState.VOID: LegState.PICKUP_FAILED,
    BookingState.REFUSED: LegState.PICKUP_FAILED,
    BookingState.DONE: LegState.PICKUP_FAILED,
}


def _meant(booking: Booking, leg: Leg, seen: Tracked) -> Tracked:
    """Only a moving parcel revives an attempt that is over: a courier assigned to it late goes nowhere."""
    if booking.state not in _OVER or seen.state in WITH_COURIER or seen.state is LegState.RETURNED:
        return seen
    gone = leg.state in WITH_COURIER or leg.state is LegState.HANDED_OVER
    return replace(seen, state=_OVER[booking.state] if gone else leg.state)


def _says_nothing_new(leg: Leg, seen: Tracked) -> bool:
    if leg.state is LegState.HANDED_OVER:  # by the office's own count, or to the addressee in person
        if leg.vouched:
            return True
        return leg.direction is Direction.COLLECTION or (seen.state is LegState.DELIVERED and seen.confirmed)
    return leg.state is seen.state and (leg.confirmed == seen.confirmed or seen.state is not LegState.DELIVERED)


def _handed_over(leg: Leg, seen: Tracked) -> bool:
    """Delivered to the office is only proved by its own count."""
    return leg.direction is Direction.DELIVERY and seen.state is LegState.DELIVERED and seen.confirmed


def _question(leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    """Signed for by somebody else: the resident is asked. Whatever else the parcel does ends the question."""
    then = replace(leg, state=seen.state, confirmed=seen.confirmed)
    if in_question(then):
        return ask(then, seen.recipient, now)
    return (Put("leg", leg.id, {"asks": 0, "answer_due": None}),) if leg.asks else ()


# ── custody: where the papers are follows where the parcel is ──


def _custody(file: CaseFile, booking: Booking, leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    """One hand-over for each change of hands between where the parcel was and where it is."""
    road = ROAD[leg.direction]
    here = 2 if leg.state is LegState.HANDED_OVER else int(leg.state in WITH_COURIER)
    there = 2 if _handed_over(leg, seen) else int(seen.state in WITH_COURIER)
    step = 1 if there > here else -1
    papers = in_the_parcel(file, leg, road[here])
    parcel = file.parcel(leg.id)
    seal = seen.seal or (parcel.seal if parcel is not None and there > here else None)
    steps: list[Effect] = []
    recorded_by = f"{booking.partner}:{seen.by}" if seen.by else booking.partner
    for at in range(here, there, step):
        giver, taker = road[at], road[at + step]
        held = tuple(replace(o, holder=giver) for o in papers)
        place = seen.place or (OFFICE_WINDOW if giver is Holder.OFFICE else None)
        steps += hand_over(
            Passing(held, giver, taker, seen.since, recorded_by, seal, _found(parcel, seen), place), now.new_id()
        )  # fmt: skip
    return tuple(steps)


def _found(parcel: Parcel | None, seen: Tracked) -> str | None:
    """What was seen, and that it is another seal than the one the envelope was closed with."""
    other = seen.seal is not None and parcel is not None and parcel.seal not in (None, seen.seal)
    return "，".join([*(["封签号不符"] if other else []), *([seen.found] if seen.found else [])]) or None


# ── the attempt and the case ──


def _attempt_ended(booking: Booking, seen: Tracked) -> Outcome:
    """An attempt that came to nothing is over: another one may be made. The partner hears that we gave it up."""
    if booking.state is not BookingState.BOOKED:
        return ()
    match seen.state:
        case LegState.PICKUP_FAILED:
            given_up = Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}")
            return (move_booking(booking, BookingEvent.FAIL), given_up)
        case LegState.CANCELLED:
            return (move_booking(booking, BookingEvent.CANCEL),)
        case LegState.RETURNED:
            return (move_booking(booking, BookingEvent.FINISH),)
    return ()


def _case_follows(file: CaseFile, booking: Booking, leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    told = (*_told_resident(leg, seen), *_incidents(file, booking, leg, seen, now))
    if _handed_over(leg, seen):
        return (*told, *delivered(file, booking, leg, Delivery(seen.since, "快递送达本人签收"), now))
    if leg.state is LegState.HANDED_OVER:
        return (*told, *_delivery_reversed(file, now))
    if seen.state in WITH_COURIER:
        return (*told, *case_moves_on_booking(file, leg, now))
    if seen.state in LEG_OPEN_FOR_BOOKING:
        return (*told, *case_back(file, leg, now))
    return told


_BAD_NEWS: Mapping[LegState, str] = {
    LegState.PICKUP_FAILED: "pickup_failed",
    LegState.CANCELLED: "courier_cancelled",
    LegState.REFUSED: "parcel_refused",
    LegState.RETURNED: "parcel_returned",
    LegState.LOST: "parcel_lost",
}


def _told_resident(leg: Leg, seen: Tracked) -> Outcome:
    """What the resident must know."""
    news = _BAD_NEWS.get(seen.state)
    return (Notify(news, {"direction": str(leg.direction)}),) if news is not None else ()


def _incidents(file: CaseFile, booking: Booking, leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    """A parcel lost, refused or sent back stays open at the office until somebody settles it, or it arrives after all.
    A collection that came back is the resident's to send again: the case's own deadline runs. One of many cases came
    back to somebody who has other people's papers now, so the office sees to it that they are sent again."""
    kind = _GONE_WRONG.get((leg.direction, seen.state))
    together = leg.direction is Direction.COLLECTION and booking.pickup is not None
    if together and seen.state is LegState.RETURNED:
        kind = IncidentKind.PICKUP_RETURNED
    over = _over(file, leg, seen)
    settled = (e for i in over for e in closed(i, _arrived(i.kind), "寄递记录更新", now))
    if kind is None or (kind is IncidentKind.PARCEL_RETURNED and of_leg(file, leg.id, IncidentKind.PARCEL_REFUSED)):
        return tuple(settled)
    inside = in_the_parcel(file, leg, Holder.COURIER) or in_the_parcel(file, leg, ROAD[leg.direction][0])
    keys = [o.key for o in inside]
    detail = {"direction": str(leg.direction), "leg": leg.id, **({"pickup": booking.pickup} if together else {})}
    return (*settled, *open_incident(file, kind, keys, detail, now))


def _over(file: CaseFile, leg: Leg, seen: Tracked) -> tuple[Incident, ...]:
    """Incidents of the leg that this news ends."""
    if _handed_over(leg, seen):
        return of_leg(file, leg.id)
    lost = of_leg(file, leg.id, IncidentKind.PARCEL_LOST) if seen.state is not LegState.LOST else ()
    sent_again = of_leg(file, leg.id, IncidentKind.PICKUP_RETURNED) if seen.state in WITH_COURIER else ()
    return (*lost, *sent_again)


def _arrived(kind: str) -> Settlement:
    return Settlement.FOUND if kind == IncidentKind.PARCEL_LOST else Settlement.REDELIVERED


_GONE_WRONG: Mapping[tuple[Direction, LegState], IncidentKind] = {
    (Direction.COLLECTION, LegState.LOST): IncidentKind.PARCEL_LOST,
    (Direction.DELIVERY, LegState.LOST): IncidentKind.PARCEL_LOST,
    (Direction.COLLECTION, LegState.REFUSED): IncidentKind.PARCEL_REFUSED,
    (Direction.DELIVERY, LegState.REFUSED): IncidentKind.PARCEL_REFUSED,
    (Direction.DELIVERY, LegState.RETURNED): IncidentKind.PARCEL_RETURNED,
}


def _delivery_reversed(file: CaseFile, now: Moment) -> Outcome:
    """The courier took "delivered" back: the case is open again."""
    if CaseEvent.DELIVERY_REVERSED not in CASE.allowed(file.case.state):
        return ()
    due = now.deadline(CaseState.DELIVERING, file.item)
    return (*move_case(file.case, CaseEvent.DELIVERY_REVERSED, due), Notify("delivery_reversed"))
