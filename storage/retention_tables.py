"""Tables of what is deleted when its time is over, of what may not be, and of the nightly look at the record. Beside
`storage.tables`.

Promise, held by the database: a proof of deletion is never changed and never taken out.
"""

from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table, Text, text

from cases.lifecycle import CaseState
from cases.retention import Kind
from storage.appointment_tables import appointments
from storage.care_tables import complaints
from storage.columns import Instant, Number, any_of, identity, partial, seq, words
from storage.tables import cases, documents, metadata, notices, of_case, pages, parcels, pickups, readings
from storage.truth_tables import truths

deletions = Table(
    "deletions",
    metadata,
    seq(),
    identity(),
    Column("at", Instant, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("rule", JSON, nullable=False),
    Column("things", Integer, nullable=False),
    Column("blobs", Integer, nullable=False),
    Column("names", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("by", String(64), nullable=False),
    words("kind", Kind),
    Index("ix_deletions_kind", "kind", "seq"),
)
"""`names`: keyed hashes of what was deleted; `digest` stands in the chain `deletions`, too."""
doomed_blobs = Table(
    "doomed_blobs",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("since", Instant, nullable=False),
)
"""Pictures and documents that nothing names any more, until they are gone from the disk."""
legal_holds = Table(
    "legal_holds",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("reason", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(64)),
    partial("uq_legal_holds_alive", "case_number", where="ended_at IS NULL", unique=True),
)
record_checks = Table(
    "record_checks",
    metadata,
    seq(),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("after_chain", String(64)),
    Column("after_anchor", Number),
    Column("chains", Integer, nullable=False),
    Column("lines", Number, nullable=False),
    Column("anchors", Integer, nullable=False),
    Column("bad_chain", String(64)),
    Column("bad_position", Number),
    Column("bad_what", Text),
)
"""One row a round. `after_*`: how far it is."""

# ── whose time is over, oldest first ──

ENDED = frozenset(
    {CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED, CaseState.CORRECTION_EXPIRED, CaseState.ABORTED, CaseState.DELIVERED}
)
"""States in which a case is over; a delivered one when its appeal time is, too."""
_OVER = f"erased_at IS NULL AND {any_of('state', ENDED)}"
DRAFTS = f"{_OVER} AND submitted_at IS NULL"
TRIED = f"{_OVER} AND submitted_at IS NOT NULL AND accepted_at IS NULL"
DONE = f"{_OVER} AND accepted_at IS NOT NULL"
LABELS = "kind IN ('label', 'manifest') AND erased_at IS NULL"


def _over(name: str, *columns: Column[Any], where: str) -> None:
    """An index of a table that stands elsewhere."""
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_over("ix_cases_drafts_over", cases.c.state_since, cases.c.number, where=DRAFTS)
_over("ix_cases_tried_over", cases.c.state_since, cases.c.number, where=TRIED)
_over("ix_cases_done_over", cases.c.state_since, cases.c.number, where=DONE)
_over("ix_documents_labels", documents.c.made_at, documents.c.seq, where=LABELS)
_over("ix_parcels_photographed", parcels.c.packed_at, parcels.c.seq, where="photo IS NOT NULL")
_over("ix_truths_said", truths.c.at, truths.c.seq, where="said IS NOT NULL")
_over("ix_notices_over", notices.c.made_at, notices.c.seq, where="state IN ('sent', 'failed')")
_over(
    "ix_complaints_over", complaints.c.closed_at, complaints.c.seq, where="closed_at IS NOT NULL AND erased_at IS NULL"
)
_over("ix_pickups_over", pickups.c.requested_at, pickups.c.seq, where="erased_at IS NULL")
Index("ix_appointments_end", appointments.c.end, appointments.c.seq)

# ── who else needs a picture that is to be deleted ──

Index("ix_pages_blob", pages.c.blob)
_over("ix_readings_picture", readings.c.picture, where="picture IS NOT NULL")
_over("ix_documents_blob", documents.c.blob, where="blob IS NOT NULL")
_over("ix_parcels_photo", parcels.c.photo, where="photo IS NOT NULL")
_over("ix_parcels_picture", parcels.c.picture, where="picture IS NOT NULL")
