"""How often somebody asked for what is not there, so that guessing is noticed by every process."""

from sqlalchemy import Column, Integer, String, Table

from storage.columns import Instant
from storage.tables import metadata

misses = Table(
    "misses",
    metadata,
    Column("who", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
)
"""`who`: a keyed hash of a person, a device or an address."""
