"""The drop box for residents: where boxes stand, the code for the envelope, and saying that it is in the box."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from cases.boxes import Box, next_round
from cases.errors import Conflict, NotFound
from cases.lifecycle import BookingState
from courier.in_house.codes import printed
from courier.in_house.units import Scan
from storage.in_house import DROP_BOX
from storage.session import Transaction
from web.asks import Write
from web.auth import resident
from web.doors import Doors, doors
from web.scanning import At, Envelope, Outcome, Said, Travelling, check_time, keep, travelling
from web.shapes import Shape, Time
from web.words import said
from web.writing import Caller, asked, write

router = APIRouter(prefix="/api/v1", tags=["courier"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
BoxCode = Annotated[str, StringConstraints(min_length=1, max_length=32, strip_whitespace=True)]


class ChooseBoxAsk(Write):
    box: BoxCode


class DroppedAsk(Write):
    """`at`: when, now if left out."""

    transaction_id: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    box: BoxCode | None = None
    at: At | None = None


class OpenBoxView(Shape):
    code: str
    name: str
    place: str
    next_round: Time


class OpenBoxesView(Shape):
    boxes: list[OpenBoxView]


class DropCodeView(Shape):
    """`qr`: what the label's QR holds. `code_label`: to be written on the envelope by hand where nobody prints."""

    case: str
    booking: str
    box: OpenBoxView
    code: str
    code_label: str
    qr: str
    dropped_at: Time | None
    emptied_at: Time | None
    advice: str


_ADVICE = "把原件装入信封封好，信封上贴二维码或写上号码，投入收件箱后点“已投箱”。"


@router.get("/boxes")
def show_boxes(
    me: Me,  # noqa: ARG001 whoever is signed in
    d: D,
    region: Annotated[str | None, Query(pattern=r"^[0-9]{6}$")] = None,
) -> OpenBoxesView:
    """Boxes in use, of a region and those below it."""
    with d.database.reading() as tx:
        return OpenBoxesView(boxes=[_box_view(tx, box) for box in tx.boxes.list(region)])


@router.get("/cases/{no}/bookings/{booking}/drop-code")
def show_drop_code(no: str, booking: str, me: Me, d: D) -> DropCodeView:
    """The box that was chosen and the code, again. 404 before one was chosen."""
    with d.database.reading() as tx:
        t = _mine(tx, me, no, booking, for_change=False)
        if tx.boxes.drop(t.booking.id) is None:
            raise NotFound("还没有选择收件箱。", booking=booking)
        return _view(tx, t)


@router.post("/cases/{no}/bookings/{booking}/drop-code")
def drop_code(no: str, booking: str, ask: ChooseBoxAsk, me: Me, d: D) -> DropCodeView:
    """Which box it will be, and the code for the envelope. Another box may be chosen until it is in one."""

    def work(tx: Transaction) -> DropCodeView:
        t = _mine(tx, me, no, booking)
        box = _open_box(tx, ask.box)
        tx.boxes.announce(t.booking.id, no, box.code, t.booking.waybill or "")
        return _view(tx, t)

    return write(d.database, asked(me, ask, "drop-code", no, booking), DropCodeView, work)


@router.post("/cases/{no}/bookings/{booking}/dropped")
def dropped(no: str, booking: str, ask: DroppedAsk, me: Me, d: D) -> DropCodeView:
    """It is in the box. The next round finds it; if it does not, the resident is asked."""

    def work(tx: Transaction) -> DropCodeView:
        t, at = _mine(tx, me, no, booking), check_time(ask.at, tx.now())
        known = tx.boxes.drop(t.booking.id)
        chosen = ask.box or (known.box if known else None)
        if chosen is None:
            raise NotFound("请先选择收件箱。", field="box")
        box = _open_box(tx, chosen)
        tx.boxes.announce(t.booking.id, no, box.code, t.booking.waybill or "")
        if tx.boxes.dropped(t.booking.id, at, box.code):
            _say(tx, me, t, Said(f"dropped:{ask.transaction_id}", Scan.DROPPED, at, box.place))
        return _view(tx, t)

    return write(d.database, asked(me, ask, "dropped", no, booking), DropCodeView, work)


def _say(tx: Transaction, me: Caller, t: Travelling, said: Said) -> None:
    if keep(tx, me, t, said) is not Outcome.ACCEPTED:
        raise Conflict("该操作编号已使用过，请重试。")


def _mine(tx: Transaction, me: Caller, no: str, booking_id: str, *, for_change: bool = True) -> Travelling:
    """Raises `NotFound` for somebody else's, `Conflict` for a booking that is not (yet, any more) one of a box."""
    file = tx.case_file(no, for_change=for_change, readable_by=me.scope)
    booking = file.booking(booking_id)
    if booking is None or booking.partner != DROP_BOX:
        raise NotFound("没有这个收件箱预约。")
    t = travelling(tx, Envelope(file.case.number, booking))
    if t is None or booking.state is not BookingState.BOOKED or not t.collecting:
        raise Conflict("该预约目前不能投箱。", state=str(booking.state))
    return t


def _open_box(tx: Transaction, code: str) -> Box:
    box = tx.boxes.box(code)
    if not box.active:
        raise Conflict("该收件箱已停用，请选择其他收件箱。", box=code)
    return box


def _box_view(tx: Transaction, box: Box) -> OpenBoxView:
    return OpenBoxView(code=box.code, name=box.name, place=box.place, next_round=next_round(box, tx.now()))


def _view(tx: Transaction, t: Travelling) -> DropCodeView:
    drop = tx.boxes.drop(t.booking.id)
    assert drop is not None
    code = t.booking.waybill or ""
    return DropCodeView(
        case=t.file.case.number,
        booking=t.booking.id,
        box=_box_view(tx, tx.boxes.box(drop.box)),
        code=code,
        code_label=printed(code),
        qr=code,
        dropped_at=drop.envelope.dropped_at,
        emptied_at=drop.envelope.emptied_at,
        advice=said(_ADVICE),
    )
