"""Tables of rectifications, complaints, follow-ups and urgings 催办.

Promises, held by the database: one rectification and one follow-up a case; a step of the ladder is written once for one
deadline of one thing. What people wrote is sealed. Beside `storage.tables`.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from cases.care import (
    ComplaintKind,
    ComplaintState,
    FollowUpCause,
    FollowUpOutcome,
    FollowUpState,
    RectificationState,
)
from cases.supervision import CLOCKED, WaitKind
from storage.columns import Instant, any_of, identity, partial, seq, words
from storage.tables import assignments, cases, incidents, metadata, of_case, transfers
from storage.words import Role


def of_department() -> tuple[Column[str], Column[str]]:
    return Column("department", String(64), nullable=False), Column("region", String(12), nullable=False)


rectifications = Table(
    "rectifications",
    metadata,
    seq(),
    identity(),
    Column("case_number", String(32), ForeignKey("cases.number"), nullable=False, unique=True),
    *of_department(),
    Column("state", String(16), nullable=False),
    Column("level", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("rectify_by", Date),
    Column("due_at", Instant),
    Column("handler", String(40)),
    Column("assigned_at", Instant),
    Column("founded", Boolean),
    Column("verified_at", Instant),
    Column("found", LargeBinary),
    Column("measures", LargeBinary),
    Column("proof", String(128)),
    Column("proof_name", LargeBinary),
    Column("proof_type", String(64)),
    Column("rectified_at", Instant),
    Column("rounds", Integer, nullable=False),
    Column("extended_at", Instant),
    Column("extension", LargeBinary),
    Column("answered_at", Instant),
    Column("resolved", Boolean),
    Column("call_note", LargeBinary),
    Column("closed_at", Instant),
    words("state", RectificationState),
    partial("ix_rectifications_due", "due_at", "id", where="due_at IS NOT NULL"),
    Index("ix_rectifications_opened", "opened_at", "id"),
)
complaints = Table(
    "complaints",
    metadata,
    seq(),
    identity(),
    Column("number", String(32), nullable=False, unique=True),
    of_case(),
    Column("person", String(40), ForeignKey("persons.id"), nullable=False, index=True),
    *of_department(),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("text", LargeBinary),
    Column("due_at", Instant),
    Column("photo", String(128)),
    Column("picture", String(128)),
    Column("photo_problem", Text),
    Column("level", Integer, nullable=False),
    Column("handler", String(40)),
    Column("taken_at", Instant),
    Column("answered_at", Instant),
    Column("answered_by", String(40)),
    Column("answer", LargeBinary),
    Column("resolved", Boolean),
    Column("raised_at", Instant),
    Column("raised_text", LargeBinary),
    Column("reviewed_at", Instant),
    Column("reviewed_by", String(40)),
    Column("review", LargeBinary),
    Column("closed_at", Instant),
    Column("erased_at", Instant),
    words("kind", ComplaintKind),
    words("state", ComplaintState),
    partial("ix_complaints_due", "due_at", "id", where="due_at IS NOT NULL"),
    Index("ix_complaints_filed", "filed_at", "id"),
)
follow_ups = Table(
    "follow_ups",
    metadata,
    seq(),
    identity(),
    Column("case_number", String(32), ForeignKey("cases.number"), nullable=False, unique=True),
    *of_department(),
    Column("because", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("tried_at", Instant),
    Column("outcome", String(16)),
    Column("note", LargeBinary),
    Column("ended_at", Instant),
    Column("by", String(40)),
    words("because", FollowUpCause),
    words("state", FollowUpState),
    words("outcome", FollowUpOutcome, optional=True),
    partial("ix_follow_ups_due", "due_at", "id", where="due_at IS NOT NULL"),
    Index("ix_follow_ups_opened", "opened_at", "id"),
)
urges = Table(
    "urges",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("kind", String(16), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("due", Instant, nullable=False),
    Column("step", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    *of_department(),
    Column("staff", String(40)),
    Column("message", LargeBinary),
    Column("made_at", Instant, nullable=False),
    Column("by", String(40)),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String(40)),
    Column("ended_at", Instant),
    words("kind", WaitKind),
    words("role", Role),
    partial("uq_urges_step", "kind", "subject", "due", "step", where="step > 0", unique=True),
    partial("ix_urges_open", "role", "department", "seq", where="acknowledged_at IS NULL AND ended_at IS NULL"),
    partial("ix_urges_staff", "staff", "seq", where="acknowledged_at IS NULL AND ended_at IS NULL"),
    partial("ix_urges_alive", "seq", where="ended_at IS NULL"),
)


supervision_versions = Table(
    "supervision_versions",
    metadata,
    seq(),
    Column("said", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
"""The rules of supervision that were put in force, each laid over the usual ones. Nothing is changed or taken out; the
newest is also in the settings."""


# ── what waits, by when it is due ───────────────────────────────────────────────────────────────────────────────


def _due(name: str, *columns: Column[Any], where: str) -> None:
    """An index of a table that stands elsewhere."""
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


Index(
    "ix_cases_due",
    cases.c.deadline_at,
    cases.c.number,
    # what is late is counted, and looked for by place and time, without opening the cases
    postgresql_include=["state", "test", "department", "region", "item_code", "channel", "opened_at"],
    sqlite_where=text("deadline_at IS NOT NULL"),
    postgresql_where=text("deadline_at IS NOT NULL"),
)
_due("ix_cases_promised", cases.c.promised_due, cases.c.number, where=any_of("state", CLOCKED))
_due("ix_cases_statutory", cases.c.statutory_due, cases.c.number, where=any_of("state", CLOCKED))
_due("ix_cases_delivered", cases.c.state_since, cases.c.number, where="state = 'delivered'")
_due("ix_assignments_due", assignments.c.due, assignments.c.id, where="state = 'open'")
_due("ix_incidents_due", incidents.c.due_at, incidents.c.id, where="closed_at IS NULL")
_due("ix_transfers_due", transfers.c.due_at, transfers.c.id, where="state = 'offered'")
