"""What a person's decision does, once it stands: on one material, or by not accepting the case."""

from dataclasses import dataclass
from datetime import date

from cases.documents import document, not_accepted_text
from cases.effects import Fact, Notify, Outcome, Put, move_case, move_material
from cases.errors import InvalidRequest, TransitionRefused
from cases.known import ended
from cases.lifecycle import CASE, CaseEvent, CaseState, MaterialEvent, MaterialState
from cases.model import CaseFile, Material
from cases.moment import Moment
from cases.waived import WaiverEnd


def require_in_review(file: CaseFile) -> None:
    state = file.case.state
    if state is not CaseState.IN_REVIEW:
        raise TransitionRefused("case", state, CASE.labels[state], "decide", [str(e) for e in CASE.allowed(state)])


@dataclass(frozen=True)
class Ruled:
    """A decision on a material as it is kept. `by`: whoever decided it first, also where a second person confirmed."""

    decision: str
    event: MaterialEvent
    state: MaterialState
    by: str
    reason: str = ""
    note: str = ""
    defer_until: date | None = None
    promise: str | None = None


def rule_material(file: CaseFile, material: Material, ruled: Ruled, now: Moment) -> Outcome:
    """Moves the material, keeps the decision, ends what stood in for it where it is not taken."""
    moves = () if material.state is ruled.state else (move_material(material, ruled.event),)
    values = {
        "decision": ruled.decision,
        "reason": ruled.reason or None,
        "note": ruled.note or None,
        "decided_by": ruled.by,
        "defer_until": ruled.defer_until,
        "promise": ruled.promise,
    }
    back = ended(file, material.key, WaiverEnd.REFUSED, now) if ruled.state is MaterialState.RETURNED else ()
    said = {"material": material.key, "decision": ruled.decision, "reason": ruled.reason}
    return (*moves, *back, Put("material", material.key, values), Fact("material_decided", said))


def not_accepted(file: CaseFile, reason: str, now: Moment) -> Outcome:
    """The case ends here, in writing."""
    if not reason:
        raise InvalidRequest("不予受理必须写明理由。")
    return (
        *move_case(file.case, CaseEvent.NOT_ACCEPT, None),
        Put("case", file.case.number, {"closed_at": now.at}),
        *document(file, "not_accepted", now, not_accepted_text(file, reason)),
        Notify("not_accepted", {"reason": reason}),
    )
