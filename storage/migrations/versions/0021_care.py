"""Rectifications, complaints, follow-ups and urgings; what waits is found by when it is due."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RECTIFICATION_STATES = "'opened', 'assigned', 'rectifying', 'call_back', 'closed'"
COMPLAINT_STATES = "'filed', 'in_hand', 'answered', 'raised', 'closed', 'withdrawn'"
COMPLAINT_KINDS = "'slow', 'attitude', 'repeated', 'fee', 'courier', 'decision', 'other'"
WAIT_KINDS = (
    "'state', 'promised', 'statutory', 'assignment', 'incident', 'transfer', 'receipt', 'deferral', 'rectification', "
    "'complaint', 'follow_up'"
)
ROLES = "'intake', 'pre_auditor', 'clerk', 'supervisor', 'item_manager', 'auditor', 'administrator', 'grid', 'agent'"
DUE = "due_at IS NOT NULL"
UNSEEN = "acknowledged_at IS NULL AND ended_at IS NULL"
CLOCKED = "state IN ('accepted', 'approved', 'processing', 'refused')"
JOB = "complaint.picture"
INDEXES = (
    ("ix_cases_due", "cases", ("deadline_at", "number"), "deadline_at IS NOT NULL"),
    ("ix_cases_promised", "cases", ("promised_due", "number"), CLOCKED),
    ("ix_cases_statutory", "cases", ("statutory_due", "number"), CLOCKED),
    ("ix_cases_delivered", "cases", ("state_since", "number"), "state = 'delivered'"),
    ("ix_assignments_due", "assignments", ("due", "id"), "state = 'open'"),
    ("ix_incidents_due", "incidents", ("due_at", "id"), "closed_at IS NULL"),
    ("ix_transfers_due", "transfers", ("due_at", "id"), "state = 'offered'"),
)


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        _partial(name, table, columns, where)
    _make_rectifications()
    _make_complaints()
    _make_follow_ups()
    _make_urges()
    _put_kinds([*(kind for kind in _kinds() if kind != JOB), JOB])


def _kinds() -> list[str]:
    """Of jobs, as the database has them now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("jobs")
    (listed,) = [check["sqltext"] for check in checks if check["name"] == "ck_jobs_kind"]
    return re.findall(r"'([a-z_.]+)'", listed)


def _put_kinds(kinds: list[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(op.f("ck_jobs_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_kind"), f"kind IN ({listed})")


def _partial(name: str, table: str, columns: tuple[str, ...], where: str, *, unique: bool = False) -> None:
    test = sa.text(where)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=test, postgresql_where=test)


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f(f"fk_{table}_case_number"))


def _make_rectifications() -> None:
    op.create_table(
        "rectifications",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("handler", sa.String(length=40), nullable=True),
        sa.Column("assigned_at", INSTANT, nullable=True),
        sa.Column("founded", sa.Boolean(), nullable=True),
        sa.Column("verified_at", INSTANT, nullable=True),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.Column("measures", sa.LargeBinary(), nullable=True),
        sa.Column("proof", sa.String(length=128), nullable=True),
        sa.Column("proof_name", sa.LargeBinary(), nullable=True),
        sa.Column("proof_type", sa.String(length=64), nullable=True),
        sa.Column("rectified_at", INSTANT, nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("extended_at", INSTANT, nullable=True),
        sa.Column("extension", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("call_note", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"state IN ({RECTIFICATION_STATES})", name=op.f("ck_rectifications_state")),
        _of_case("rectifications"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_rectifications")),
        sa.UniqueConstraint("id", name=op.f("uq_rectifications_id")),
        sa.UniqueConstraint("case_number", name=op.f("uq_rectifications_case_number")),
    )
    _partial("ix_rectifications_due", "rectifications", ("due_at", "id"), DUE)
    op.create_index("ix_rectifications_opened", "rectifications", ["opened_at", "id"], unique=False)


def _make_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("photo", sa.String(length=128), nullable=True),
        sa.Column("picture", sa.String(length=128), nullable=True),
        sa.Column("photo_problem", sa.Text(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("handler", sa.String(length=40), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("raised_at", INSTANT, nullable=True),
        sa.Column("raised_text", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("reviewed_by", sa.String(length=40), nullable=True),
        sa.Column("review", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"kind IN ({COMPLAINT_KINDS})", name=op.f("ck_complaints_kind")),
        sa.CheckConstraint(f"state IN ({COMPLAINT_STATES})", name=op.f("ck_complaints_state")),
        _of_case("complaints"),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_complaints_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_complaints")),
        sa.UniqueConstraint("id", name=op.f("uq_complaints_id")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
    )
    for column in ("case_number", "person"):
        op.create_index(op.f(f"ix_complaints_{column}"), "complaints", [column], unique=False)
    _partial("ix_complaints_due", "complaints", ("due_at", "id"), DUE)
    op.create_index("ix_complaints_filed", "complaints", ["filed_at", "id"], unique=False)


def _make_follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("because", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("because IN ('sampled', 'rating')", name=op.f("ck_follow_ups_because")),
        sa.CheckConstraint("state IN ('open', 'done', 'unreached')", name=op.f("ck_follow_ups_state")),
        sa.CheckConstraint("outcome IS NULL OR outcome IN ('good', 'bad')", name=op.f("ck_follow_ups_outcome")),
        _of_case("follow_ups"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("id", name=op.f("uq_follow_ups_id")),
        sa.UniqueConstraint("case_number", name=op.f("uq_follow_ups_case_number")),
    )
    _partial("ix_follow_ups_due", "follow_ups", ("due_at", "id"), DUE)
    op.create_index("ix_follow_ups_opened", "follow_ups", ["opened_at", "id"], unique=False)


def _make_urges() -> None:
    op.create_table(
        "urges",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=True),
        sa.Column("message", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=40), nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"kind IN ({WAIT_KINDS})", name=op.f("ck_urges_kind")),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_urges_role")),
        _of_case("urges"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_urges")),
        sa.UniqueConstraint("id", name=op.f("uq_urges_id")),
    )
    op.create_index(op.f("ix_urges_case_number"), "urges", ["case_number"], unique=False)
    _partial("uq_urges_step", "urges", ("kind", "subject", "due", "step"), "step > 0", unique=True)
    _partial("ix_urges_open", "urges", ("role", "department", "seq"), UNSEEN)
    _partial("ix_urges_staff", "urges", ("staff", "seq"), UNSEEN)
    _partial("ix_urges_alive", "urges", ("seq",), "ended_at IS NULL")


def downgrade() -> None:
    op.execute(f"DELETE FROM jobs WHERE kind = '{JOB}'")
    _put_kinds([kind for kind in _kinds() if kind != JOB])
    for table in ("urges", "follow_ups", "complaints", "rectifications"):
        op.drop_table(table)
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)
