"""What looks like something else: the pictures side by side, the auditor's answer, the supervisor's word on misuse.

The other case is told in masked form where the reader may see it; elsewhere it is "another case", without number or
picture.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.duplicates import (
    ANSWER_LABELS,
    LIKENESS_LABELS,
    OUTCOME_LABELS,
    AnswerKind,
    Given,
    Outcome,
    Pair,
    Question,
)
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.lifecycle import CASE, CaseState
from cases.model import Case, CaseFile
from storage.claims import names_of
from storage.duplicates import Misuse, Settled
from storage.session import Transaction
from web.asks import Lines, Write
from web.auth import Desk, requires
from web.desk.changing import check_not_claimed
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import CaseLine, Shape, Time
from web.views import case_line
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
PAIRS_SHOWN = 4
ELSEWHERE = "另一件办件"


class GivenView(Shape):
    answer: str
    answer_label: str
    by_name: str
    at: Time
    note: str | None
    outcome: str | None
    outcome_label: str | None
    settled_by_name: str | None
    settled_at: Time | None
    settled_note: str | None


class PairView(Shape):
    """`other_page`: none where the reader may not see that case."""

    page: str
    page_name: str
    other_page: str | None
    likeness: str
    likeness_label: str
    distance: int


class QuestionView(Shape):
    """`state`: open | escalated | answered. `other`: none where the reader may not see that case."""

    id: str
    state: str
    what: str
    same_person: bool
    same_errand: bool
    someone_elses: bool
    other: CaseLine | None
    pairs: list[PairView]
    given: GivenView | None


class QuestionsView(Shape):
    case: str
    questions: list[QuestionView]


class DuplicateAsk(Write):
    answer: AnswerKind
    note: Lines = ""


class SettleMisuseAsk(Write):
    outcome: Outcome
    note: Lines


class MisuseView(Shape):
    """`cases`: those of the two that the reader may see."""

    question: str
    cases: list[str]
    given: GivenView


class MisusesView(Shape):
    waiting: list[MisuseView]
    cursor: str | None


@router.get("/cases/{no}/duplicates")
def show_duplicates(no: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D) -> QuestionsView:
    """Other cases that share something with this one. Nothing is decided on it before each is answered."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        return QuestionsView(case=no, questions=question_views(tx, file, me))


@router.post("/cases/{no}/duplicates/{question}")
def answer(
    no: str,
    question: str,
    ask: DuplicateAsk,
    me: Annotated[Desk, Depends(requires(Permission.DUPLICATE_ANSWER))],
    d: D,
) -> QuestionsView:
    """Not a duplicate; one that is in order; or misuse, which goes to a supervisor and blocks until it is settled. The
    answer counts for both cases and stands in the record of both."""

    def work(tx: Transaction) -> QuestionsView:
        file, asked_ = _asked(tx, no, question, me)
        check_not_claimed(tx, no, me)
        if file.case.state is not CaseState.IN_REVIEW:
            raise Conflict("该办件不在人工预审中，无需答复。")
        if asked_.state == "escalated":
            raise Conflict("疑似冒用已提请主管核实。")
        if ask.answer is AnswerKind.MISUSE and not ask.note:
            raise InvalidRequest("提请核实疑似冒用时，请写明发现了什么。")
        tx.answer_duplicate(no, asked_.other.number, Given(ask.answer, me.actor.id, tx.now(), ask.note or None))
        _record(tx, (no, asked_.other.number), me, "duplicate_answered", {"answer": str(ask.answer)})
        return QuestionsView(case=no, questions=question_views(tx, file, me))

    return write(d.database, asked(me, ask, "duplicate", no, question), QuestionsView, work)


@router.post("/cases/{no}/duplicates/{question}/settle")
def settle(
    no: str,
    question: str,
    ask: SettleMisuseAsk,
    me: Annotated[Desk, Depends(requires(Permission.MISUSE_SETTLE))],
    d: D,
) -> QuestionsView:
    """A supervisor's word on what an auditor took for misuse; never by the auditor who said so."""

    def work(tx: Transaction) -> QuestionsView:
        file, asked_ = _asked(tx, no, question, me)
        if asked_.given is None or asked_.state != "escalated":
            raise Conflict("没有待核实的疑似冒用。")
        if asked_.given.by == me.actor.id:
            raise Conflict("请由另一位工作人员核实。")
        if not ask.note:
            raise InvalidRequest("请写明核实情况。")
        tx.settle_misuse(no, asked_.other.number, Settled(ask.outcome, me.actor.id, ask.note))
        _record(tx, (no, asked_.other.number), me, "misuse_settled", {"outcome": str(ask.outcome)})
        return QuestionsView(case=no, questions=question_views(tx, file, me))

    return write(d.database, asked(me, ask, "misuse", no, question), QuestionsView, work)


@router.get("/misuse")
def show_misuse(
    me: Annotated[Desk, Depends(requires(Permission.MISUSE_SETTLE))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MisusesView:
    """What waits for a supervisor, the oldest first, page by page."""
    with d.database.reading() as tx:
        waiting, more = tx.misuse_waiting(me.scope, cursor, limit)
        names = _names(tx, [m.given for m in waiting])
    return MisusesView(waiting=[_misuse(m, names) for m in waiting], cursor=more)


def _misuse(misuse: Misuse, names: dict[str, str]) -> MisuseView:
    return MisuseView(question=misuse.question, cases=list(misuse.cases), given=_given(misuse.given, names))


def _asked(tx: Transaction, no: str, question: str, me: Desk) -> tuple[CaseFile, Question]:
    file = tx.case_file(no, for_change=True, readable_by=me.scope)
    found = next((q for q in tx.duplicate_questions(file) if q.id == question), None)
    if found is None:
        raise NotFound("没有这个疑似重复。")
    return file, found


def _record(tx: Transaction, numbers: Sequence[str], me: Desk, action: str, detail: dict[str, str]) -> None:
    for number in sorted(numbers):
        tx.record(number, me.actor, action, detail)


# ── as it is shown ──────────────────────────────────────────────────────────────────────────────────────────────


def question_views(tx: Transaction, file: CaseFile, me: Desk) -> list[QuestionView]:
    """Within the reader's scope; the open ones first."""
    asked_ = tx.duplicate_questions(file)
    if not asked_:
        return []
    seen = tx.in_scope([q.other.number for q in asked_], me.scope)
    names = _names(tx, [q.given for q in asked_ if q.given])
    ordered = sorted(asked_, key=lambda q: ("open", "escalated", "answered").index(q.state))
    return [_question(tx, file, q, names, visible=q.other.number in seen) for q in ordered]


def _question(tx: Transaction, file: CaseFile, q: Question, names: dict[str, str], *, visible: bool) -> QuestionView:
    return QuestionView(
        id=q.id,
        state=q.state,
        what=_what(q),
        same_person=q.other.same_person,
        same_errand=q.same_errand,
        someone_elses=q.someone_elses,
        other=_line(tx, q.other.number) if visible else None,
        pairs=[_pair(file, pair, visible=visible) for pair in q.pairs[:PAIRS_SHOWN]],
        given=_given(q.given, names) if q.given else None,
    )


def _what(q: Question) -> str:
    """What they share, in one line."""
    shared = [LIKENESS_LABELS[likeness] for likeness in LIKENESS_LABELS if likeness in {p.likeness for p in q.pairs}]
    whose = "同一申请人的" if q.other.same_person else "他人的"
    parts = [f"与{whose}{ELSEWHERE}有{'、'.join(shared)}"] if shared else []
    return "；".join([*parts, *(["同一申请人、同一事项"] if q.same_errand else [])])


def _line(tx: Transaction, number: str) -> CaseLine:
    case = tx.case_of(number)
    return desk_line(case, tx.item(case.item_code, case.item_version).name)


def desk_line(case: Case, item_name: str) -> CaseLine:
    """In the office's own words."""
    return case_line(case, item_name).model_copy(update={"state_label": CASE.labels[case.state]})


def _pair(file: CaseFile, pair: Pair, *, visible: bool) -> PairView:
    return PairView(
        page=pair.page,
        page_name=page_name(file, pair.page),
        other_page=pair.other_page if visible else None,
        likeness=pair.likeness,
        likeness_label=LIKENESS_LABELS[pair.likeness],
        distance=pair.distance,
    )


def page_name(file: CaseFile, page_id: str) -> str:
    page = file.page(page_id)
    material = file.material(page.material) if page else None
    if page is None or material is None:
        return ""
    pages = [p.id for p in file.pages_of(material.key)]
    return f"{material.name} 第{pages.index(page_id) + 1}页" if len(pages) > 1 else material.name


def _names(tx: Transaction, given: Iterable[Given]) -> dict[str, str]:
    return names_of(tx, [holder for g in given for holder in (g.by, g.settled_by) if holder])


def _given(given: Given, names: dict[str, str]) -> GivenView:
    return GivenView(
        answer=given.answer,
        answer_label=ANSWER_LABELS[given.answer],
        by_name=names.get(given.by, given.by),
        at=given.at,
        note=given.note,
        outcome=given.outcome,
        outcome_label=OUTCOME_LABELS[given.outcome] if given.outcome else None,
        settled_by_name=names.get(given.settled_by, given.settled_by) if given.settled_by else None,
        settled_at=given.settled_at,
        settled_note=given.settled_note,
    )
