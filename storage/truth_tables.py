"""Tables of what auditors say really stands in fields, of thresholds chosen from it, and of instant cases drawn for a
person to look at. Beside `storage.tables`.

Promises, held by the database: one truth alive per page and field, one threshold in force per kind and field, one open
sample per case. `truth_counts` is kept in the same transaction as the truths it counts, so that figures over all of them
are read from some hundreds of rows.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table

from cases.sampling import Why
from cases.truths import How
from storage.columns import Instant, Number, identity, partial, seq, words
from storage.tables import metadata, of_case

truths = Table(
    "truths",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("page_id", String(40), ForeignKey("pages.id"), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("field", String(64), nullable=False),
    Column("machine", LargeBinary),
    Column("read_as", String(16), nullable=False),
    Column("confidence", Float),
    Column("band", Integer, nullable=False),
    Column("said", LargeBinary),
    Column("correct", Boolean, nullable=False),
    Column("how", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("ended_at", Instant),
    words("how", How),
    partial("uq_truths_alive", "page_id", "field", where="ended_at IS NULL", unique=True),
    partial("ix_truths_wrong", "kind", "field", "seq", where="NOT correct AND ended_at IS NULL"),
)
truth_counts = Table(
    "truth_counts",
    metadata,
    Column("kind", String(64), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("read_as", String(16), primary_key=True),
    Column("band", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
)
judgements = Table(
    "judgements",
    metadata,
    seq(),
    of_case(),
    Column("at", Instant, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reasons", Integer, nullable=False),
)
doubts = Table(
    "doubts",
    metadata,
    seq(),
    Column("judgement", Number, ForeignKey("judgements.seq"), nullable=False, index=True),
    Column("kind", String(64), nullable=False),
    Column("field", String(64), nullable=False),
    Column("band", Integer, nullable=False),
)
thresholds = Table(
    "thresholds",
    metadata,
    seq(),
    identity(),
    Column("kind", String(64), nullable=False),
    Column("field", String(64), nullable=False),
    Column("least", Integer, nullable=False),
    Column("target", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("until", Instant),
    Column("ended_by", String(64)),
    partial("uq_thresholds_in_force", "kind", "field", where="until IS NULL", unique=True),
)
samples = Table(
    "samples",
    metadata,
    seq(),
    of_case(),
    Column("item_code", String(64), nullable=False),
    Column("share", Float, nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("decision", String(16)),
    Column("corrected", Integer),
    Column("agreed", Boolean),
    partial("uq_samples_open", "case_number", where="ended_at IS NULL", unique=True),
    Index("ix_samples_item", "item_code", "seq"),
)
sampling_shares = Table(
    "sampling_shares",
    metadata,
    seq(),
    Column("item_code", String(64), nullable=False),
    Column("share", Float, nullable=False),
    Column("run", Integer, nullable=False),
    Column("why", String(16), nullable=False),
    Column("case_number", String(32), ForeignKey("cases.number")),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    words("why", Why),
    Index("ix_sampling_shares_item", "item_code", "seq"),
)
