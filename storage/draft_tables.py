"""Tables of the item manager: drafts of items, and what they would have judged differently. Beside `storage.tables`.

Promises, held by the database: an item has one draft under way.
"""

from sqlalchemy import JSON, Column, Date, Index, Integer, LargeBinary, String, Table, Text

from cases.drafting import OPEN, DraftState
from storage.columns import Instant, any_of, identity, partial, seq, words
from storage.tables import metadata
from storage.words import BacktestState

item_drafts = Table(
    "item_drafts",
    metadata,
    seq(),
    identity(),
    Column("code", String(64), nullable=False),
    Column("base", Integer),
    Column("region", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("definition", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("editors", JSON, nullable=False),
    Column("linted", Integer, nullable=False),
    Column("misfits", JSON, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Column("proposed_by", String(64)),
    Column("proposed_at", Instant),
    Column("opinion", Text, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at", Instant),
    Column("version", Integer),
    Column("valid_from", Date),
    words("state", DraftState),
    Index("ix_item_drafts_code", "code", "seq"),
    partial("uq_item_drafts_open", "code", where=any_of("state", OPEN), unique=True),
    partial("ix_item_drafts_open", "seq", where=any_of("state", OPEN)),
)
item_backtests = Table(
    "item_backtests",
    metadata,
    seq(),
    identity(),
    Column("draft", String(40), nullable=False),
    Column("code", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("most", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("changes", LargeBinary),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    words("state", BacktestState),
    Index("ix_item_backtests_draft", "draft", "seq"),
)
