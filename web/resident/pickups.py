"""Consolidated pickup: an agent's cases fetched by one courier, on one waybill with a list of contents."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases import consolidation
from cases.consolidation import Pickup
from cases.errors import Conflict, NotFound
from cases.lifecycle import BookingState
from cases.model import CaseFile, Direction, PersonId
from storage import pickups
from storage.session import Transaction
from storage.turns import Stage
from web.asks import BookAsk, PickupAsk, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import PickupCaseView, PickupsView, PickupView
from web.views import window_view
from web.windows import Looked, booking_request, look
from web.words import BOOKINGS, LEGS, names_of, partner_name, said, shown_item
from web.writing import Caller, asked, decide, moment, write

router = APIRouter(prefix="/api/v1/pickups", tags=["courier"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


@router.post("", status_code=201)
def consolidate(ask: PickupAsk, me: Me, d: D) -> PickupView:
    """One courier for all these cases, in a window that is offered for the first of them."""
    d.pressure.admit(d.database, d.settings, Stage.BOOKING)
    looked = look(d, me.scope, ask.cases[0], Direction.COLLECTION, ask.address.address())
    return write(d.database, asked(me, ask, "pickup"), PickupView, lambda tx: _consolidated(tx, ask, me, d, looked))


def _consolidated(tx: Transaction, ask: PickupAsk, me: Caller, d: Doors, looked: Looked) -> PickupView:
    now = moment(tx, me)
    wanted = BookAsk(leg=Direction.COLLECTION, window=ask.window, address=ask.address)
    files = [tx.case_file(no, for_change=True, readable_by=me.scope) for no in sorted(ask.cases)]
    made = consolidation.plan(files, booking_request(d, looked, wanted, now.at), _person(me), now)
    pickups.add(tx, made.pickup)
    for number, outcome in made.outcomes.items():
        tx.apply(number, outcome, actor=me.actor)
    return _view(tx, made.pickup)


@router.get("")
def mine(me: Me, d: D) -> PickupsView:
    """One's own, newest first."""
    with d.database.reading() as tx:
        return PickupsView(pickups=[_view(tx, p) for p in pickups.of_person(tx, _person(me))])


@router.get("/{pickup}")
def show(pickup: str, me: Me, d: D) -> PickupView:
    """The shared order, its list of contents, and where each case's papers are."""
    with d.database.reading() as tx:
        return _view(tx, pickups.load(tx, pickup, of=_person(me)))


@router.post("/{pickup}/cases/{no}/take-out")
def take_out(pickup: str, no: str, me: Me, d: D, ask: Write | None = None) -> PickupView:
    """One case leaves before the courier comes; its papers are fetched another time, or alone."""

    def work(tx: Transaction) -> PickupView:
        order = pickups.load(tx, pickup, of=_person(me), for_change=True)
        if sum(consolidation.still_riding(f, order.id) for f in _files(tx, order)) <= 1:
            raise Conflict("这是最后一个办件，请取消整个合并揽收。", pickup=pickup)
        decide(tx, me, no, lambda file, now: consolidation.take_out(file, order.id, now))
        return _view(tx, order)

    return write(d.database, asked(me, ask, "take-out", pickup, no), PickupView, work)


@router.post("/{pickup}/cancel")
def cancel(pickup: str, me: Me, d: D, ask: Write | None = None) -> PickupView:
    """Call the courier off for everybody; refused once he has the papers."""

    def work(tx: Transaction) -> PickupView:
        order = pickups.load(tx, pickup, of=_person(me), for_change=True)
        if order.state is not BookingState.BOOKED:
            raise Conflict("该预约目前不能取消。", state=str(order.state))
        for file in _files(tx, order):
            consolidation.take_out(file, order.id, moment(tx, me))  # refuses what can no longer be called off
        pickups.call_off(tx, order)
        return _view(tx, order)

    return write(d.database, asked(me, ask, "cancel-pickup", pickup), PickupView, work)


def _person(me: Caller) -> PersonId:
    if me.scope.person is None:
        raise NotFound("没有找到这次合并揽收。")
    return PersonId(me.scope.person)


def _files(tx: Transaction, pickup: Pickup) -> list[CaseFile]:
    return [tx.case_file(number) for number, _ in pickups.members(tx, pickup.id)]


def _view(tx: Transaction, pickup: Pickup) -> PickupView:
    now = pickups.load(tx, pickup.id)
    return PickupView(
        id=now.id,
        partner=now.partner,
        partner_name=partner_name(now.partner),
        state=now.state,
        state_label=BOOKINGS[now.state],
        window=window_view(now.window),
        waybill=now.waybill,
        cases=[_case_view(f, now.id) for f in _files(tx, now)],
    )


def _case_view(file: CaseFile, pickup_id: str) -> PickupCaseView:
    booking = consolidation.riding(file, pickup_id)
    assert booking is not None
    leg = file.leg_by_id(booking.leg)
    assert leg is not None
    names = names_of(file.item)
    return PickupCaseView(
        case=file.case.number,
        item_name=shown_item(file.item).name,
        booking=booking.id,
        state=leg.state,
        state_label=LEGS[leg.state],
        contents=[f"{said(o.name, names)}×{max(1, o.copies)}" for o in file.originals],
    )
