"""Tables of waivers 免提交 and of the questions put to data-sharing sources. Beside `storage.tables`.

Promises, held by the database: one waiver alive per material, one question waiting per material.
"""

from sqlalchemy import JSON, Boolean, Column, Date, Index, LargeBinary, String, Table

from cases.waived import InquiryState, WaiverEnd, WaiverSource
from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata, of_case

waivers = Table(
    "waivers",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("material", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("consent", String(32), nullable=False),
    Column("proven_on", Date, nullable=False),
    Column("valid_to", String(16)),
    Column("still_show", Boolean, nullable=False),
    Column("source_case", String(32)),
    Column("source_material", String(64)),
    Column("source_pages", JSON, nullable=False),
    Column("resource", String(64)),
    Column("receipt", String(64)),
    Column("ended_at", Instant),
    Column("ended_why", String(16)),
    Column("readings", LargeBinary),
    words("source", WaiverSource),
    words("ended_why", WaiverEnd, optional=True),
    partial("uq_waivers_alive", "case_number", "material", where="ended_at IS NULL", unique=True),
)
inquiries = Table(
    "inquiries",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("material", String(64), nullable=False),
    Column("resource", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("consent", String(32), nullable=False),
    Column("by", String(64), nullable=False),
    Column("authorised_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("receipt", String(64)),
    words("state", InquiryState),
    partial("uq_inquiries_waiting", "case_number", "material", where="state = 'waiting'", unique=True),
    partial("ix_inquiries_late", "authorised_at", where="state = 'waiting'"),
    Index("ix_inquiries_by", "by", "authorised_at"),
)
