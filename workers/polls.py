"""When a partner is asked about parcels of which too little was heard: the rhythms, and the sweep that starts a run.

Parcels of attempts given up are watched for a while: a courier called off may come all the same. A parcel too old to be
asked about is told to a person once.
"""

from dataclasses import replace
from datetime import timedelta

from cases.actions.ordering import note_alerts
from cases.effects import Enqueue, JobKind
from courier.port import News, Partner
from storage import polling
from storage.polling import Rhythm
from storage.session import Database, Transaction
from workers.context import SYSTEM

USUAL = Rhythm(
    come=timedelta(minutes=5),  # well before `NO_SHOW_GRACE` is over: a lost push makes nobody a no-show
    again=timedelta(minutes=20),
    quiet=timedelta(hours=6),  # a parcel is scanned at every change of hands, several times a working day
    given_up=timedelta(days=3),  # a courier on his way when he was called off has come, or never will
    retired=timedelta(days=30),  # SF tells of three months, EMS and Kuaidi100 of no more than some weeks
)
OFTEN = replace(USUAL, come=timedelta(hours=-2), quiet=timedelta(minutes=30))
"""Of a partner that tells nothing by itself; it is asked from the beginning of a window of two hours."""
RETIRED = "tracking_retired"


def rhythm_of(partner: Partner) -> Rhythm:
    return OFTEN if partner.capabilities.news is News.ASKED else USUAL


def polls(database: Database) -> int:
    """A run for each partner that should be asked, and a person told of what is too old."""
    with database.transaction() as tx:
        asked = [_ask(tx, partner) for partner in polling.partners_due(tx, USUAL)]
    return sum(asked) + _retire(database)


def _ask(tx: Transaction, partner: str) -> bool:
    return tx.jobs.add(Enqueue(JobKind.COURIER_POLL, partner, f"poll:{partner}")) is not None


def _retire(database: Database) -> int:
    with database.reading() as tx:
        old = polling.retired(tx, USUAL)
    for booking_id in old:
        with database.transaction() as tx:
            number, booking = tx.booking(booking_id)
            tx.apply(number, note_alerts(booking, [RETIRED]), actor=SYSTEM)
            polling.retire(tx, booking_id)
    return len(old)
