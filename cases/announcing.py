"""What departments' own systems are told of a case, as values without anything personal: a number to look up, and why.

Whoever gets the news fetches the rest with its key, within its own departments.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from cases.effects import Announce, Outcome
from cases.lifecycle import AssignmentState
from cases.model import Assignment, CaseFile


class Event(StrEnum):
    """`noun.verb`, as it stands in `type`."""

    ASSIGNMENT_OPENED = "assignment.opened"
    ASSIGNMENT_DECIDED = "assignment.decided"
    ASSIGNMENT_WITHDRAWN = "assignment.withdrawn"
    ASSIGNMENT_LATE = "assignment.late"
    CASE_SPECIAL_PROCEDURE = "case.special_procedure"
    CASE_EXTENDED = "case.extended"
    CASE_DECIDED = "case.decided"


class Why(StrEnum):
    """Why an assignment was withdrawn."""

    REFUSED = "refused_elsewhere"
    """Another department refused, and with it the case."""
    WITHDRAWN = "withdrawn_by_applicant"
    ABORTED = "aborted"
    REROUTED = "rerouted"


def announce(file: CaseFile, event: Event, assignment: Assignment, **more: Any) -> Announce:
    """To the department whose assignment it is."""
    data = {"assignment": assignment.id, "task": assignment.task, "department": assignment.department, **more}
    return Announce(event, assignment.department, {**_case(file), **data})


def opened(file: CaseFile, assignment: Assignment) -> Announce:
    due = assignment.due.isoformat() if assignment.due else None
    return announce(file, Event.ASSIGNMENT_OPENED, assignment, because=assignment.because, due=due)


def to_all(file: CaseFile, event: Event, assignments: Iterable[Assignment], **more: Any) -> Outcome:
    """Once to each department that takes part."""
    departments = dict.fromkeys(a.department for a in assignments if a.state is not AssignmentState.CANCELLED)
    return tuple(Announce(event, d, {**_case(file), "department": d, **more}) for d in departments)


def _case(file: CaseFile) -> Mapping[str, Any]:
    return {"case": file.case.number, "item": file.item.code, "item_name": file.item.name, "region": file.case.region}
