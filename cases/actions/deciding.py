"""At the office: originals confirmed, accepted, routed, decided by the departments, concluded, rated."""

from dataclasses import replace

from cases.custody import (
    new_leg,
    returnable,
    with_departments,
)
from cases.deadlines import (
    RECTIFICATION_WORKING_DAYS,
    add_working_days,
    beijing_day,
    end_of,
    working_days_between,
)
from cases.documents import acceptance_text, decision_text, delivery_proof, document, result_text, special_text
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
    Special,
)
from cases.moment import Moment
from cases.routing import route


def accept(file: CaseFile, now: Moment) -> Outcome:
    """受理: both clocks start, the notice is written, routing follows in the background."""
    if stopping(file):
        raise Conflict("原件异常尚未办结，不能受理。", incidents=[i.id for i in stopping(file)])
    promised = now.in_working_days(file.item.limits.promised_days)
    statutory = now.in_working_days(file.item.limits.statutory_days)
    number = file.case.number
    return (
        *move_case(file.case, CaseEvent.ACCEPT, now.deadline(CaseState.ACCEPTED, file.item)),
        Put("case", number, {"accepted_at": now.at, "promised_due": promised, "statutory_due": statutory}),
        *document(file, "acceptance", now, acceptance_text(file, now.at, promised, statutory)),
        Enqueue(JobKind.CASE_ROUTE, number, f"route:{number}"),
        Notify("accepted", {"promised": promised.isoformat()}),
        Fact("clocks_started", {"promised": promised.isoformat(), "statutory": statutory.isoformat(), "by": now.by}),
    )


def route_case(file: CaseFile, now: Moment) -> Outcome:
    """Open the departments' assignments: side by side, unless one waits for another."""
    if file.case.state is not CaseState.ACCEPTED:
        return ()
    assignments = [
        Assignment(
            id=now.new_id(),
            key=r.step.key,
            department=r.step.department,
            task=r.step.task,
            state=AssignmentState.WAITING if r.step.after else AssignmentState.OPEN,
            because=r.because,
            after=r.step.after,
            days=r.step.days,
            due=None if r.step.after else now.in_working_days(r.step.days),
            opened_at=None if r.step.after else now.at,
        )
        for r in route(file.item, file.case)
    ]
    due = now.deadline(CaseState.PROCESSING, file.item, file.case.promised_due)
    return (
        *move_case(file.case, CaseEvent.ROUTE, due),
        *(Add(a) for a in assignments),
        Fact("case_routed", {"to": [{"department": a.department, "task": a.task, "because": a.because} for a in assignments]}),
    )  # fmt: skip


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
    decided: Outcome = (
        move_assignment(assignment, event),
        Put("assignment", assignment.id, {"decided_at": now.at, "decided_by": now.by, "opinion": opinion}),
        Fact(
            "assignment_decided", {"department": assignment.department, "task": assignment.task, "decision": str(event)}
        ),
    )
    then = _with_decision(file, assignment, approve, opinion, now)
    if not approve:
        return (*decided, *_cancel_others(then), *_decision(then, False, now))
    if all(a.state is AssignmentState.APPROVED for a in then.assignments):
        return (*decided, *_decision(then, True, now))
    return (*decided, *_open_dependents(then, now))


def _with_decision(file: CaseFile, decided: Assignment, approve: bool, opinion: str, now: Moment) -> CaseFile:
    state = AssignmentState.APPROVED if approve else AssignmentState.REFUSED
    new = replace(decided, state=state, opinion=opinion, decided_at=now.at)
    return replace(file, assignments=tuple(new if a.id == decided.id else a for a in file.assignments))


def _cancel_others(file: CaseFile) -> list[Effect]:
    open_ = (AssignmentState.OPEN, AssignmentState.WAITING)
    return [move_assignment(a, AssignmentEvent.CANCEL) for a in file.assignments if a.state in open_]


def _open_dependents(file: CaseFile, now: Moment) -> list[Effect]:
    done = {a.key for a in file.assignments if a.state is AssignmentState.APPROVED}
    ready = [a for a in file.assignments if a.state is AssignmentState.WAITING and set(a.after) <= done]
    effects: list[Effect] = []
    for a in ready:
        due = now.in_working_days(a.days)
        effects += [
            move_assignment(a, AssignmentEvent.OPEN),
            Put("assignment", a.id, {"due": due, "opened_at": now.at}),
        ]
    return effects


def _decision(file: CaseFile, approved: bool, now: Moment) -> Outcome:
    event, to = (CaseEvent.APPROVE, CaseState.APPROVED) if approved else (CaseEvent.REFUSE, CaseState.REFUSED)
    return (
        *move_case(file.case, event, now.deadline(to, file.item)),
        *document(file, "decision", now, decision_text(file, approved), approved=approved),
        Notify("approved" if approved else "refused"),
    )


def special(file: CaseFile, kind: str, reason: str, now: Moment) -> Outcome:
    """Start a special procedure 特别程序: until it ends, the clocks stand still."""
    if file.case.state is not CaseState.PROCESSING:
        raise Conflict("只有办理中的办件可以启动特别程序。", state=str(file.case.state))
    if file.open_special is not None:
        raise Conflict("特别程序正在进行中。")
    if not reason:
        raise InvalidRequest("启动特别程序必须写明理由。")
    return (
        Add(Special(now.new_id(), kind, reason, now.at)),
        Put("case", file.case.number, {"deadline_at": None}),
        *document(file, "special", now, special_text(file, kind, reason)),
        Notify("special_started", {"kind": kind}),
        Fact("special_started", {"kind": kind, "by": now.by}),
    )


def end_special(file: CaseFile, now: Moment) -> Outcome:
    """The procedure has ended: both limits move by the working days it took."""
    running = file.open_special
    if running is None:
        raise Conflict("没有进行中的特别程序。")
    paused = working_days_between(now.calendar, beijing_day(running.started_at), now.today)
    limits = {"promised_due": file.case.promised_due, "statutory_due": file.case.statutory_due}
    moved = {name: add_working_days(now.calendar, day, paused) for name, day in limits.items() if day}
    due = moved.get("promised_due")
    return (
        Put("special", running.id, {"ended_at": now.at}),
        Put("case", file.case.number, {**moved, "deadline_at": end_of(due) if due else None}),
        *(
            Put("assignment", a.id, {"due": add_working_days(now.calendar, a.due, paused)})
            for a in file.assignments
            if a.state is AssignmentState.OPEN and a.due
        ),
        Notify("special_ended"),
        Fact("special_ended", {"working_days": paused, "by": now.by}),
    )


def conclude(file: CaseFile, now: Moment) -> Outcome:
    """办结: the result is issued. Electronic: delivered at once. Paper, or papers to give back: a delivery leg."""
    if away := with_departments(file):
        raise Conflict("有原件还在业务部门，请先收回。", keys=[o.key for o in away])
    approved = file.case.state is CaseState.APPROVED
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


def rate(file: CaseFile, level: int, text: str, now: Moment) -> Outcome:
    """好差评, once a case: 1 is best. 4 and 5 say why, and open a rectification with its own limit."""
    if file.case.state is not CaseState.DELIVERED:
        raise Conflict("办件送达后才能评价。", state=str(file.case.state))
    if file.rating is not None:
        raise Conflict("您已经评价过这次服务。")
    if level not in range(1, 6):
        raise InvalidRequest("评价等级为1（非常满意）至5（非常不满意）。")
    bad = level >= 4
    if bad and not text.strip():
        raise InvalidRequest("请写明哪里没有做好，我们照此整改。", field="text")
    due = now.in_working_days(RECTIFICATION_WORKING_DAYS) if bad else None
    return (
        Add(Rating(level, text, now.at, due)),
        Fact("rated", {"level": level, "rectify_by": due and due.isoformat()}),
    )
