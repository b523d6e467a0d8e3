"""What an order to a partner is made of, and when one may be sent: the same for one case's courier and for many cases'.

A try may order only if it is certain that no try before it did. Whatever else happened, a try that died after the call
or an answer that got lost, is asked for by the order's own id.
"""

from datetime import timedelta

from cases.actions.ordering import NOT_FOUND_TWICE
from cases.model import Address
from courier import port
from storage.jobs import Job

NOT_REACHED = "courier_not_reached"
"""The partner certainly heard nothing: the same order may be sent again."""
NOT_ASKED = "courier_not_asked"
"""The same of a question about an order that may exist: it is asked again, never ordered again."""
NO_PARTNER = "no_such_partner"
WEIGHT_OF_PAPER_G = 50
ASK_SOON = timedelta(seconds=5)

Answer = port.Booked | port.RefusedByPartner | port.NotFound | port.Unknown


def may_order(job: Job) -> bool:
    """Whether this try may send the order; otherwise it only asks whether the order exists."""
    untried = job.attempts == 1 and job.error is None
    return untried or job.error == NOT_REACHED


def nobody_comes(answer: Answer, denied: int | None) -> bool:
    """Whether it is certain now that no courier comes, and another partner's might. `denied`: how often an order of
    unknown outcome was said not to exist; None: its outcome is not unknown."""
    match answer:
        case port.RefusedByPartner(concerns=concerns):
            return concerns is not port.Concerns.ORDER
        case port.Booked(cancelled=cancelled):
            return cancelled
        case port.NotFound():
            return denied is not None and denied + 1 >= NOT_FOUND_TWICE
    return False


def nobody_carries() -> port.RefusedByPartner:
    """The answer in place of a partner that this deployment does not have."""
    return port.RefusedByPartner(NO_PARTNER, "暂不支持该寄递方式")


def contact(a: Address) -> port.Contact:
    return port.Contact(a.contact, a.phone, port.Address(a.province, a.city, a.county, a.detail))
