"""Tables of agent points 代办点: who works there, which cases they look after and since when, and lists taken in at once.

Promises, held by the database: a case is with one point at a time; a line of a list is taken once. Beside
`storage.tables`.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from cases.helping import Came, Ended, ProvenBy
from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata, of_case


def of_point() -> Column[str]:
    return Column("point", String(32), ForeignKey("agent_points.code"), nullable=False)


agent_points = Table(
    "agent_points",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("region", String(12), nullable=False),
    Column("person", String(40), ForeignKey("persons.id"), nullable=False),
    Column("address", LargeBinary),
    Column("active", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
)
point_agents = Table(
    "point_agents",
    metadata,
    Column("staff", String(40), ForeignKey("staff.id"), primary_key=True),
    of_point(),
)
entrustments = Table(
    "entrustments",
    metadata,
    seq(),
    of_case(),
    of_point(),
    Column("came", String(16), nullable=False),
    Column("by", String(40), nullable=False),
    Column("since", Instant, nullable=False),
    Column("proven", String(16)),
    Column("proven_at", Instant),
    Column("proven_by", String(40)),
    Column("until", Instant),
    Column("ended", String(16)),
    Column("batch", String(40)),
    words("came", Came),
    words("proven", ProvenBy, optional=True),
    words("ended", Ended, optional=True),
    partial("uq_entrustments_live", "case_number", where="until IS NULL", unique=True),
    Index("ix_entrustments_point", "point", "until", "seq"),
    partial("ix_entrustments_batch", "batch", where="batch IS NOT NULL"),
)
agent_batches = Table(
    "agent_batches",
    metadata,
    seq(),
    identity(),
    of_point(),
    Column("by", String(40), nullable=False),
    Column("item_code", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_agent_batches_point", "point", "seq"),
)
agent_lines = Table(
    "agent_lines",
    metadata,
    seq(),
    Column("batch", String(40), ForeignKey("agent_batches.id"), nullable=False),
    of_point(),
    Column("ordinal", Integer, nullable=False),
    Column("transaction_id", String(128), nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("case_number", String(32), ForeignKey("cases.number")),
    Column("problem", Text),
    UniqueConstraint("point", "transaction_id"),
)
