"""Tables of departments' own systems: who they are, where they are told news, what was sent there and how it went; and
what departments ask of a case's clocks. Beside `storage.tables`.

A key is a row of `api_keys` that names its system. A message is the same for everybody; a delivery is one endpoint's.
"""

from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from cases.clocks import ClockKind, RequestState
from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata, of_case


class DeliveryState(StrEnum):
    """`held`: its endpoint is switched off; it goes out when somebody switches it on again, or replays it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD = "held"


clock_requests = Table(
    "clock_requests",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("kind", String(16), nullable=False),
    Column("days", Integer, nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("procedure", String(64)),
    Column("assignment", String(40)),
    Column("settled_at", Instant),
    Column("settled_by", String(64)),
    Column("note", LargeBinary),
    Column("demands", LargeBinary),
    Column("due_at", Instant),
    words("kind", ClockKind),
    words("state", RequestState),
    partial("uq_clock_requests_asked", "case_number", "kind", where="state = 'asked'", unique=True),
    partial("ix_clock_requests_asked", "asked_at", "seq", where="state = 'asked'"),
    partial("ix_clock_requests_due", "due_at", "id", where="state = 'asked'"),
)
department_systems = Table(
    "department_systems",
    metadata,
    seq(),
    identity(),
    Column("name", Text, nullable=False, unique=True),
    Column("departments", JSON, nullable=False),
    Column("region", String(12)),
    Column("active", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
)
department_endpoints = Table(
    "department_endpoints",
    metadata,
    seq(),
    identity(),
    Column("system", String(40), ForeignKey("department_systems.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("previous_secret", LargeBinary),
    Column("previous_until", Instant),
    Column("made_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("disabled_at", Instant),
    Column("disabled_why", String(64)),
    Column("ended_at", Instant),
)
outgoing_messages = Table(
    "outgoing_messages",
    metadata,
    seq(),
    identity(),
    Column("event", String(40), nullable=False),
    Column("department", String(64), nullable=False),
    Column("case_number", String(32), ForeignKey("cases.number"), index=True),
    Column("body", Text, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
)
outgoing_deliveries = Table(
    "outgoing_deliveries",
    metadata,
    seq(),
    identity(),
    Column("message", String(40), ForeignKey("outgoing_messages.id"), nullable=False),
    Column("endpoint", String(40), ForeignKey("department_endpoints.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("deliver_by", Instant),
    UniqueConstraint("message", "endpoint"),
    words("state", DeliveryState),
    Index("ix_outgoing_deliveries_endpoint", "endpoint", "seq"),
    partial("ix_outgoing_deliveries_waiting", "due_at", where="state = 'waiting'"),
    partial("ix_outgoing_deliveries_unsent", "state", where="state IN ('failed', 'held')"),
    partial("ix_outgoing_deliveries_late", "deliver_by", "id", where="state <> 'delivered'"),
)
outgoing_attempts = Table(
    "outgoing_attempts",
    metadata,
    seq(),
    Column("delivery", String(40), ForeignKey("outgoing_deliveries.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("status", Integer),
    Column("problem", String(64)),
    Column("took_ms", Integer, nullable=False),
)
