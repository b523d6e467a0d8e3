"""Tables of the desk's queues: what somebody is told when a case they had taken is no longer theirs. Beside
`storage.tables`."""

from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, String, Table

from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata, of_case


class Lost(StrEnum):
    """How a claim ended that its holder did not give back."""

    EXPIRED = "expired"
    """It ran out, and somebody else took the case."""
    TAKEN = "taken"
    """A supervisor took it away."""


claim_losses = Table(
    "claim_losses",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("staff", String(40), nullable=False),
    Column("how", String(16), nullable=False),
    Column("by", String(40), nullable=False),
    Column("reason", LargeBinary),
    Column("at", Instant, nullable=False),
    Column("seen_at", Instant),
    words("how", Lost),
    partial("ix_claim_losses_unseen", "staff", "seq", where="seen_at IS NULL"),
    Index("ix_claim_losses_at", "at"),
)
