"""For auditors: who looked at what of a case; whether the record still fits, inside and outside; how long what is kept, what
was deleted and the proof of it; what may not be deleted for now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from cases.errors import Conflict
from cases.retention import Kind
from storage import audit, deletions, looks, record_checks, retention
from storage.deletions import Deletion
from storage.looks import Look
from storage.record_checks import RecordCheck
from storage.retention import Hold
from storage.session import Transaction
from web.asks import LARGEST, Write
from web.auth import Desk, requires
from web.desk.queues import check_scope
from web.doors import Doors, doors
from web.holding_words import KEPT_GROUND, KEPT_NAMES, KEPT_SINCE, LOOKED_AT, LOOKS_WHY, ROLES
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["record"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.RECORD_READ))]
Holder = Annotated[Desk, Depends(requires(Permission.RETENTION_HOLD))]
PROOFS_AT_ONCE = 30


class DeskLook(Shape):
    """One look at something in full: by whom by name, with which duties, at what, what for."""

    at: Time
    case: str
    who: str
    name: str
    kind: str
    roles: list[str]
    departments: list[str]
    what: str
    why: str
    thing: str | None


class DeskLooks(Shape):
    looks: list[DeskLook]


class CheckView(Shape):
    """`ended_at` null: under way. `bad`: the first line that does not fit, by chain and number."""

    started_at: Time
    ended_at: Time | None
    chains: int
    lines: int
    anchors: int
    bad: str | None


class AnchorView(Shape):
    at: Time
    heads: int
    hash: str


class RecordView(Shape):
    """`outside`: whether anchors are kept where the database's owner does not reach."""

    checks: list[CheckView]
    anchor: AnchorView | None
    outside: bool


class KeptView(Shape):
    """One kind of data: how long, why, and what was deleted so far."""

    kind: str
    name: str
    since: str
    days: int | None
    least: int
    means: str
    ground: str
    elsewhere: str | None
    deleted: int
    blobs: int
    last: Time | None


class KeptViews(Shape):
    kept: list[KeptView]


class ProofView(Shape):
    """A proof of deletion. `names`: keyed hashes of what it was."""

    proof: str
    at: Time
    kind: str
    name: str
    things: int
    blobs: int
    days: int | None
    ground: str
    names: list[str]
    digest: str
    by: str


class ProofsView(Shape):
    """`cursor`: where the next page goes on."""

    proofs: list[ProofView]
    cursor: int | None


class HoldView(Shape):
    case: str
    reason: str
    at: Time
    by: str


class HoldsView(Shape):
    holds: list[HoldView]


class HoldAsk(Write):
    case: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


@router.get("/cases/{no}/looks")
def show_looks(no: str, me: Reader, d: D) -> DeskLooks:
    """Who looked at what of a case, the newest first. Asking is on record, too."""
    with d.database.transaction() as tx:
        check_scope(tx, no, me)
        tx.record(no, me.actor, looks.ASKED)
        return DeskLooks(looks=[_look(look) for look in looks.looks_at(tx, [no])])


def _look(look: Look) -> DeskLook:
    return DeskLook(
        at=look.at,
        case=look.case,
        who=look.actor,
        name=look.name or {"system": "系统", "resident": "代办账户"}.get(look.actor_kind, look.actor),
        kind=look.actor_kind,
        roles=[ROLES.get(role, role) for role in look.roles],
        departments=list(look.departments),
        what=LOOKED_AT.get(look.what, look.what),
        why=LOOKS_WHY[look.why],
        thing=look.thing,
    )


@router.get("/record")
def show_record(me: Reader, d: D) -> RecordView:  # noqa: ARG001 the permission is all that is asked
    """The nightly rounds over the record, and its newest anchor."""
    with d.database.reading() as tx:
        newest = audit.newest_anchor(tx)
        return RecordView(
            checks=[_check(one) for one in record_checks.rounds(tx)],
            anchor=AnchorView(at=newest.at, heads=len(newest.heads), hash=newest.hash) if newest else None,
            outside=bool(d.database.settings.anchors),
        )


def _check(one: RecordCheck) -> CheckView:
    bad = None if one.bad is None else f"{one.bad.chain} #{one.bad.position}: {one.bad.what}"
    return CheckView(
        started_at=one.started_at, ended_at=one.ended_at, chains=one.chains, lines=one.lines, anchors=one.anchors,
        bad=bad,
    )  # fmt: skip


@router.get("/retention")
def show_retention(me: Reader, d: D) -> KeptViews:  # noqa: ARG001
    """How long each kind of data is kept, from when and why; and how much of it was deleted."""
    with d.database.reading() as tx:
        gone = deletions.deleted_so_far(tx)
        return KeptViews(kept=[_kept(tx, kind, gone) for kind in Kind])


def _kept(tx: Transaction, kind: Kind, gone: Mapping[Kind, deletions.Deleted]) -> KeptView:
    rule, so_far = retention.rules(tx)[kind], gone.get(kind)
    last: datetime | None = so_far.last if so_far else None
    return KeptView(
        kind=kind,
        name=KEPT_NAMES[kind],
        since=KEPT_SINCE[kind],
        days=rule.days,
        least=rule.least,
        means=rule.means,
        ground=KEPT_GROUND[kind],
        elsewhere=rule.elsewhere,
        deleted=so_far.things if so_far else 0,
        blobs=so_far.blobs if so_far else 0,
        last=last,
    )


@router.get("/deletions")
def show_deletions(
    me: Reader,  # noqa: ARG001
    d: D,
    cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    kind: Annotated[Kind | None, Query()] = None,
    of: Annotated[str, Query(max_length=64)] = "",
) -> ProofsView:
    """Proofs of deletion, the newest first. `of`: a case's number, or a page's id: only those that name it."""
    with d.database.reading() as tx:
        if of:
            kinds = (kind,) if kind else tuple(Kind)
            return ProofsView(proofs=[_proof(one) for one in deletions.proof_of(tx, of, kinds)], cursor=None)
        found, after = deletions.deletions_before(tx, cursor, PROOFS_AT_ONCE, kind)
        return ProofsView(proofs=[_proof(one) for one in found], cursor=after)


def _proof(one: Deletion) -> ProofView:
    rule: Mapping[str, Any] = one.rule
    return ProofView(
        proof=one.id,
        at=one.at,
        kind=one.kind,
        name=KEPT_NAMES[one.kind],
        things=one.things,
        blobs=one.blobs,
        days=rule["days"],
        ground=KEPT_GROUND[one.kind],
        names=list(one.names),
        digest=one.digest,
        by=one.by,
    )


@router.get("/holds")
def show_holds(me: Reader, d: D) -> HoldsView:  # noqa: ARG001
    """Cases that may not be deleted for now, besides those that are complained of or looked into."""
    with d.database.reading() as tx:
        return _holds(tx)


def _holds(tx: Transaction) -> HoldsView:
    known = {one.id: one.name for one in tx.staff.list()}
    return HoldsView(holds=[_hold(one, known) for one in retention.holds(tx)])


def _hold(one: Hold, known: Mapping[str, str]) -> HoldView:
    return HoldView(case=one.case, reason=one.reason, at=one.at, by=known.get(one.by, "命令行"))


@router.post("/holds")
def hold(ask: HoldAsk, me: Holder, d: D) -> HoldsView:
    """Nothing of the case is deleted until somebody releases it. 409: it is held."""

    def work(tx: Transaction) -> HoldsView:
        check_scope(tx, ask.case, me)
        if not retention.hold(tx, ask.case, ask.reason, me.actor):
            raise Conflict("该办件已暂停销毁。", case=ask.case)
        return _holds(tx)

    return write(d.database, asked(me, ask, "hold"), HoldsView, work)


@router.post("/holds/{no}/release")
def release(no: str, me: Holder, d: D, ask: Write | None = None) -> HoldsView:
    """Its time runs again. 409: it was not held."""

    def work(tx: Transaction) -> HoldsView:
        check_scope(tx, no, me)
        if not retention.release(tx, no, me.actor):
            raise Conflict("该办件没有暂停销毁。", case=no)
        return _holds(tx)

    return write(d.database, asked(me, ask, "release_hold", no), HoldsView, work)
