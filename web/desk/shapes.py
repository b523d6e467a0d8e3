"""What the desk sees of a case: everything that decides it, and personal numbers only where the role may see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cases.field_names import field_name
from cases.findings import Finding
from cases.incidents import SETTLEMENT_LABELS, rule_of
from cases.lifecycle import ASSIGNMENT, CASE, INCIDENT, IncidentEvent
from cases.model import Assignment, CaseFile, CheckedField, Incident, Page
from cases.readings import Reading, finding_to_json, reading_to_json
from web.papers import TransferView, incident_view, transfer_view
from web.shapes import CaseView, ChoiceView, FindingView, IncidentView, PageView, Shape, Time
from web.views import case_view, finding_view, page_view


class ClaimView(Shape):
    case: str
    holder: str
    until: Time


class ReleasedView(Shape):
    case: str
    released: bool


class DeskFinding(FindingView):
    evidence: dict[str, Any]


class AssignmentView(Shape):
    id: str
    case: str
    key: str
    department: str
    task: str
    state: str
    state_label: str
    because: str
    after: list[str]
    days: int
    due: date | None
    opened_at: Time | None
    decided_at: Time | None
    decided_by: str | None
    opinion: str | None


class HandOverView(Shape):
    keys: list[str]
    giver: str
    taker: str
    at: Time
    by: str
    place: str | None
    seal: str | None
    found: str | None


class DeskIncident(IncidentView):
    owner: str
    keys: list[str]
    detail: dict[str, Any]
    escalated_at: Time | None
    steps: list[str]
    """The events that its state allows."""
    settlements: list[ChoiceView]
    """How it may end."""


class DeskCaseView(CaseView):
    region: str
    department: str
    channel: str
    round: int
    agent: dict[str, Any] | None
    address: dict[str, Any] | None
    findings: list[DeskFinding]
    """Of the last judgement, all severities."""
    page_findings: dict[str, list[DeskFinding]]
    assignments: list[AssignmentView]
    hand_overs: list[HandOverView]
    incidents: list[DeskIncident]  # type: ignore[assignment]
    transfers: list[TransferView]
    claimed_by: str | None
    claimed_until: Time | None
    allowed: list[str]
    """The events that the state allows."""


class ByResidentView(Shape):
    """What the resident says stands in a field, beside what was read when they said it. No proof of anything."""

    field: str
    label: str
    read: str | None
    said: str
    at: Time


class DeskPageView(Shape):
    case: str
    page: PageView
    findings: list[DeskFinding]
    reading: dict[str, Any] | None
    """What was read off the page; without its lines for roles that may not see personal values."""
    by_resident: list[ByResidentView]
    """What the resident corrected by hand; nothing for roles that may not see personal values."""


def desk_finding(finding: Finding) -> DeskFinding:
    return DeskFinding(**vars(finding_view(finding)), evidence=dict(finding_to_json(finding)["evidence"]))


def assignment_view(assignment: Assignment, case: str) -> AssignmentView:
    kept = {name: value for name, value in vars(assignment).items() if name in AssignmentView.model_fields}
    label = ASSIGNMENT.labels[assignment.state]
    return AssignmentView(**{**kept, "case": case, "state_label": label, "after": list(assignment.after)})


def desk_incident(file: CaseFile, incident: Incident) -> DeskIncident:
    steps = [str(e) for e in INCIDENT.allowed(incident.state) if e is not IncidentEvent.SETTLE]
    ends = [] if INCIDENT.is_final(incident.state) else rule_of(incident).settlements
    return DeskIncident(
        **dict(incident_view(file, incident)),
        owner=incident.owner,
        keys=list(incident.keys),
        detail=dict(incident.detail),
        escalated_at=incident.escalated_at,
        steps=steps,
        settlements=[ChoiceView(value=s, label=SETTLEMENT_LABELS[s]) for s in ends],
    )


def desk_case_view(file: CaseFile, *, personal: bool) -> DeskCaseView:
    seen = dict(case_view(file, to_resident=False))
    case = file.case
    seen["incidents"] = [desk_incident(file, i) for i in file.incidents]
    if personal:
        seen["applicant"] = vars(case.applicant)
    return DeskCaseView(
        **seen,
        region=case.region,
        department=case.department,
        channel=case.channel,
        round=case.round,
        agent=dict(case.agent) if case.agent and personal else None,
        address=vars(case.address) if case.address and personal else None,
        findings=[desk_finding(f) for f in file.findings],
        page_findings={p.id: [desk_finding(f) for f in p.findings] for p in file.pages if p.findings},
        assignments=[assignment_view(a, case.number) for a in file.assignments],
        hand_overs=[HandOverView(**{**vars(h), "keys": list(h.keys)}) for h in file.hand_overs],
        transfers=[transfer_view(t, case.number) for t in file.transfers],
        claimed_by=file.extra.get("claimed_by"),
        claimed_until=file.extra.get("claimed_until"),
        allowed=[str(e) for e in CASE.allowed(case.state)],
    )


def by_resident_view(file: CaseFile, page: Page, checked: Iterable[CheckedField]) -> list[ByResidentView]:
    spec = file.spec(page.material)
    return [
        ByResidentView(field=c.field, label=field_name(c.field, spec), read=c.read, said=c.said, at=c.at)
        for c in checked
    ]


def desk_page_view(
    case: str, page: Page, reading: Reading | None, by_resident: Sequence[ByResidentView] = (), *, personal: bool
) -> DeskPageView:
    return DeskPageView(
        case=case,
        page=page_view(page),
        findings=[desk_finding(f) for f in page.findings],
        reading=_shown(reading_to_json(reading), personal=personal) if reading else None,
        by_resident=list(by_resident) if personal else [],
    )


def _shown(reading: Mapping[str, Any], *, personal: bool) -> dict[str, Any]:
    if personal:
        return dict(reading)
    return {name: value for name, value in reading.items() if name not in ("lines", "fields", "perceptual_hash")}
