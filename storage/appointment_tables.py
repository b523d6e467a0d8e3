"""Tables of offices and appointments.

Promises, held by the database: nobody is one too many in a slot; a person has one live appointment for an item; a code
leads to one appointment. Beside `storage.tables`.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from cases.appointments import LIVE, AppointmentState
from storage.columns import Instant, any_of, identity, partial, seq, words
from storage.tables import metadata

offices = Table(
    "offices",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("region", String(12), nullable=False, index=True),
    Column("phone", String(32), nullable=False),
    Column("hours", JSON, nullable=False),
    Column("rest_hours", JSON, nullable=False),
    Column("slot_minutes", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
)
appointment_slots = Table(
    "appointment_slots",
    metadata,
    Column("office", String(32), ForeignKey("offices.code"), primary_key=True),
    Column("start", Instant, primary_key=True),
    Column("taken", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    CheckConstraint("taken >= 0 AND taken <= capacity", name="taken"),
)
appointments = Table(
    "appointments",
    metadata,
    seq(),
    identity(),
    Column("person", String(40), ForeignKey("persons.id"), nullable=False, index=True),
    Column("item_code", String(64), nullable=False),
    Column("case_number", String(32), ForeignKey("cases.number")),
    Column("office", String(32), ForeignKey("offices.code"), nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", LargeBinary, nullable=False),
    Column("code_index", String(32), nullable=False, unique=True),
    Column("phone", LargeBinary, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("checked_in_at", Instant),
    Column("reminded_at", Instant),
    words("state", AppointmentState),
    Index("ix_appointments_office", "office", "start"),
    partial("ix_appointments_booked", "start", where="state = 'booked'"),
    partial("uq_appointments_live", "person", "item_code", where=any_of("state", LIVE), unique=True),
)
