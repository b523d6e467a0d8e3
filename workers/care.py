"""Sweeps of supervision: the ladder is climbed, urgings that are over end, complaints that nobody objected to close, and
lots are drawn for follow-ups. Doing one twice, or late, changes nothing."""

import structlog

from cases.actions.complaining import lapse
from cases.actions.following_up import drawn, follow_up_of
from cases.care import FollowUpCause, due_in
from cases.errors import Conflict
from storage.session import Database
from workers.context import SYSTEM, moment

log = structlog.get_logger()


def escalations(database: Database) -> int:
    """Whoever a step of the ladder names is told, once for a deadline; what has moved on is over."""
    with database.reading() as tx:
        owed = list(tx.urges.owed())
    told = 0
    for wait, step, rung in owed:
        with database.transaction() as tx:
            told += tx.urges.escalate(wait, step, rung, actor=SYSTEM)
    with database.transaction() as tx:
        over = tx.urges.end_over()
    if told:
        log.warning("urged", count=told)
    return told + over


def complaints(database: Database) -> int:
    """Answers that nobody objected to in time stand."""
    with database.reading() as tx:
        late = tx.care.lapsed(tx.now())
    closed = 0
    for number, complaint in late:
        with database.transaction() as tx:
            step = lapse(complaint, moment(tx))
            try:
                if step is not None:
                    tx.care.take(number, complaint, step, actor=SYSTEM)
                    closed += 1
            except Conflict:  # its resident was faster
                log.info("complaint_moved_on", case=number)
    return closed


def follow_ups(database: Database) -> int:
    """Of the cases delivered lately, those on which the lot falls."""
    with database.transaction() as tx:
        terms, now = tx.care.terms(), moment(tx)
        delivered = tx.care.delivered_behind(now.at)
        asked = [number for number in delivered if drawn(number, terms.follow_up_share)]
        due = due_in(terms.follow_up_days, now)
        return sum(
            tx.care.add_follow_up(n, follow_up_of(tx.case_file(n).case, FollowUpCause.SAMPLED, due, now), actor=SYSTEM)
            for n in asked
        )
