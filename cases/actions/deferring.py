"""A promise 容缺承诺 is kept, or it is broken: the material that comes later, reminders, and the end of a case whose
promised material never came. Texts: `cases.documents`; what is open: `cases.deferrals`.

A material that comes is judged like any other: certain, it is accepted without a person; fixable, it goes back to the
resident before the day; doubtful, it waits for a person. That nothing came in time ends the case only when a person says
so (信用 and 行政许可法 leave no room for a machine here), and then at once and in writing.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from cases.actions.decisions import nobody_works_on
from cases.actions.judging import Verdict
from cases.announcing import Why
from cases.bundles import opens
from cases.custody import home_leg
from cases.deadlines import end_of
from cases.deferrals import OURS, RUNNING, is_open, open_promises, reminder, to_judge
from cases.demands import awaited
from cases.documents import document, termination_text
from cases.effects import Add, Enqueue, Fact, JobKind, Notify, Outcome, Put, move_case, move_material
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.findings import Finding, FindingCode, Severity
from cases.lifecycle import CASE, CaseEvent, CaseState, MaterialEvent, MaterialState
from cases.model import CaseFile, CreditNote, Material
from cases.moment import Moment


class DeferredDecision(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"
    WAIVE = "waive"


EVENT_OF = {
    DeferredDecision.ACCEPT: MaterialEvent.ACCEPT,
    DeferredDecision.RETURN: MaterialEvent.RETURN,
    DeferredDecision.WAIVE: MaterialEvent.WAIVE,
}
STATE_AFTER = {
    DeferredDecision.ACCEPT: MaterialState.ACCEPTED,
    DeferredDecision.RETURN: MaterialState.RETURNED,
    DeferredDecision.WAIVE: MaterialState.WAIVED,
}


# ── it comes ────────────────────────────────────────────────────────────────────────────────────────────────────


def record_supplement(file: CaseFile, verdict: Verdict, now: Moment) -> Outcome:
    """What the judgement of the whole case says of the materials that came later. What a department has demanded since is
    `demanded.record_demanded`'s."""
    outcome: Outcome = ()
    wanted = awaited(file)
    for material in (m for m in to_judge(file) if is_open(m) and m not in wanted):
        found = found_in(verdict, material)
        if not found and verdict.materials.get(material.key) is MaterialState.ACCEPTED:
            file = moved_to(file, material, MaterialState.ACCEPTED)
            outcome = (*outcome, *_accepted(file, material, now))
        else:
            outcome = (*outcome, *_not_certain(material, found))
    return outcome


def moved_to(file: CaseFile, material: Material, state: MaterialState) -> CaseFile:
    then = replace(material, state=state)
    return replace(file, materials=tuple(then if m.key == material.key else m for m in file.materials))


def _accepted(then: CaseFile, material: Material, now: Moment) -> Outcome:
    said = Fact("deferred_accepted", {"material": material.key})
    return (move_material(material, MaterialEvent.ACCEPT), said, *kept(then, now))


def _not_certain(material: Material, found: Sequence[Finding]) -> Outcome:
    """What can be mended goes back to the resident; what is doubtful, or of no use to say, waits for a person."""
    told = {"material": material.key, "findings": [str(f.code) for f in found]}
    if not found or any(f.severity is not Severity.FIXABLE for f in found):
        return (Fact("deferred_doubted", told),)
    what = as_said(found)
    return (
        move_material(material, MaterialEvent.RETURN),
        Put("material", material.key, {"reason": what}),
        Fact("deferred_returned", told),
        _wanted_again(material, what),
    )


def as_said(found: Sequence[Finding]) -> str:
    return "；".join(f"{f.message}。{f.advice}" for f in found)


def found_in(verdict: Verdict, material: Material) -> list[Finding]:
    """What the judgement says of it; a mismatch may be told of either side."""
    return [f for f in verdict.findings if f.material == material.key or f.code is FindingCode.MISMATCH]


def _wanted_again(material: Material, what: str) -> Notify:
    due = material.defer_until.isoformat() if material.defer_until else ""
    return Notify("deferral_returned", {"material": material.name, "reason": what, "due": due})


def decide_deferred(file: CaseFile, key: str, decision: DeferredDecision, reason: str, now: Moment) -> Outcome:
    """A person takes it, also by hand or by post; gives it back; or does without it, with a reason."""
    material = _open(file, key)
    if material in awaited(file):
        raise Conflict("这份材料正在受理后补正，请在补正中处理。", material=key)
    if decision is not DeferredDecision.ACCEPT and not reason:
        raise InvalidRequest("退回或免交容缺材料时必须写明理由。")
    state = STATE_AFTER[decision]
    moved = () if material.state is state else (move_material(material, EVENT_OF[decision]),)
    said = (
        *moved,
        Put("material", key, {"reason": reason or None, "decided_by": now.by}),
        Fact("deferred_decided", {"material": key, "decision": str(decision), "reason": reason, "by": now.by}),
    )
    if decision is DeferredDecision.RETURN:
        return (*said, _wanted_again(material, reason))
    return (*said, *kept(moved_to(file, material, state), now))


def _open(file: CaseFile, key: str) -> Material:
    material = file.material(key)
    if material is None:
        raise NotFound("该办件没有这份材料。", materials=[m.key for m in file.materials])
    if not is_open(material) or file.case.state not in RUNNING:
        raise Conflict("这份材料不是待补的容缺材料。", state=str(material.state))
    return material


def kept(file: CaseFile, now: Moment) -> Outcome:
    """The file with the material settled: when nothing is awaited any more, what waited for it goes on."""
    if open_promises(file):
        return ()
    told: Outcome = (Notify("deferral_kept"), Fact("promises_kept"))
    if file.case.state is not CaseState.APPROVED:
        return told
    number = file.case.number
    return (
        *told,
        Put("case", number, {"deadline_at": now.deadline(CaseState.APPROVED, file.item), "escalated_at": None}),
        Enqueue(JobKind.CASE_ROUTE, number, f"kept:{number}"),
        *opens(file, now),
    )


# ── it does not ─────────────────────────────────────────────────────────────────────────────────────────────────


def on_promises(file: CaseFile, now: Moment) -> Outcome:
    """Reminders that are due, and promises whose day has passed; saying it again changes nothing."""
    if file.case.state not in RUNNING:
        return ()
    awaited = [m for m in open_promises(file) if m.state not in OURS]
    return tuple(e for m in awaited for e in (_late(m, now) if _is_over(m, now) else _reminded(m, now)))


def _is_over(material: Material, now: Moment) -> bool:
    return material.defer_until is not None and now.at >= end_of(material.defer_until)


def _late(material: Material, now: Moment) -> Outcome:
    if material.late_at is not None:
        return ()
    return (
        Put("material", material.key, {"late_at": now.at}),
        Notify("deferral_late", {"material": material.name}),
        Fact("promise_late", {"material": material.key, "due": str(material.defer_until)}),
    )


def _reminded(material: Material, now: Moment) -> Outcome:
    days = reminder(material, now.today)
    if days is None or material.defer_until is None:
        return ()
    return (
        Put("material", material.key, {"reminded": days}),
        Notify("deferral_due", {"material": material.name, "due": material.defer_until.isoformat()}),
        Fact("deferral_reminded", {"material": material.key, "days": days}),
    )


def end_broken(file: CaseFile, key: str, reason: str, now: Moment) -> Outcome:
    """One person confirms that the promise was broken: the acceptance falls with its document, the originals go home, the
    broken promise is noted. Raises `Conflict` before the day has passed, or once the material is there."""
    material = _open(file, key)
    if material.defer_until is None or material.late_at is None:
        raise Conflict("补交期限未到，不能终止办理。", due=str(material.defer_until))
    if material.state in OURS:
        raise Conflict("材料已经交来，请先审核。", state=str(material.state))
    if not reason:
        raise InvalidRequest("终止办理必须写明理由。")
    moved = move_case(file.case, CaseEvent.PROMISE_BROKEN, None)
    then = replace(file, case=replace(file.case, state=CASE.table[file.case.state][CaseEvent.PROMISE_BROKEN]))
    note = CreditNote(now.new_id(), key, material.defer_until, now.at, now.by, reason)
    return (
        *moved,
        Put("case", file.case.number, {"closed_at": now.at}),
        *nobody_works_on(file, Why.ABORTED, now),
        *document(file, "termination", now, termination_text(file, material, reason)),
        Add(note),
        Fact("promise_broken", {"material": key, "due": material.defer_until.isoformat(), "by": now.by}),
        Notify("deferral_ended", {"material": material.name}),
        *home_leg(then, now),
    )


def repair(file: CaseFile, note_id: str, reason: str, now: Moment) -> Outcome:
    """The broken promise was made good 信用修复: its person may promise again."""
    note = next((n for n in file.credit_notes if n.id == note_id), None)
    if note is None:
        raise NotFound("没有这条失信记录。")
    if note.repaired_at is not None:
        raise Conflict("这条失信记录已经修复。", at=note.repaired_at.isoformat())
    if not reason:
        raise InvalidRequest("修复失信记录必须写明理由。")
    return (
        Put("credit_note", note.id, {"repaired_at": now.at, "repaired_by": now.by}),
        Fact("promise_repaired", {"material": note.material, "reason": reason, "by": now.by}),
    )
