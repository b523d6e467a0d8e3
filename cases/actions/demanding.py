"""A correction after acceptance 受理后补正 begins: its materials go back to the resident with the reasons, in writing and all at
once. Who may ask for it, and how the clocks stand still meanwhile: `cases.actions.clocks`.
"""

from cases.documents import demand_text, document
from cases.effects import Effect, Fact, Notify, Outcome, Put, move_material
from cases.known import ended
from cases.lifecycle import MaterialEvent, MaterialState
from cases.model import CaseFile, Special
from cases.moment import Moment
from cases.waived import WaiverEnd


def sent_back(file: CaseFile, started: Special, now: Moment) -> Outcome:
    """What was good, or known, is wanted again: from this moment the resident may photograph it."""
    assert started.due is not None
    assert started.days is not None
    text = demand_text(file, started.demands, started.reason, started.days, started.due)
    keys = [d.material for d in started.demands]
    due = started.due.isoformat()
    return (
        *(e for d in started.demands for e in _back(file, d.material, d.reason, now)),
        *document(file, "correction", now, text, after_acceptance=True),
        Notify("demand_started", {"count": len(keys), "due": due}),
        Fact("demand_made", {"materials": keys, "due": due, "asked_by": started.asked_by, "by": now.by}),
    )


def _back(file: CaseFile, key: str, reason: str, now: Moment) -> Outcome:
    material = file.material(key)
    assert material is not None, key
    moved: tuple[Effect, ...] = ()
    if material.state is not MaterialState.RETURNED:
        moved = (move_material(material, MaterialEvent.RETURN),)
    return (*moved, *ended(file, key, WaiverEnd.REFUSED, now), Put("material", key, {"reason": reason}))
