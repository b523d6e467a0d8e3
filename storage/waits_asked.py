"""What waits for an answer or for the program: days that departments asked for, refusals to be seconded, reports of misuse,
and whatever a job should have done by now. Beside `storage.waits`.
"""

from typing import Any

from sqlalchemy import and_, exists, func, literal

from cases.clocks import RequestState
from cases.duplicates import AnswerKind
from cases.lifecycle import BookingState, PageState
from cases.rulings import ProposalState
from cases.supervision import PATIENCE, WaitKind
from storage.bundle_tables import bundle_children
from storage.department_tables import (
    DeliveryState,
    clock_requests,
    department_endpoints,
    outgoing_deliveries,
    outgoing_messages,
)
from storage.ruling_tables import proposals, twin_answers
from storage.tables import bookings, documents, notices, pages
from storage.wait_source import SYSTEM_HOLDER, Source, source
from storage.words import NoticeState

UNCONFIRMED = (BookingState.REQUESTED, BookingState.UNKNOWN)


def _ours(kind: WaitKind, table: Any, began: Any, where: Any, **more: Any) -> Source:
    """It begins with a job; late, its job is lost, set aside, or not answered outside."""
    return source(
        kind, table, began, where, began, **{"holder": literal(SYSTEM_HOLDER), **more}, patience=PATIENCE[kind]
    )


_requests, _answers, _letters, _children = clock_requests.c, twin_answers.c, documents.c, bundle_children.c
ASKED = (
    source(
        WaitKind.CLOCK_REQUEST,
        clock_requests,
        _requests.due_at,
        _requests.state == RequestState.ASKED,
        _requests.asked_at,
        what=func.coalesce(_requests.procedure, literal("")),
    ),
    source(
        WaitKind.PROPOSAL,
        proposals,
        proposals.c.due_at,
        proposals.c.state == ProposalState.WAITING,
        proposals.c.at,
        what=proposals.c.kind,
    ),
    source(
        WaitKind.MISUSE,
        twin_answers,
        _answers.due_at,
        and_(_answers.answer == AnswerKind.MISUSE, _answers.settled_at.is_(None)),
        _answers.at,
        state=_answers.answer,
        of_case=_answers.first,
    ),
)
"""Answers that somebody owes to somebody else."""
OF_THE_PROGRAM = (
    _ours(
        WaitKind.CHILD,
        bundle_children,
        _children.asked_at,
        and_(_children.number.is_(None), _children.problem.is_(None)),
        state=literal("asked"),
        what=_children.item,
    ),
    _ours(
        WaitKind.BOOKING,
        bookings,
        bookings.c.requested_at,
        bookings.c.state.in_(UNCONFIRMED),
        holder=literal("courier:") + bookings.c.partner,
    ),
    _ours(
        WaitKind.LETTER,
        documents,
        _letters.made_at,
        _letters.blob.is_(None),
        state=literal("unmade"),
        what=_letters.title,
    ),
    _ours(
        WaitKind.NOTICE,
        notices,
        notices.c.made_at,
        notices.c.state.in_((NoticeState.CREATED, NoticeState.SENDING)),
        what=notices.c.template,
    ),
    _ours(WaitKind.PAGE, pages, pages.c.uploaded_at, pages.c.state == PageState.UPLOADED, what=pages.c.material),
)
_sending, _message = outgoing_deliveries.c, outgoing_messages.c
OUTGOING = source(
    WaitKind.OUTGOING,
    outgoing_messages.join(outgoing_deliveries, _sending.message == _message.id),
    _sending.deliver_by,
    and_(
        _sending.state != DeliveryState.DELIVERED,
        exists().where(department_endpoints.c.id == _sending.endpoint, department_endpoints.c.ended_at.is_(None)),
    ),
    _message.made_at,
    subject=_sending.id,
    of_case=_message.case_number,
    state=_sending.state,
    department=_message.department,
    what=_message.event,
)
"""Also what failed, and what is held because the system was switched off: it waits until somebody sends it again."""
