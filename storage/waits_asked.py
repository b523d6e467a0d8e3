"""What waits for an answer or for the program: days that departments asked for, refusals to be seconded, reports of misuse,
and whatever a job should have done by now. Beside `storage.waits`.
"""

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


def asked_sources() -> tuple[Source, ...]:
    return (*_of_people(), *_of_the_program(), _outgoing())


def _of_people() -> tuple[Source, ...]:
    """Answers that somebody owes to somebody else."""
    requests, answers = clock_requests.c, twin_answers.c
    return (
        source(
            WaitKind.CLOCK_REQUEST,
            clock_requests,
            requests.due_at,
            requests.state == RequestState.ASKED,
            requests.asked_at,
            what=func.coalesce(requests.procedure, literal("")),
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
            answers.due_at,
            and_(answers.answer == AnswerKind.MISUSE, answers.settled_at.is_(None)),
            answers.at,
            state=answers.answer,
            of_case=answers.first,
        ),
    )


def _of_the_program() -> tuple[Source, ...]:
    """Each begins with a job; late, its job is lost, set aside, or not answered outside."""
    child, letter = bundle_children.c, documents.c
    ours = literal(SYSTEM_HOLDER)
    return (
        source(
            WaitKind.CHILD,
            bundle_children,
            child.asked_at,
            and_(child.number.is_(None), child.problem.is_(None)),
            child.asked_at,
            state=literal("asked"),
            what=child.item,
            holder=ours,
            patience=PATIENCE[WaitKind.CHILD],
        ),
        source(
            WaitKind.BOOKING,
            bookings,
            bookings.c.requested_at,
            bookings.c.state.in_(UNCONFIRMED),
            bookings.c.requested_at,
            holder=literal("courier:") + bookings.c.partner,
            patience=PATIENCE[WaitKind.BOOKING],
        ),
        source(
            WaitKind.LETTER,
            documents,
            letter.made_at,
            letter.blob.is_(None),
            letter.made_at,
            state=literal("unmade"),
            what=letter.title,
            holder=ours,
            patience=PATIENCE[WaitKind.LETTER],
        ),
        source(
            WaitKind.NOTICE,
            notices,
            notices.c.made_at,
            notices.c.state.in_((NoticeState.CREATED, NoticeState.SENDING)),
            notices.c.made_at,
            what=notices.c.template,
            holder=ours,
            patience=PATIENCE[WaitKind.NOTICE],
        ),
        source(
            WaitKind.PAGE,
            pages,
            pages.c.uploaded_at,
            pages.c.state == PageState.UPLOADED,
            pages.c.uploaded_at,
            what=pages.c.material,
            holder=ours,
            patience=PATIENCE[WaitKind.PAGE],
        ),
    )


def _outgoing() -> Source:
    """Also what failed, and what is held because the system was switched off: it waits until somebody sends it again."""
    delivery, message = outgoing_deliveries.c, outgoing_messages.c
    there = exists().where(department_endpoints.c.id == delivery.endpoint, department_endpoints.c.ended_at.is_(None))
    return source(
        WaitKind.OUTGOING,
        outgoing_messages.join(outgoing_deliveries, delivery.message == message.id),
        delivery.deliver_by,
        and_(delivery.state != DeliveryState.DELIVERED, there),
        message.made_at,
        subject=delivery.id,
        of_case=message.case_number,
        state=delivery.state,
        department=message.department,
        what=message.event,
    )
