"""Tables of bundles 一件事 (what follows from a case) and of promises broken 容缺失信. Beside `storage.tables`.

Promise, held by the database: an item follows from a case once, and a case follows from one case at most.
"""

from sqlalchemy import JSON, Column, Date, LargeBinary, String, Table, Text, UniqueConstraint

from storage.columns import Instant, identity, partial, seq
from storage.tables import metadata, of_case

bundle_children = Table(
    "bundle_children",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("item", String(64), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("number", String(32), unique=True),
    Column("opened_at", Instant),
    Column("lacking", JSON, nullable=False),
    Column("problem", Text),
    UniqueConstraint("case_number", "item"),
    partial("ix_bundle_children_waiting", "asked_at", where="number IS NULL AND problem IS NULL"),
)
credit_notes = Table(
    "credit_notes",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("material", String(64), nullable=False),
    Column("promised", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("reason", LargeBinary),
    Column("repaired_at", Instant),
    Column("repaired_by", String(64)),
    UniqueConstraint("case_number", "material"),
)
