"""The receipt: number, item, hour, and a code with which the resident's own phone takes the case over.

The code on it counts only together with the end of the identity number, which does not stand there, and goes to the
phone as a text message too: who finds the slip has nothing, who loses it loses nothing. What is handed out here is kept
nowhere; the slip as PDF is drawn from the code that the page has.
"""

from datetime import datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Response
from pydantic import StringConstraints

from cases.actions import terminals
from cases.deadlines import BEIJING
from cases.errors import Conflict, TooMany
from cases.lifecycle import CaseState
from cases.model import CaseFile
from storage.guest_endings import hand_over_code
from storage.session import Transaction
from web.asks import Ask
from web.doors import Doors, doors
from web.files import PDF
from web.guests import Guest
from web.kiosk.sessions import guest
from web.kiosk.slip import Line, Slip, draw
from web.shapes import Shape, Time
from web.words import masked_phone

router = APIRouter(prefix="/kiosk/api/cases", tags=["kiosk"])
Me = Annotated[Guest, Depends(guest)]
D = Annotated[Doors, Depends(doors)]
TAKE_OVER = "/app/#/pages/claim/index"


class SlipAsk(Ask):
    """`code`: as the receipt gave it; left out, the slip is without."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None


class ReceiptView(Shape):
    """`code`: None where one was sent to the phone a moment ago. `qr`: its rows, 1 where dark. `seconds`: from the
    first touch."""

    case: str
    item_name: str
    submitted_at: Time
    phone: str
    code: str | None
    address: str
    qr: list[str]
    seconds: int


@router.post("/{no}/receipt")
def receipt(no: str, me: Me, d: D) -> ReceiptView:
    """For a case that was handed in. The first one ends the clock of the session."""
    with d.database.transaction() as tx:
        file = _handed_in(tx, no, me)
        session = tx.guest_sessions.has_receipt(me.session)
        code = _code_told(tx, file, me)
    address = take_over_address(d, no, code)
    submitted = file.case.submitted_at
    assert submitted is not None
    return ReceiptView(
        case=no,
        item_name=file.item.name,
        submitted_at=submitted,
        phone=masked_phone(file.case.applicant.phone),
        code=code,
        address=address,
        qr=["".join("1" if dark else "0" for dark in row) for row in modules(address)],
        seconds=round(session.seconds or 0),
    )


def _handed_in(tx: Transaction, no: str, me: Guest) -> CaseFile:
    file = tx.case_file(no, for_change=tx.writable, readable_by=me.scope)
    if file.case.state is CaseState.DRAFT or file.case.submitted_at is None:
        raise Conflict("申请还没有提交，提交后才有回执。")
    return file


def _code_told(tx: Transaction, file: CaseFile, me: Guest) -> str | None:
    try:
        code = hand_over_code(tx, file)
    except TooMany:
        return None
    tx.apply(file.case.number, terminals.receipt_told(code), actor=me.actor)
    return code


def take_over_address(d: Doors, no: str, code: str | None) -> str:
    known = f"?no={no}" + (f"&code={code}" if code else "")
    return f"{d.settings.public_url}{TAKE_OVER}{known}"


def modules(text: str) -> list[list[bool]]:
    return [[bool(dark) for dark in row] for row in segno.make(text, error="m", micro=False).matrix]


@router.post("/{no}/receipt.pdf", response_class=Response, responses=PDF)
def receipt_pdf(no: str, ask: SlipAsk, me: Me, d: D) -> Response:
    """The slip for a roll of 80 mm."""
    with d.database.reading() as tx:
        file = _handed_in(tx, no, me)
        office = tx.devices.device(me.session.device).office
        now = tx.now()
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{no}.pdf"'}
    return Response(
        slip(file, office, take_over_address(d, no, ask.code), now), media_type="application/pdf", headers=headers
    )


def slip(file: CaseFile, office: str, address: str, now: datetime) -> bytes:
    head = (
        Line("自助办理回执", 16, middle=True),
        Line(f"事项  {file.item.name}", 11),
        Line("办件编号", 9),
        Line(file.case.number, 13),
        Line(f"提交  {(file.case.submitted_at or now).astimezone(BEIJING):%Y-%m-%d %H:%M}", 10),
        Line(f"网点  {office}", 10),
    )
    foot = (
        Line("手机扫码，在自己手机上接着办", 10, middle=True),
        Line("打开时请填身份证号码后四位。验证码已发到您的手机，7天内有效。", 8),
        Line("材料已提交，不用再来。有进展时发短信告诉您。", 8),
    )
    return draw(Slip(head, modules(address), foot))
