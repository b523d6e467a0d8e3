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
    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


NOTICE_NEWS = frozenset({NoticeState.CREATED})
"""Not on its way yet: the same news once more would say nothing new."""


class NoticeChannel(StrEnum):
    PLATFORM = "platform"
    TEXT_MESSAGE = "text_message"


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
    AGENT = "agent"


class BacktestState(StrEnum):
    """Of running a draft over past cases."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
