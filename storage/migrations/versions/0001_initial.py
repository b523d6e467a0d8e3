"""The schema as it was first released.

Written out in full and frozen: it does not follow `storage.tables`. The audit table refuses changes by itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - a list of tables, not logic
    op.create_table(
        "answers",
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("transaction_id", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_key", "transaction_id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_at"), "answers", ["at"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("id", name=op.f("uq_api_keys_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_keys_token_hash")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('resident', 'staff', 'system', 'partner')", name=op.f("ck_audit_actor_kind")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("chain", "position", name=op.f("uq_audit_chain_position")),
    )
    op.create_index("ix_audit_action", "audit", ["action", "at"], unique=False)
    op.create_table(
        "audit_anchors",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_anchors")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("anchored", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_heads")),
    )
    op.create_index(
        "ix_audit_heads_new",
        "audit_heads",
        ["chain"],
        unique=False,
        sqlite_where=sa.text("position > anchored"),
        postgresql_where=sa.text("position > anchored"),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "case_counters",
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "day", name=op.f("pk_case_counters")),
    )
    op.create_table(
        "inbox",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("external_key", sa.String(length=128), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('new', 'handled', 'failed')", name=op.f("ck_inbox_state")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("id", name=op.f("uq_inbox_id")),
        sa.UniqueConstraint("provider", "external_key", name=op.f("uq_inbox_provider_external_key")),
    )
    op.create_index("ix_inbox_state", "inbox", ["state", "arrived_at"], unique=False)
    op.create_table(
        "items",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_region"), "items", ["region"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("dedupe", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("queue", sa.String(length=16), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("again_at", INSTANT, nullable=True),
        sa.Column("rung_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("expired_leases", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('page.read', 'case.judge', 'case.route', 'courier.book', 'courier.find', 'courier.cancel', 'inbox.handle', 'document.make', 'notice.send')",
            name=op.f("ck_jobs_kind"),
        ),
        sa.CheckConstraint("queue IN ('reader', 'worker', 'solitary')", name=op.f("ck_jobs_queue")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'quarantined')", name=op.f("ck_jobs_state")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_jobs")),
        sa.UniqueConstraint("id", name=op.f("uq_jobs_id")),
    )
    op.create_index(
        "ix_jobs_leases",
        "jobs",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "ix_jobs_rung",
        "jobs",
        ["rung_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued' AND rung_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'queued' AND rung_at IS NOT NULL"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "queue", "made_at"], unique=False)
    op.create_index("ix_jobs_subject", "jobs", ["subject"], unique=False)
    op.create_index(
        "ix_jobs_unrung",
        "jobs",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued' AND rung_at IS NULL"),
        postgresql_where=sa.text("state = 'queued' AND rung_at IS NULL"),
    )
    op.create_index(
        "uq_jobs_unfinished",
        "jobs",
        ["kind", "dedupe"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "persons",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("platform_user_index", sa.String(length=32), nullable=False),
        sa.Column("platform_user", sa.LargeBinary(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_persons")),
        sa.UniqueConstraint("id", name=op.f("uq_persons_id")),
        sa.UniqueConstraint("platform", "platform_user_index", name=op.f("uq_persons_platform_platform_user_index")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('resident', 'staff', 'system', 'partner')", name=op.f("ck_sessions_kind")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_ends_at"), "sessions", ["ends_at"], unique=False)
    op.create_index(op.f("ix_sessions_holder"), "sessions", ["holder"], unique=False)
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "staff",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_staff")),
        sa.UniqueConstraint("id", name=op.f("uq_staff_id")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "cases",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", INSTANT, nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("applicant", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("agent", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.String(length=32), nullable=False),
        sa.Column("phone_index", sa.String(length=32), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("deadline_at", INSTANT, nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("concluded_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("promised_due", sa.Date(), nullable=True),
        sa.Column("statutory_due", sa.Date(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("escalated_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=True),
        sa.Column("extra", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'returned', 'preaudit_passed', 'collecting', 'received', 'accepted', 'processing', 'approved', 'refused', 'concluded', 'delivering', 'delivered', 'withdrawn', 'not_accepted', 'correction_expired', 'aborted')",
            name=op.f("ck_cases_state"),
        ),
        sa.ForeignKeyConstraint(
            ["item_code", "item_version"], ["items.code", "items.version"], name=op.f("fk_cases_item_code_item_version")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_claimed", "cases", ["claimed_by", "claimed_until"], unique=False)
    op.create_index(op.f("ix_cases_id_number_index"), "cases", ["id_number_index"], unique=False)
    op.create_index(
        "ix_cases_overdue",
        "cases",
        ["deadline_at"],
        unique=False,
        sqlite_where=sa.text("deadline_at IS NOT NULL AND escalated_at IS NULL"),
        postgresql_where=sa.text("deadline_at IS NOT NULL AND escalated_at IS NULL"),
    )
    op.create_index("ix_cases_owner", "cases", ["owner", "opened_at"], unique=False)
    op.create_index(op.f("ix_cases_phone_index"), "cases", ["phone_index"], unique=False)
    op.create_index("ix_cases_queue", "cases", ["state", "deadline_at", "number"], unique=False)
    op.create_table(
        "consents",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_consents_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person"), "consents", ["person"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("opinion", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'approved', 'refused', 'cancelled')", name=op.f("ck_assignments_state")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_assignments_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_assignments")),
        sa.UniqueConstraint("case_number", "key", name=op.f("uq_assignments_case_number_key")),
        sa.UniqueConstraint("id", name=op.f("uq_assignments_id")),
    )
    op.create_index(op.f("ix_assignments_case_number"), "assignments", ["case_number"], unique=False)
    op.create_index("ix_assignments_open", "assignments", ["department", "state", "due", "seq"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_corrections_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_corrections")),
        sa.UniqueConstraint("case_number", "round", name=op.f("uq_corrections_case_number_round")),
        sa.UniqueConstraint("id", name=op.f("uq_corrections_id")),
    )
    op.create_index(op.f("ix_corrections_case_number"), "corrections", ["case_number"], unique=False)
    op.create_table(
        "documents",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("blob", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_documents_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_documents")),
        sa.UniqueConstraint("id", name=op.f("uq_documents_id")),
    )
    op.create_index(op.f("ix_documents_case_number"), "documents", ["case_number"], unique=False)
    op.create_table(
        "hand_overs",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("giver", sa.String(length=16), nullable=False),
        sa.Column("taker", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "giver IN ('resident', 'courier', 'office', 'department')", name=op.f("ck_hand_overs_giver")
        ),
        sa.CheckConstraint(
            "taker IN ('resident', 'courier', 'office', 'department')", name=op.f("ck_hand_overs_taker")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_hand_overs_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("id", name=op.f("uq_hand_overs_id")),
    )
    op.create_index(op.f("ix_hand_overs_case_number"), "hand_overs", ["case_number"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_incidents_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_incidents")),
        sa.UniqueConstraint("id", name=op.f("uq_incidents_id")),
    )
    op.create_index(op.f("ix_incidents_case_number"), "incidents", ["case_number"], unique=False)
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["opened_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "legs",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("direction IN ('collection', 'delivery')", name=op.f("ck_legs_direction")),
        sa.CheckConstraint(
            "state IN ('offered', 'booked', 'assigned', 'picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'handed_over', 'pickup_failed', 'exception', 'refused', 'returning', 'returned', 'lost', 'cancelled')",
            name=op.f("ck_legs_state"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_legs_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_legs")),
        sa.UniqueConstraint("id", name=op.f("uq_legs_id")),
    )
    op.create_index(op.f("ix_legs_case_number"), "legs", ["case_number"], unique=False)
    op.create_index("ix_legs_state", "legs", ["state", "since"], unique=False)
    op.create_table(
        "materials",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("need", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("defer_until", sa.Date(), nullable=True),
        sa.CheckConstraint("need IN ('required', 'optional', 'deferrable')", name=op.f("ck_materials_need")),
        sa.CheckConstraint(
            "state IN ('missing', 'uploaded', 'read', 'accepted', 'returned', 'deferred', 'waived')",
            name=op.f("ck_materials_state"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_materials_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_materials")),
        sa.UniqueConstraint("case_number", "key", name=op.f("uq_materials_case_number_key")),
    )
    op.create_index(op.f("ix_materials_case_number"), "materials", ["case_number"], unique=False)
    op.create_table(
        "notices",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_notices_state")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_notices_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_notices")),
        sa.UniqueConstraint("id", name=op.f("uq_notices_id")),
    )
    op.create_index(op.f("ix_notices_case_number"), "notices", ["case_number"], unique=False)
    op.create_table(
        "originals",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "holder IN ('resident', 'courier', 'office', 'department')", name=op.f("ck_originals_holder")
        ),
        sa.CheckConstraint("use IN ('collect', 'show', 'none')", name=op.f("ck_originals_use")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_originals_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_originals")),
        sa.UniqueConstraint("case_number", "key", name=op.f("uq_originals_case_number_key")),
    )
    op.create_index(op.f("ix_originals_case_number"), "originals", ["case_number"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_ratings_level")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_ratings_case_number")),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_ratings")),
    )
    op.create_index("ix_ratings_rectify", "ratings", ["rectify_by"], unique=False)
    op.create_table(
        "specials",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_specials_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_specials")),
        sa.UniqueConstraint("id", name=op.f("uq_specials_id")),
    )
    op.create_index(op.f("ix_specials_case_number"), "specials", ["case_number"], unique=False)
    op.create_index(
        "uq_specials_one_open_per_case",
        "specials",
        ["case_number"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "bookings",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("leg_id", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("window_start", INSTANT, nullable=False),
        sa.Column("window_end", INSTANT, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("waybill", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'booked', 'refused', 'unknown', 'void', 'cancelled', 'failed', 'done')",
            name=op.f("ck_bookings_state"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_bookings_case_number")),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_bookings_leg_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bookings")),
        sa.UniqueConstraint("id", name=op.f("uq_bookings_id")),
        sa.UniqueConstraint("partner", "order_id", name=op.f("uq_bookings_partner_order_id")),
    )
    op.create_index(op.f("ix_bookings_case_number"), "bookings", ["case_number"], unique=False)
    op.create_index("ix_bookings_state", "bookings", ["state", "window_end"], unique=False)
    op.create_index("ix_bookings_waybill", "bookings", ["partner", "waybill"], unique=False)
    op.create_index(
        "uq_bookings_one_live_per_leg",
        "bookings",
        ["leg_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('booked', 'requested', 'unknown')"),
        postgresql_where=sa.text("state IN ('booked', 'requested', 'unknown')"),
    )
    op.create_table(
        "pages",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("findings", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('uploaded', 'read', 'unreadable', 'removed')", name=op.f("ck_pages_state")),
        sa.ForeignKeyConstraint(
            ["case_number", "material"],
            ["materials.case_number", "materials.key"],
            name=op.f("fk_pages_case_number_material"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_pages_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_pages")),
        sa.UniqueConstraint("id", name=op.f("uq_pages_id")),
    )
    op.create_index(op.f("ix_pages_case_number"), "pages", ["case_number"], unique=False)
    op.create_index(op.f("ix_pages_sha256"), "pages", ["sha256"], unique=False)
    op.create_index(
        "ix_pages_unread",
        "pages",
        ["uploaded_at"],
        unique=False,
        sqlite_where=sa.text("state = 'uploaded'"),
        postgresql_where=sa.text("state = 'uploaded'"),
    )
    op.create_table(
        "booking_aliases",
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("waybill", sa.String(length=64), nullable=False),
        sa.Column("booking_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_aliases_booking_id")),
        sa.PrimaryKeyConstraint("partner", "waybill", name=op.f("pk_booking_aliases")),
    )
    op.create_index(op.f("ix_booking_aliases_booking_id"), "booking_aliases", ["booking_id"], unique=False)
    op.create_table(
        "courier_events",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("unique_key", sa.String(length=128), nullable=False),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.Column("waybill", sa.String(length=64), nullable=True),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_courier_events_booking_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_courier_events")),
        sa.UniqueConstraint("partner", "unique_key", name=op.f("uq_courier_events_partner_unique_key")),
    )
    op.create_index("ix_courier_events_booking", "courier_events", ["booking_id", "at"], unique=False)
    op.create_index(
        "ix_courier_events_orphans",
        "courier_events",
        ["partner", "waybill"],
        unique=False,
        sqlite_where=sa.text("booking_id IS NULL"),
        postgresql_where=sa.text("booking_id IS NULL"),
    )
    op.create_table(
        "readings",
        sa.Column("page_id", sa.String(length=40), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=False),
        sa.Column("perceptual_hash", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_readings_page_id")),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_perceptual_hash"), "readings", ["perceptual_hash"], unique=False)
    _make_append_only("audit")
    _make_append_only("audit_anchors")


def downgrade() -> None:
    _make_writable("audit")
    _make_writable("audit_anchors")
    op.drop_table("readings")
    op.drop_table("courier_events")
    op.drop_table("booking_aliases")
    op.drop_table("pages")
    op.drop_table("bookings")
    op.drop_table("specials")
    op.drop_table("ratings")
    op.drop_table("originals")
    op.drop_table("notices")
    op.drop_table("materials")
    op.drop_table("legs")
    op.drop_table("incidents")
    op.drop_table("hand_overs")
    op.drop_table("documents")
    op.drop_table("corrections")
    op.drop_table("assignments")
    op.drop_table("consents")
    op.drop_table("cases")
    op.drop_table("staff")
    op.drop_table("settings")
    op.drop_table("sessions")
    op.drop_table("persons")
    op.drop_table("jobs")
    op.drop_table("items")
    op.drop_table("inbox")
    op.drop_table("case_counters")
    op.drop_table("calendar_days")
    op.drop_table("audit_heads")
    op.drop_table("audit_anchors")
    op.drop_table("audit")
    op.drop_table("api_keys")
    op.drop_table("answers")


def _make_append_only(table: str) -> None:
    """Also whoever can write the table must first take this away, which is seen."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""
            CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$
            """
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _make_writable(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP FUNCTION {table}_is_append_only")
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER {table}_no_{change.lower()}")
