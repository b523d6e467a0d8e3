"""All tables. The type of a column says how a value is kept: `LargeBinary` is sealed (see `vault`), `Instant` is a
time in UTC, `JSON` is plain data without personal values.

Promises, held by the database itself: a state column holds only words of its enum; one live booking per leg; an order
id once per partner; a job's dedupe key once while it is unfinished; an inbox entry once. Refuses: a personal value in
clear. Child rows keep their order by `seq`.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from cases.effects import JobKind
from cases.items import Need, OriginalUse
from cases.lifecycle import BOOKING_LIVE, AssignmentState, BookingState, CaseState, LegState, MaterialState, PageState
from cases.model import Direction, Holder
from storage.words import ActorKind, InboxState, JobState, NoticeState, Queue

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
Number = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only a column that is exactly INTEGER."""


class Instant(TypeDecorator[datetime]):
    """Aware UTC on both sides. SQLite keeps it as text of fixed width, so that comparing and sorting are right."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(column: str, *enums: type[StrEnum], optional: bool = False) -> CheckConstraint:
    """The column holds only words of the enum."""
    listed = ", ".join(f"'{word}'" for enum in enums for word in enum)
    test = f"{column} IN ({listed})"
    return CheckConstraint(f"{column} IS NULL OR {test}" if optional else test, name=column)


def seq() -> Column[Any]:
    return Column("seq", Number, primary_key=True, autoincrement=True)


def identity() -> Column[Any]:
    return Column("id", String(40), nullable=False, unique=True)


def of_case() -> Column[Any]:
    return Column("case_number", String(32), ForeignKey("cases.number"), nullable=False, index=True)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def any_of(column: str, states: frozenset[Any]) -> str:
    listed = ", ".join(sorted(f"'{state}'" for state in states))
    return f"{column} IN ({listed})"


# ── the catalogue ───────────────────────────────────────────────────────────────────────────────────────────────

items = Table(
    "items",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("region", String(12), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("department", String(64), nullable=False),
    Column("definition", JSON, nullable=False),
    Column("published_at", Instant, nullable=False),
)
calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("working", Boolean, nullable=False),
)
settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

# ── the case and what hangs on it ───────────────────────────────────────────────────────────────────────────────

case_counters = Table(
    "case_counters",
    metadata,
    Column("region", String(12), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)
cases = Table(
    "cases",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("item_code", String(64), nullable=False),
    Column("item_version", Integer, nullable=False),
    Column("region", String(12), nullable=False),
    Column("department", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("state_since", Instant, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("answers", LargeBinary, nullable=False),
    Column("applicant", LargeBinary, nullable=False),
    Column("address", LargeBinary),
    Column("agent", LargeBinary),
    Column("id_number_index", String(32), nullable=False, index=True),
    Column("phone_index", String(32), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("deadline_at", Instant),
    Column("submitted_at", Instant),
    Column("accepted_at", Instant),
    Column("concluded_at", Instant),
    Column("closed_at", Instant),
    Column("promised_due", Date),
    Column("statutory_due", Date),
    Column("round", Integer, nullable=False),
    Column("escalated_at", Instant),
    Column("version", Integer, nullable=False),
    Column("findings", LargeBinary),
    Column("extra", LargeBinary),
    Column("claimed_by", String(40)),
    Column("claimed_until", Instant),
    ForeignKeyConstraint(["item_code", "item_version"], ["items.code", "items.version"]),
    words("state", CaseState),
    Index("ix_cases_owner", "owner", "opened_at"),
    Index("ix_cases_queue", "state", "deadline_at", "number"),
    Index("ix_cases_claimed", "claimed_by", "claimed_until"),
    partial("ix_cases_overdue", "deadline_at", where="deadline_at IS NOT NULL AND escalated_at IS NULL"),
)
materials = Table(
    "materials",
    metadata,
    seq(),
    of_case(),
    Column("key", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("need", String(16), nullable=False),
    Column("decision", String(32)),
    Column("reason", LargeBinary),
    Column("note", LargeBinary),
    Column("decided_by", String(64)),
    Column("defer_until", Date),
    UniqueConstraint("case_number", "key"),
    words("state", MaterialState),
    words("need", Need),
)
pages = Table(
    "pages",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("material", String(64), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("blob", String(128), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("media_type", String(64), nullable=False),
    Column("size", Number, nullable=False),
    Column("state", String(32), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("read_at", Instant),
    Column("kind", String(64)),
    Column("findings", LargeBinary),
    ForeignKeyConstraint(["case_number", "material"], ["materials.case_number", "materials.key"]),
    words("state", PageState),
    partial("ix_pages_unread", "uploaded_at", where="state = 'uploaded'"),
)
readings = Table(
    "readings",
    metadata,
    Column("page_id", String(40), ForeignKey("pages.id"), primary_key=True),
    Column("reading", LargeBinary, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("perceptual_hash", String(64), nullable=False, index=True),
    Column("seconds", Float, nullable=False),
    Column("saved_at", Instant, nullable=False),
)
legs = Table(
    "legs",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("direction", String(16), nullable=False),
    Column("state", String(32), nullable=False),
    Column("since", Instant, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    words("direction", Direction),
    words("state", LegState),
    Index("ix_legs_state", "state", "since"),
)
bookings = Table(
    "bookings",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("leg_id", String(40), ForeignKey("legs.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("partner", String(32), nullable=False),
    Column("order_id", String(64), nullable=False),
    Column("state", String(32), nullable=False),
    Column("window_start", Instant, nullable=False),
    Column("window_end", Instant, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("waybill", String(64)),
    Column("reason", LargeBinary),
    Column("asked", Integer, nullable=False),
    Column("alerts", JSON, nullable=False),
    UniqueConstraint("partner", "order_id"),
    words("state", BookingState),
    partial("uq_bookings_one_live_per_leg", "leg_id", where=any_of("state", BOOKING_LIVE), unique=True),
    Index("ix_bookings_waybill", "partner", "waybill"),
    Index("ix_bookings_state", "state", "window_end"),
)
booking_aliases = Table(
    "booking_aliases",
    metadata,
    Column("partner", String(32), primary_key=True),
    Column("waybill", String(64), primary_key=True),
    Column("booking_id", String(40), ForeignKey("bookings.id"), nullable=False, index=True),
)
courier_events = Table(
    "courier_events",
    metadata,
    seq(),
    Column("partner", String(32), nullable=False),
    Column("unique_key", String(128), nullable=False),
    Column("booking_id", String(40), ForeignKey("bookings.id")),
    Column("waybill", String(64)),
    Column("order_id", String(64)),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    UniqueConstraint("partner", "unique_key"),
    Index("ix_courier_events_booking", "booking_id", "at"),
    partial("ix_courier_events_orphans", "partner", "waybill", where="booking_id IS NULL"),
)
assignments = Table(
    "assignments",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("key", String(64), nullable=False),
    Column("department", String(64), nullable=False),
    Column("task", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("because", Text, nullable=False),
    Column("after", JSON, nullable=False),
    Column("days", Integer, nullable=False),
    Column("due", Date),
    Column("opened_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", String(64)),
    Column("opinion", LargeBinary),
    UniqueConstraint("case_number", "key"),
    words("state", AssignmentState),
    Index("ix_assignments_open", "department", "state", "due", "seq"),
)
originals = Table(
    "originals",
    metadata,
    seq(),
    of_case(),
    Column("key", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("use", String(16), nullable=False),
    Column("copies", Integer, nullable=False),
    Column("holder", String(16), nullable=False),
    Column("condition", Text),
    UniqueConstraint("case_number", "key"),
    words("use", OriginalUse),
    words("holder", Holder),
)
hand_overs = Table(
    "hand_overs",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("keys", JSON, nullable=False),
    Column("giver", String(16), nullable=False),
    Column("taker", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("place", Text),
    Column("seal", Text),
    Column("found", LargeBinary),
    words("giver", Holder),
    words("taker", Holder),
)
incidents = Table(
    "incidents",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("kind", String(64), nullable=False),
    Column("detail", LargeBinary, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    partial("ix_incidents_open", "opened_at", where="closed_at IS NULL"),
)
corrections = Table(
    "corrections",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("round", Integer, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("due", Date, nullable=False),
    Column("findings", LargeBinary, nullable=False),
    UniqueConstraint("case_number", "round"),
)
documents = Table(
    "documents",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("kind", String(64), nullable=False),
    Column("number", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("blob", String(128)),
)
specials = Table(
    "specials",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("kind", String(64), nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    partial("uq_specials_one_open_per_case", "case_number", where="ended_at IS NULL", unique=True),
)
ratings = Table(
    "ratings",
    metadata,
    Column("case_number", String(32), ForeignKey("cases.number"), primary_key=True),
    Column("level", Integer, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("rectify_by", Date),
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    Index("ix_ratings_rectify", "rectify_by"),
)
notices = Table(
    "notices",
    metadata,
    seq(),
    identity(),
    of_case(),
    Column("template", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    words("state", NoticeState),
)

# ── work to do, and what came in ────────────────────────────────────────────────────────────────────────────────

jobs = Table(
    "jobs",
    metadata,
    seq(),
    identity(),
    Column("kind", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("dedupe", String(200)),
    Column("state", String(16), nullable=False),
    Column("queue", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("again_at", Instant),
    Column("rung_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("expired_leases", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("error", Text),
    words("kind", JobKind),
    words("state", JobState),
    words("queue", Queue),
    partial("uq_jobs_unfinished", "kind", "dedupe", where="state IN ('queued', 'running')", unique=True),
    partial("ix_jobs_unrung", "due_at", where="state = 'queued' AND rung_at IS NULL"),
    partial("ix_jobs_rung", "rung_at", where="state = 'queued' AND rung_at IS NOT NULL"),
    partial("ix_jobs_leases", "lease_until", where="state = 'running'"),
    Index("ix_jobs_subject", "subject"),
    Index("ix_jobs_state", "state", "queue", "made_at"),
)
inbox = Table(
    "inbox",
    metadata,
    seq(),
    identity(),
    Column("provider", String(64), nullable=False),
    Column("external_key", String(128), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("handled_at", Instant),
    Column("error", Text),
    UniqueConstraint("provider", "external_key"),
    words("state", InboxState),
    Index("ix_inbox_state", "state", "arrived_at"),
)
answers = Table(
    "answers",
    metadata,
    Column("person_key", String(64), primary_key=True),
    Column("transaction_id", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

# ── the audit chain ─────────────────────────────────────────────────────────────────────────────────────────────

audit = Table(
    "audit",
    metadata,
    seq(),
    Column("chain", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("on_behalf_of", String(64)),
    Column("action", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("chain", "position"),
    words("actor_kind", ActorKind),
    Index("ix_audit_action", "action", "at"),
)
audit_heads = Table(
    "audit_heads",
    metadata,
    Column("chain", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("anchored", Integer, nullable=False),
    partial("ix_audit_heads_new", "chain", where="position > anchored"),
)
audit_anchors = Table(
    "audit_anchors",
    metadata,
    seq(),
    Column("at", Instant, nullable=False),
    Column("heads", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

persons = Table(
    "persons",
    metadata,
    seq(),
    identity(),
    Column("platform", String(32), nullable=False),
    Column("platform_user_index", String(32), nullable=False),
    Column("platform_user", LargeBinary, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    UniqueConstraint("platform", "platform_user_index"),
)
staff = Table(
    "staff",
    metadata,
    seq(),
    identity(),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", LargeBinary, nullable=False),
    Column("totp_step", Integer, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("region", String(12)),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("made_at", Instant, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("holder", String(40), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("revoked_at", Instant),
    words("kind", ActorKind),
)
api_keys = Table(
    "api_keys",
    metadata,
    seq(),
    identity(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("region", String(12)),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("revoked_at", Instant),
)
consents = Table(
    "consents",
    metadata,
    seq(),
    Column("person", String(40), ForeignKey("persons.id"), nullable=False, index=True),
    Column("kind", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)
uploads = Table(
    "uploads",
    metadata,
    seq(),
    identity(),
    Column("person", String(40), ForeignKey("persons.id"), nullable=False, index=True),
    of_case(),
    Column("material", String(64), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("size", Number, nullable=False),
    Column("sha256", String(64)),
    Column("received", Number, nullable=False),
    Column("chunks", JSON, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
)
