"""At the office: originals confirmed, accepted, routed, decided by the departments, concluded, rated."""

from dataclasses import replace

from cases.actions.attaching import check_files
from cases.actions.clocks import end_special, special
from cases.actions.decisions import UNDECIDED, all_agreed, case_decided, nobody_works_on
from cases.actions.rectifying import BAD, owed
from cases.announcing import Event, Why, announce, opened
from cases.care import TERMS, Terms
from cases.custody import (
    new_leg,
    returnable,
    with_departments,
)
from cases.deferrals import open_promises
from cases.documents import acceptance_text, deferral_text, delivery_proof, document, result_text
from cases.effects import (
    Add,
    Effect,
    Enqueue,
    Fact,
    JobKind,
    Notify,
    Outcome,
    Put,
    move_assignment,
    move_case,
)
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.incidents import stopping
from cases.items import UNROUTED
from cases.lifecycle import (
    AssignmentEvent,
    AssignmentState,
    CaseEvent,
    CaseState,
)
from cases.model import (
    Assignment,
    CaseFile,
    Direction,
    Rating,
)
from cases.moment import Moment
from cases.routing import Route, route

__all__ = ["accept", "conclude", "decide_assignment", "deliver_by_hand", "end_special", "rate", "route_case", "special"]


def accept(file: CaseFile, now: Moment) -> Outcome:
    """受理: both clocks start, the notice is written, routing follows in the background."""
    if stopping(file):
        raise Conflict("原件异常尚未办结，不能受理。", incidents=[i.id for i in stopping(file)])
    promised, statutory = now.limit(file.item.limits.promised_days), now.limit(file.item.limits.statutory_days)
    days = {"promised": promised and promised.isoformat(), "statutory": statutory and statutory.isoformat()}
    number = file.case.number
    return (
        *move_case(file.case, CaseEvent.ACCEPT, now.deadline(CaseState.ACCEPTED, file.item)),
        Put("case", number, {"accepted_at": now.at, "promised_due": promised, "statutory_due": statutory}),
        *document(file, "acceptance", now, acceptance_text(file, now.at, promised, statutory)),
        *(document(file, "deferral", now, deferral_text(file)) if open_promises(file) else ()),
        Enqueue(JobKind.CASE_ROUTE, number, f"route:{number}"),
        Notify("accepted", {"promised": days["promised"]}) if promised else Notify("accepted_without_limit"),
        Fact("clocks_started", {**days, "by": now.by}),
    )


def route_case(file: CaseFile, now: Moment) -> Outcome:
    """Open the departments' assignments: side by side, unless one waits for another."""
    if file.case.state is not CaseState.ACCEPTED:
        return ()
    assignments = [_assigned(r, now) for r in route(file.item, file.case)]
    due = now.deadline(CaseState.PROCESSING, file.item, file.case.promised_due)
    return (
        *move_case(file.case, CaseEvent.ROUTE, due),
        *(Add(a) for a in assignments),
        *(opened(file, a) for a in assignments if a.state is AssignmentState.OPEN),
        Fact("case_routed", {"to": [_routed(a) for a in assignments]}),
    )  # fmt: skip


def _routed(a: Assignment) -> dict[str, str]:
    """By which rule; the words for it are the office's."""
    return {"department": a.department, "task": a.task, "because": a.because.partition("：")[0]}


def _assigned(r: Route, now: Moment) -> Assignment:
    waits = bool(r.step.after)
    return Assignment(
        id=now.new_id(),
        key=r.step.key,
        department=r.step.department,
        task=r.step.task,
        state=AssignmentState.WAITING if waits else AssignmentState.OPEN,
        because=r.because,
        after=r.step.after,
        days=r.step.days,
        due=None if waits else now.limit(r.step.days),
        opened_at=None if waits else now.at,
        joint=r.joint,
    )


def decide_assignment(
    file: CaseFile, assignment_id: str, approve: bool, opinion: str, now: Moment
) -> Outcome:  # fmt: skip
    """One department's decision. One refusal refuses the case; the last approval approves it."""
    assignment = file.assignment(assignment_id)
    if assignment is None:
        raise NotFound("没有这个任务。")
    if not approve and not opinion:
        raise InvalidRequest("不同意时必须写明理由。")
    event = AssignmentEvent.APPROVE if approve else AssignmentEvent.REFUSE
    moved = move_assignment(assignment, event)
    _check_its_turn(file, assignment, approve)
    check_files(file, assignment)
    decided: Outcome = (
        moved,
        Put("assignment", assignment.id, {"decided_at": now.at, "decided_by": now.by, "opinion": opinion}),
        announce(file, Event.ASSIGNMENT_DECIDED, assignment, decision=str(event)),
        Fact("assignment_decided", _told(file, assignment, event)),
    )
    then = _with_decision(file, assignment, approve, opinion, now)
    if not approve:
        return (*decided, *nobody_works_on(then, Why.REFUSED, now), *case_decided(then, False, now))
    if not all_agreed(then):
        return (*decided, *_open_dependents(then, now))
    if file.open_special is not None:
        return (*decided, Fact("decision_waits", {"special": file.open_special.kind}))
    return (*decided, *case_decided(then, True, now))


def _told(file: CaseFile, assignment: Assignment, event: AssignmentEvent) -> dict[str, object]:
    """With what was sent along, by its hash."""
    files = [f.sha256 for f in file.files_of(assignment.id)]
    told = {"department": assignment.department, "task": assignment.task, "decision": str(event)}
    return {**told, "files": files} if files else {**told}


def _check_its_turn(file: CaseFile, assignment: Assignment, approve: bool) -> None:
    """What nobody competent has yet is routed first; a special procedure about this work ends first; whoever leads a joint
    step agrees last. Raises `Conflict`."""
    if assignment.department == UNROUTED:
        raise Conflict("该任务尚未分派到部门，请先分派。")
    running = file.open_special
    if running is not None and running.assignment == assignment.id:
        raise Conflict("该任务的特别程序正在进行中，请先结束。", special=running.kind)
    if approve and assignment.leads and (awaited := _not_agreed(file, assignment)):
        raise Conflict("联合办理：其他部门尚未同意，牵头部门最后决定。", awaited=awaited)


def _not_agreed(file: CaseFile, lead: Assignment) -> list[str]:
    others = (a for a in file.assignments if a.joint == lead.joint and a.id != lead.id)
    return [a.department for a in others if a.state in UNDECIDED]


def _with_decision(file: CaseFile, decided: Assignment, approve: bool, opinion: str, now: Moment) -> CaseFile:
    state = AssignmentState.APPROVED if approve else AssignmentState.REFUSED
    new = replace(decided, state=state, opinion=opinion, decided_at=now.at)
    return replace(file, assignments=tuple(new if a.id == decided.id else a for a in file.assignments))


def _open_dependents(file: CaseFile, now: Moment) -> list[Effect]:
    done = {a.key for a in file.assignments if a.state is AssignmentState.APPROVED}
    ready = [a for a in file.assignments if a.state is AssignmentState.WAITING and set(a.after) <= done]
    effects: list[Effect] = []
    for a in ready:
        due = now.limit(a.days)
        effects += [
            move_assignment(a, AssignmentEvent.OPEN),
            Put("assignment", a.id, {"due": due, "opened_at": now.at}),
            opened(file, replace(a, due=due)),
        ]
    return effects


def conclude(file: CaseFile, now: Moment) -> Outcome:
    """办结: the result is issued. Electronic: delivered at once. Paper, or papers to give back: a delivery leg."""
    if away := with_departments(file):
        raise Conflict("有原件还在业务部门，请先收回。", keys=[o.key for o in away])
    approved = file.case.state is CaseState.APPROVED
    if approved and (awaited := open_promises(file)):
        raise Conflict("容缺材料尚未补齐，结果暂不送达。", materials=[m.key for m in awaited])
    on_paper = approved and file.item.result.form == "paper"
    concluded = move_case(file.case, CaseEvent.CONCLUDE, now.deadline(CaseState.CONCLUDED, file.item))
    issued: Outcome = (
        *concluded,
        Put("case", file.case.number, {"concluded_at": now.at}),
        *(document(file, "result", now, result_text(file, now.at)) if approved and not on_paper else ()),
        Fact("result_issued", {"result": file.item.result.name, "form": file.item.result.form, "by": now.by}),
    )
    if on_paper or returnable(file):
        return (*issued, *new_leg(Direction.DELIVERY, (), now), Notify("result_ready"))
    then = replace(file, case=replace(file.case, state=CaseState.CONCLUDED))
    return (*issued, *deliver_by_hand(then, "电子送达", now))


def deliver_by_hand(file: CaseFile, how: str, now: Moment) -> Outcome:
    """Delivered without a courier: electronically, or over the counter."""
    due = now.deadline(CaseState.DELIVERED, file.item)
    return (
        *move_case(file.case, CaseEvent.HAND_OVER, due),
        *delivery_proof(file, now.at, how, now),
        Notify("delivered"),
    )


def rate(file: CaseFile, level: int, text: str, now: Moment, terms: Terms = TERMS) -> Outcome:
    """好差评, once a case: 1 is best. 4 and 5 say why, and open a rectification with its own limit."""
    if file.case.state is not CaseState.DELIVERED:
        raise Conflict("办件送达后才能评价。", state=str(file.case.state))
    if file.rating is not None:
        raise Conflict("您已经评价过这次服务。")
    if level not in range(1, 6):
        raise InvalidRequest("评价等级为1（非常满意）至5（非常不满意）。")
    bad = level >= BAD
    if bad and not text.strip():
        raise InvalidRequest("请写明哪里没有做好，我们照此整改。", field="text")
    due = now.limit(terms.rectify_days) if bad else None
    return (
        Add(Rating(level, text, now.at, due)),
        *owed(file.case, level, now, terms),
        Fact("rated", {"level": level, "rectify_by": due and due.isoformat()}),
    )
