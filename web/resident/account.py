"""Deleting one's account 注销账户: what has to end first, what is kept, on what ground and until when; the deletion, now or as
soon as the last case has ended; and taking the wish back.

An answer says what was done. After a deletion the session is over with all others: the same call again is refused as
from a stranger, and whoever signs in from the same phone gets a new account that knows nothing of the old one.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions import opening
from cases.actions.terminals import discarded
from cases.appointments import AppointmentEvent, check_cancel
from cases.deadlines import beijing_day
from cases.errors import Conflict
from cases.lifecycle import CaseState
from cases.retention import Kind
from storage import accounts, retention
from storage.accounts import Gone, Hindrance, Why
from storage.session import Transaction
from web.asks import Write
from web.auth import resident
from web.doors import Doors, doors
from web.holding_words import KEPT_GROUND, KEPT_NAMES
from web.resident.erasing import KeptCase, kept_of
from web.shapes import Shape, Time
from web.words import APPOINTMENTS, CASES, said
from web.writing import Caller, asked, decide, write

router = APIRouter(prefix="/api/v1/me/account", tags=["privacy"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
_REASONS: Mapping[tuple[Why, bool], str] = {
    (Why.UNDER_WAY, True): "正在办理。您可以等它办结，也可以现在撤回。",
    (Why.UNDER_WAY, False): "正在办理，这一步不能撤回，须等它办结。",
    (Why.APPEAL, False): "结果已经送达，须等提出异议的期限过去。",
    (Why.HELD, False): "正在核查、投诉处理或诉讼之中，须等它结束。",
    (Why.PAPERS, False): "您的原件还没有全部回到您手里，须等原件送回。",
    (Why.VISIT, True): "您有一个还没有到时间的预约，可以现在取消。",
    (Why.VISIT, False): "您的预约正在进行，须等它结束。",
}
_NOTHING_WAITS = "没有等待中的注销申请。"


class WaitsFor(Shape):
    """Something that has to end first. `case`: its number; null for an appointment. `ends`: whether one may end it now."""

    case: str | None
    state_label: str
    reason: str
    ends: bool


class AlsoKept(Shape):
    """What stays of the account besides cases. `until` null: for good."""

    name: str
    ground: str
    until: date | None


class AccountView(Shape):
    """What a deletion would do now. `asked_at`: when it was asked for, while it waits. `drafts`: they go at once."""

    asked_at: Time | None
    waits_for: list[WaitsFor]
    drafts: int
    kept: list[KeptCase]
    also_kept: list[AlsoKept]


class DeleteAsk(Write):
    """`withdraw`: take back what may be taken back, cases and appointments, so that it need not wait for them."""

    withdraw: bool = False


class DeletionView(Shape):
    """`deleted` false: it waits for what is named, and comes by itself. `withdrawn`: cases taken back by this call. `proof`:
    names the record of what was deleted; with it one can ask whether it was."""

    deleted: bool
    proof: str | None
    erased: list[str]
    withdrawn: list[str]
    waits_for: list[WaitsFor]
    kept: list[KeptCase]
    also_kept: list[AlsoKept]


@router.get("")
def show_account(me: Me, d: D) -> AccountView:
    """What would be deleted, what stays and why, and what has to end first."""
    with d.database.reading() as tx:
        return _account(tx, _person(me))


def _account(tx: Transaction, person: str) -> AccountView:
    mine, hindering = tx.cases_of(person), accounts.hindering(tx, person)
    return AccountView(
        asked_at=accounts.wished_at(tx, person),
        waits_for=_waits_for(hindering),
        drafts=sum(case.state is CaseState.DRAFT and bool(case.applicant.id_number) for case in mine),
        kept=_kept(tx, person, hindering),
        also_kept=_also_kept(tx, person),
    )


@router.post("/delete")
def delete_account(ask: DeleteAsk, me: Me, d: D) -> DeletionView:
    """Delete the account: now, or as soon as the last thing that hinders it has ended. 409: an agent point's account."""

    def work(tx: Transaction) -> DeletionView:
        person = _person(me)
        withdrawn = _end_all(tx, me) if ask.withdraw else []
        hindering = accounts.hindering(tx, person)
        kept, also_kept = _kept(tx, person, hindering), _also_kept(tx, person)
        gone: Gone | None = None
        if hindering:
            accounts.wish(tx, person, [h.subject for h in hindering], me.actor)
        else:
            gone = accounts.delete_account(tx, person, me.actor, lambda number: decide(tx, me, number, discarded))
        return DeletionView(
            deleted=gone is not None,
            proof=gone.proof if gone else None,
            erased=list(gone.drafts) if gone else [],
            withdrawn=withdrawn,
            waits_for=_waits_for(hindering),
            kept=kept,
            also_kept=also_kept,
        )

    return write(d.database, asked(me, ask, "delete-account"), DeletionView, work)


def _end_all(tx: Transaction, me: Caller) -> list[str]:
    """Numbers of the cases that were taken back; appointments are cancelled."""
    ended = [h for h in accounts.hindering(tx, _person(me)) if h.ends]
    for each in ended:
        if each.why is Why.VISIT:
            made = tx.appointments.appointment(each.subject, of=me.actor.id)
            check_cancel(made, tx.now())
            tx.appointments.move(made, AppointmentEvent.CANCEL, actor=me.actor)
        else:
            decide(tx, me, each.subject, opening.withdraw)
    return [each.subject for each in ended if each.why is not Why.VISIT]


@router.post("/keep")
def keep_account(me: Me, d: D, ask: Write | None = None) -> AccountView:
    """Take the wish back: the account stays. 409: nothing waits."""

    def work(tx: Transaction) -> AccountView:
        if not accounts.recall(tx, _person(me), me.actor):
            raise Conflict(_NOTHING_WAITS)
        return _account(tx, _person(me))

    return write(d.database, asked(me, ask, "keep-account"), AccountView, work)


# ── views ──


def _person(me: Caller) -> str:
    assert me.scope.person is not None
    return me.scope.person


def _waits_for(found: list[Hindrance]) -> list[WaitsFor]:
    return [
        WaitsFor(
            case=None if h.why is Why.VISIT else h.subject,
            state_label=(APPOINTMENTS if h.why is Why.VISIT else CASES)[h.state],
            reason=said(_REASONS[h.why, h.ends]),
            ends=h.ends,
        )
        for h in found
    ]


def _kept(tx: Transaction, person: str, hindering: list[Hindrance]) -> list[KeptCase]:
    """Cases that are over; what has to end first is told apart."""
    apart = {h.subject for h in hindering}
    over = [c for c in tx.cases_of(person) if c.state is not CaseState.DRAFT and c.number not in apart]
    return kept_of(tx, [c for c in over if c.applicant.id_number])


def _also_kept(tx: Transaction, person: str) -> list[AlsoKept]:
    """Neither names anybody: they speak of a number."""
    rule, last = retention.rules(tx)[Kind.SESSION], accounts.sessions_until(tx, person)
    until = beijing_day(last + timedelta(days=rule.days)) if last and rule.days is not None else None
    return [
        AlsoKept(name=KEPT_NAMES[Kind.SESSION], ground=KEPT_GROUND[Kind.SESSION], until=until),
        AlsoKept(name=KEPT_NAMES[Kind.ACCESS], ground=KEPT_GROUND[Kind.ACCESS], until=None),
    ]
