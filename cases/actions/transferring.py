"""Papers between the office and a department: offered by whoever holds them, theirs when they acknowledge.

Until then the giver answers for them. An offer that nobody answers within a working day is the supervisor's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.custody import OFFICE_WINDOW, Passing, check_unbroken, hand_over, home_leg
from cases.deadlines import end_of
from cases.effects import Add, Fact, Outcome, Put, move_transfer
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.incidents import IncidentKind, Settlement, closed, open_incident
from cases.lifecycle import TRANSFER, AssignmentState, TransferEvent, TransferState
from cases.model import CaseFile, Holder, Original, Transfer
from cases.moment import Moment

ANSWER_DAYS = 1


@dataclass(frozen=True)
class Offer:
    """`giver` is the office or the department, the other one takes."""

    keys: tuple[str, ...]
    giver: Holder
    department: str

    @property
    def taker(self) -> Holder:
        return Holder.OFFICE if self.giver is Holder.DEPARTMENT else Holder.DEPARTMENT


@dataclass(frozen=True)
class Found:
    """What the taker found. Papers that are not there stay the giver's."""

    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    note: str = ""
    seal: str | None = None


def offer(file: CaseFile, asked: Offer, now: Moment) -> Outcome:
    """Raises `Conflict` unless the giver holds every paper, and `InvalidRequest` for a department without a task."""
    papers = _papers(file, asked.keys)
    check_unbroken(papers, asked.giver)
    if asked.giver is Holder.DEPARTMENT and any(o.department != asked.department for o in papers):
        raise Conflict("原件不在该部门。", keys=list(asked.keys))
    if asked.taker is Holder.DEPARTMENT and asked.department not in _departments(file):
        raise InvalidRequest("该部门没有本办件的任务。", departments=sorted(_departments(file)))
    if taken := [t.id for t in open_transfers(file) if set(t.keys) & set(asked.keys)]:
        raise Conflict("原件正在移交，请等待对方签收或先撤回。", transfers=taken)
    due = end_of(now.in_working_days(ANSWER_DAYS))
    made = Transfer(
        now.new_id(), asked.keys, asked.giver, asked.taker, asked.department, TransferState.OFFERED, now.at, now.by, due
    )
    return (Add(made), Fact("transfer_offered", _fact(made)))


def _papers(file: CaseFile, keys: Sequence[str]) -> tuple[Original, ...]:
    found = tuple(o for o in file.originals if o.key in keys and o.lost_at is None)
    if not keys or len(found) != len(set(keys)):
        raise NotFound("清单上没有这些原件。", keys=[o.key for o in file.originals])
    return found


def _departments(file: CaseFile) -> set[str]:
    return {a.department for a in file.assignments if a.state is not AssignmentState.CANCELLED}


def open_transfers(file: CaseFile) -> tuple[Transfer, ...]:
    return tuple(t for t in file.transfers if t.state is TransferState.OFFERED)


def _fact(t: Transfer) -> dict[str, object]:
    ends = {"from": str(t.giver), "to": str(t.taker)}
    return {"transfer": t.id, "keys": list(t.keys), **ends, "department": t.department}


def acknowledge(file: CaseFile, transfer_id: str, found: Found, now: Moment) -> Outcome:
    """The other side has them: they change hands. What is missing stays the giver's, with an incident."""
    transfer = _transfer(file, transfer_id)
    papers = _papers(file, transfer.keys)
    taken = tuple(o for o in papers if o.key not in found.missing)
    to_department = transfer.taker is Holder.DEPARTMENT
    step = Passing(
        taken,
        transfer.giver,
        transfer.taker,
        now.at,
        now.by,
        found.seal,
        found.note or ("齐全" if not found.missing + found.damaged else "有差异"),
        transfer.department if to_department else OFFICE_WINDOW,
        transfer.department if to_department else None,
    )
    moved = {o.key: transfer.taker for o in taken}
    then = replace(
        _settled_in(file, transfer, TransferState.TAKEN),
        originals=tuple(replace(o, holder=moved.get(o.key, o.holder)) for o in file.originals),
    )
    return (
        *_settle(file, transfer, TransferEvent.ACKNOWLEDGE, found.note, now),
        *hand_over(step, now.new_id()),
        *(Put("original", k, {"condition": "damaged"}) for k in found.damaged if k in moved),
        *_wrong(file, transfer, found, now),
        *(home_leg(then, now) if not to_department else ()),
    )


def _settled_in(file: CaseFile, transfer: Transfer, state: TransferState) -> CaseFile:
    others = tuple(t if t.id != transfer.id else replace(t, state=state) for t in file.transfers)
    return replace(file, transfers=others)


def _wrong(file: CaseFile, transfer: Transfer, found: Found, now: Moment) -> Outcome:
    where = {"transfer": transfer.id, "giver": str(transfer.giver), "by": now.by}
    missing = [k for k in found.missing if k in transfer.keys]
    damaged = [k for k in found.damaged if k in transfer.keys]
    return (
        *(open_incident(file, IncidentKind.ORIGINAL_LOST, missing, where, now) if missing else ()),
        *(open_incident(file, IncidentKind.ORIGINAL_DAMAGED, damaged, where, now) if damaged else ()),
    )


def decline(file: CaseFile, transfer_id: str, reason: str, now: Moment) -> Outcome:
    """The other side does not take them; the giver keeps them."""
    if not reason:
        raise InvalidRequest("拒收必须写明理由。")
    return _ended(file, _transfer(file, transfer_id), TransferEvent.DECLINE, reason, now)


def recall(file: CaseFile, transfer_id: str, now: Moment) -> Outcome:
    """The giver takes the offer back."""
    return _ended(file, _transfer(file, transfer_id), TransferEvent.RECALL, "", now)


def _ended(file: CaseFile, transfer: Transfer, event: TransferEvent, note: str, now: Moment) -> Outcome:
    """The giver keeps the papers; of a case that has ended meanwhile, they go home."""
    settled = _settle(file, transfer, event, note, now)
    return (*settled, *home_leg(_settled_in(file, transfer, TRANSFER.table[transfer.state][event]), now))


def _transfer(file: CaseFile, transfer_id: str) -> Transfer:
    found = file.transfer(transfer_id)
    if found is None:
        raise NotFound("没有这次移交。")
    return found


def _settle(file: CaseFile, transfer: Transfer, event: TransferEvent, note: str, now: Moment) -> Outcome:
    waiting = [
        i
        for i in file.open_incidents
        if i.kind == IncidentKind.TRANSFER_UNANSWERED and i.detail.get("transfer") == transfer.id
    ]
    return (
        move_transfer(transfer, event),
        Put("transfer", transfer.id, {"settled_at": now.at, "settled_by": now.by, "note": note or None}),
        *(e for i in waiting for e in closed(i, Settlement.FOUND, "移交已有答复", now)),
        Fact("transfer_settled", {**_fact(transfer), "event": str(event)}),
    )
