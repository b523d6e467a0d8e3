"""Assignments that go another way than the rules say: routed by hand, or late.

A supervisor routes what no rule routed, and moves what went to the wrong department, each time with a reason; the record
keeps both. A department that is late is told, and so are the supervisors, once; the others go on, and so does the clock of
the case.
"""

from dataclasses import replace

from cases.announcing import Event, Why, announce, opened
from cases.deadlines import end_of
from cases.effects import Fact, Outcome, Put
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.items import UNROUTED
from cases.lifecycle import AssignmentState
from cases.model import Assignment, CaseFile
from cases.moment import Moment


def reroute(file: CaseFile, assignment_id: str, department: str, reason: str, now: Moment) -> Outcome:
    """The assignment is another department's from now on. From the unrouted desk its days begin now; from one that had it
    they go on, because the resident's do."""
    assignment = _movable(file, assignment_id, department)
    if not reason.strip():
        raise InvalidRequest("分派必须写明理由。")
    is_open = assignment.state is AssignmentState.OPEN
    fresh = is_open and assignment.department == UNROUTED
    because = f"人工分派：{reason.strip()}"
    due = now.limit(assignment.days) if fresh else assignment.due
    changed = {"department": department, "because": because, "due": due, "escalated_at": None}
    then = replace(assignment, department=department, because=because, due=due)
    told = (announce(file, Event.ASSIGNMENT_WITHDRAWN, assignment, why=str(Why.REROUTED)), opened(file, then))
    return (
        Put("assignment", assignment.id, changed),
        *(told if is_open else ()),
        Fact(
            "assignment_rerouted",
            {"task": assignment.task, "from": assignment.department, "to": department, "by": now.by},
        ),
    )


def _movable(file: CaseFile, assignment_id: str, department: str) -> Assignment:
    found = file.assignment(assignment_id)
    if found is None:
        raise NotFound("没有这个任务。")
    if found.state not in (AssignmentState.OPEN, AssignmentState.WAITING):
        raise Conflict("该任务已有结果，不能再分派。", state=str(found.state))
    if found.department == department:
        raise Conflict("该任务已在这个部门。", department=department)
    if any(o.department == found.department for o in file.originals if o.department):
        raise Conflict("该部门还持有原件，请先收回再改派。", department=found.department)
    return found


def on_late_assignments(file: CaseFile, now: Moment) -> Outcome:
    """Open ones whose day is over and that nobody was told of. One whose special procedure runs stands still."""
    return tuple(
        effect
        for a in file.assignments
        if is_late(file, a, now) and a.escalated_at is None
        for effect in (
            Put("assignment", a.id, {"escalated_at": now.at}),
            announce(file, Event.ASSIGNMENT_LATE, a, due=a.due.isoformat() if a.due else None),
            Fact("assignment_late", {"department": a.department, "task": a.task, "due": a.due and a.due.isoformat()}),
        )
    )


def is_late(file: CaseFile, assignment: Assignment, now: Moment) -> bool:
    late = assignment.state is AssignmentState.OPEN and assignment.due is not None and end_of(assignment.due) <= now.at
    return late and not stands_still(file, assignment)


def stands_still(file: CaseFile, assignment: Assignment) -> bool:
    running = file.open_special
    return running is not None and running.assignment in (None, assignment.id)
