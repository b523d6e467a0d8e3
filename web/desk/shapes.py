"""What the desk sees of a case: everything that decides it, and personal numbers only where the role may see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cases.clocks import (
    CLOCK_REQUEST,
    ClockKind,
    ClockRequest,
    Demand,
    RequestState,
    demand_bound,
    extension_bound,
    special_kinds,
)
from cases.field_names import field_name
from cases.findings import Finding
from cases.incidents import SETTLEMENT_LABELS, rule_of
from cases.lifecycle import ASSIGNMENT, CASE, INCIDENT, AssignmentState, CaseState, IncidentEvent
from cases.model import Assignment, CaseFile, CheckedField, Correction, DecisionFile, Incident, Page, Special
from cases.readings import Reading, finding_to_json, reading_to_json
from cases.rulings import BECAUSE_LABELS, PROPOSAL, PROPOSAL_LABELS, Proposal
from web.desk.lights import light_of
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


class DecisionFileView(Shape):
    """A file that comes with a department's decision. `state`: checking | ready | bad."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: Time
    state: str
    state_label: str
    problem: str | None


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
    joint: str | None
    """The step that several departments decide together; the lead's own key is the same."""
    light: str
    """green | yellow | red; grey for what is not open."""
    files: list[DecisionFileView]
    """What the department sends along with its decision."""


class DemandedView(Shape):
    """One paper that is to be mended after acceptance, and why."""

    material: str
    reason: str


class ClockRequestView(Shape):
    """Days that a department asks for."""

    id: str
    kind: str
    """special | extension"""
    kind_label: str
    procedure: str | None
    days: int
    reason: str
    assignment: str | None
    state: str
    state_label: str
    asked_at: Time
    asked_by: str
    due_at: Time | None
    settled_at: Time | None
    settled_by: str | None
    note: str | None
    demands: list[DemandedView]


class SpecialView(Shape):
    """A special procedure; `counted` working days moved both limits when it ended. `demands`: of a 补正."""

    id: str
    kind: str
    reason: str
    days: int | None
    assignment: str | None
    started_at: Time
    ended_at: Time | None
    asked_by: str | None
    approved_by: str | None
    result: str | None
    counted: int | None
    due: date | None
    late_at: Time | None
    demands: list[DemandedView]


class ClocksView(Shape):
    """`kinds`: special procedures that may be asked for now, with the most days of each; `extension_days`: as many days
    as may be asked for, none where it was extended before. `demand_days`: as many days as papers may be waited for."""

    specials: list[SpecialView]
    requests: list[ClockRequestView]
    kinds: dict[str, int]
    extension_days: int
    demand_days: int


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


class ProposalView(Shape):
    """A refusal that takes a second person. `material`: none where it is the whole case."""

    id: str
    kind: str
    kind_label: str
    material: str | None
    reason: str
    note: str | None
    state: str
    state_label: str
    by: str
    at: Time
    due_at: Time | None
    answered_by: str | None
    answered_at: Time | None
    answer: str | None


class RoundView(Shape):
    """A correction notice that was sent. `because`: of a further one, why it was needed."""

    round: int
    sent_at: Time
    due: date
    findings: int
    because: str | None
    because_label: str | None
    explanation: str | None


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
    proposals: list[ProposalView]
    rounds: list[RoundView]
    promises: dict[str, str]
    """By material that is deferred: what the applicant undertakes."""
    assignments: list[AssignmentView]
    clocks: ClocksView
    received_office: str | None
    """The office whose window counted the originals for the competent one."""
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


_FILE_STATES = {"checking": "正在检查", "ready": "可以使用", "bad": "无法打开"}


def file_view(one: DecisionFile) -> DecisionFileView:
    state = "bad" if one.problem else "ready" if one.checked_at else "checking"
    kept = {name: value for name, value in vars(one).items() if name in DecisionFileView.model_fields}
    return DecisionFileView(**{**kept, "state": state, "state_label": _FILE_STATES[state]})


def assignment_view(
    assignment: Assignment, case: str, files: Sequence[DecisionFile] = ()
) -> AssignmentView:  # fmt: skip
    kept = {name: value for name, value in vars(assignment).items() if name in AssignmentView.model_fields}
    label = ASSIGNMENT.labels[assignment.state]
    light = light_of(assignment.due) if assignment.state is AssignmentState.OPEN else "grey"
    sent = [file_view(one) for one in files]
    more = {"case": case, "state_label": label, "after": list(assignment.after), "light": light, "files": sent}
    return AssignmentView(**{**kept, **more})


_KINDS = {ClockKind.SPECIAL: "特别程序", ClockKind.EXTENSION: "延期"}


def request_view(request: ClockRequest) -> ClockRequestView:
    labels = {"kind_label": _KINDS[request.kind], "state_label": CLOCK_REQUEST.labels[request.state]}
    return ClockRequestView(**{**vars(request), **labels, "demands": [_demanded(d) for d in request.demands]})


def _demanded(one: Demand) -> DemandedView:
    return DemandedView(material=one.material, reason=one.reason)


def special_view(special: Special) -> SpecialView:
    kept = {name: value for name, value in vars(special).items() if name in SpecialView.model_fields}
    return SpecialView(**{**kept, "demands": [_demanded(d) for d in special.demands]})


def clocks_view(file: CaseFile) -> ClocksView:
    processing = file.case.state is CaseState.PROCESSING
    extended = any(r.kind is ClockKind.EXTENSION and r.state is RequestState.GRANTED for r in file.clock_requests)
    return ClocksView(
        specials=[special_view(s) for s in file.specials],
        requests=[request_view(r) for r in file.clock_requests],
        kinds=special_kinds(file.item) if processing and file.open_special is None else {},
        extension_days=extension_bound(file.item) if processing and not extended else 0,
        demand_days=demand_bound(file.item) if processing and file.open_special is None else 0,
    )


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


def proposal_view(proposal: Proposal) -> ProposalView:
    labels = {"kind_label": PROPOSAL_LABELS[proposal.kind], "state_label": PROPOSAL.labels[proposal.state]}
    return ProposalView(**{**vars(proposal), **labels})


def round_view(notice: Correction) -> RoundView:
    kept = {name: value for name, value in vars(notice).items() if name in RoundView.model_fields}
    label = BECAUSE_LABELS[notice.because] if notice.because else None
    return RoundView(**{**kept, "findings": len(notice.findings), "because_label": label})


def desk_case_view(file: CaseFile, *, personal: bool) -> DeskCaseView:
    seen = dict(case_view(file, to_resident=False))
    case = file.case
    seen["incidents"] = [desk_incident(file, i) for i in file.incidents]
    # whoever worked on a case hears nothing of what its resident says of that work; who handles it reads it there
    seen["rating"] = None
    seen["state_label"] = CASE.labels[case.state]  # the office's own word, not the resident's
    # whoever worked on a case hears nothing of what its resident says of that work; who handles it reads it there
    seen["rating"] = None
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
        proposals=[proposal_view(p) for p in file.proposals],
        rounds=[round_view(c) for c in file.corrections],
        promises={m.key: m.promise for m in file.materials if m.promise},
        assignments=[assignment_view(a, case.number, file.files_of(a.id)) for a in file.assignments],
        clocks=clocks_view(file),
        received_office=case.received_office,
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
