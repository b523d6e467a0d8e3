"""The record's own sweeps: its anchors, written hourly and shipped outside, and the nightly look at all of it."""

from datetime import UTC, datetime, time, timedelta

import structlog

from cases.deadlines import BEIJING, beijing_day
from storage import anchors, audit, record_checks
from storage.anchors import AnchorRefused, AnchorStore, AnchorsUnavailable, anchor_store
from storage.record_checks import RecordCheck
from storage.session import Database

NIGHT = time(2)
"""Beijing: when a round begins."""
STEPS_AT_ONCE = 5
"""A step is some hundred chains: the clock has other sweeps to call, and comes again in ten seconds."""

log = structlog.get_logger()


def anchor(database: Database) -> int:
    """The heads of all chains that moved are written down, and the anchors shipped outside."""
    heads = 0
    while True:
        with database.transaction() as tx:
            made = audit.anchor(tx)
        if made is None:
            break
        heads += len(made.heads)
        log.info("audit_anchored", anchor=made.hash, count=len(made.heads))
    ship(database, anchor_store(database.settings.anchors))
    return heads


def ship(database: Database, store: AnchorStore | None) -> int:
    """How many went outside. What cannot go now goes next time; what does not fit is for a person."""
    if store is None:
        return 0
    try:
        with database.reading() as tx:
            return anchors.ship(tx, store)
    except AnchorsUnavailable:
        log.error("anchors_not_shipped", reason="unavailable")
    except AnchorRefused:
        log.critical("anchors_not_shipped", reason="disagree")
    return 0


def check(database: Database) -> int:
    """Some of the nightly round. Answers lines looked at when a round has ended, else 0: it would be told every time."""
    store = anchor_store(database.settings.anchors)
    with database.transaction() as tx:
        if record_checks.begin(tx, _tonight(tx.now())):
            log.info("record_check_began")
    done: RecordCheck | None = None
    for _ in range(STEPS_AT_ONCE):
        try:
            with database.transaction() as tx:
                done = record_checks.step(tx, store)
        except AnchorsUnavailable:
            log.error("record_check_waits", reason="anchors unavailable")
            return 0
        if done is None or done.ended_at is not None:
            break
    return _told(done) if done is not None and done.ended_at is not None else 0


def _tonight(now: datetime) -> datetime:
    """The night that began last."""
    night = datetime.combine(beijing_day(now), NIGHT, BEIJING).astimezone(UTC)
    return night if night <= now else night - timedelta(days=1)


def _told(done: RecordCheck) -> int:
    if done.bad is not None:
        log.critical("record_broken", subject=done.bad.chain, count=done.bad.position)
    else:
        log.info("record_checked", count=done.lines)
    return done.lines
