"""One try at placing an order with a partner: sent at most once, otherwise asked for by its own id, and stood in for when
the partner is down. The same for one case's booking and for an order that many cases ride in.
"""

from typing import Protocol

import structlog

from cases.couriers import Offer
from courier import port
from storage.crashpoints import CrashPoint, crashpoint
from storage.jobs import Job
from workers import carriers
from workers.context import Context
from workers.jobs import Finish, Transient
from workers.orders import ASK_SOON, NOT_ASKED, NOT_REACHED, Answer, may_order, nobody_carries

log = structlog.get_logger()


class Placing(Protocol):
    """What is to be carried, as it was loaded, while its partner is asked."""

    @property
    def context(self) -> Context: ...

    @property
    def order_id(self) -> str: ...

    def order(self) -> port.Order: ...

    def stand_in(self) -> Offer | None:
        """Another partner that may take it. Asks, so it is called outside any transaction."""

    def settled_by(self, answer: Answer, partner: port.Partner | None = None) -> Finish:
        """Writes the answer down. Another partner is looked for now where nobody comes any more."""

    def handed_on(self, answer: Answer, other: Offer | None, partner: port.Partner | None = None) -> Finish: ...


def place(placing: Placing, partner: port.Partner | None, job: Job) -> Finish:
    """Raises `Transient` where the same try may be made a little later."""
    if partner is None:
        return placing.settled_by(nobody_carries())
    if may_order(job):
        answer = _order(placing, partner)
        if _unheard(answer):
            return _not_reached(placing, partner, job)
    else:
        answer = partner.find(placing.order_id)
        if _unheard(answer):
            carriers.watch(placing.context, partner, answer)
            raise Transient(NOT_ASKED, ASK_SOON)
    log.info("courier_answered", partner=partner.name, order=placing.order_id, outcome=type(answer).__name__)
    return placing.settled_by(answer, partner)


def _unheard(answer: Answer) -> bool:
    return isinstance(answer, port.Unknown) and not answer.reached


def _order(placing: Placing, partner: port.Partner) -> Answer:
    """One order, unless the partner is left alone just now."""
    if not carriers.admitted(placing.context, partner):
        return port.Unknown("circuit_open", reached=False)
    answer = partner.book(placing.order())
    crashpoint(CrashPoint.AFTER_BOOKING)
    if _unheard(answer):
        carriers.watch(placing.context, partner, answer)
    return answer


def _not_reached(placing: Placing, partner: port.Partner, job: Job) -> Finish:
    """Nothing was ordered. A hiccup is ridden out; a partner that is down is stood in for if anybody can."""
    refused = port.RefusedByPartner(NOT_REACHED, "寄递伙伴暂时无法联系")
    if job.last_try:
        return placing.settled_by(refused)
    down = carriers.is_down(placing.context, partner)
    if down and (other := placing.stand_in()) is not None:
        return placing.handed_on(refused, other)
    raise Transient(NOT_REACHED, placing.context.circuit.pause if down else ASK_SOON)
