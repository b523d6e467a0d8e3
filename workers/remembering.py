"""What a partner calls an order, kept with the booking and given back before it is asked again; and watching of a
waybill, where the partner wants to be asked for it.
"""

from datetime import timedelta

from cases.effects import Enqueue, JobKind
from courier.port import Booked, News, Partner, Remembers, Subscribes
from storage import polling
from storage.session import Database, Transaction

SUBSCRIBE_AGAIN = timedelta(minutes=35)
"""Kuaidi100 takes a new subscription half an hour after it gave up at the earliest."""


def recall(database: Database, partner: Partner, booking_id: str, order_id: str) -> None:
    """Before a call about an order that another process may have made."""
    if not isinstance(partner, Remembers):
        return
    with database.reading() as tx:
        ref = polling.partner_ref(tx, booking_id)
    if ref:
        partner.recall(order_id, ref)


def remember(tx: Transaction, partner: Partner, booking_id: str, order_id: str) -> None:
    """After a call, in the transaction that writes its answer."""
    ref = partner.remembered(order_id) if isinstance(partner, Remembers) else {}
    if ref and ref != polling.partner_ref(tx, booking_id):
        polling.keep_partner_ref(tx, booking_id, ref)


def watch(tx: Transaction, partner: Partner, booking_id: str, answer: object) -> None:
    """Whoever must be asked for news is asked from now on."""
    if not isinstance(answer, Booked) or answer.cancelled:
        return
    if isinstance(partner, Subscribes):
        tx.jobs.add(Enqueue(JobKind.COURIER_SUBSCRIBE, booking_id, f"subscribe:{booking_id}"))
    if partner.capabilities.news is News.ASKED:
        _, booking = tx.booking(booking_id)
        tx.jobs.add(Enqueue(JobKind.COURIER_POLL, partner.name, f"poll:{partner.name}", booking.window.start))


def watch_again(tx: Transaction, booking_id: str) -> None:
    """The partner gave up watching; it takes a new subscription only after a while."""
    due = tx.now() + SUBSCRIBE_AGAIN
    tx.jobs.add(Enqueue(JobKind.COURIER_SUBSCRIBE, booking_id, f"subscribe:{booking_id}", due))
