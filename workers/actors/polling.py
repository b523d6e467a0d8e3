"""courier.poll and courier.subscribe: a partner is asked about parcels of which too little was heard, so that a push that
got lost loses nothing.

At most one run per partner at a time, each no longer than the partner's rate allows for a minute. What the partner's
own record says is believed, also what cannot be taken back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import structlog

from cases.effects import Enqueue, JobKind
from cases.errors import Conflict
from cases.lifecycle import LEG_FINAL, BookingState
from courier.port import News, Partner, PartnerUnavailable, Subscribes, TracesMany
from courier.vocabulary import CourierEvent
from storage import polling
from storage.jobs import Job
from storage.polling import Watched
from storage.session import Database, Transaction
from workers.actors.tracking import record_traced
from workers.context import Context
from workers.jobs import Finish, Handler, Hopeless, Transient, nothing
from workers.polls import OFTEN, rhythm_of

RATE = 20.0
"""Questions a minute to a partner that has no rate of its own."""

log = structlog.get_logger()


def poll(context: Context, job: Job) -> Finish:
    partner = context.partners.get(job.subject)
    if partner is None or partner.capabilities.news is News.OURS:
        raise Hopeless("not_polled")
    rhythm, rate = rhythm_of(partner), int(context.polls_per_minute.get(partner.name, RATE))
    with context.database.reading() as tx:
        parcels = polling.due(tx, partner.name, rhythm, rate * at_once(partner))
    found = sum(_recorded(context.database, partner, told) for told in _told(partner, parcels))
    log.info("courier_polled", partner=partner.name, count=found)
    return lambda tx: _next(tx, partner)


def at_once(partner: Partner) -> int:
    return partner.trace_at_once if isinstance(partner, TracesMany) else 1


def _told(partner: Partner, parcels: Sequence[Watched]) -> Iterator[Mapping[Watched, tuple[CourierEvent, ...]]]:
    """Answer by answer, until the partner does not give one: what is left is due all the same in a minute."""
    size = at_once(partner)
    for start in range(0, len(parcels), size):
        batch = parcels[start : start + size]
        try:
            yield _ask_about(partner, batch)
        except PartnerUnavailable as error:
            log.warning("courier_not_polled", partner=partner.name, reason=error.reason, count=len(parcels) - start)
            return


def _ask_about(partner: Partner, batch: Sequence[Watched]) -> Mapping[Watched, tuple[CourierEvent, ...]]:
    if isinstance(partner, TracesMany):
        told = partner.trace_many([w.waybill for w in batch])
        return {w: told[w.waybill] for w in batch}
    return {w: partner.trace(w.waybill) for w in batch}


def _recorded(database: Database, partner: Partner, told: Mapping[Watched, Iterable[CourierEvent]]) -> int:
    """A transaction each: a case that is being changed just now is asked about again and holds up no other."""
    return sum(_record(database, partner, parcel, events) for parcel, events in told.items())


def _record(database: Database, partner: Partner, parcel: Watched, events: Iterable[CourierEvent]) -> bool:
    try:
        with database.transaction() as tx:
            polling.asked(tx, partner.name, [parcel.waybill])
            return record_traced(tx, events)
    except Conflict as error:
        log.warning("poll_conflict", partner=partner.name, reason=error.code)
        return False


def _next(tx: Transaction, partner: Partner) -> None:
    """A partner that tells nothing by itself is asked again and again, as long as anything of it is open."""
    if partner.capabilities.news is News.ASKED and polling.open_parcels(tx, partner.name, OFTEN):
        due = tx.now() + OFTEN.quiet
        tx.jobs.add(Enqueue(JobKind.COURIER_POLL, partner.name, f"poll:{partner.name}", due))


# ── watching ──


def subscribe(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        number, booking = tx.booking(job.subject)
        leg = tx.case_file(number).leg_by_id(booking.leg)
    partner = context.partners.get(booking.partner)
    if not isinstance(partner, Subscribes) or not booking.waybill:
        raise Hopeless("not_subscribed_to")
    if booking.state is not BookingState.BOOKED or leg is None or leg.state in LEG_FINAL:
        raise Hopeless("parcel_at_rest")
    try:
        partner.subscribe(booking.waybill, booking.address.phone)
    except PartnerUnavailable as error:
        raise Transient(f"subscribe_{error.reason}") from error
    return nothing


COURIER_POLL = Handler(JobKind.COURIER_POLL, poll)
COURIER_SUBSCRIBE = Handler(JobKind.COURIER_SUBSCRIBE, subscribe)
