"""Erasing at a person's own wish: what goes at once, what stays, why, and until when. The answer is kept.

A draft that was never handed in goes at once. What was handed in is an administrative record with a statutory time of
keeping; the answer names each such case, the ground and the day after which it is deleted without being asked.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions.terminals import discarded
from cases.deadlines import beijing_day
from cases.lifecycle import CASE, CaseState
from cases.model import Case
from cases.retention import Kind, Rule
from storage import deletions, erasing, retention
from storage.session import Transaction
from storage.tables import cases
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
_UNDER_WAY = "申请正在办理，办结前不能删除；您可以先撤回申请。"
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
        kept = _kept_of(tx, [c for c in mine if c not in drafts and c.applicant.id_number])
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


def _kept_of(tx: Transaction, mine: list[Case]) -> list[KeptCase]:
    rules, items = retention.rules(tx), retention.chosen(tx).items
    numbers = [c.number for c in mine]
    looked_into = {
        r.number for r in tx.all(cases.select().where(cases.c.number.in_(numbers), retention.held(cases.c.number)))
    }
    return [_kept(case, rules, items, case.number in looked_into) for case in mine]


def _kept(case: Case, rules: Mapping[Kind, Rule], items: Mapping[str, int | None], held: bool) -> KeptCase:
    rule = rules[Kind.APPLICATION if case.accepted_at else Kind.ABANDONED]
    days = items.get(case.item_code, rule.days) if case.accepted_at else rule.days
    under_way = not CASE.is_final(case.state) and case.closed_at is None
    reason = _UNDER_WAY if under_way else _HELD if held else _KEPT
    over = None if under_way or held or days is None or case.closed_at is None else case.closed_at
    until = beijing_day(over + timedelta(days=days)) if over is not None and days is not None else None
    ground = None if under_way or held else KEPT_GROUND[rule.kind]
    return KeptCase(
        case=case.number, state_label=CASES[case.state], reason=said(reason), ground=ground, until=until
    )  # fmt: skip
