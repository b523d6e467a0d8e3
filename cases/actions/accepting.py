"""通办: a window of one office counts the papers of a case that another office decides.

The papers stay where they were counted until they are handed on; the case is the competent office's all the time.
"""

from cases.appointments import Office
from cases.effects import Fact, Outcome, Put
from cases.errors import Conflict
from cases.items import Accepting
from cases.model import CaseFile
from cases.routing import accepts_for


def check_accepts(file: CaseFile, office: Office) -> None:
    """Raises `Conflict` unless that office may stand in for the competent one."""
    if not office.active:
        raise Conflict("该办事窗口已停用。", office=office.code)
    if file.item.accepting is Accepting.DEPARTMENT:
        raise Conflict("该事项只能由主管部门的窗口收件。", department=file.case.department)
    if not accepts_for(file.item, office.region):
        raise Conflict("该事项不在本窗口的通办范围内。", accepting=str(file.item.accepting), region=file.case.region)


def counted_at(file: CaseFile, office: Office) -> Outcome:
    """Which office's window it was, in the case and in its record."""
    return (
        Put("case", file.case.number, {"received_office": office.code}),
        Fact("received_for_another", {"office": office.code, "department": file.case.department}),
    )
