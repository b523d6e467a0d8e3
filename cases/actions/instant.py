"""即办件: an instant case whose checks were all certain is concluded without a person.

One step at a time, each on a fresh file, by the same use-cases that people's decisions go through; so the notices,
the clocks and the record are the same. A case with a finding, with paper originals, or of another kind has no such
step: it waits for a person.
"""

from cases.actions.deciding import accept, conclude, decide_assignment, route_case
from cases.checklist import with_originals
from cases.deferrals import open_promises
from cases.effects import Outcome
from cases.items import UNROUTED, Kind
from cases.lifecycle import AssignmentState, CaseState, MaterialState
from cases.model import CaseFile
from cases.moment import Moment

OPINION = "即办件，机器核验全部确定"


def is_instant(file: CaseFile) -> bool:
    """Whether the machine alone may conclude it: nothing is doubtful, owed on paper, or promised for later."""
    certain = not file.findings and not any(m.state is MaterialState.DEFERRED for m in file.materials)
    return file.item.kind is Kind.INSTANT and certain and not with_originals(file)


def next_step(file: CaseFile, now: Moment) -> Outcome:
    """What comes next for an instant case; empty when it is concluded, or a person has to act."""
    if not is_instant(file):
        return ()
    match file.case.state:
        case CaseState.RECEIVED:
            return accept(file, now)
        case CaseState.ACCEPTED:
            return route_case(file, now)
        case CaseState.PROCESSING:
            return _decided(file, now)
        case CaseState.APPROVED if not open_promises(file):
            return conclude(file, now)
        case _:
            return ()


def _decided(file: CaseFile, now: Moment) -> Outcome:
    """Whoever leads a joint step comes last; what nobody is competent for waits for a person."""
    opened = [a for a in file.assignments if a.state is AssignmentState.OPEN and a.department != UNROUTED]
    first = min(opened, key=lambda a: a.leads, default=None)
    return decide_assignment(file, first.id, True, OPINION, now) if first else ()
