"""Couriers as the office sees them: how the partners do, what needs a person, and what that person found out.

An order of which nobody knows whether it stands is settled by telephone; the answer is written down here.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import troubles
from cases.circuit import CircuitState
from cases.effects import Outcome
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import BOOKING
from cases.model import CaseFile
from cases.moment import Moment
from storage import partner_health
from storage.troubles import Trouble
from storage.troubles import troubles as troubles_of
from web.asks import CloseAlertsAsk, SettleAsk
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time, WindowView
from web.views import window_view
from web.words import ALERTS, DIRECTIONS, partner_name
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["couriers"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.COURIER_READ))]
Settler = Annotated[Desk, Depends(requires(Permission.COURIER_SETTLE))]


class PartnerView(Shape):
    partner: str
    partner_name: str
    state: str
    """closed: it serves | open: left alone | half_open: to be tried again"""
    failures: int
    retry_at: Time | None
    reason: str | None


class PartnersView(Shape):
    partners: list[PartnerView]


class AlertView(Shape):
    alert: str
    label: str


class TroubleView(Shape):
    case: str
    item_name: str
    booking: str
    leg: str
    leg_label: str
    partner: str
    partner_name: str
    order: str
    waybill: str | None
    state: str
    state_label: str
    window: WindowView
    requested_at: Time
    alerts: list[AlertView]
    note: str | None


class TroublesView(Shape):
    troubles: list[TroubleView]
    cursor: int | None
    """For the next page; null at the end."""


@router.get("/couriers")
def show_partners(_: Reader, d: D) -> PartnersView:
    """Every configured partner, and whether it is left alone just now."""
    with d.database.reading() as tx:
        now, healths = tx.now(), partner_health.healths(tx)
    return PartnersView(partners=[_partner_view(name, healths.get(name), now) for name in d.partners])


def _partner_view(name: str, health: partner_health.Health | None, now: Time) -> PartnerView:
    circuit = health.circuit if health else None
    return PartnerView(
        partner=name,
        partner_name=partner_name(name),
        state=circuit.state(now) if circuit else CircuitState.CLOSED,
        failures=circuit.failures if circuit else 0,
        retry_at=circuit.retry_at if circuit else None,
        reason=health.reason if health and circuit and circuit.failures else None,
    )


@router.get("/couriers/troubles")
def show_troubles(me: Reader, d: D, cursor: Annotated[int, Query(ge=0, le=2**62)] = 0) -> TroublesView:
    """What needs a person, oldest first."""
    with d.database.reading() as tx:
        found, more = troubles_of(tx, me.scope, cursor)
    return TroublesView(troubles=[_trouble_view(t) for t in found], cursor=more)


def _trouble_view(t: Trouble) -> TroubleView:
    b = t.booking
    return TroubleView(
        case=t.number,
        item_name=t.item_name,
        booking=b.id,
        leg=t.direction,
        leg_label=DIRECTIONS[t.direction],
        partner=b.partner,
        partner_name=partner_name(b.partner),
        order=b.order_id,
        waybill=b.waybill,
        state=b.state,
        state_label=BOOKING.labels[b.state],
        window=window_view(b.expected),
        requested_at=b.requested_at,
        alerts=[AlertView(alert=a, label=ALERTS.get(a, a)) for a in t.alerts],
        note=b.desk_note,
    )


@router.post("/cases/{no}/bookings/{booking}/settle")
def settle(no: str, booking: str, ask: SettleAsk, me: Settler, d: D) -> DeskCaseView:
    """What the partner said by telephone about an order of unknown outcome: it stands, with this waybill, or it does
    not exist, and a new attempt may be made."""
    if ask.answer == "exists":
        _check_waybill(d, no, me, booking, ask.waybill or "")

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if ask.answer == "exists":
            return troubles.settle_exists(file, booking, ask.waybill or "", ask.note, now)
        return troubles.settle_void(file, booking, ask.note)

    return change(d, asked(me, ask, "settle", no, booking), no, decision)


def _check_waybill(d: Doors, no: str, me: Desk, booking: str, waybill: str) -> None:
    """A number misheard on the telephone is often another parcel's."""
    if not waybill:
        raise InvalidRequest("请填写运单号。", field="waybill")
    with d.database.reading() as tx:
        one = tx.case_file(no, readable_by=me.scope).booking(booking)
        other = tx.booking_by_waybill(one.partner, waybill) if one else None
    if other is not None and other[1].id != booking:
        raise Conflict("该运单号已登记在其他预约上，请核对。", field="waybill")


@router.post("/cases/{no}/bookings/{booking}/alerts")
def close_alerts(no: str, booking: str, ask: CloseAlertsAsk, me: Settler, d: D) -> DeskCaseView:
    """Alerts dealt with leave the queue; what was done is kept."""
    return change(
        d,
        asked(me, ask, "alerts", no, booking),
        no,
        lambda file, _: troubles.close_alerts(file, booking, ask.alerts, ask.note),
    )
