"""Tables of what a second person has to confirm, and of pictures that look alike. Beside `storage.tables`.

Promises, held by the database: two pages are paired once, two cases answered for once. A picture's hash stands in clear,
cut in four: of two hashes that differ in three bits at most, one quarter is the same, so neighbours are found by an index.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from cases.duplicates import AnswerKind, Likeness, Outcome
from cases.rulings import ProposalKind, ProposalState
from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata, of_case

proposals = Table(
    "proposals",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("kind", String(32), nullable=False),
    Column("material", String(64)),
    Column("reason", LargeBinary, nullable=False),
    Column("note", LargeBinary),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answered_by", String(64)),
    Column("answered_at", Instant),
    Column("answer", LargeBinary),
    Column("due_at", Instant),
    words("kind", ProposalKind),
    words("state", ProposalState),
    partial("ix_proposals_waiting", "at", "seq", where="state = 'waiting'"),
    partial("ix_proposals_due", "due_at", "id", where="state = 'waiting'"),
)


def of_page(name: str) -> Column[str]:
    return Column(name, String(40), ForeignKey("pages.id"), nullable=False)


QUARTERS = ("q0", "q1", "q2", "q3")
picture_hashes = Table(
    "picture_hashes",
    metadata,
    seq(),
    Column("page_id", String(40), ForeignKey("pages.id"), nullable=False, unique=True),
    Column("hash", String(16), nullable=False),
    *(Column(name, Integer, nullable=False) for name in QUARTERS),
    *(Index(f"ix_picture_hashes_{name}", name, "seq") for name in QUARTERS),
)
twins = Table(
    "twins",
    metadata,
    seq(),
    of_case(),
    of_page("page"),
    Column("other_case", String(32), ForeignKey("cases.number"), nullable=False, index=True),
    of_page("other_page"),
    Column("likeness", String(16), nullable=False),
    Column("distance", Integer, nullable=False),
    Column("found_at", Instant, nullable=False),
    UniqueConstraint("page", "other_page"),
    words("likeness", Likeness),
)
twin_answers = Table(
    "twin_answers",
    metadata,
    Column("first", String(32), ForeignKey("cases.number"), primary_key=True),
    Column("second", String(32), ForeignKey("cases.number"), primary_key=True),
    Column("answer", String(16), nullable=False),
    Column("note", LargeBinary),
    Column("by", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(16)),
    Column("settled_by", String(64)),
    Column("settled_at", Instant),
    Column("settled_note", LargeBinary),
    Column("id", String(40)),
    Column("due_at", Instant),
    words("answer", AnswerKind),
    words("outcome", Outcome, optional=True),
    partial("ix_twin_answers_misuse", "at", where="answer = 'misuse' AND settled_at IS NULL"),
    partial("ix_twin_answers_due", "due_at", "id", where="answer = 'misuse' AND settled_at IS NULL"),
)
