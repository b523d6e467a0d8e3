"""A look at the ledger that changes nothing."""

from cases.effects import JobKind
from storage.session import Transaction
from storage.turns import chosen
from storage.words import Queue


def due(tx: Transaction) -> list[tuple[str, JobKind, Queue]]:
    """What a relay would take now, in its order."""
    return [(row.id, JobKind(row.kind), Queue(row.queue)) for row in chosen(tx, 100).rows]
