"""What running processes count, and who of them is alive: kept here, because only the front doors are asked for figures.

No personal value: names of meters, words of closed vocabularies, numbers.
"""

from sqlalchemy import Column, Float, Index, String, Table

from storage.columns import Instant, Number
from storage.tables import metadata

meters = Table(
    "meters",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("labels", String(200), primary_key=True),
    Column("value", Float, nullable=False),
    Column("at", Instant, nullable=False),
)
processes = Table(
    "processes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("memory_bytes", Number, nullable=False),
    Index("ix_processes_seen", "seen_at"),
)
