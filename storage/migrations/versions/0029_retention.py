"""What is deleted when its time is over: proofs of deletion that nobody changes, holds, marks of what was erased, and
indexes by which the sweep finds what is over. The nightly look at the record."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = (
    "'draft', 'abandoned', 'application', 'working_copy', 'truth', 'parcel_photo', 'label', 'message', 'push', "
    "'appointment', 'pickup', 'complaint', 'session', 'stray', 'backtest', 'requested', 'kiosk_scan', 'one_time_code', "
    "'claim_loss', 'answer', 'upload', 'access'"
)
OVER = "erased_at IS NULL AND state IN ('aborted', 'correction_expired', 'delivered', 'not_accepted', 'withdrawn')"
ERASABLE = ("cases", "documents", "pickups")
INDEXES = (
    ("ix_cases_drafts_over", "cases", ("state_since", "number"), f"{OVER} AND submitted_at IS NULL"),
    (
        "ix_cases_tried_over",
        "cases",
        ("state_since", "number"),
        f"{OVER} AND submitted_at IS NOT NULL AND accepted_at IS NULL",
    ),
    ("ix_cases_done_over", "cases", ("state_since", "number"), f"{OVER} AND accepted_at IS NOT NULL"),
    ("ix_documents_labels", "documents", ("made_at", "seq"), "kind IN ('label', 'manifest') AND erased_at IS NULL"),
    ("ix_parcels_photographed", "parcels", ("packed_at", "seq"), "photo IS NOT NULL"),
    ("ix_truths_said", "truths", ("at", "seq"), "said IS NOT NULL"),
    ("ix_notices_over", "notices", ("made_at", "seq"), "state IN ('sent', 'failed')"),
    ("ix_complaints_over", "complaints", ("closed_at", "seq"), "closed_at IS NOT NULL AND erased_at IS NULL"),
    ("ix_pickups_over", "pickups", ("requested_at", "seq"), "erased_at IS NULL"),
    ("ix_readings_picture", "readings", ("picture",), "picture IS NOT NULL"),
    ("ix_documents_blob", "documents", ("blob",), "blob IS NOT NULL"),
    ("ix_parcels_photo", "parcels", ("photo",), "photo IS NOT NULL"),
    ("ix_parcels_picture", "parcels", ("picture",), "picture IS NOT NULL"),
)


def upgrade() -> None:
    for table in ERASABLE:
        op.add_column(table, sa.Column("erased_at", INSTANT, nullable=True))
    for name, table, columns, where in INDEXES:
        partial = sa.text(where)
        op.create_index(name, table, list(columns), unique=False, sqlite_where=partial, postgresql_where=partial)
    op.create_index("ix_appointments_end", "appointments", ["end", "seq"], unique=False)
    op.create_index("ix_pages_blob", "pages", ["blob"], unique=False)
    _make_deletions()
    _make_holds()
    _make_checks()


def _make_deletions() -> None:
    op.create_table(
        "deletions",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("blobs", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_deletions_kind")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_deletions")),
        sa.UniqueConstraint("id", name=op.f("uq_deletions_id")),
    )
    op.create_index("ix_deletions_kind", "deletions", ["kind", "seq"], unique=False)
    op.create_table(
        "doomed_blobs",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_doomed_blobs")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION deletions_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'deletions is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER deletions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deletions "
            "FOR EACH STATEMENT EXECUTE FUNCTION deletions_is_append_only()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER deletions_no_{change.lower()} BEFORE {change} ON deletions "
            "BEGIN SELECT RAISE(ABORT, 'deletions is append-only'); END"
        )


def _make_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_legal_holds_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_legal_holds")),
        sa.UniqueConstraint("id", name=op.f("uq_legal_holds_id")),
    )
    op.create_index(op.f("ix_legal_holds_case_number"), "legal_holds", ["case_number"], unique=False)
    alive = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_legal_holds_alive", "legal_holds", ["case_number"], unique=True, sqlite_where=alive, postgresql_where=alive
    )


def _make_checks() -> None:
    op.create_table(
        "record_checks",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("after_chain", sa.String(length=64), nullable=True),
        sa.Column("after_anchor", NUMBER, nullable=True),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("lines", NUMBER, nullable=False),
        sa.Column("anchors", sa.Integer(), nullable=False),
        sa.Column("bad_chain", sa.String(length=64), nullable=True),
        sa.Column("bad_position", NUMBER, nullable=True),
        sa.Column("bad_what", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_record_checks")),
    )


def downgrade() -> None:
    op.drop_table("record_checks")
    op.drop_table("legal_holds")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER deletions_append_only ON deletions")
        op.execute("DROP FUNCTION deletions_is_append_only")
    op.drop_table("doomed_blobs")
    op.drop_table("deletions")
    op.drop_index("ix_pages_blob", table_name="pages")
    op.drop_index("ix_appointments_end", table_name="appointments")
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for table in reversed(ERASABLE):
        op.drop_column(table, "erased_at")
