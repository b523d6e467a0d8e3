"""Erasing at a person's own wish: what goes at once, what stays, why, and until when. The answer is kept.

A draft that was never handed in goes at once. What was handed in is an administrative record with a statutory time of
keeping; the answer names each such case, the ground and the day after which it is deleted without being asked.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select

from cases.actions.terminals import discarded
from cases.deadlines import beijing_day
from cases.lifecycle import CASE, CaseEvent, CaseState
from cases.model import Case
from cases.retention import Kind, Rule
from storage import deletions, erasing, retention
from storage.retention_tables import ENDED
from storage.session import Transaction
from storage.tables import cases
from storage.unit import AnyRow
from web.asks import Write
from web.auth import resident
from web.doors import Doors, doors
from web.files import discard
from web.holding_words import KEPT_GROUND
from web.shapes import Shape, Time
from web.words import CASES, said
from web.writing import Caller, asked, decide, write

router = APIRouter(prefix="/api/v1", tags=["privacy"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
ACTION = "erasure_answered"
_KEPT = "已提交的申请属于行政办件档案，须在法定保管期限内保存，期满后自动销毁；保存期间仅用于查阅和监督。"
_MAY_END = "申请正在办理，办结前不能删除；您可以先撤回申请。"
_UNDER_WAY = "申请正在办理，办结前不能删除。"
_APPEAL = "结果已经送达，提出异议的期限还没有过，期满后才能删除。"
_HELD = "该申请正在核查、投诉处理或诉讼之中，结束前不能删除。"


class KeptCase(Shape):
    """`until`: the day after which it is deleted by itself; none while it is under way or looked into, or kept for good."""

    case: str
    state_label: str
    reason: str
    ground: str | None
    until: date | None


class ErasedView(Shape):
    """`complaints_kept`: those that are being dealt with; what one wrote in the others is gone. `proof`: names the
    record of what was deleted."""

    erased: list[str]
    kept: list[KeptCase]
    complaints_kept: list[str]
    proof: str | None


class ErasureView(Shape):
    """An answer given before."""

    at: Time
    erased: list[str]
    kept: list[str]
    proof: str | None


@router.post("/me/erase")
def erase_me(me: Me, d: D, ask: Write | None = None) -> ErasedView:
    """Erase what may be erased; the rest is named with the reason and the day."""
    unneeded: list[str] = []

    def work(tx: Transaction) -> ErasedView:
        unneeded.clear()
        tx.forget_answers_of(me.key)
        mine = tx.cases_of(_person(me))
        drafts = [c for c in mine if c.state is CaseState.DRAFT]
        for case in drafts:
            decide(tx, me, case.number, discarded)
            unneeded.extend(erasing.erase_case(tx, case.number))
        complaints_kept, pictures = tx.care.erase_of(_person(me), tx.now())
        unneeded.extend(pictures)
        kept = kept_of(tx, [c for c in mine if c not in drafts and c.applicant.id_number])
        erased: list[str] = [c.number for c in drafts]
        proof = deletions.prove(tx, _asked(tx), erased, len(unneeded), me.actor) if erased else None
        view = ErasedView(erased=erased, kept=kept, complaints_kept=complaints_kept, proof=proof)
        _keep_answer(tx, me, view)
        return view

    done = write(d.database, asked(me, ask, "erase"), ErasedView, work)
    discard(d.blobs, unneeded)
    return done


def _person(me: Caller) -> str:
    assert me.scope.person is not None
    return me.scope.person


def _asked(tx: Transaction) -> Rule:
    return retention.rules(tx)[Kind.REQUESTED]


def _keep_answer(tx: Transaction, me: Caller, view: ErasedView) -> None:
    told = {"erased": view.erased, "kept": [k.case for k in view.kept], "complaints_kept": view.complaints_kept}
    tx.record(f"person:{_person(me)}", me.actor, ACTION, told | {"proof": view.proof})


def erasures_of(tx: Transaction, person: str) -> list[ErasureView]:
    """What was answered before, the newest first."""
    lines = [line for line in tx.timeline(f"person:{person}") if line.action == ACTION]
    return [
        ErasureView(at=x.at, erased=x.detail["erased"], kept=x.detail["kept"], proof=x.detail["proof"])
        for x in reversed(lines)
    ]


def kept_of(tx: Transaction, mine: list[Case]) -> list[KeptCase]:
    rules, items = retention.rules(tx), retention.chosen(tx).items
    c = cases.c
    wanted = select(c.number, c.state_since, retention.held(c.number).label("held"))
    rows = {r.number: r for r in tx.all(wanted.where(c.number.in_([case.number for case in mine])))}
    return [_kept(case, rules, items, rows[case.number]) for case in mine]


def _kept(case: Case, rules: Mapping[Kind, Rule], items: Mapping[str, int | None], row: AnyRow) -> KeptCase:
    rule = rules[Kind.APPLICATION if case.accepted_at else Kind.ABANDONED]
    days = items.get(case.item_code, rule.days) if case.accepted_at else rule.days
    stays = _why_it_stays(case, row.held)
    over = case.closed_at or row.state_since
    until = beijing_day(over + timedelta(days=days)) if stays is None and days is not None else None
    ground = None if stays else KEPT_GROUND[rule.kind]
    return KeptCase(
        case=case.number, state_label=CASES[case.state], reason=said(stays or _KEPT), ground=ground, until=until
    )  # fmt: skip


def _why_it_stays(case: Case, held: bool) -> str | None:
    """None: it is over, and kept because it has to be."""
    if case.state not in ENDED:
        return _MAY_END if CaseEvent.WITHDRAW in CASE.allowed(case.state) else _UNDER_WAY
    if held:
        return _HELD
    return _APPEAL if case.state is CaseState.DELIVERED and case.closed_at is None else None
