"""inbox.handle: what came in is handled, and what couriers pushed meanwhile together with it, in one transaction.

A push that comes alone is handled alone, at once; under load a turn takes what has come since the one before, so the
statements of one serve dozens. What comes of it is what `tracking` makes of one push after another: pushes of one case
take turns, events that are told twice or late change nothing, and each leg follows the fold over all its events.

One bad push hurts itself alone. What is no everyday scan (a partner must be asked first, a shared order, an outcome that
was unknown, another waybill) gets a job of its own; so does each push of a turn that failed, and of one that somebody died
over. There every push has its own tries, and its own end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import structlog

from cases.actions.carrying import record_tracking
from cases.actions.ordering import WITH_COURIER
from cases.effects import Enqueue, JobKind, Outcome
from cases.lifecycle import BookingState
from cases.model import CaseFile
from courier.offers import appointed
from courier.port import Push as PartnersPush
from courier.port import PushUnreadable
from courier.vocabulary import CourierEvent, EventKind
from storage import together
from storage.actors import Actor
from storage.crashpoints import CrashPoint, crashpoint
from storage.inbox import Push
from storage.jobs import Job
from storage.session import TRANSIENT, Transaction
from storage.together import Change, PartNotLoaded
from storage.tracking import Known, StoredEvent, add_all_courier_events, courier_events_of_all, known
from storage.words import ActorKind
from workers.actors import tracking
from workers.context import Context, moment
from workers.jobs import Finish, Handler, nothing
from workers.logs import fault

AT_ONCE = 64
"""Some hundred milliseconds of a turn: whoever looks at one of these cases waits for no longer, and it costs a push little
more than the largest turn would."""
log = structlog.get_logger()


def handle(context: Context, job: Job) -> Finish:
    with context.database.glancing() as tx:
        push = tx.inbox.load(job.subject)
    if push.alone and job.dedupe == push.id:
        return tracking.handle(context, push)
    if job.attempts > 1:
        _after_a_fault(context)
    # each turn had a transaction of its own
    return nothing if context.turns.take(job.made_at, lambda: _turn(context)) else go_on


def go_on(tx: Transaction) -> None:
    """A job for what may wait still."""
    for push in tx.inbox.take_together(1):
        tx.jobs.add(Enqueue(JobKind.INBOX_HANDLE, push.id, f"more:{push.id}"))


def _after_a_fault(context: Context) -> None:
    """Whoever tried before may have died over one of the oldest: nobody takes those together again."""
    with context.database.transaction() as tx:
        tx.inbox.set_apart(_own(tx.inbox.take_together(AT_ONCE)))


def _turn(context: Context) -> int:
    """How many were taken. Raises what a database that is away raises."""
    taken: Sequence[Push] = ()
    try:
        with context.database.transaction() as tx:
            taken = tx.inbox.take_together(AT_ONCE)
            if taken:
                _handle_all(context, tx, taken)
            crashpoint(CrashPoint.BEFORE_TURN)
        crashpoint(CrashPoint.AFTER_TURN)
    except TRANSIENT:
        raise
    except Exception as error:  # whatever it is, it is one push's, and its own job will say so
        log.error("pushes_set_apart", count=len(taken), **fault(error))
        with context.database.transaction() as tx:
            tx.inbox.set_apart(_own(taken))
    return len(taken)


def _own(pushes: Iterable[Push]) -> dict[str, str | None]:
    return {push.id: push.request for push in pushes}


# ── reading ──


@dataclass(frozen=True)
class Read:
    """A push and what it says; `of`: the case of each booking that it is about."""

    push: Push
    events: tuple[CourierEvent, ...]
    of: Mapping[str, str]


class _Unusual(Exception):
    """To be handled by itself."""


def _handle_all(context: Context, tx: Transaction, pushes: Sequence[Push]) -> None:
    apart: list[Push] = []
    read: list[tuple[Push, tuple[CourierEvent, ...]]] = []
    for push in pushes:
        try:
            read.append((push, _events(context, push)))
        except PushUnreadable as error:
            tracking.unusable(tx, push.id, f"unreadable: {error.reason}")
        except _Unusual:
            apart.append(push)
    everyday, new = _kept(tx, read, apart)
    _follow_all(tx, everyday, new, apart)
    own = {push.id for push in apart}
    done = [each for each in everyday if each.push.id not in own]
    tx.inbox.mark_handled(*(each.push.id for each in done))
    tx.inbox.set_apart(_own(apart))
    for each in done:
        log.info("push_handled", inbox=each.push.id, request=each.push.request, count=len(each.of))


def _events(context: Context, push: Push) -> tuple[CourierEvent, ...]:
    """Raises `_Unusual`, `PushUnreadable`."""
    partner = context.partners.get(push.provider)
    if partner is None or not push.verified:
        raise _Unusual
    events = partner.parse_push(PartnersPush(push.provider, push.external_key, push.raw))
    if tracking.must_be_asked(partner, events) or any(e.new_waybill or e.kind is EventKind.UNWATCHED for e in events):
        raise _Unusual
    return tuple(events)


def _kept(
    tx: Transaction, read: Iterable[tuple[Push, tuple[CourierEvent, ...]]], apart: list[Push]
) -> tuple[list[Read], set[str]]:
    """Every event is kept, also one whose booking is not known yet. What is no everyday push goes to `apart`. With the keys of
    the events that were new."""
    everyday, new = list[Read](), set[str]()
    ordered = sorted(read, key=lambda each: each[0].provider)
    for partner, theirs in groupby(ordered, key=lambda each: each[0].provider):
        pushes = list(theirs)
        names = known(tx, partner, ((e.order_id, e.waybill) for _, events in pushes for e in events))
        usual = list[Read]()
        for push, events in pushes:
            try:
                usual.append(Read(push, events, _bookings(names, events)))
            except _Unusual:
                apart.append(push)
        told = ((_booking(names, e), tracking.stored(e)) for each in usual for e in each.events)
        new |= add_all_courier_events(tx, told)
        everyday += usual
    return everyday, new


def _bookings(names: Known, events: Iterable[CourierEvent]) -> dict[str, str]:
    """Raises `_Unusual`."""
    found: dict[str, str] = {}
    for e in events:
        riding = names.of(e.order_id, e.waybill)
        if riding is None and e.order_id in names.shared:
            raise _Unusual
        if riding is not None:
            if riding.pickup or riding.state is BookingState.UNKNOWN:
                raise _Unusual
            found[riding.booking] = riding.case
    if len(set(found.values())) < len(found):  # two parcels of one case: one after the other
        raise _Unusual
    return found


def _booking(names: Known, e: CourierEvent) -> str | None:
    riding = names.of(e.order_id, e.waybill)
    return riding.booking if riding else None


# ── following ──


def _follow_all(tx: Transaction, everyday: Sequence[Read], new: set[str], apart: list[Push]) -> None:
    """Pushes of one case take turns; what comes in a later one is not known yet in an earlier one."""
    rounds = list(_rounds(everyday))
    numbers = sorted({number for each in everyday for number in each.of.values()})
    if not numbers:
        return
    files = together.carried_files(tx, numbers)
    told = courier_events_of_all(tx, [b.id for file in files.values() for b in file.bookings])
    hidden = {e.unique_key for round_ in rounds for each in round_ for e in each.events} & new
    for place, round_ in enumerate(rounds):
        if place:
            files = together.carried_files(tx, sorted({n for each in round_ for n in each.of.values()}))
        hidden -= {e.unique_key for each in round_ for e in each.events}
        by_now = {booking: [e for e in events if e.unique_key not in hidden] for booking, events in told.items()}
        changes = list[Change]()
        for each in round_:
            try:
                changes += [_change(tx, files[n], b, by_now, each.push) for b, n in each.of.items()]
            except _Unusual:
                apart.append(each.push)
        together.apply_all(tx, changes)


def _rounds(everyday: Iterable[Read]) -> Iterator[list[Read]]:
    """In the order in which it happened, so that each step leaves its line in the record whatever came first."""
    rounds, last = list[list[Read]](), dict[str, int]()
    for each in sorted(everyday, key=_happened):
        place = 1 + max((last.get(number, -1) for number in each.of.values()), default=-1)
        last |= dict.fromkeys(each.of.values(), place)
        rounds += [[]] if place == len(rounds) else []
        rounds[place].append(each)
    yield from rounds


def _happened(each: Read) -> datetime:
    return max((e.at for e in each.events), default=each.push.arrived_at)


def _change(
    tx: Transaction, file: CaseFile, booking_id: str, told: Mapping[str, Sequence[StoredEvent]], push: Push
) -> Change:
    """Raises `_Unusual`."""
    booking = next(b for b in file.bookings if b.id == booking_id)
    attempts = [b for b in file.bookings if b.leg == booking.leg]
    if any(b.pickup for b in attempts):
        raise _Unusual
    followed = tracking.where(booking, attempts, [e for b in attempts for e in tracking.told_of(b, told[b.id])])
    outcome: Outcome = ()
    if followed is not None:
        if _another_window(followed, told[followed.booking.id]):
            raise _Unusual
        try:
            outcome = record_tracking(file, followed.booking.id, followed.seen, moment(tx))
        except PartNotLoaded as whole:
            raise _Unusual from whole
    by = followed.booking.partner if followed else booking.partner
    return Change(file.case.number, outcome, Actor(ActorKind.PARTNER, by), push.request)


def _another_window(followed: tracking.Followed, told: Iterable[StoredEvent]) -> bool:
    """The courier names his own time of coming, and it still matters."""
    booking = followed.booking
    window = appointed(tracking.event(e.body) for e in told)
    open_ = booking.state is BookingState.BOOKED and followed.seen.state not in WITH_COURIER
    return open_ and window is not None and window != booking.expected


INBOX_HANDLE = Handler(JobKind.INBOX_HANDLE, handle)
