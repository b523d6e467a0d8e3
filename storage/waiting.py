"""What has waited too long for the program itself: rows whose job should have moved them on. Read by the sweeps.

Each function names ids, oldest first, and decides nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, or_, select

from cases.lifecycle import BookingState, LegState, PageState
from cases.model import CaseNumber
from storage.bundle_tables import bundle_children
from storage.tables import bookings, cases, decision_files, documents, inbox, legs, notices, pages
from storage.unit import Unit
from storage.words import InboxState, NoticeState

LIMIT = 200


def pages_unread(tx: Unit, before: datetime) -> list[str]:
    """Uploaded before then and not read yet."""
    return _ids(tx, pages, and_(pages.c.state == PageState.UPLOADED, pages.c.uploaded_at < before), pages.c.uploaded_at)


def bookings_in(tx: Unit, state: BookingState, before: datetime) -> list[str]:
    """Asked for before then and still in that state."""
    return _ids(
        tx,
        bookings,
        and_(bookings.c.state == state, bookings.c.requested_at < before, bookings.c.pickup.is_(None)),
        bookings.c.requested_at,
    )


def inbox_unhandled(tx: Unit, before: datetime) -> list[str]:
    return _ids(tx, inbox, and_(inbox.c.state == InboxState.NEW, inbox.c.arrived_at < before), inbox.c.arrived_at)


def documents_unmade(tx: Unit, before: datetime) -> list[str]:
    unmade = and_(documents.c.blob.is_(None), documents.c.erased_at.is_(None), documents.c.made_at < before)
    return _ids(tx, documents, unmade, documents.c.made_at)


def files_unchecked(tx: Unit, before: datetime) -> list[str]:
    """Of departments' decisions, that nobody has opened yet."""
    waiting = and_(decision_files.c.checked_at.is_(None), decision_files.c.removed_at.is_(None))
    return _ids(tx, decision_files, and_(waiting, decision_files.c.at < before), decision_files.c.at)


def children_unopened(tx: Unit, before: datetime) -> list[str]:
    """Children of bundles that should have been opened."""
    waiting = and_(bundle_children.c.number.is_(None), bundle_children.c.problem.is_(None))
    return _ids(tx, bundle_children, and_(waiting, bundle_children.c.asked_at < before), bundle_children.c.asked_at)


def notices_unsent(tx: Unit, before: datetime) -> list[str]:
    waiting = and_(notices.c.state.in_([NoticeState.CREATED, NoticeState.SENDING]), notices.c.made_at < before)
    return _ids(tx, notices, waiting, notices.c.made_at)


def _expected_until() -> ColumnElement[datetime]:
    """The end of the window in which a courier is expected: the partner's own, where it named another."""
    return func.coalesce(bookings.c.confirmed_end, bookings.c.window_end, type_=bookings.c.window_end.type)


def cases_without_courier(
    tx: Unit, before: datetime, patient: Mapping[str, datetime] = MappingProxyType({})
) -> list[CaseNumber]:
    """Cases with a booking whose window ended before then and whose courier has not picked up. `patient`: partners with
    a time of their own."""
    theirs = (and_(bookings.c.partner == partner, _expected_until() < at) for partner, at in patient.items())
    came_not = and_(
        bookings.c.state == BookingState.BOOKED,
        or_(and_(bookings.c.partner.not_in(patient), _expected_until() < before), *theirs),
        legs.c.state.in_([LegState.BOOKED, LegState.ASSIGNED]),
    )
    found = select(bookings.c.case_number).join(legs, legs.c.id == bookings.c.leg_id).where(came_not)
    return [CaseNumber(r.case_number) for r in tx.all(found.order_by(_expected_until()).limit(LIMIT))]


def cases_without_an_answer(tx: Unit, now: datetime) -> list[CaseNumber]:
    """Cases whose resident was asked whether a parcel has come, and did not answer in time."""
    late = select(legs.c.case_number).where(legs.c.answer_due <= now).order_by(legs.c.answer_due)
    return [CaseNumber(r.case_number) for r in tx.all(late.limit(LIMIT))]


def _ids(tx: Unit, table: Table, where: ColumnElement[bool], oldest: Column[Any]) -> list[str]:
    return [r.id for r in tx.all(select(table.c.id).where(where).order_by(oldest).limit(LIMIT))]


def cases_moved_since(tx: Unit, since: datetime) -> list[CaseNumber]:
    """Cases whose state changed since then, newest first: what an inspection of what just happened looks at."""
    moved = select(cases.c.number).where(cases.c.state_since >= since).order_by(cases.c.state_since.desc())
    return [CaseNumber(r.number) for r in tx.all(moved.limit(LIMIT))]
