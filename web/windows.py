"""Courier windows as the API names them: an id that says partner and start, checked against what is offered now."""

from datetime import UTC, datetime

from cases.actions.ordering import BookingRequest
from cases.errors import Conflict, InvalidRequest
from cases.model import CaseFile, Window
from courier.port import Partner
from courier.windows import Window as Offered
from courier.windows import offer
from web.asks import BookAsk
from web.doors import Doors
from web.shapes import OfferedWindowView
from web.words import partner_name

_STAMP = "%Y%m%dT%H%MZ"


def window_id(partner: str, start: datetime) -> str:
    return f"{partner}.{start.astimezone(UTC):{_STAMP}}"


def offered(d: Doors, now: datetime) -> list[tuple[Partner, Offered]]:
    """What can be booked now, of every partner; the one who carries by default comes first."""
    known = sorted(d.partners.values(), key=lambda p: p.name != d.couriers.default)
    return [(p, w) for p in known for w in offer(p.hours, now, d.settings.window_days)]


def offered_view(partner: Partner, window: Offered) -> OfferedWindowView:
    return OfferedWindowView(
        id=window_id(partner.name, window.start),
        partner=partner.name,
        partner_name=partner_name(partner.name),
        start=window.start,
        end=window.end,
        label=window.label(),
        cancel_by=window.cancel_by,
    )


def booking_request(d: Doors, file: CaseFile, ask: BookAsk, now: datetime) -> BookingRequest:
    """Raises `Conflict` for a window that is not (any more) offered, `InvalidRequest` without an address."""
    found = next(((p, w) for p, w in offered(d, now) if window_id(p.name, w.start) == ask.window), None)
    if found is None:
        raise Conflict("所选时段已不可预约，请重新选择。", window=ask.window)
    where = ask.address.address() if ask.address else file.case.address
    if where is None:
        raise InvalidRequest("请填写取件或收件地址。", field="address")
    partner, window = found
    return BookingRequest(ask.leg, partner.name, Window(window.start, window.end), where)
