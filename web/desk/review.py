"""The pre-auditor's work: per material, then once for the whole case."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions.review import MaterialRuling, ReviewRuling, close_review, decide_material
from web.asks import MaterialDecisionAsk, ReviewAsk
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.writing import asked

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


@router.post("/{no}/materials/{key}/decision")
def decide_one(
    no: str,
    key: str,
    ask: MaterialDecisionAsk,
    me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))],
    d: D,
) -> DeskCaseView:
    """Accept, return, defer or refuse one material."""
    ruling = MaterialRuling(key, ask.decision, ask.reason, ask.note, ask.defer_until)
    return change(d, asked(me, ask, "material", no, key), no, lambda file, now: decide_material(file, ruling, now))


@router.post("/{no}/preaudit")
def close(
    no: str, ask: ReviewAsk, me: Annotated[Desk, Depends(requires(Permission.REVIEW_CLOSE))], d: D
) -> DeskCaseView:
    """Close the review: pass, return with the one complete notice, or refuse to accept with the reason."""
    ruling = ReviewRuling(ask.decision, ask.reason)
    return change(d, asked(me, ask, "preaudit", no), no, lambda file, now: close_review(file, ruling, now))
