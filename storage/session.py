"""The database: SQLite or PostgreSQL behind the same few calls.

A transaction belongs to a use-case: `with database.transaction() as tx` commits at the end, or rolls back on any
exception. Nothing in this package commits elsewhere. `reading()` is one consistent view and refuses to write.

How transactions of either database begin: `storage.engines`.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage import (
    answers,
    applying,
    audit,
    casefiles,
    catalogue,
    checked,
    claims,
    custody,
    duplicates,
    erasing,
    finding,
    flags,
    lookup,
    misses,
    notices,
    pace,
    page_readings,
    proofs,
    provider_logins,
    queues,
    rulings,
    sampling,
    thresholds,
    tracking,
    truths,
    waits,
)
from storage.agents import Agents
from storage.appointments import Appointments
from storage.backtests import Backtests
from storage.bells import PostgresBell, SqliteBell
from storage.boxes import Boxes
from storage.care import Care
from storage.department_systems import DepartmentSystems
from storage.device_sessions import GuestSessions
from storage.devices import Devices
from storage.engines import ALONE, READING, make_engine
from storage.in_house import InHouse
from storage.inbox import Inbox
from storage.item_drafts import ItemDrafts
from storage.job_statements import CHANNEL
from storage.jobs import Jobs
from storage.passwords import Passwords
from storage.people import People
from storage.settings import StorageSettings
from storage.staff import StaffBook
from storage.statistics import asking, drilling, keeping
from storage.supervision import Supervision
from storage.unit import ItemCache, Unit, database_time
from storage.uploads import Uploads
from storage.urges import Urges
from storage.vault import Vault, open_vault

TRANSIENT = (OperationalError, InterfaceError, PoolTimeout)
"""What a lost connection, a deadlock, a locked file or an exhausted pool look like: the same may succeed a little later."""
_READING: Mapping[str, Any] = {READING: True}
_STATING: Mapping[str, Any] = {ALONE: True}
_GLANCING: Mapping[str, Any] = {READING: True, ALONE: True}


class Transaction(Unit):
    """One open transaction: everything that can be asked of, or changed in, what is kept."""

    case_file = casefiles.case_file
    case_exists = casefiles.case_exists
    case_version = casefiles.case_version
    open_case = casefiles.open_case
    next_case_number = casefiles.next_case_number
    cases_of = casefiles.cases_of
    cases_by_id_number = casefiles.cases_by_id_number
    cases_by_phone = casefiles.cases_by_phone
    page = casefiles.page
    document = casefiles.document
    child = casefiles.child
    decision_file = casefiles.decision_file
    booking = casefiles.booking
    assignment = casefiles.assignment
    apply = applying.apply

    by_label = custody.by_label
    incidents_open = custody.incidents_open
    transfers_open = custody.transfers_open

    save_reading = page_readings.save_reading
    reading = page_readings.reading
    readings_of = page_readings.readings_of
    page_ids_read = page_readings.page_ids_read
    picture_of = page_readings.picture_of
    checked_fields_of = checked.checked_fields_of
    earlier_of = proofs.earlier_of
    save_proof = proofs.save_proof
    proven_readings = proofs.proven_readings
    inquiry = proofs.inquiry
    inquiries_of = proofs.inquiries_of
    proposals_waiting = rulings.proposals_waiting
    other_cases = rulings.other_cases
    case_of = rulings.case_of
    read_fields = page_readings.read_fields
    duplicate_questions = duplicates.duplicate_questions
    answer_duplicate = flags.answer_duplicate
    settle_misuse = flags.settle_misuse
    misuse_waiting = duplicates.misuse_waiting
    in_scope = duplicates.in_scope
    waivers_of = proofs.waivers_of
    item_of = proofs.item_of
    others_asked_about = proofs.others_asked_about
    same_picture = page_readings.same_picture
    same_view = page_readings.same_view
    other_cases_of = casefiles.other_cases_of

    truths_of = truths.truths_of
    truths_about = truths.truths_about
    truth_mark = truths.truth_mark
    settled_readings = truths.settled_readings
    truth_counts_of = truths.truth_counts_of
    mistakes = truths.mistakes
    precision_target = thresholds.precision_target
    set_precision_target = thresholds.set_precision_target
    thresholds_in_force = thresholds.thresholds_in_force
    thresholds_switched = thresholds.switched
    switch_threshold_on = thresholds.switch_on
    switch_threshold_off = thresholds.switch_off
    keep_judgement = thresholds.keep_judgement
    last_judgements = thresholds.last_judgements
    is_drawn = sampling.is_drawn
    open_sample = sampling.open_sample
    open_samples = sampling.open_samples
    samples_of = sampling.samples_of
    samples_counted = sampling.samples_counted
    share_history = sampling.share_history
    sampling_share = sampling.sampling_share
    sampling_floor = sampling.sampling_floor
    set_sampling_floor = sampling.set_sampling_floor

    booking_by_order = tracking.booking_by_order
    booking_by_waybill = tracking.booking_by_waybill
    add_alias = tracking.add_alias
    add_courier_events = tracking.add_courier_events
    courier_events = tracking.courier_events_of
    orphans = tracking.orphans
    adopt_orphans = tracking.adopt_orphans
    unknown_codes = tracking.unknown_codes

    queue = queues.queue
    queue_page = queues.queue_page
    queue_counts = queues.queue_counts
    next_free = queues.next_free
    claim = claims.claim
    renew = claims.renew
    release = claims.release
    take_away = claims.take_away
    claim_of = claims.claim_of
    losses = claims.losses
    losses_seen = claims.losses_seen
    mark_test = flags.mark_test
    look_up = lookup.look_up

    publish_item = catalogue.publish_item
    item = catalogue.item
    item_versions = catalogue.versions
    item_definition = catalogue.definition
    item_coming = catalogue.coming
    item_codes = catalogue.codes_of
    items_coming = catalogue.coming_of
    item_days = catalogue.days_in_force
    cases_lately = catalogue.cases_lately
    retained_proofs = catalogue.retained_proofs
    put_retained_proofs = catalogue.put_retained_proofs
    items = finding.find_items
    calendar = catalogue.calendar
    put_calendar_days = catalogue.put_calendar_days
    put_region_days = catalogue.put_region_days
    items_often = finding.items_often
    phrases = finding.phrases
    put_phrases = finding.put_phrases
    region_names = finding.region_names
    put_region_names = finding.put_region_names

    note_miss = misses.note_miss
    misses_of = misses.misses_of
    forget_old_misses = misses.forget_old_misses

    remembered = answers.remembered
    remember = answers.remember
    forget_old_answers = answers.forget_old_answers
    send_away = provider_logins.send_away
    take_back = provider_logins.take_back
    forget_answers_of = erasing.forget_answers_of
    erase_pages = erasing.erase_pages
    notice = notices.notice
    notices_of = notices.notices_of
    notices_to = notices.notices_to
    tell = notices.tell
    notice_sending = notices.notice_sending
    notice_sent = notices.notice_sent
    notice_failed = notices.notice_failed

    record = audit.record
    timeline = audit.lines
    overdue = waits.overdue
    counts_by_state = asking.counts_by_state
    statistics = asking.statistics
    trips_saved_for = asking.trips_saved_for
    behind_figure = drilling.behind
    busy_hours = asking.busy
    recount = keeping.recount
    seconds_until_read = pace.seconds_until_read

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self)

    @cached_property
    def people(self) -> People:
        return People(self)

    @cached_property
    def staff(self) -> StaffBook:
        return StaffBook(self)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self)

    @cached_property
    def in_house(self) -> InHouse:
        return InHouse(self)

    @cached_property
    def department_systems(self) -> DepartmentSystems:
        return DepartmentSystems(self)

    @cached_property
    def boxes(self) -> Boxes:
        return Boxes(self)

    @cached_property
    def appointments(self) -> Appointments:
        return Appointments(self)

    @cached_property
    def devices(self) -> Devices:
        return Devices(self)

    @cached_property
    def guest_sessions(self) -> GuestSessions:
        return GuestSessions(self)

    @cached_property
    def agents(self) -> Agents:
        return Agents(self)

    @cached_property
    def item_drafts(self) -> ItemDrafts:
        return ItemDrafts(self)

    @cached_property
    def backtests(self) -> Backtests:
        return Backtests(self)

    @cached_property
    def care(self) -> Care:
        return Care(self)

    @cached_property
    def supervision(self) -> Supervision:
        return Supervision(self)

    @cached_property
    def urges(self) -> Urges:
        return Urges(self)

    def notify(self) -> None:
        """Rings for the relay at the commit. PostgreSQL delivers it only then; SQLite's relay sees the commit."""
        if self.postgresql:
            self.execute(text(f"NOTIFY {CHANNEL}"))


class Database:
    """One per process. Threads may share it; a forked child must make its own."""

    def __init__(self, settings: StorageSettings) -> None:
        self.settings = settings
        self.vault: Vault = open_vault(settings.key_file)
        self.engine = make_engine(settings)
        self._items = ItemCache()
        self._passwords = Passwords(settings.password_memory_mib)
        self._bell = PostgresBell(settings) if self.postgresql else SqliteBell(self.engine)
        self.gate: Callable[[Transaction], None] | None = None
        """Asked before a transaction that put jobs into the ledger commits; what it raises undoes all of it."""

    @property
    def postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.engine.connect() as connection, connection.begin():
            tx = Transaction(connection, self.vault, self._items, self._passwords, writable=True)
            yield tx
            if tx.new_jobs and self.gate is not None:
                self.gate(tx)
            if tx.jobs_added:
                tx.notify()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        with self.engine.connect().execution_options(**_READING) as connection, connection.begin():
            yield Transaction(connection, self.vault, self._items, self._passwords, writable=False)

    @contextmanager
    def glancing(self) -> Iterator[Transaction]:
        """For statements that need not agree with each other: no snapshot, so half the way to the server. Refuses to
        write on SQLite; whoever glances does not."""
        with self.engine.connect().execution_options(**_GLANCING) as connection:
            yield Transaction(connection, self.vault, self._items, self._passwords, writable=False)

    @contextmanager
    def stating(self) -> Iterator[Transaction]:
        """For one statement that changes something and is a transaction by itself: on PostgreSQL a third of the way to the
        server and back. The relay hears only what the statement itself tells it."""
        if not self.postgresql:
            with self.transaction() as tx:
                yield tx
            return
        with self.engine.connect().execution_options(**_STATING) as connection:
            yield Transaction(connection, self.vault, self._items, self._passwords, writable=True)

    def now(self) -> datetime:
        """The database's time, aware UTC."""
        with self.engine.connect().execution_options(**_GLANCING) as connection:
            return database_time(connection)

    def ping(self) -> timedelta:
        """How long the database took to answer. Raises what SQLAlchemy raises when it does not."""
        started = time.monotonic()
        self.now()
        return timedelta(seconds=time.monotonic() - started)

    def listen(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for work to be added; whether it heard of any, or may have missed some. Hearing
        nothing proves nothing: the caller looks all the same."""
        return self._bell.wait(timeout)

    def dispose(self) -> None:
        self._bell.close()
        self.engine.dispose()
