"""An envelope that was said to be in a drop box and is not: the resident is asked; the second time somebody looks for
it. Where the papers are, the carrier's events tell."""

from cases.boxes import Box
from cases.custody import held_by
from cases.effects import Fact, Notify, Outcome
from cases.incidents import IncidentKind, open_incident
from cases.model import CaseFile, Direction, Holder
from cases.moment import Moment

INCIDENT_AFTER = 2
"""Once may be a resident who said so too early; twice is an envelope that is somewhere."""


def envelope_missing(file: CaseFile, box: Box, times: int, now: Moment) -> Outcome:
    """`times`: how many rounds have missed it, with this one."""
    told: Outcome = (
        Notify("envelope_not_in_box", {"box": box.name, "place": box.place}),
        Fact("envelope_missing", {"box": box.code, "times": times}),
    )
    leg = file.leg(Direction.COLLECTION)
    if times < INCIDENT_AFTER or leg is None:
        return told
    keys = [o.key for o in (*held_by(file, Holder.RESIDENT), *held_by(file, Holder.COURIER))]
    return (*told, *open_incident(file, IncidentKind.ORIGINAL_LOST, keys, {"leg": leg.id, "box": box.code}, now))
