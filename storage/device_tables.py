"""Tables of the self-service terminals: the device accounts, and the sessions of the residents who stand before them.

Promises, held by the database: one open session per device; an enrolment code and a device token belong to one device.
Secrets are kept as keyed hashes; a session names its person and its case and nothing else of them.
"""

from enum import StrEnum

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata


class DeviceState(StrEnum):
    """As the device reports it. That it is offline nobody reports: it is told from the silence."""

    IDLE = "idle"
    IN_USE = "in_use"
    PAPER_OUT = "paper_out"


class Paper(StrEnum):
    """Of the receipt printer. Without a printer a receipt goes to the phone, as where the paper is out."""

    READY = "ready"
    OUT = "out"


class HowEnded(StrEnum):
    DONE = "done"
    LEFT = "left"
    TIMED_OUT = "timed_out"
    LAPSED = "lapsed"
    """The terminal was not heard of any more."""
    REPLACED = "replaced"
    """Somebody else began there."""
    REVOKED = "revoked"


devices = Table(
    "devices",
    metadata,
    seq(),
    identity(),
    Column("name", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("region", String(12), nullable=False, index=True),
    Column("bridge", Text),
    Column("enrol_hash", String(64), unique=True),
    Column("enrol_until", Instant),
    Column("token_hash", String(64), unique=True),
    Column("made_at", Instant, nullable=False),
    Column("enrolled_at", Instant),
    Column("seen_at", Instant),
    Column("state", String(16), nullable=False),
    Column("state_since", Instant, nullable=False),
    Column("paper", String(8), nullable=False),
    Column("revoked_at", Instant),
    words("state", DeviceState),
    words("paper", Paper),
)
kiosk_sessions = Table(
    "kiosk_sessions",
    metadata,
    seq(),
    identity(),
    Column("device_id", String(40), ForeignKey("devices.id"), nullable=False),
    Column("person", String(40), ForeignKey("persons.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("started_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("case_number", String(32), ForeignKey("cases.number")),
    Column("keep", Boolean, nullable=False),
    Column("receipt_at", Instant),
    Column("ended_at", Instant),
    Column("how", String(16)),
    words("how", HowEnded, optional=True),
    Index("ix_kiosk_sessions_device", "device_id", "receipt_at"),
    partial("uq_kiosk_sessions_one_open", "device_id", where="ended_at IS NULL", unique=True),
    partial("ix_kiosk_sessions_open", "ends_at", where="ended_at IS NULL"),
)
