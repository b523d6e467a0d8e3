"""Follow-ups 回访 at the desk: who is to be called, and what they said; and how long everything of this kind may take."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from cases.actions import following_up
from cases.care import (
    FOLLOW_UP,
    FOLLOW_UP_CAUSES,
    FOLLOW_UP_OUTCOMES,
    FollowUp,
    FollowUpCause,
    FollowUpOutcome,
    FollowUpState,
    Terms,
)
from cases.supervision import WaitKind
from storage.care import Of
from storage.session import Transaction
from web.asks import Lines, Write
from web.auth import Desk, requires
from web.desk import care
from web.desk.care import ContactView, DueView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, moment, write

router = APIRouter(prefix="/desk/api", tags=["care"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.CARE_READ))]
Worker = Annotated[Desk, Depends(requires(Permission.CARE_WORK))]
Days = Annotated[int, Field(ge=0, le=250)]


class FollowUpView(Shape):
    """`tries`: calls that nobody picked up."""

    id: str
    case: str
    item_name: str
    department: str
    applicant: str
    because: FollowUpCause
    because_label: str
    state: FollowUpState
    state_label: str
    opened_at: Time
    due: DueView
    tries: int
    tried_at: Time | None
    outcome: FollowUpOutcome | None
    outcome_label: str | None
    note: str | None
    ended_at: Time | None


class FollowUpsView(Shape):
    follow_ups: list[FollowUpView]
    cursor: str | None


class NoteAsk(Write):
    """`reached` false: nobody picked up. `good`: content, and everything is settled."""

    reached: bool
    good: bool = True
    note: Lines = ""


class TermsView(Shape):
    """Working days; 0: no limit. `follow_up_share`: of delivered cases, by lot."""

    assign_days: int
    rectify_days: int
    take_days: int
    answer_days: int
    review_days: int
    objection_days: int
    follow_up_days: int
    follow_up_share: float


class TermsAsk(Write):
    assign_days: Days
    rectify_days: Days
    take_days: Days
    answer_days: Days
    review_days: Days
    objection_days: Days
    follow_up_days: Days
    follow_up_share: Annotated[float, Field(ge=0, le=1)]


@router.get("/follow-ups")
def list_follow_ups(
    me: Reader,
    d: D,
    state: Literal["open", "", "done", "unreached"] = "open",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> FollowUpsView:
    """Open ones by when they are due; the others newest first."""
    with d.database.reading() as tx:
        found, more = tx.care.page(FollowUp, me.scope, state=state, cursor=cursor)
        return FollowUpsView(follow_ups=[_view(tx, f) for f in found], cursor=more)


@router.get("/follow-ups/{follow}/contact")
def show_contact(follow: str, me: Worker, d: D) -> ContactView:
    """Whom to call; on record."""
    with d.database.transaction() as tx:
        return care.contact(tx, me, tx.care.find(FollowUp, follow, me.scope))


@router.post("/follow-ups/{follow}")
def note(follow: str, ask: NoteAsk, me: Worker, d: D) -> FollowUpView:
    """What came of a call."""

    def work(tx: Transaction) -> FollowUpView:
        found = tx.care.find(FollowUp, follow, me.scope, for_change=True)
        mine, now = care.hand(tx, me, found.number), moment(tx, me)
        reached = following_up.reached(found.thing, mine, ask.good, ask.note, now) if ask.reached else None
        step = reached or following_up.missed(found.thing, mine, now)
        tx.care.take(found.number, found.thing, step, actor=me.actor)
        return _view(tx, tx.care.find(FollowUp, follow, me.scope))

    return write(d.database, asked(me, ask, "follow-up", follow), FollowUpView, work)


@router.get("/care/terms")
def show_terms(me: Reader, d: D) -> TermsView:  # noqa: ARG001 whoever handles them
    """How long rectifications, complaints and follow-ups may take, and the share that is followed up."""
    with d.database.reading() as tx:
        return TermsView(**vars(tx.care.terms()))


@router.put("/care/terms")
def put_terms(ask: TermsAsk, me: Annotated[Desk, Depends(requires(Permission.SUPERVISION_MANAGE))], d: D) -> TermsView:
    """In force for whatever begins from now on."""

    def work(tx: Transaction) -> TermsView:
        terms = Terms(**ask.model_dump(exclude={"transaction_id"}))
        tx.care.put_terms(terms, actor=me.actor)
        return TermsView(**vars(terms))

    return write(d.database, asked(me, ask, "care-terms"), TermsView, work)


def _view(tx: Transaction, found: Of[FollowUp]) -> FollowUpView:
    f = found.thing
    return FollowUpView(
        id=f.id,
        case=found.number,
        item_name=found.item_name,
        department=f.department,
        applicant=care.applicant_of(tx, found.number),
        because=f.because,
        because_label=FOLLOW_UP_CAUSES[f.because],
        state=f.state,
        state_label=FOLLOW_UP.labels[f.state],
        opened_at=f.opened_at,
        due=care.due_view(tx, WaitKind.FOLLOW_UP, f.state, f.due_at, f.opened_at),
        tries=f.tries,
        tried_at=f.tried_at,
        outcome=f.outcome,
        outcome_label=FOLLOW_UP_OUTCOMES[f.outcome] if f.outcome else None,
        note=f.note,
        ended_at=f.ended_at,
    )
