"""The pre-auditor's work: per material, then once for the whole case. What looks like something else is answered first,
what refuses waits for a second person, and the correction notice is looked at before it is sent."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions.noticing import compose, undecided
from cases.actions.review import MaterialRuling, ReviewRuling, close_review, decide_material
from cases.duplicates import require_answered
from cases.effects import Outcome
from cases.model import CaseFile
from cases.moment import Moment
from cases.rulings import BECAUSE_LABELS, Draft, Excuse, Listed
from storage.session import Transaction
from web.asks import MaterialDecisionAsk, ReviewAsk
from web.auth import Desk, requires
from web.desk.changing import check_not_claimed
from web.desk.shapes import DeskCaseView, DeskFinding, desk_case_view, desk_finding
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape
from web.writing import Asked, Decide, asked, decide, moment, write

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


class NoticeLine(Shape):
    """`cause`: of a further notice, why it was not in the first; `unproven`: somebody has to say so."""

    finding: DeskFinding
    page_id: str | None
    cause: str | None
    cause_label: str | None
    unproven: bool


class NoticeView(Shape):
    """The one complete notice as it would be sent now. `undecided`: materials with a doubt nobody has decided; it is not
    sent before. `digest` goes back with the sending as `shown`."""

    case: str
    round: int
    due: date
    lines: list[NoticeLine]
    paragraphs: list[str]
    undecided: list[str]
    needs_reason: bool
    digest: str


@router.post("/{no}/materials/{key}/decision")
def decide_one(
    no: str,
    key: str,
    ask: MaterialDecisionAsk,
    me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))],
    d: D,
) -> DeskCaseView:
    """Accept, return or defer one material. Refusing it is proposed: `proposals` says that it waits for a second person.
    409 `duplicates_unanswered` while something looks like another case."""
    ruling = MaterialRuling(key, ask.decision, ask.reason, ask.note, ask.defer_until, ask.promise)
    request = asked(me, ask, "material", no, key)
    return rule(d, request, no, lambda file, now: decide_material(file, ruling, now))


@router.post("/{no}/preaudit")
def close(
    no: str, ask: ReviewAsk, me: Annotated[Desk, Depends(requires(Permission.REVIEW_CLOSE))], d: D
) -> DeskCaseView:
    """Close the review: pass, or return with the one complete notice. Not accepting the case is proposed: `proposals` says
    that it waits for a second person. 409 where another notice would be sent than was shown."""
    ruling = ReviewRuling(ask.decision, ask.reason, Excuse(ask.because, ask.explanation, ask.shown))
    return rule(d, asked(me, ask, "preaudit", no), no, lambda file, now: close_review(file, ruling, now))


@router.get("/{no}/notice")
def show_notice(no: str, me: Annotated[Desk, Depends(requires(Permission.REVIEW_CLOSE))], d: D) -> NoticeView:
    """The correction notice, composed from all findings and decisions, exactly as closing with `return` sends it."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        draft = compose(file, moment(tx, me))
    return notice_view(file, draft)


def notice_view(file: CaseFile, draft: Draft) -> NoticeView:
    return NoticeView(
        case=file.case.number,
        round=draft.round,
        due=draft.due,
        lines=[_line(line) for line in draft.lines],
        paragraphs=list(draft.paragraphs),
        undecided=[m.name for m in undecided(file)],
        needs_reason=bool(draft.unproven),
        digest=draft.digest,
    )


def _line(line: Listed) -> NoticeLine:
    return NoticeLine(
        finding=desk_finding(line.finding),
        page_id=line.page,
        cause=line.cause,
        cause_label=BECAUSE_LABELS[line.cause] if line.cause else None,
        unproven=line.cause == "changed_after",
    )


def rule(d: Doors, request: Asked, no: str, decision: Decide) -> DeskCaseView:
    """A decision on a case about which nothing is left to be asked. Raises `Conflict` while another has the case."""

    def work(tx: Transaction) -> DeskCaseView:
        def answered_first(file: CaseFile, now: Moment) -> Outcome:
            require_answered(tx.duplicate_questions(file))
            return decision(file, now)

        file = decide(tx, request.caller, no, answered_first)
        check_not_claimed(tx, no, request.caller)
        return desk_case_view(file, personal=False)

    return write(d.database, request, DeskCaseView, work)
