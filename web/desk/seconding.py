"""Four eyes: what one has refused waits here for another, who confirms it or says why not."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions.seconding import Answer, second
from cases.duplicates import require_answered
from cases.effects import Outcome
from cases.model import CaseFile
from cases.moment import Moment
from storage import cursors
from storage.claims import names_of
from storage.session import Transaction
from web.asks import Lines, Write
from web.auth import Desk, requires
from web.desk.shapes import DeskCaseView, ProposalView, desk_case_view, proposal_view
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, decide, write

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Second = Annotated[Desk, Depends(requires(Permission.REFUSAL_SECOND))]


class WaitingView(Shape):
    """`applicant`: masked. `own`: proposed by whoever asks, who cannot confirm it."""

    case: str
    item_name: str
    applicant: str
    deadline_at: Time | None
    by_name: str
    own: bool
    proposal: ProposalView


class WaitingsView(Shape):
    proposals: list[WaitingView]
    cursor: str | None
    """For the next page; null at the end."""


class SecondAsk(Write):
    """`withdraw`: only by whoever proposed it. `reason`: required to reject."""

    answer: Answer
    reason: Lines = ""


@router.get("/proposals")
def show_waiting(
    me: Second,
    d: D,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> WaitingsView:
    """Refusals that wait for a second person, the oldest first."""
    with d.database.reading() as tx:
        rows, more = tx.proposals_waiting(me.scope, _read(cursor), limit)
        names = names_of(tx, [row.proposal.by for row in rows])
    lines = [
        WaitingView(
            case=row.number,
            item_name=row.item_name,
            applicant=row.applicant,
            deadline_at=row.deadline_at,
            by_name=names.get(row.proposal.by, row.proposal.by),
            own=row.proposal.by == me.actor.id,
            proposal=proposal_view(row.proposal),
        )
        for row in rows
    ]
    return WaitingsView(proposals=lines, cursor=_written(more) if more else None)


@router.post("/cases/{no}/proposals/{proposal}")
def answer(no: str, proposal: str, ask: SecondAsk, me: Second, d: D) -> DeskCaseView:
    """Confirm what another has refused, or reject it with a reason. Who has claimed the case does not matter: it is the
    one who waits."""

    def work(tx: Transaction) -> DeskCaseView:
        def answered(file: CaseFile, now: Moment) -> Outcome:
            if ask.answer is Answer.CONFIRM:
                require_answered(tx.duplicate_questions(file))
            return second(file, proposal, ask.answer, ask.reason, now)

        return desk_case_view(decide(tx, me, no, answered), personal=False)

    return write(d.database, asked(me, ask, "proposal", no, proposal), DeskCaseView, work)


def _written(at: tuple[datetime, int]) -> str:
    return cursors.written(*at)


def _read(cursor: str | None) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    at, seq = cursors.read_dated(cursor)
    try:
        return at, min(int(seq), 2**62)
    except ValueError:
        raise cursors.refused(cursor) from None
