"""What staff and department systems may do: one table, role → permissions. Every desk route names one of these
(`requires`), so that this page is all there is to read about who may do what. Whose cases: `storage`'s Scope.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from storage.words import Role


class Permission(StrEnum):
    SIGNED_IN = "signed_in"
    """Nothing but being somebody: log out, see oneself."""
    QUEUE_READ = "queue_read"
    CASE_READ = "case_read"
    PAGE_READ = "page_read"
    PERSONAL_READ = "personal_read"
    """Numbers and phones unmasked; every such look is audited."""
    CASE_CLAIM = "case_claim"
    CLAIM_TAKE_AWAY = "claim_take_away"
    """Free a case that somebody else has taken."""
    TEST_MARK = "test_mark"
    """Set a case apart as a test, or put it back."""
    MATERIAL_DECIDE = "material_decide"
    REVIEW_CLOSE = "review_close"
    REFUSAL_SECOND = "refusal_second"
    """Confirm, or not, what another has refused: four eyes."""
    DUPLICATE_ANSWER = "duplicate_answer"
    MISUSE_SETTLE = "misuse_settle"
    """What an auditor took for somebody else's papers."""
    ORIGINALS_CONFIRM = "originals_confirm"
    LABEL_READ = "label_read"
    """Whose paper or envelope a scanned label is stuck on."""
    PAPERS_READ = "papers_read"
    PAPERS_TRANSFER = "papers_transfer"
    """Hand originals over and take them, for one's own side."""
    INCIDENT_READ = "incident_read"
    INCIDENT_REPORT = "incident_report"
    INCIDENT_WORK = "incident_work"
    CASE_ACCEPT = "case_accept"
    SPECIAL_MANAGE = "special_manage"
    CLOCK_GRANT = "clock_grant"
    """Special procedures and extensions that somebody else asked for."""
    DEMAND_DECIDE = "demand_decide"
    """Take or give back what was mended after acceptance."""
    ASSIGNMENT_ROUTE = "assignment_route"
    """Route by hand what no rule routed, or what went wrong."""
    SYSTEM_READ = "system_read"
    """Departments' own systems, and what they were told."""
    SYSTEM_REPLAY = "system_replay"
    CASE_CONCLUDE = "case_conclude"
    RECEIPT_CONFIRM = "receipt_confirm"
    COURIER_READ = "courier_read"
    COURIER_SETTLE = "courier_settle"
    """Write down what a partner said by telephone."""
    ASSIGNMENT_READ = "assignment_read"
    ASSIGNMENT_DECIDE = "assignment_decide"
    STATS_READ = "stats_read"
    SUPERVISION_READ = "supervision_read"
    SUPERVISION_URGE = "supervision_urge"
    SUPERVISION_MANAGE = "supervision_manage"
    """When what turns yellow, who is told, how long complaints may take."""
    JOB_READ = "job_read"
    """Work that the program set aside, and files in which the scanner named something."""
    JOB_WORK = "job_work"
    """Have it tried again, or end it."""
    URGE_READ = "urge_read"
    """What one is urged to do, by role and department."""
    CARE_READ = "care_read"
    """Bad ratings, complaints and follow-ups; nobody sees those of cases they worked on."""
    CARE_WORK = "care_work"
    GRID_WORK = "grid_work"
    """Fetch and deliver in one's own areas."""
    BOX_READ = "box_read"
    BOX_MANAGE = "box_manage"
    ROUND_MAKE = "round_make"
    """Empty a drop box, and say what was in it."""
    PARCEL_SORT = "parcel_sort"
    COUNTER_HAND_OVER = "counter_hand_over"
    """Take from, or give to, the resident over the counter."""
    STRAY_SETTLE = "stray_settle"
    APPOINTMENT_READ = "appointment_read"
    APPOINTMENT_WORK = "appointment_work"
    """Check people in, and say who was served."""
    DEVICE_READ = "device_read"
    DEVICE_WORK = "device_work"
    """Put paper into a terminal, and say so."""

    STAFF_READ = "staff_read"
    """Who works here, with which roles, and where they are signed in."""
    STAFF_MANAGE = "staff_manage"

    ITEM_READ = "item_read"
    ITEM_EDIT = "item_edit"
    """Draft items, try them on past cases, propose and publish them."""
    ITEM_APPROVE = "item_approve"
    """Approve what another has drafted."""
    BACKTEST_LOOK = "backtest_look"
    """The papers of past cases that a draft would judge otherwise; every such look is audited."""

    ACCURACY_READ = "accuracy_read"
    """How often the machine reads right, which thresholds are in force, what is drawn for a person."""
    THRESHOLD_SET = "threshold_set"
    """Let a field pass without a person; say how many cases are looked at all the same. Never who corrects fields."""

    CREDIT_REPAIR = "credit_repair"
    """Say that a broken promise was made good."""
    EXPORT_READ = "export_read"
    """Take cases in the national form, names and numbers masked."""
    EXPORT_PERSONAL = "export_personal"
    """With names and numbers in full; every export is on record."""

    RECORD_READ = "record_read"
    """Who looked at what of a case, anchors and checks of the record, how long what is kept, proofs of deletion."""
    RETENTION_HOLD = "retention_hold"
    """Keep a case from being deleted: a lawsuit, an inspection."""

    AGENT_WORK = "agent_work"
    """Help residents at an agent point, from the app."""


P = Permission
_ANYBODY = frozenset({P.SIGNED_IN})
ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.INTAKE: _ANYBODY
    | {P.URGE_READ}
    | {P.LABEL_READ, P.PAPERS_READ, P.PAPERS_TRANSFER, P.INCIDENT_READ, P.INCIDENT_REPORT, P.INCIDENT_WORK}
    | {P.QUEUE_READ, P.CASE_READ, P.PAGE_READ, P.CASE_CLAIM}
    | {P.ORIGINALS_CONFIRM, P.CASE_ACCEPT, P.CASE_CONCLUDE, P.RECEIPT_CONFIRM}
    | {P.COURIER_READ, P.COURIER_SETTLE}
    | {P.BOX_READ, P.ROUND_MAKE, P.PARCEL_SORT, P.COUNTER_HAND_OVER, P.STRAY_SETTLE}
    | {P.APPOINTMENT_READ, P.APPOINTMENT_WORK, P.DEVICE_READ, P.DEVICE_WORK},
    Role.PRE_AUDITOR: _ANYBODY
    | {P.URGE_READ}
    | {P.QUEUE_READ, P.CASE_READ, P.PAGE_READ, P.PERSONAL_READ, P.CASE_CLAIM}
    | {P.MATERIAL_DECIDE, P.REVIEW_CLOSE, P.REFUSAL_SECOND, P.DUPLICATE_ANSWER, P.ACCURACY_READ, P.DEMAND_DECIDE},
    Role.CLERK: _ANYBODY
    | {P.URGE_READ}
    | {P.LABEL_READ, P.PAPERS_READ, P.PAPERS_TRANSFER, P.INCIDENT_REPORT}
    | {P.CASE_READ, P.PAGE_READ, P.PERSONAL_READ}
    | {P.ASSIGNMENT_READ, P.ASSIGNMENT_DECIDE, P.SPECIAL_MANAGE, P.DEMAND_DECIDE},
    Role.SUPERVISOR: _ANYBODY
    | {P.URGE_READ, P.SUPERVISION_URGE, P.CARE_READ, P.CARE_WORK}
    | {P.EXPORT_READ, P.CREDIT_REPAIR}
    | {P.REFUSAL_SECOND, P.MISUSE_SETTLE}
    | {P.PAGE_READ, P.PERSONAL_READ}  # who is to second a refusal, or to say whose picture it is, has to see it
    | {P.LABEL_READ, P.PAPERS_READ, P.INCIDENT_READ, P.INCIDENT_REPORT, P.INCIDENT_WORK}
    | {P.QUEUE_READ, P.CASE_READ, P.CASE_CLAIM, P.CLAIM_TAKE_AWAY, P.TEST_MARK, P.ASSIGNMENT_READ}
    | {P.SPECIAL_MANAGE, P.STATS_READ, P.SUPERVISION_READ, P.ACCURACY_READ, P.THRESHOLD_SET}
    | {P.JOB_READ, P.JOB_WORK}
    | {P.CLOCK_GRANT, P.ASSIGNMENT_ROUTE, P.SYSTEM_READ, P.SYSTEM_REPLAY}
    | {P.COURIER_READ, P.COURIER_SETTLE}
    | {P.ITEM_READ, P.ITEM_APPROVE}
    | {P.BOX_READ, P.BOX_MANAGE, P.STRAY_SETTLE, P.APPOINTMENT_READ, P.DEVICE_READ},
    Role.ITEM_MANAGER: _ANYBODY | {P.STATS_READ, P.ITEM_READ, P.ITEM_EDIT, P.ITEM_APPROVE, P.BACKTEST_LOOK},
    Role.AUDITOR: _ANYBODY
    | {P.CARE_READ}
    | {P.EXPORT_READ, P.EXPORT_PERSONAL}
    | {P.RECORD_READ, P.RETENTION_HOLD}
    | {P.JOB_READ}
    | {P.SYSTEM_READ}
    | {P.PAPERS_READ, P.INCIDENT_READ, P.ITEM_READ}
    | {P.QUEUE_READ, P.CASE_READ, P.ASSIGNMENT_READ, P.STATS_READ, P.SUPERVISION_READ, P.BOX_READ, P.COURIER_READ}
    | {P.DEVICE_READ, P.STAFF_READ, P.ACCURACY_READ},
    Role.ADMINISTRATOR: _ANYBODY
    | {P.URGE_READ, P.SUPERVISION_URGE, P.SUPERVISION_MANAGE, P.CARE_READ, P.CARE_WORK}
    | {P.EXPORT_READ}
    | {P.ITEM_READ, P.ITEM_APPROVE}
    | {P.SYSTEM_READ, P.SYSTEM_REPLAY}
    | {P.JOB_READ, P.JOB_WORK}
    | {P.RECORD_READ, P.RETENTION_HOLD}
    | {P.STAFF_READ, P.STAFF_MANAGE, P.ACCURACY_READ, P.THRESHOLD_SET}
    | {P.STATS_READ, P.SUPERVISION_READ, P.COURIER_READ, P.BOX_READ, P.BOX_MANAGE, P.DEVICE_READ, P.DEVICE_WORK},
    Role.GRID: _ANYBODY | {P.GRID_WORK},
    Role.AGENT: _ANYBODY | {P.AGENT_WORK},
}


def granted(roles: Iterable[str]) -> frozenset[Permission]:
    """Everything that any of the roles grants. An unknown role grants nothing."""
    known = {str(role) for role in Role}
    return frozenset(p for role in roles if role in known for p in ROLE_PERMISSIONS[Role(role)])
