"""What a department wants mended after acceptance 受理后补正: it comes, or it does not.

What comes is read and judged like every page. What the machine finds to be mended goes back to the resident at once; nothing
is accepted by the machine alone, because it was a person who asked for it. When a person has settled every material the
clocks run on. That nothing came in time ends the case only when a person says so, as with a broken promise: the days told
are over, both limits run on by themselves, the resident is told, and what comes late is still looked at until then.
"""

from collections.abc import Sequence
from dataclasses import replace

from cases.actions.clocks import end_special
from cases.actions.decisions import nobody_works_on
from cases.actions.deferring import EVENT_OF, STATE_AFTER, DeferredDecision, as_said, found_in, moved_to
from cases.actions.judging import Verdict
from cases.announcing import Why
from cases.custody import home_leg
from cases.deadlines import beijing_day, end_of
from cases.deferrals import reminder_before
from cases.demands import awaited, came_at, open_demand, with_resident
from cases.documents import document, expired_text
from cases.effects import Fact, Notify, Outcome, Put, move_case, move_material
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.findings import Finding, Severity
from cases.lifecycle import CASE, CaseEvent, CaseState, MaterialEvent, MaterialState
from cases.model import CaseFile, Material, Special
from cases.moment import Moment

# ── it comes ────────────────────────────────────────────────────────────────────────────────────────────────────


def record_demanded(file: CaseFile, verdict: Verdict, now: Moment) -> Outcome:
    """What the judgement of the whole case says of the materials that were mended."""
    came = [m for m in awaited(file) if m.state is MaterialState.READ]
    if not came:
        return ()
    outcome: Outcome = ()
    for material in came:
        found = found_in(verdict, material)
        again = bool(found) and all(f.severity is Severity.FIXABLE for f in found)
        file = moved_to(file, material, MaterialState.RETURNED) if again else file
        outcome = (*outcome, *(_again(file, material, found) if again else _to_a_person(material, found)))
    return (*outcome, *_whose_turn(file, now))


def _again(file: CaseFile, material: Material, found: Sequence[Finding]) -> Outcome:
    what = as_said(found)
    return (
        move_material(material, MaterialEvent.RETURN),
        Put("material", material.key, {"reason": what}),
        Fact("demand_returned", {"material": material.key, "findings": [str(f.code) for f in found]}),
        _wanted_again(file, material, what),
    )


def _wanted_again(file: CaseFile, material: Material, what: str) -> Notify:
    running = open_demand(file)
    due = running.due.isoformat() if running and running.due else ""
    return Notify("demand_returned", {"material": material.name, "reason": what, "due": due})


def _to_a_person(material: Material, found: Sequence[Finding]) -> Outcome:
    return (Fact("demand_came", {"material": material.key, "findings": [str(f.code) for f in found]}),)


def _whose_turn(then: CaseFile, now: Moment) -> Outcome:
    """Once all of it is here the office has as long as for a pre-audit; what goes back has the days told."""
    running = open_demand(then)
    if running is None or running.due is None:
        return ()
    told = end_of(running.due)
    ours = not with_resident(then)
    at = (now.deadline(CaseState.IN_REVIEW, then.item) or told) if ours else max(told, now.at)
    return (Put("case", then.case.number, {"deadline_at": at, "escalated_at": None}),)


# ── a person looks ──────────────────────────────────────────────────────────────────────────────────────────────


def decide_demanded(file: CaseFile, key: str, decision: DeferredDecision, reason: str, now: Moment) -> Outcome:
    """A person takes it, also by hand or by post; gives it back; or does without it, with a reason."""
    material = _awaited(file, key)
    if decision is not DeferredDecision.ACCEPT and not reason:
        raise InvalidRequest("退回或免交补正材料时必须写明理由。")
    state = STATE_AFTER[decision]
    then = moved_to(file, material, state)
    said = (
        *(() if material.state is state else (move_material(material, EVENT_OF[decision]),)),
        Put("material", key, {"reason": reason or None, "decided_by": now.by}),
        Fact("demand_decided", {"material": key, "decision": str(decision), "reason": reason, "by": now.by}),
    )
    if decision is DeferredDecision.RETURN:
        return (*said, _wanted_again(file, material, reason), *_whose_turn(then, now))
    return (*said, *_met(then, now))


def _awaited(file: CaseFile, key: str) -> Material:
    material = file.material(key)
    if material is None:
        raise NotFound("该办件没有这份材料。", materials=[m.key for m in file.materials])
    if material not in awaited(file):
        raise Conflict("这份材料不在等待补正。", state=str(material.state))
    if material.state is MaterialState.UPLOADED:
        raise Conflict("这份材料正在识读，请稍后。", state=str(material.state))
    return material


def _met(then: CaseFile, now: Moment) -> Outcome:
    """When nothing is awaited any more, the clocks run on: from when the last of it came."""
    running = open_demand(then)
    if running is None or awaited(then):
        return _whose_turn(then, now)
    return end_special(then, now, "补正完成", over_at=came_at(then, running, now.at))


# ── it does not ─────────────────────────────────────────────────────────────────────────────────────────────────


def on_demand(file: CaseFile, now: Moment) -> Outcome:
    """The reminder that is due, or that the days are over; saying it again changes nothing."""
    running = open_demand(file)
    if running is None or running.due is None or not with_resident(file) or running.late_at is not None:
        return ()
    if now.at >= end_of(running.due):
        return _late(file, running, now)
    days = reminder_before(running.due, now.today, running.reminded)
    if days is None or now.today == beijing_day(running.started_at):
        return ()  # on its own day the notice itself says it
    return (
        Put("special", running.id, {"reminded": days}),
        Notify("demand_due", {"materials": _names(with_resident(file)), "due": running.due.isoformat()}),
        Fact("demand_reminded", {"days": days}),
    )


def _names(materials: Sequence[Material]) -> list[str]:
    return [m.name for m in materials]


def _late(file: CaseFile, running: Special, now: Moment) -> Outcome:
    wanted = with_resident(file)
    return (
        Put("special", running.id, {"late_at": now.at}),
        Notify("demand_late", {"materials": _names(wanted)}),
        Fact("demand_late", {"materials": [m.key for m in wanted], "due": str(running.due)}),
    )


def end_expired(file: CaseFile, reason: str, now: Moment) -> Outcome:
    """One person confirms that what was to be mended never came 补正超时: the acceptance falls, departments stop, the
    originals go home. Raises `Conflict` before the days have passed, or once all of it is there."""
    running = open_demand(file)
    if running is None:
        raise Conflict("没有等待补正的材料。")
    if running.late_at is None:
        raise Conflict("补正期限未到，不能终止办理。", due=str(running.due))
    wanted = with_resident(file)
    if not wanted:
        raise Conflict("材料已经交来，请先审核。")
    if not reason:
        raise InvalidRequest("终止办理必须写明理由。")
    moved = move_case(file.case, CaseEvent.CORRECTION_TIMEOUT, None)
    then = replace(file, case=replace(file.case, state=CASE.table[file.case.state][CaseEvent.CORRECTION_TIMEOUT]))
    return (
        *moved,
        Put("case", file.case.number, {"closed_at": now.at}),
        *nobody_works_on(file, Why.ABORTED, now),
        *document(file, "termination", now, expired_text(file, wanted, running.due, reason)),
        Fact("demand_expired", {"materials": [m.key for m in wanted], "due": str(running.due), "by": now.by}),
        Notify("demand_ended", {"materials": _names(wanted)}),
        *home_leg(then, now),
    )
