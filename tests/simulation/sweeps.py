"""The clock's rounds, as in `workers.sweeps`: each looks at every case under way for one way of waiting too long."""

from collections.abc import Callable
from datetime import timedelta

from cases.actions.waiving import Answer, Answered
from cases.bundles import is_waiting
from cases.care import Complaint
from cases.effects import Enqueue, JobKind
from cases.lifecycle import BookingState
from cases.waived import LATE, InquiryState
from tests.simulation import tracking
from tests.simulation.departments import draw_lots
from tests.simulation.ledger import Ledger
from tests.simulation.street import Street

FORGOTTEN = timedelta(minutes=5)
"""As `workers.sweeps` has it."""
UNANSWERED = Answered(Answer.UNAVAILABLE, reason="not_answered")
RULES = (
    "sweeping.on_deadline",
    "sweeping.on_no_show",
    "recipients.on_silence",
    "incidents.on_incident_deadline",
    "assigning.on_late_assignments",
    "deferring.on_promises",
    "demanded.on_demand",
)


def round_(street: Street) -> None:
    """One sweep over everything."""
    chosen: Callable[[Street, Ledger], None] = street.luck.choice(
        (*_BY_RULE, forgotten, polls, unheard, lapse, draw_lots)
    )
    for case in list(street.cases.values()):
        chosen(street, case)


def _by_rule(name: str) -> Callable[[Street, Ledger], None]:
    def sweep(street: Street, case: Ledger) -> None:
        street.do(case, name, street.moment("timer"), by="timer")

    return sweep


_BY_RULE = tuple(map(_by_rule, RULES)) * 2


def forgotten(street: Street, case: Ledger) -> None:
    """Rows whose job is not there."""
    before = street.at - FORGOTTEN
    file = case.file
    lost = [
        *((JobKind.PAGE_READ, p.id) for p in file.unread if p.uploaded_at < before),
        *(
            (JobKind.COURIER_BOOK, b.id)
            for b in file.bookings
            if b.state is BookingState.REQUESTED and b.requested_at < before
        ),
        *(
            (JobKind.COURIER_FIND, b.id)
            for b in file.bookings
            if b.state is BookingState.UNKNOWN and b.requested_at < before
        ),
        *((JobKind.BUNDLE_OPEN, c.id) for c in file.children if is_waiting(c) and c.asked_at < before),
        *((JobKind.DOCUMENT_MAKE, d.id) for d in file.documents if d.blob is None and d.made_at < before),
    ]
    lost += [
        (
            JobKind.PICKUP_BOOK if street.pickups[b.pickup].state is BookingState.REQUESTED else JobKind.PICKUP_FIND,
            b.pickup,
        )
        for b in file.bookings
        if b.pickup and street.pickups[b.pickup].state in (BookingState.REQUESTED, BookingState.UNKNOWN)
    ]
    for kind, subject in lost:
        if not street.queue.waits(kind, subject):
            street.ring(Enqueue(kind, subject, f"swept:{kind}:{subject}"))


def polls(street: Street, case: Ledger) -> None:
    """Partners are asked about parcels of which too little was heard."""
    for booking in case.file.bookings:
        if booking.waybill is not None and street.flip(2):
            tracking.trace(street, case, booking)


def unheard(street: Street, case: Ledger) -> None:
    """Questions to registries whose job is lost: the resident photographs."""
    for inquiry in case.file.inquiries:
        if inquiry.state is InquiryState.WAITING and inquiry.authorised_at < street.at - LATE:
            street.do(case, "waiving.answered", inquiry.id, UNANSWERED, street.moment())


def lapse(street: Street, case: Ledger) -> None:
    for thing in list(case.care.values()):
        if isinstance(thing, Complaint):
            street.care(case, thing, "complaining.lapse", street.moment())
