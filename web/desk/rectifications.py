"""Rectifications 整改 of bad ratings at the desk: the list, one of them, and its steps. Whoever worked on the case finds
nothing here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData

from cases.actions import rectifying
from cases.actions.rectifying import Proof
from cases.care import RECTIFICATION, Hand, Rectification, RectificationState, Step
from cases.errors import InvalidRequest, NotFound
from cases.moment import Moment
from cases.supervision import WaitKind
from storage.care import Of
from storage.session import Transaction
from web.asks import Lines, Write
from web.auth import Desk, requires
from web.desk import care
from web.desk.care import AssignAsk, ContactView, DueView
from web.doors import Doors, doors
from web.forms import file_of, multipart, text_of, transaction_of
from web.permissions import Permission
from web.shapes import ChoiceView, Shape, Time
from web.writing import asked, moment, write

router = APIRouter(prefix="/desk/api/rectifications", tags=["care"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.CARE_READ))]
Worker = Annotated[Desk, Depends(requires(Permission.CARE_WORK))]
PROOF_CAP = 10 * 1024 * 1024
_BEGINNINGS: Mapping[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""What a proof may be, told by how it begins; it is given out as an attachment only."""


class RectificationLine(Shape):
    id: str
    case: str
    item_name: str
    department: str
    level: int
    state: RectificationState
    state_label: str
    opened_at: Time
    rectify_by: date | None
    due: DueView
    handler: str | None
    handler_name: str | None
    resolved: bool | None


class RectificationsView(Shape):
    rectifications: list[RectificationLine]
    cursor: str | None


class RectificationView(RectificationLine):
    """`text`: what the rater wrote. `steps`: what may be done now, by whoever asks."""

    applicant: str
    """masked"""
    text: str
    founded: bool | None
    found: str | None
    verified_at: Time | None
    measures: str | None
    proof_name: str | None
    rectified_at: Time | None
    rounds: int
    extension: str | None
    answered_at: Time | None
    call_note: str | None
    closed_at: Time | None
    steps: list[str]
    handlers: list[ChoiceView]


class VerifyAsk(Write):
    founded: bool
    found: Lines


class CallBackAsk(Write):
    resolved: bool
    note: Lines


class ExtendAsk(Write):
    until: date
    reason: Lines


@router.get("")
def list_rectifications(
    me: Reader,
    d: D,
    state: Literal["open", "", "opened", "assigned", "rectifying", "call_back", "closed"] = "open",
    mine: bool = False,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> RectificationsView:
    """Open ones by when they are due; the others newest first."""
    with d.database.reading() as tx:
        only = me.actor.id if mine else ""
        found, more = tx.care.page(Rectification, me.scope, state=state, mine=only, cursor=cursor)
        names = care.named(tx, *(f.thing.handler for f in found))
        return RectificationsView(rectifications=[_line(tx, f, names) for f in found], cursor=more)


@router.get("/{rectification}")
def show_rectification(rectification: str, me: Reader, d: D) -> RectificationView:
    """The rating, what was found and done, and what may be done next."""
    with d.database.reading() as tx:
        return _view(tx, me, tx.care.find(Rectification, rectification, me.scope))


@router.get("/{rectification}/contact")
def show_contact(rectification: str, me: Worker, d: D) -> ContactView:
    """Whom to call; for its handler, and on record."""
    with d.database.transaction() as tx:
        return care.contact(tx, me, tx.care.find(Rectification, rectification, me.scope))


@router.get("/{rectification}/proof", response_class=Response)
def show_proof(rectification: str, me: Reader, d: D) -> Response:
    """The file that proves it, as an attachment."""
    with d.database.reading() as tx:
        r = tx.care.find(Rectification, rectification, me.scope).thing
    if r.proof is None:
        raise NotFound("还没有证明材料。", id=rectification)
    name = quote(r.proof_name or "proof")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"}
    return Response(d.blobs.get(r.proof), media_type=r.proof_type, headers=headers)


@router.post("/{rectification}/assign")
def assign(rectification: str, ask: AssignAsk, me: Worker, d: D) -> RectificationView:
    """To oneself or a colleague who had no part in the case."""

    def decide(tx: Transaction, r: Rectification, hand: Hand, now: Moment) -> Step:
        number = tx.care.find(Rectification, rectification, me.scope).number
        return rectifying.assign(r, hand, care.hand_to(tx, me, number, ask.to), now)

    return _step(d, me, Doing(ask, "assign", rectification), decide)


@router.post("/{rectification}/verify")
def verify(rectification: str, ask: VerifyAsk, me: Worker, d: D) -> RectificationView:
    """What the rater said when they were called, and whether it is so."""

    def decide(_tx: Transaction, r: Rectification, hand: Hand, now: Moment) -> Step:
        return rectifying.verify(r, hand, ask.founded, ask.found, now)

    return _step(d, me, Doing(ask, "verify", rectification), decide)


@router.post("/{rectification}/rectify", openapi_extra=multipart("measures"))
async def rectify(rectification: str, request: Request, me: Worker, d: D) -> RectificationView:
    """Put right: `measures` and the proof `file` (PDF, JPEG, PNG; at most 10 MiB)."""
    async with request.form(max_files=1, max_fields=8, max_part_size=16_384) as form:
        return await run_sync(rectify_form, d, me, rectification, form, limiter=d.files_at_once)


def rectify_form(d: Doors, me: Desk, rectification: str, form: FormData) -> RectificationView:
    ask, measures = transaction_of(form), text_of(form, "measures", 2000)
    with d.database.reading() as tx:
        tx.care.find(Rectification, rectification, me.scope)
    proof = _proof(d, form)

    def decide(_tx: Transaction, r: Rectification, hand: Hand, now: Moment) -> Step:
        return rectifying.rectify(r, hand, measures, proof, now)

    doing = Doing(ask, "rectify", rectification, (measures, proof.blob if proof else ""))
    return _step(d, me, doing, decide)


def _proof(d: Doors, form: FormData) -> Proof | None:
    came = file_of(form, PROOF_CAP)
    if came is None:
        return None
    data, name = came
    kind = next((kind for begins, kind in _BEGINNINGS.items() if data.startswith(begins)), None)
    if kind is None:
        raise InvalidRequest("证明材料须为PDF、JPEG或PNG文件。", field="file")
    return Proof(d.blobs.put(data), name, kind)


@router.post("/{rectification}/call-back")
def call_back(rectification: str, ask: CallBackAsk, me: Worker, d: D) -> RectificationView:
    """What the rater says of it: it ends, or goes back to be put right."""

    def decide(_tx: Transaction, r: Rectification, hand: Hand, now: Moment) -> Step:
        return rectifying.call_back(r, hand, ask.resolved, ask.note, now)

    return _step(d, me, Doing(ask, "call-back", rectification), decide)


@router.post("/{rectification}/extend")
def extend(rectification: str, ask: ExtendAsk, me: Worker, d: D) -> RectificationView:
    """Once, with a reason and a day."""

    def decide(_tx: Transaction, r: Rectification, hand: Hand, now: Moment) -> Step:
        return rectifying.extend(r, hand, ask.until, ask.reason, now)

    return _step(d, me, Doing(ask, "extend", rectification), decide)


@dataclass(frozen=True)
class Doing:
    """Which step of which one; `more`: what else makes the request the same."""

    ask: Write
    name: str
    identity: str
    more: tuple[str, ...] = ()


Decide = Callable[[Transaction, Rectification, Hand, Moment], Step]


def _step(d: Doors, me: Desk, doing: Doing, decide: Decide) -> RectificationView:
    def work(tx: Transaction) -> RectificationView:
        found = tx.care.find(Rectification, doing.identity, me.scope, for_change=True)
        step = decide(tx, found.thing, care.hand(tx, me, found.number), moment(tx, me))
        tx.care.take(found.number, found.thing, step, actor=me.actor)
        return _view(tx, me, tx.care.find(Rectification, doing.identity, me.scope))

    request = asked(me, doing.ask, f"rectification-{doing.name}", doing.identity, *doing.more)
    return write(d.database, request, RectificationView, work)


def _line(tx: Transaction, found: Of[Rectification], names: Mapping[str, str]) -> RectificationLine:
    r = found.thing
    return RectificationLine(
        id=r.id,
        case=found.number,
        item_name=found.item_name,
        department=r.department,
        level=r.level,
        state=r.state,
        state_label=RECTIFICATION.labels[r.state],
        opened_at=r.opened_at,
        rectify_by=r.rectify_by,
        due=care.due_view(tx, WaitKind.RECTIFICATION, r.state, r.due_at, r.opened_at),
        handler=r.handler,
        handler_name=names.get(r.handler) if r.handler else None,
        resolved=r.resolved,
    )


def _view(tx: Transaction, me: Desk, found: Of[Rectification]) -> RectificationView:
    r, file = found.thing, tx.case_file(found.number)
    steps = rectifying.steps(r, care.hand(tx, me, found.number)) if Permission.CARE_WORK in me.permissions else ()
    return RectificationView(
        **dict(_line(tx, found, care.named(tx, r.handler))),
        applicant=care.applicant_of(tx, found.number),
        text=file.rating.text if file.rating else "",
        founded=r.founded,
        found=r.found,
        verified_at=r.verified_at,
        measures=r.measures,
        proof_name=r.proof_name,
        rectified_at=r.rectified_at,
        rounds=r.rounds,
        extension=r.extension,
        answered_at=r.answered_at,
        call_note=r.call_note,
        closed_at=r.closed_at,
        steps=list(steps),
        handlers=care.handlers(tx, found.number) if "assign" in steps else [],
    )
