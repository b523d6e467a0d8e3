"""What went wrong with papers: reported, taken in hand, asked about, confirmed as lost, escalated when it takes too
long. How it ends: `cases.actions.settling`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.deadlines import end_of
from cases.documents import document, loss_text
from cases.effects import Fact, Notify, Outcome, Put, move_incident
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.incidents import (
    ESCALATED_DAYS,
    SUPERVISOR,
    IncidentKind,
    Settlement,
    due_in,
    open_incident,
    rule_of,
)
from cases.lifecycle import (
    INCIDENT,
    LEG_FINAL,
    LEG_OPEN_FOR_BOOKING,
    IncidentEvent,
    IncidentState,
    TransferState,
    advance,
)
from cases.model import CaseFile, Direction, Holder, Incident, Original, Transfer
from cases.moment import Moment


@dataclass(frozen=True)
class Report:
    """Something is wrong with these papers, says whoever reports it."""

    kind: IncidentKind
    keys: tuple[str, ...]
    text: str = ""


REPORTABLE = (IncidentKind.ORIGINAL_LOST, IncidentKind.ORIGINAL_DAMAGED)
BY_RESIDENT = (*REPORTABLE, IncidentKind.PARCEL_REFUSED)


def report(file: CaseFile, said: Report, by: str, now: Moment) -> Outcome:
    """By the office, a department or the resident (`by`: whose word it is)."""
    if said.kind is IncidentKind.PARCEL_REFUSED:
        return _refused_by_resident(file, said, now)
    if said.kind not in REPORTABLE:
        raise InvalidRequest("这类情况由系统登记。", allowed=list(map(str, BY_RESIDENT)))
    if not said.keys or any(file.original(k) is None for k in said.keys):
        raise NotFound("清单上没有这些原件。", keys=[o.key for o in file.originals])
    if any(i.kind == said.kind and set(i.keys) & set(said.keys) for i in file.open_incidents):
        raise Conflict("该原件的异常已经登记，正在处理。")
    damaged = said.kind is IncidentKind.ORIGINAL_DAMAGED
    return (
        *(Put("original", k, {"condition": "damaged"}) for k in said.keys if damaged),
        *open_incident(file, said.kind, said.keys, {"said_by": by, "text": said.text, "by": now.by}, now),
    )


def _refused_by_resident(file: CaseFile, said: Report, now: Moment) -> Outcome:
    """The resident will not take the parcel that is on its way: the office hears of it before the courier says so."""
    leg = file.leg(Direction.DELIVERY)
    if leg is None or leg.state in LEG_FINAL or leg.state in LEG_OPEN_FOR_BOOKING:
        raise Conflict("目前没有正在送达的邮件。")
    keys = [o.key for o in file.originals if o.holder is Holder.COURIER]
    detail = {"leg": leg.id, "direction": str(leg.direction), "said_by": "resident", "text": said.text}
    return open_incident(file, IncidentKind.PARCEL_REFUSED, keys, detail, now)


def step(file: CaseFile, incident_id: str, event: IncidentEvent, note: str, now: Moment) -> Outcome:
    """Whose turn it is changes, and with it the deadline. Settling has its own use-case."""
    if event is IncidentEvent.SETTLE:
        raise InvalidRequest("办结时请写明结果和理由。")
    return _turned(incident_of(file, incident_id), event, {"text": note}, now)


def _turned(incident: Incident, event: IncidentEvent, said: Mapping[str, str | None], now: Moment) -> Outcome:
    to = advance(INCIDENT, incident.state, event)
    notes = [*incident.detail.get("notes", ()), {"at": now.at.isoformat(), "event": str(event), **said}]
    asked = (Notify("incident_asks", {"incident": incident.id}),) if event is IncidentEvent.ASK_RESIDENT else ()
    values = {
        "due_at": due_in(to, rule_of(incident), now),
        "escalated_at": None,
        "detail": {**incident.detail, "notes": notes},
    }
    return (
        move_incident(incident, event),
        Put("incident", incident.id, values),
        *asked,
        Fact("incident_moved", {"incident": incident.id, "event": str(event), "to": str(to)}),
    )


def answer(file: CaseFile, incident_id: str, wish: Settlement | None, text: str, now: Moment) -> Outcome:
    """The resident's word, where it was asked for. The office settles; this says what the resident wishes."""
    incident = incident_of(file, incident_id)
    if incident.state is not IncidentState.WITH_RESIDENT:
        raise Conflict("这件事现在不用您答复。", state=str(incident.state))
    if wish is not None and wish not in wishes(incident):
        raise InvalidRequest("请从列出的处理方式中选择。", allowed=list(map(str, wishes(incident))))
    return _turned(incident, IncidentEvent.ANSWER, {"text": text, "wish": wish and str(wish)}, now)


def wishes(incident: Incident) -> tuple[Settlement, ...]:
    """What a resident who is asked may wish for."""
    return tuple(s for s in rule_of(incident).settlements if s is not Settlement.FOUND)


def confirm_loss(file: CaseFile, incident_id: str, reason: str, now: Moment) -> Outcome:
    """The papers are gone. The resident gets a statement in writing to have them issued again, and is asked how to go
    on; whoever had them in hand answers for them."""
    incident = incident_of(file, incident_id)
    lost = _lost_papers(file, incident)
    if not lost or not reason:
        raise InvalidRequest("请写明遗失的原件和经过。")
    return (
        *(Put("original", o.key, {"lost_at": now.at}) for o in lost),
        *document(file, "loss", now, loss_text(file, lost, reason), incident=incident.id),
        *_turned(incident, _to_resident(incident), {"text": reason}, now),
        Notify("original_lost", {"incident": incident.id}),
        Fact("originals_lost", {"incident": incident.id, "keys": [o.key for o in lost]}),
    )


def _to_resident(incident: Incident) -> IncidentEvent:
    waiting = incident.state is IncidentState.WITH_RESIDENT
    return IncidentEvent.CLAIM if waiting else IncidentEvent.ASK_RESIDENT


def _lost_papers(file: CaseFile, incident: Incident) -> tuple[Original, ...]:
    """Of the incident's papers, those that are not where they can be laid hands on."""
    missing = {d["key"] for d in incident.detail.get("lines", ()) if d.get("differs") == "missing"}
    named = missing if incident.kind == IncidentKind.MANIFEST_DIFFERENCE else set(incident.keys)
    return tuple(o for o in file.originals if o.key in named and o.lost_at is None)


def incident_of(file: CaseFile, incident_id: str) -> Incident:
    found = file.incident(incident_id)
    if found is None:
        raise NotFound("没有这个异常。")
    return found


# ── nothing waits in silence ──


def on_incident_deadline(file: CaseFile, now: Moment) -> Outcome:
    """Incidents whose turn has lasted too long become the supervisor's; offers that nobody answered become incidents."""
    late = (i for i in file.open_incidents if _late(i.due_at, now) and i.escalated_at is None)
    unanswered = (t for t in file.transfers if t.state is TransferState.OFFERED and _late(t.due_at, now))
    effects = [e for i in late for e in _escalated(i, now)]
    effects += [e for t in unanswered for e in _unanswered(file, t, now)]
    return tuple(effects)


def _late(due: datetime | None, now: Moment) -> bool:
    return due is not None and due <= now.at


def _escalated(incident: Incident, now: Moment) -> Outcome:
    due = end_of(now.in_working_days(ESCALATED_DAYS))
    was = {"state": str(incident.state), "owner": incident.owner}
    return (
        Put("incident", incident.id, {"owner": SUPERVISOR, "escalated_at": now.at, "due_at": due}),
        Notify("incident_late", {"incident": incident.id}),
        Fact("incident_escalated", {"incident": incident.id, **was}),
    )


def _unanswered(file: CaseFile, transfer: Transfer, now: Moment) -> Outcome:
    kind = IncidentKind.TRANSFER_UNANSWERED
    if any(i.kind == kind and i.detail.get("transfer") == transfer.id for i in file.open_incidents):
        return ()
    detail = {"transfer": transfer.id, "department": transfer.department}
    return open_incident(file, kind, transfer.keys, detail, now)
