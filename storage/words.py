"""The closed vocabularies of what is kept, beside the domain's own in `cases.lifecycle`."""

from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


class Queue(StrEnum):
    READER = "reader"
    WORKER = "worker"
    SOLITARY = "solitary"


class InboxState(StrEnum):
    NEW = "new"
    HANDLED = "handled"
    FAILED = "failed"


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class ActorKind(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"
    PARTNER = "partner"


class Role(StrEnum):
    INTAKE = "intake"
    PRE_AUDITOR = "pre_auditor"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ITEM_MANAGER = "item_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    GRID = "grid"
