"""Sweeps: each looks for one way of waiting too long and moves it on. Doing one twice, or late, changes nothing.

What the domain says about a passed deadline stands in `cases.actions.sweeping`; here is who is late. A job that was
set aside (quarantined) is left to a person: a sweep never brings it back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

import structlog

from cases.actions.assigning import on_late_assignments
from cases.actions.deferring import on_promises
from cases.actions.demanded import on_demand
from cases.actions.incidents import on_incident_deadline
from cases.actions.ordering import NO_SHOW_GRACE, PATIENCE
from cases.actions.recipients import on_silence
from cases.actions.sweeping import on_deadline, on_no_show
from cases.deadlines import beijing_day, end_of
from cases.effects import Enqueue, JobKind, Outcome
from cases.errors import Refusal
from cases.lifecycle import BookingState, PageState
from cases.model import CaseFile
from cases.moment import Moment
from cases.waived import LATE
from storage import agent_batches, assignments, claims, jobs_over, one_time_codes, outgoing, pickups, proofs, waiting
from storage.blobs import blobs_from
from storage.crashpoints import CrashPoint, crashpoint
from storage.custody import cases_with_late_papers
from storage.deferrals import cases_with_promises_to_tell
from storage.demands import cases_with_demands_to_tell
from storage.session import Database, Transaction
from storage.statistics import keeping
from storage.words import JobState
from workers import care, census, record, retention, rounds
from workers.actors import inquiries, pages
from workers.context import SYSTEM, moment
from workers.logs import fault
from workers.polls import polls

FORGOTTEN = timedelta(minutes=5)
"""Whatever a job should have moved by then has lost its job."""
MOST_BATCHES = 20
TAKEN_CARE_OF = (JobState.QUEUED, JobState.RUNNING, JobState.QUARANTINED)

log = structlog.get_logger()


def leases(database: Database) -> int:
    """Dead leases are queued again, unanswered bells are rung again, condemned pages are given up."""
    with database.transaction() as tx:
        swept = tx.jobs.sweep()
    if swept.expired:
        log.warning("leases_expired", expired=swept.expired)
    crashpoint(CrashPoint.AFTER_SWEEP)
    return swept.expired + swept.rung_again + condemned_pages(database)


def condemned_pages(database: Database) -> int:
    """A page whose reading was set aside must not hold up its case."""
    with database.reading() as tx:
        condemned = [j.subject for j in tx.jobs.list(JobState.QUARANTINED, JobKind.PAGE_READ, 200)]
        stuck = [p for p in condemned if tx.page(p)[1].state is PageState.UPLOADED]
    for page_id in stuck:
        with database.transaction() as tx:
            pages.give_up(tx, page_id)
        log.critical("page_given_up", page=page_id)
    return len(stuck)


def deadlines(database: Database) -> int:
    """Cases past the deadline of their state."""
    with database.reading() as tx:
        late = tx.overdue(tx.now())
    return _each_case(database, late, on_deadline, "deadline")


def no_shows(database: Database) -> int:
    """Bookings whose courier did not come."""
    with database.reading() as tx:
        now = tx.now()
        patient = {partner: now - grace for partner, grace in PATIENCE.items()}
        waiting_for = waiting.cases_without_courier(tx, now - NO_SHOW_GRACE, patient)
    return _each_case(database, waiting_for, on_no_show, "no_show")


def unanswered(database: Database) -> int:
    """Residents who did not say whether a parcel that somebody else signed for has come."""
    with database.reading() as tx:
        late = waiting.cases_without_an_answer(tx, tx.now())
    return _each_case(database, late, on_silence, "unanswered")


def late_papers(database: Database) -> int:
    """Incidents, and offers to departments, that nobody answered in time."""
    with database.reading() as tx:
        late = cases_with_late_papers(tx, tx.now())
    return _each_case(database, late, on_incident_deadline, "late_papers")


def late_assignments(database: Database) -> int:
    """Departments whose day is over: they are told, and whoever supervises them."""
    with database.reading() as tx:
        now = tx.now()
        today = beijing_day(now)
        over = today + timedelta(days=1) if now >= end_of(today) else today
        late = assignments.cases_with_late_assignments(tx, over)
    return _each_case(database, late, on_late_assignments, "late_assignments")


def promises(database: Database) -> int:
    """Reminders of what was promised for a day 容缺, and promises whose day has passed."""
    with database.reading() as tx:
        today = beijing_day(tx.now())
        due = cases_with_promises_to_tell(tx, today, closed=tx.now() >= end_of(today))
    return _each_case(database, due, on_promises, "promises")


def demands(database: Database) -> int:
    """Reminders of what is to be mended after acceptance 受理后补正, and demands whose days are over."""
    with database.reading() as tx:
        today = beijing_day(tx.now())
        due = cases_with_demands_to_tell(tx, today, closed=tx.now() >= end_of(today))
    return _each_case(database, due, on_demand, "demands")


def unheard(database: Database) -> int:
    """Questions to data-sharing sources whose job is lost: the resident photographs."""
    with database.reading() as tx:
        late = proofs.inquiries_late(tx, tx.now() - LATE)
    for _, inquiry in late:
        with database.transaction() as tx:
            inquiries.give_up(tx, inquiry)
    return len(late)


def _each_case(
    database: Database, numbers: Iterable[str], decide: Callable[[CaseFile, Moment], Outcome], sweep: str
) -> int:
    """One transaction a case: what one refuses does not hold up the others."""
    moved = 0
    for number in dict.fromkeys(numbers):
        try:
            with database.transaction() as tx:
                outcome = decide(tx.case_file(number, for_change=True), moment(tx, "timer"))
                if outcome:
                    tx.apply(number, outcome, actor=SYSTEM)
                    moved += 1
        except Refusal as error:
            log.error("sweep_refused", sweep=sweep, case=number, reason=error.code, **fault(error))
    return moved


def forgotten(database: Database) -> int:
    """Rows whose job is not there: none should exist, and none waits in silence."""
    with database.transaction() as tx:
        before = tx.now() - FORGOTTEN
        lost: Mapping[JobKind, Sequence[str]] = {
            JobKind.PAGE_READ: waiting.pages_unread(tx, before),
            JobKind.COURIER_BOOK: waiting.bookings_in(tx, BookingState.REQUESTED, before),
            JobKind.COURIER_FIND: waiting.bookings_in(tx, BookingState.UNKNOWN, before),
            JobKind.PICKUP_BOOK: pickups.waiting_in(tx, BookingState.REQUESTED, before),
            JobKind.PICKUP_FIND: pickups.waiting_in(tx, BookingState.UNKNOWN, before),
            JobKind.INBOX_HANDLE: waiting.inbox_unhandled(tx, before),
            JobKind.DOCUMENT_MAKE: waiting.documents_unmade(tx, before),
            JobKind.NOTICE_SEND: waiting.notices_unsent(tx, before),
            JobKind.COMPLAINT_PICTURE: [*tx.care.pictures_unmade(before), *waiting.files_unchecked(tx, before)],
            JobKind.BUNDLE_OPEN: waiting.children_unopened(tx, before),
            JobKind.WEBHOOK_SEND: outgoing.waiting_since(tx, before),
        }
        added = sum(_bring_back(tx, kind, subject) for kind, subjects in lost.items() for subject in subjects)
    if added:
        log.warning("jobs_brought_back", enqueued=added)
    return added


def _bring_back(tx: Transaction, kind: JobKind, subject: str) -> bool:
    known = [j for j in tx.jobs.of_subject(subject) if j.kind is kind]
    if any(j.state in TAKEN_CARE_OF for j in known):
        return False
    return tx.jobs.add(Enqueue(kind, subject, f"swept:{kind}:{subject}")) is not None


def old_answers(database: Database) -> int:
    """Answers that nobody can ask for again, what lists of people said that nobody will send again, jobs long over,
    codes whose time is over, and what somebody was told a month ago of a claim they lost."""
    with database.transaction() as tx:
        gone = (tx.forget_old_answers() or 0) + tx.forget_old_misses() + jobs_over.forget(tx)
        gone += claims.forget_old_losses(tx) + one_time_codes.forget_old(tx)
        return gone + agent_batches.forget_old_lines(tx) + outgoing.forget_old(tx)


def jobs_that_are_over(database: Database) -> int:
    """Out of the ledger, a batch to a transaction, until none is left or a minute's worth is done."""
    moved = 0
    for _ in range(MOST_BATCHES):
        with database.transaction() as tx:
            batch = jobs_over.move_out(tx)
        moved += batch
        if batch < jobs_over.BATCH:
            break
    return moved


def abandoned_uploads(database: Database) -> int:
    """Pieces of uploads that nobody came back for. The pieces first: a row without pieces is swept again, pieces
    without a row would stay for ever."""
    with database.reading() as tx:
        over = tx.uploads.expired()
    blobs = blobs_from(database.settings)
    for upload in over:
        for key in upload.chunks:
            blobs.delete(key)
        with database.transaction() as tx:
            tx.uploads.forget(upload.id)
    return len(over)


def figures(database: Database) -> int:
    """What was counted since goes into the sums; cases older than the figures are counted, some at a time."""
    with database.transaction() as tx:
        folded = keeping.fold(tx)
    with database.transaction() as tx:
        return folded + keeping.catch_up(tx)


ALL: Mapping[str, Callable[[Database], int]] = {
    "leases": leases,
    "deadlines": deadlines,
    "late_papers": late_papers,
    "late_assignments": late_assignments,
    "polls": polls,
    "no_shows": no_shows,
    "unanswered": unanswered,
    "unheard": unheard,
    "promises": promises,
    "demands": demands,
    "forgotten": forgotten,
    "late_rounds": rounds.late_rounds,
    "escalations": care.escalations,
    "complaints": care.complaints,
    "follow_ups": care.follow_ups,
    "anchor": record.anchor,
    "record": record.check,
    "retention": retention.sweep,
    "accounts": retention.accounts,
    "figures": figures,
    "old_answers": old_answers,
    "jobs_over": jobs_that_are_over,
    "abandoned_uploads": abandoned_uploads,
    "census": census.next_shard,
}
"""By the name `zerotrip sweep` takes."""
