"""Tables of our own carriers: who looks after which area, what is to be fetched there, boxes, envelopes and rounds.

Promises, held by the database: a booking is one task and one envelope at most, a number one envelope, a warning is
raised once. Beside `storage.tables`, which holds what every case has.
"""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from cases.boxes import Found, Light
from storage.columns import Instant, identity, partial, seq, words
from storage.tables import metadata, of_case


def of_booking() -> Column[str]:
    return Column("booking_id", String(40), ForeignKey("bookings.id"), primary_key=True)


def of_box(*, optional: bool = False) -> Column[str]:
    return Column("box", String(32), ForeignKey("drop_boxes.code"), nullable=optional)


grid_workers = Table(
    "grid_workers",
    metadata,
    Column("holder", String(40), primary_key=True),
    Column("area", String(32), primary_key=True),
)
grid_tasks = Table(
    "grid_tasks",
    metadata,
    of_booking(),
    of_case(),
    Column("area", String(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_grid_tasks_area", "area"),
    Column("taken_by", String(40)),
    Column("taken_at", Instant),
)
wrong_proofs = Table(
    "wrong_proofs",
    metadata,
    of_booking(),
    Column("tries", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
drop_boxes = Table(
    "drop_boxes",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("region", String(12), nullable=False, index=True),
    Column("times", JSON, nullable=False),
    Column("grace_minutes", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("since", Instant, nullable=False),
)
box_rounds = Table(
    "box_rounds",
    metadata,
    seq(),
    identity(),
    of_box(),
    Column("due_at", Instant),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("scanned", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Index("ix_box_rounds_box", "box", "at"),
)
drops = Table(
    "drops",
    metadata,
    of_booking(),
    of_case(),
    of_box(),
    Column("code", String(64), nullable=False, unique=True),
    Column("announced_at", Instant, nullable=False),
    Column("dropped_at", Instant),
    Column("emptied_at", Instant),
    Column("missed", Integer, nullable=False),
    partial("ix_drops_waiting", "box", where="emptied_at IS NULL"),
)
strays = Table(
    "strays",
    metadata,
    seq(),
    identity(),
    of_box(optional=True),
    Column("code", LargeBinary, nullable=False),
    Column("case_number", String(32)),
    Column("why", String(16), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("found_by", String(64), nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", String(64)),
    Column("note", LargeBinary),
    words("why", Found),
    partial("ix_strays_open", "found_at", where="settled_at IS NULL"),
)
box_warnings = Table(
    "box_warnings",
    metadata,
    seq(),
    of_box(),
    Column("due_at", Instant, nullable=False),
    Column("light", String(8), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Unique("box", "due_at", "light"),
    words("light", Light),
)
